"""Words that mean the same, in both languages: what one sentence teaches, all its paraphrases know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from rasa.shared.utils.io import read_yaml_file

from bot.folding import fold

_ANY_END = "*"
_SHORTEST = 2  # letters of a word's beginning
_LONGEST_PHRASE = 6


class Meanings:
    """Which meanings the words of a text have; a word may have none or several."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        """Take, by meaning, its words and phrases in any spelling; `factur*` is every word that begins so."""
        self.words = {meaning: list(written) for meaning, written in words.items()}
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._begun: dict[str, set[str]] = defaultdict(set)
        self._phrases: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for meaning, written in self.words.items():
            for entry in written:
                self._add(meaning, entry)

    def _add(self, meaning: str, entry: str) -> None:
        words = fold(entry).split()
        any_end = entry.endswith(_ANY_END)
        if len(words) > 1:
            self._phrases[words[0]].append((" ".join(words) + ("" if any_end else " "), meaning))
        elif words:
            (self._begun if any_end else self._whole)[words[0]].add(meaning)

    @classmethod
    def read(cls, *paths: Path) -> Meanings:
        """Read the trainers' files: by meaning, its words separated by commas. Of one name all words count."""
        words: dict[str, list[str]] = defaultdict(list)
        for path in paths:
            for meaning, written in read_yaml_file(path)["meanings"].items():
                words[meaning] += [word.strip() for word in written.split(",")]
        return cls(words)

    def found(self, words: Sequence[str]) -> list[tuple[int, str]]:
        """The meanings in folded words, each with the place of its (first) word, in their order."""
        return [(place, meaning) for place in range(len(words)) for meaning in sorted(self._at(words, place))]

    def _at(self, words: Sequence[str], place: int) -> set[str]:
        word = words[place]
        beginnings = (word[:length] for length in range(_SHORTEST, len(word) + 1))
        found = set(self._whole.get(word, ())).union(*(self._begun.get(begun, ()) for begun in beginnings))
        if word in self._phrases:
            rest = " ".join([*words[place : place + _LONGEST_PHRASE], ""])
            found.update(meaning for phrase, meaning in self._phrases[word] if rest.startswith(phrase))
        return found


NONE = Meanings({})
