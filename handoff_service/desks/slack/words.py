"""The desk's own words, in the agents' language, with those by which every desk tells a case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handoff_service.case_words import CaseWords, load_case_words
from handoff_service.yaml_files import read_yaml

FILE = Path(__file__).with_name("words.yml")


@dataclass(frozen=True)
class DeskWords(CaseWords):
    """Sentences by dotted name."""

    def all_of(self, group: str) -> dict[str, str]:
        """Everything in a group, in its order."""
        return dict(self.sentences[group])


def load_desk_words(language: str) -> DeskWords:
    """The words in `es` or `en`."""
    own = read_yaml(FILE)[language]
    return DeskWords(language, {**load_case_words(language).sentences, **own})
