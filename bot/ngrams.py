"""Texts as weighted n-grams of words and letters, the same way in training and in use."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix

from bot.folding import fold
from bot.meanings import NONE, Meanings

_SHORTEST, _LONGEST = 2, 5
_NEAR = 2
_LONGEST_WORD = 40
_NEAR_MEANINGS = 6
_BEGINNING, _ENDING = 400, 600  # what is asked stands there; a pasted novel must not cost seconds
_WEIGHTS = {"k": 1.5}  # how much more than by its rarity a kind of n-gram counts


def grams(text: str, meanings: Meanings = NONE) -> Iterator[str]:
    """The n-grams of a text: words (`w:`), neighbours (`n:`) with the text's ends, words near each other (`s:`),
    letters within padded words (`c:`), what words mean (`k:`), meanings near each other (`p:`), and meanings that
    follow each other, whatever stands between (`e:`)."""
    words = fold(_ends(text)).split()
    for word in words:
        yield f"w:{word}"
        yield from _letters(word)
    for first, second in zip(["^", *words], [*words, "$"], strict=True):
        yield f"n:{first} {second}"
    for i, first in enumerate(words):
        for second in words[i + 2 : i + 2 + _NEAR]:
            yield f"s:{first} {second}"
    yield from _meant(meanings.found(words))


def _ends(text: str) -> str:
    """The text, or of a very long one its beginning and its end."""
    return text if len(text) <= _BEGINNING + _ENDING else f"{text[:_BEGINNING]} {text[-_ENDING:]}"


def _meant(found: Sequence[tuple[int, str]]) -> Iterator[str]:
    for i, (place, meaning) in enumerate(found):
        yield f"k:{meaning}"
        for later, other in found[i + 1 :]:
            if later - place > _NEAR_MEANINGS:
                break
            if later > place and other != meaning:
                yield f"p:{meaning} {other}"
    if not found:
        return
    course = ["^", *reversed(dict(reversed(found)).values()), "$"]  # one meaning per word
    for size in (2, 3):
        for start in range(len(course) - size + 1):
            yield f"e:{' '.join(course[start : start + size])}"


@lru_cache(maxsize=50_000)
def _letters(word: str) -> tuple[str, ...]:
    padded = f" {word[:_LONGEST_WORD]} "
    return tuple(
        f"c:{padded[start : start + size]}"
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(max(1, len(padded) - size + 1))
    )


def counted(text: str, meanings: Meanings = NONE) -> Counter[str]:
    """How often each n-gram occurs in a text."""
    return Counter(grams(text, meanings))


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams that training knows, and how telling each is."""

    index: dict[str, int]
    idf: np.ndarray
    unknown_idf: float
    meanings: Meanings = NONE

    @classmethod
    def of(cls, texts: Sequence[str], meanings: Meanings = NONE) -> Vocabulary:
        """Learn the n-grams of these texts."""
        return cls.of_counts([counted(text, meanings) for text in texts], meanings)

    @classmethod
    def of_counts(cls, texts: Sequence[Mapping[str, int]], meanings: Meanings, seen_at_least: int = 2) -> Vocabulary:
        """Learn the n-grams that occur in at least so many counted texts; single words always count."""
        seen: Counter[str] = Counter()
        for counts in texts:
            seen.update(counts.keys())
        known = sorted(gram for gram, count in seen.items() if count >= seen_at_least or gram.startswith("w:"))
        rarity = [(math.log((1 + len(texts)) / (1 + seen[gram])) + 1) * _WEIGHTS.get(gram[0], 1.0) for gram in known]
        unknown = math.log(1 + len(texts)) + 1
        return cls({gram: i for i, gram in enumerate(known)}, np.array(rarity, dtype=np.float32), unknown, meanings)

    def vector(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The text's known n-grams as indices and weights.

        The weights of a text that is known throughout have length 1. What is unknown takes its share of that length,
        so that a text of which little is known moves nothing much; empty if nothing is known.
        """
        return self._weighed(counted(text, self.meanings))

    def _weighed(self, counts: Mapping[str, int]) -> tuple[np.ndarray, np.ndarray]:
        known = [gram for gram in counts if gram in self.index]
        indices = np.array([self.index[gram] for gram in known], dtype=np.int32)
        often = np.array([counts[gram] for gram in known], dtype=np.float32)
        weights = (1.0 + np.log(often)) * self.idf[indices]
        unknown = sum((1.0 + math.log(count)) ** 2 for gram, count in counts.items() if gram not in self.index)
        length = math.sqrt(float(weights @ weights) + unknown * self.unknown_idf**2)
        return indices, weights / np.float32(length or 1.0)

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """The texts as rows."""
        return self.matrix_of_counts([counted(text, self.meanings) for text in texts])

    def matrix_of_counts(self, texts: Sequence[Mapping[str, int]]) -> csr_matrix:
        """The counted texts as rows, for training."""
        columns: list[np.ndarray] = []
        values: list[np.ndarray] = []
        ends = [0]
        for counts in texts:
            indices, weights = self._weighed(counts)
            columns.append(indices)
            values.append(weights)
            ends.append(ends[-1] + len(indices))
        shape = (len(texts), len(self.index))
        return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)
