"""One topic, one file: examples, rules, words, slots, forms and actions of a topic are read from a single YAML file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method
from rasa.shared.utils.io import read_yaml_file

from bot.sentence import Sentence
from bot.topics_found import topic_files

# The parts of a topic file that Rasa keeps in its domain.
_DOMAIN_PARTS = ("slots", "forms", "responses", "actions", "entities")


class TopicImporter(RasaFileImporter):
    """Reads topic files whole. Intents are those that have examples; nothing needs to be listed a second time."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        """Find the topic files; files beside them in `data/` belong to others."""
        self._topics = topic_files(training_data_paths)
        super().__init__(config_file, domain_path, [str(path) for path in self._topics])

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All examples, whatever the language; read once, since reading and checking YAML takes seconds."""
        return self._all_examples()

    @cached_method
    def _all_examples(self) -> TrainingData:
        read = super().get_nlu_data()
        read.training_examples = [Sentence.of(example) for example in read.training_examples]
        return read

    @cached_method
    def get_domain(self) -> Domain:
        """domain.yml and all topics as one domain."""
        merged = super().get_domain()
        for path in self._topics:
            merged = merged.merge(Domain.from_dict(_domain_part(path)))
        return merged.merge(Domain.from_dict(self._what_examples_name()))

    def _what_examples_name(self) -> dict[str, Any]:
        examples = self.get_nlu_data()
        return {"intents": sorted(examples.intents), "entities": sorted(examples.entities)}


def _domain_part(path: Path) -> dict[str, Any]:
    topic = read_yaml_file(path) or {}
    part = {name: topic[name] for name in _DOMAIN_PARTS if topic.get(name)}
    named = {
        mapping["entity"]
        for slot in part.get("slots", {}).values()
        for mapping in slot.get("mappings", [])
        if mapping.get("entity")
    }
    declared = part.get("entities", [])
    part["entities"] = [*declared, *sorted(named.difference(declared))]
    return part
