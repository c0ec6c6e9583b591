"""One topic, one file: what stands in it is there for Rasa, with nothing to enter anywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter

from bot.component import language_of
from bot.topics_found import topic_files
from tests.bot.project import Project

SWITCHBOARD = """
version: "3.1"
responses:
  utter_queue:
    - text: Esperas en la cola.
nlu:
  - intent: of_somebody_else
    examples: |
      - nothing for Rasa
"""
TOPIC = """
version: "3.1"
nlu:
  - intent: late_bus
    metadata: {language: es}
    examples: |
      - ¿dónde está el autobús de [Gijón](town)?
slots:
  town:
    type: text
    influence_conversation: false
    mappings:
      - type: from_entity
        entity: town
  size:
    type: text
    influence_conversation: false
    mappings:
      - type: from_entity
        entity: bus_size
forms:
  late_bus_form:
    required_slots: [town]
rules:
  - rule: late bus
    steps:
      - intent: late_bus
      - action: action_find_bus
actions:
  - action_find_bus
responses:
  utter_ask_town:
    - text: ¿En qué ciudad?
"""


@pytest.fixture
def importer(tmp_path: Path) -> TrainingDataImporter:
    folder = Project(tmp_path).folder
    (folder / "data" / "switchboard.yml").write_text(SWITCHBOARD)
    (folder / "data" / "topics" / "transport").mkdir()
    (folder / "data" / "topics" / "transport" / "late_bus.yml").write_text(TOPIC)
    return TrainingDataImporter.load_from_config(
        str(folder / "config.yml"), str(folder / "domain.yml"), [str(folder / "data")]
    )


def test_a_topic_file_is_read_whole(importer: TrainingDataImporter) -> None:
    domain = importer.get_domain()
    assert "late_bus" in domain.intents
    assert {"town", "bus_size"} <= set(domain.entities)
    assert {"town", "size"} <= {slot.name for slot in domain.slots}
    assert "late_bus_form" in domain.form_names
    assert {"action_find_bus", "utter_ask_town"} <= set(domain.action_names_or_texts)
    assert "late bus" in {step.block_name for step in importer.get_stories().story_steps}
    example = next(e for e in importer.get_nlu_data().intent_examples if e.get("intent") == "late_bus")
    assert example.get("text") == "¿dónde está el autobús de Gijón?"
    assert language_of(example) == "es"


def test_the_other_topics_and_the_domain_file_are_still_there(importer: TrainingDataImporter) -> None:
    domain = importer.get_domain()
    assert {"greeting", "due_date", "human"} <= set(domain.intents)
    assert {"language", "operator", "customer_name", "verified", "channel"} <= {slot.name for slot in domain.slots}
    assert "callback_form" in domain.form_names
    assert domain.session_config.carry_over_slots


def test_files_beside_the_topics_belong_to_others(importer: TrainingDataImporter) -> None:
    assert "utter_queue" not in importer.get_domain().responses
    assert "of_somebody_else" not in importer.get_domain().intents


def test_context_slots_cannot_be_set_by_words_and_do_not_steer(importer: TrainingDataImporter) -> None:
    for slot in importer.get_domain().slots:
        if slot.name in ("language", "operator", "customer_name", "verified", "channel"):
            assert [mapping["type"] for mapping in slot.mappings] == ["custom"]
            assert not slot.influence_conversation


def test_topic_files_are_found_in_groups_or_alone(tmp_path: Path) -> None:
    for name in ("topics/a/one.yml", "topics/two.yml", "topics/readme.md", "three.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [path.name for path in topic_files(str(tmp_path))] == ["one.yml", "two.yml"]
    assert [path.name for path in topic_files([str(tmp_path / "topics" / "a")])] == ["one.yml"]
    assert topic_files([str(tmp_path / "three.yml")]) == [tmp_path / "three.yml"]
    assert topic_files(None) == []
