"""Phrases as trainers write them, and where a text has one: words, alternatives, beginnings and gaps.

A phrase is a row of words. `a|b` is either word, `cobr-` any word that begins so, `<n>` a number, `…` up to four words
whatever they are, `(a b|c)` either of several rows, and `(a)?` may be missing. `<name>` stands for the words of a list.
Case, accents and phone spelling make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.folding import fold

_LONGEST_GAP = 4
_TOKEN = re.compile(r"\(|\)\??|\||…|[^\s()|…]+")
_ANY_LONG_NUMBER = "000"  # what folding makes of them; as a word of a phrase it would be every number
_NUMERALS: dict[str, int] = {
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "a": 1, "an": 1, "couple": 2, "par": 2,
    "several": 3, "varios": 3, "varias": 3, "unos": 3, "unas": 3, "few": 3, "medio": 1, "media": 1,
}  # fmt: skip
_NUMBER = rf"(?:\d+|{'|'.join(_NUMERALS)}) "


class MalformedPhraseError(ValueError):
    """A phrase is not written as phrases are; says which."""


def number(word: str) -> int | None:
    """The number a folded word stands for, roughly («unos» is three); None if it is none."""
    return int(word) if word.isdecimal() else _NUMERALS.get(word)


@dataclass(frozen=True)
class Found:
    """Where a phrase stands in a folded text, in characters."""

    start: int
    end: int

    def overlaps(self, other: Found) -> bool:
        """Do they share a word?"""
        return self.start < other.end and other.start < self.end


class Phrases:
    """The phrases of several signs, looked for all at once."""

    def __init__(self, by_sign: Mapping[str, Iterable[str]]) -> None:
        """Take phrases as trainers write them, their lists filled in, by the sign they are of."""
        self.by_sign = {sign: sorted(set(phrases)) for sign, phrases in by_sign.items()}
        self._by_start: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for sign, phrases in self.by_sign.items():
            for phrase in phrases:
                written = _Reading(phrase)
                pattern = re.compile(written.pattern)
                for start in written.starts:
                    self._by_start.setdefault(start, []).append((sign, pattern))
        self._longest = max((len(start) for start in self._by_start), default=0)

    def signs(self, text: str) -> dict[str, list[Found]]:
        """The signs that a text carries, and where in the folded text; what `…_not` takes back is left out."""
        folded = fold(text) + " "
        found: dict[str, list[Found]] = {}
        at = 0
        for word in folded.split():
            for start in self._starts(word):
                for sign, pattern in self._by_start.get(start, ()):
                    match = pattern.match(folded, at)
                    if match:
                        found.setdefault(sign, []).append(Found(at, match.end()))
            at += len(word) + 1
        return {sign: left for sign in found if (left := _not_taken_back(sign, found))}

    def _starts(self, word: str) -> Iterator[str]:
        yield word
        if number(word) is not None:
            yield "<n>"
        for length in range(1, min(len(word), self._longest) + 1):
            yield f"{word[:length]}-"


def read_phrases(written: Mapping[str, Any]) -> dict[str, list[str]]:
    """The phrases of each sign of a trainers' file, all languages together, with the file's lists filled in."""
    lists = {f"<{name}>": words for name, words in (written.get("lists") or {}).items()}
    return {
        sign: [_filled_in(str(phrase), lists) for phrases in languages.values() for phrase in phrases or []]
        for sign, languages in written["signs"].items()
    }


def _filled_in(phrase: str, lists: Mapping[str, str]) -> str:
    for name, words in lists.items():
        phrase = phrase.replace(name, f"({words})")
    return phrase


def _not_taken_back(sign: str, found: Mapping[str, Sequence[Found]]) -> list[Found]:
    taken = found.get(f"{sign}_not", ())
    return [place for place in found[sign] if not any(place.overlaps(other) for other in taken)]


class _Reading:
    """Reads one phrase into a pattern over folded words, each followed by a blank, and the words it may begin with."""

    def __init__(self, phrase: str) -> None:
        self._phrase = phrase
        self._tokens = _TOKEN.findall(phrase)
        self._at = 0
        self._depth = 0
        self.pattern, self.starts, may_be_empty = self._rows()
        if self._at != len(self._tokens) or may_be_empty or not self.starts:
            raise MalformedPhraseError(f"«{phrase}»: brackets must close, and a phrase must begin with a word")

    def _rows(self) -> tuple[str, set[str], bool]:
        """Rows between brackets, or the whole phrase: the pattern, how it may begin, whether it may be nothing."""
        rows: list[tuple[str, set[str], bool]] = [self._row()]
        while self._peek() == "|":
            self._at += 1
            rows.append(self._row())
        starts = set().union(*(starts for _, starts, _ in rows))
        return "|".join(pattern for pattern, _, _ in rows), starts, any(empty for _, _, empty in rows)

    def _row(self) -> tuple[str, set[str], bool]:
        pattern, starts, is_open = "", set[str](), True
        while (token := self._peek()) not in (None, ")", ")?", "|"):
            part, begins, may_be_missing = self._part(str(token))
            pattern += part
            if is_open:
                starts |= begins
                is_open = may_be_missing
        return pattern, starts, is_open

    def _part(self, read: str) -> tuple[str, set[str], bool]:
        self._at += 1
        if read == "…":
            return rf"(?:\w+ ){{0,{_LONGEST_GAP}}}?", set(), True
        if read == "(":
            self._depth += 1
            pattern, starts, may_be_empty = self._rows()
            self._depth -= 1
            if self._peek() not in (")", ")?"):
                raise MalformedPhraseError(f"«{self._phrase}»: a bracket is not closed")
            is_optional = self._tokens[self._at] == ")?"
            self._at += 1
            return f"(?:{pattern}){'?' if is_optional else ''}", starts, is_optional or may_be_empty
        return self._words(read)

    def _words(self, token: str) -> tuple[str, set[str], bool]:
        """A word, or words with `|` between them and no blank."""
        options = [token]
        while self._depth == 0 and self._peek() == "|":
            options.append(self._tokens[self._at + 1])
            self._at += 2
        patterns, starts = [], set[str]()
        for option in options:
            if option == "<n>":
                patterns.append(_NUMBER)
                starts.add("<n>")
                continue
            folded = fold(option).split()
            if not folded or folded == [_ANY_LONG_NUMBER]:
                continue
            is_beginning = option.endswith("-")
            starts.add(f"{folded[0]}-" if is_beginning and len(folded) == 1 else folded[0])
            words = [re.escape(word) for word in folded]
            patterns.append(" ".join(words) + (r"\w* " if is_beginning else " "))
        return f"(?:{'|'.join(patterns) or '(?!)'})", starts, False

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None
