"""All the things a message names, none of them twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from bot.entities import days, figures, phrases
from bot.entities.found import Found, plain
from bot.entities.phrases import Lookup

LONGEST_TEXT = 1_000
"""Beyond this many characters nothing is looked for: what a customer wants named stands nearer."""
_DIGIT_OR_SIGN = re.compile(r"[\d€@]")

# What is found first keeps its characters: in «el 3 de mayo» there is neither a month nor a number.
_IN_ORDER: tuple[Callable[[str], Iterator[Found]], ...] = (
    figures.emails,
    figures.ibans,
    figures.phones,
    days.dayparts,
    days.dates,
    days.months,
    figures.money,
)
_AFTER_NAMES = (
    figures.data_amounts,
    figures.postcodes,
    phrases.services,
    phrases.questions,
    phrases.ordinals,
    figures.numbers,
)
_NEED_FIGURES = {figures.emails, figures.ibans, figures.phones, figures.postcodes}


@dataclass(frozen=True)
class Finder:
    """Finds what is named; the names of plans and places are the trainers'."""

    lookups: tuple[Lookup, ...] = ()

    @classmethod
    def of(cls, written: dict[str, list[dict[str, Any]]]) -> Finder:
        """With these lists of things, by entity."""
        return cls(tuple(Lookup.of(entity, things) for entity, things in written.items()))

    def find(self, text: str) -> list[Found]:
        """What the text names, in its order."""
        looked_at = plain(text[:LONGEST_TEXT])
        has_figures = _DIGIT_OR_SIGN.search(looked_at) is not None
        found: list[Found] = []
        for find in _IN_ORDER:
            if has_figures or find not in _NEED_FIGURES:
                _claim(find(looked_at), found)
        for lookup in self.lookups:
            _claim(lookup.find(looked_at), found)
        for find in _AFTER_NAMES:
            if has_figures or find not in _NEED_FIGURES:
                _claim(find(looked_at), found)
        return sorted(found, key=lambda thing: thing.start)


def read_lookups(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The trainers' lists: one file for each kind of thing, named after it."""
    return {path.stem: read_yaml_file(path)[path.stem] for path in sorted(folder.glob("*.yml"))}


def _claim(candidates: Iterable[Found], found: list[Found]) -> None:
    for candidate in candidates:
        if not any(candidate.overlaps(other) for other in found):
            found.append(candidate)
