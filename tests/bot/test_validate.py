"""The training data is checked in a trainer's words, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.topic_text import TopicText
from bot.validate import problems_in
from tests.bot.project import ROOT, Project

GOOD = """version: "3.1"
nlu:
  - intent: due_date
    metadata: {language: es}
    examples: |
      - ¿Cuándo vence?
      - fecha de cobro
  - intent: due_date
    metadata: {language: en}
    examples: |
      - when is it due
rules:
  - rule: due date
    steps:
      - intent: due_date
      - action: utter_due_date
responses:
  utter_due_date:
    - text: El día 5.
      buttons:
        - title: Otra vez
          payload: /due_date
    - condition: [{type: slot, name: language, value: en}]
      text: On the 5th.
"""


def checked(tmp_path: Path, text: str, other: str = "") -> list[str]:
    """What is said about a file, and perhaps a second one; the folder's name left out."""
    topics = TopicText()
    for name, content in (("one.yml", text), ("two.yml", other)):
        if content:
            (tmp_path / name).write_text(content)
            topics.read(tmp_path / name)
    return [str(problem).replace(f"{tmp_path}/", "") for problem in problems_in(topics, TopicText())]


def test_good_data_is_good(tmp_path: Path) -> None:
    assert checked(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("find", "replace", "place", "said"),
    [
        ("      - fecha de cobro", "      fecha de cobro", "one.yml:7", "begins with «- »"),
        ("      - fecha de cobro", "      -", "one.yml:7", "begins with «- »"),
        ("    metadata: {language: en}\n", "", "one.yml:8", "does not say its language"),
        ("{language: en}\n", "{language: fr}\n", "one.yml:8", "does not say its language"),
        ("{language: en}\n", "{language: es}\n", "one.yml:3", "due_date has no examples in English"),
        ("      - intent: due_date\n", "      - intent: due_dates\n", "one.yml:15", "due_dates, which has no examples"),
        ("      - intent: due_date\n", "      - intent: other\n", "one.yml:3", "it needs a rule"),
        ("action: utter_due_date", "action: utter_due_dat", "one.yml:16", "utter_due_dat, which has no words"),
        ("value: en}]", "value: de}]", "one.yml:19", "has no English wording"),
        ("    - text: El día 5.\n", "    - condition: [{type: slot, name: language, value: en}]\n      text: x\n",
         "one.yml:19", "has no Spanish wording"),
        ("      text: On the 5th.", "      channel: telegram\n      text: On the 5th.", "one.yml:23", "`channel:`"),
        ("payload: /due_date", "payload: /du_date", "one.yml:21", "which is no intent"),
        ("payload: /due_date", "payload: due_date", "one.yml:21", "which is no intent"),
        ("rules:", "rules: [", "one.yml", "this is not YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, find: str, replace: str, place: str, said: str) -> None:
    assert find in GOOD
    problems = checked(tmp_path, GOOD.replace(find, replace))
    assert any(problem.startswith(place) and said in problem for problem in problems), problems


def test_the_same_sentence_under_two_intents_is_found_whatever_its_spelling(tmp_path: Path) -> None:
    other = GOOD.replace("due_date", "payment").replace("¿Cuándo vence?", "cuando VENCE").replace("when is", "is")
    problems = checked(tmp_path, GOOD, other.replace("fecha de cobro", "otra cosa"))
    assert len(problems) == 1
    assert problems[0].startswith("two.yml:6: «cuando VENCE» teaches payment here and due_date at ")
    assert problems[0].split(" at ")[1].startswith("one.yml:6")


def test_a_response_must_have_both_languages_for_each_of_its_cases(tmp_path: Path) -> None:
    only_spanish = """    - condition: [{type: slot, name: verified, value: true}]
      text: Ya sé quién eres.
"""
    problems = checked(tmp_path, GOOD + only_spanish)
    assert problems == ["one.yml:25: utter_due_date has no English wording when verified: true"]


def test_a_response_defined_in_two_files_is_found(tmp_path: Path) -> None:
    other = 'version: "3.1"\nresponses:\n  utter_due_date:\n    - text: El 6.\n'
    problems = checked(tmp_path, GOOD, other)
    assert any("utter_due_date stands under `responses` here and at" in problem for problem in problems)


def test_a_sentence_repeated_in_its_own_intent_is_no_problem(tmp_path: Path) -> None:
    assert checked(tmp_path, GOOD.replace("- fecha de cobro", "- cuando vence")) == []


def test_the_command_says_what_to_mend_and_fails(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name in ("orphan", "hint"):  # fixtures that a trainer would be told about
        (project.folder / f"data/topics/{name}.yml").unlink()
    good = project.run("bot.validate")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "in order" in good.stdout
    other = GOOD.replace("due_date", "other").replace("when is it due", "hello")
    (project.folder / "data/topics/wrong.yml").write_text(other)
    (project.folder / "data/switchboard.yml").write_text("responses:\n  utter_queue:\n    - text: Solo español.\n")
    wrong = project.run("bot.validate")
    assert wrong.returncode == 1
    assert "data/topics/wrong.yml:11: «hello» teaches other here and greeting at " in wrong.stdout
    assert "data/switchboard.yml:3: utter_queue has no English wording" in wrong.stdout


def test_rasas_own_objections_are_passed_on(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name in ("orphan", "hint"):  # fixtures that a trainer would be told about
        (project.folder / f"data/topics/{name}.yml").unlink()
    callback = project.folder / "data/topics/callback.yml"
    callback.write_text(callback.read_text().replace("      - callback_note\nslots", "      - callback_nota\nslots"))
    wrong = project.run("bot.validate")
    assert wrong.returncode == 1
    assert "callback_nota" in wrong.stdout


def test_the_shipped_training_data_has_every_line_where_it_is_said_to_be() -> None:
    topics = TopicText()
    files = sorted((ROOT / "data" / "topics").rglob("*.yml"))
    for path in files:
        topics.read(path)
    assert topics.problems == []
    lines = {str(path): path.read_text().splitlines() for path in files}
    for example in topics.examples:
        assert lines[example.place.file][example.place.line - 1].strip() == f"- {example.text}"
