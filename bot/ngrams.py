"""Texts as weighted n-grams of words and letters, the same way in training and in use."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix

from bot.folding import fold

_SHORTEST, _LONGEST = 2, 5
_NEAR = 2
_LONGEST_WORD = 40
_LONGEST_TEXT = 1_000  # what is asked stands at the beginning; a pasted novel must not cost seconds


def grams(text: str) -> Iterator[str]:
    """The n-grams of a text: words (`w:`), neighbours (`n:`) with the text's ends, words near each other (`s:`), and
    letters within padded words (`c:`)."""
    words = fold(text[:_LONGEST_TEXT]).split()
    for word in words:
        yield f"w:{word}"
        yield from _letters(word)
    for first, second in zip(["^", *words], [*words, "$"], strict=True):
        yield f"n:{first} {second}"
    for i, first in enumerate(words):
        for second in words[i + 2 : i + 2 + _NEAR]:
            yield f"s:{first} {second}"


@lru_cache(maxsize=50_000)
def _letters(word: str) -> tuple[str, ...]:
    padded = f" {word[:_LONGEST_WORD]} "
    return tuple(
        f"c:{padded[start : start + size]}"
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(max(1, len(padded) - size + 1))
    )


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams that training knows, and how telling each is."""

    index: dict[str, int]
    idf: np.ndarray
    unknown_idf: float

    @classmethod
    def of(cls, texts: Sequence[str], seen_at_least: int = 2) -> Vocabulary:
        """Learn the n-grams that occur in at least so many texts; single words always count."""
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(grams(text)))
        known = sorted(gram for gram, count in seen.items() if count >= seen_at_least or gram.startswith("w:"))
        idf = np.array([math.log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in known], dtype=np.float32)
        return cls({gram: i for i, gram in enumerate(known)}, idf, math.log(1 + len(texts)) + 1)

    def vector(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The text's known n-grams as indices and weights.

        The weights of a text that is known throughout have length 1. What is unknown takes its share of that length,
        so that a text of which little is known moves nothing much; empty if nothing is known.
        """
        counts = Counter(grams(text))
        known = [gram for gram in counts if gram in self.index]
        indices = np.array([self.index[gram] for gram in known], dtype=np.int32)
        often = np.array([counts[gram] for gram in known], dtype=np.float32)
        weights = (1.0 + np.log(often)) * self.idf[indices]
        unknown = sum((1.0 + math.log(count)) ** 2 for gram, count in counts.items() if gram not in self.index)
        length = math.sqrt(float(weights @ weights) + unknown * self.unknown_idf**2)
        return indices, weights / np.float32(length or 1.0)

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """The texts as rows, for training."""
        columns: list[np.ndarray] = []
        values: list[np.ndarray] = []
        ends = [0]
        for text in texts:
            indices, weights = self.vector(text)
            columns.append(indices)
            values.append(weights)
            ends.append(ends[-1] + len(indices))
        shape = (len(texts), len(self.index))
        return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)
