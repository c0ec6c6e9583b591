"""The desk's own words, in the agents' language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("words.yml")


@dataclass(frozen=True)
class DeskWords:
    """Sentences by dotted name."""

    sentences: dict[str, Any]

    def say(self, name: str, /, **values: object) -> str:
        """The sentence of that name, filled in."""
        found: Any = self.sentences
        for part in name.split("."):
            found = found[part]
        return str(found).format(**values)

    def called(self, group: str, name: str | None) -> str:
        """What `name` is called, or the bare name where there are no words for it yet."""
        known = self.sentences[group].get(name)
        return str(name or "").replace("_", " ") if known is None else str(known)

    def all_of(self, group: str) -> dict[str, str]:
        """Everything in a group, in its order."""
        return dict(self.sentences[group])


def load_desk_words(language: str) -> DeskWords:
    """The words in `es` or `en`."""
    return DeskWords(yaml.safe_load(FILE.read_text(encoding="utf-8"))[language])
