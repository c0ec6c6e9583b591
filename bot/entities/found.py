"""A thing a message names, and texts in which to look for it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any


@dataclass(frozen=True)
class Found:
    """Characters `start` to `end` of the text name `value`, a thing of the kind `entity`; `more` is known of it."""

    entity: str
    value: str | int
    start: int
    end: int
    more: dict[str, str] = field(default_factory=dict)

    def as_rasa(self) -> dict[str, Any]:
        """The thing as Rasa's entity."""
        return {
            "entity": self.entity,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            "extractor": "EntityFinder",
            **self.more,
        }

    def overlaps(self, other: Found) -> bool:
        """Do they share characters?"""
        return self.start < other.end and other.start < self.end


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """The text in lower case without accents, each character in its place."""
    return "".join(map(_plain_character, text))


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    if character in "’`´ʼ":
        return "'"
    base = unicodedata.normalize("NFKD", character)[:1].lower()
    return base if len(base) == 1 else character
