"""The training data is checked in a trainer's words, with file and line."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from bot.evaluation.held_out import read_exam
from bot.topic_text import TopicText
from bot.topics_found import topic_files
from bot.validate import Surroundings, problems_in
from bot.validation.programs import Programs, programs_in
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


FEW = "too few examples"


def checked(tmp_path: Path, text: str, other: str = "", around: Surroundings | None = None) -> list[str]:
    """What is said about a file, and perhaps a second one, but that examples are few; the folder's name left out."""
    return [words for words in all_said(tmp_path, text, other, around) if FEW not in words]


def all_said(tmp_path: Path, text: str, other: str = "", around: Surroundings | None = None) -> list[str]:
    topics = TopicText()
    for name, content in (("one.yml", text), ("two.yml", other)):
        if content:
            (tmp_path / name).write_text(content)
            topics.read(tmp_path / name)
    return without_folder(tmp_path, topics, TopicText(), around or Surroundings())


def without_folder(tmp_path: Path, topics: TopicText, switchboard: TopicText, around: Surroundings) -> list[str]:
    return [str(problem).replace(f"{tmp_path}/", "") for problem in problems_in(topics, switchboard, around)]


def give_plenty_of_examples(project: Project) -> None:
    """Let every block of the fixtures have as many examples as a trainer is asked for."""
    for path in (project.folder / "data" / "topics").glob("*.yml"):
        blocks = re.split(r"(?<=examples: \|\n)", path.read_text())
        more = [f"{path.stem} {a}{b}{number}" for number in "ab" for a, b in product("bcdfg", "aeiou")]
        path.write_text(
            blocks[0]
            + "".join(
                "".join(f"      - {'xyzvw'[index]}u {words}\n" for words in more) + block
                for index, block in enumerate(blocks[1:])
            )
        )


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
        ("      - fecha de cobro", "      - cuando VENCE!", "one.yml:7", "stands at"),
        ("action: utter_due_date", "action: action_due_date", "one.yml:16", "action_due_date, which stands under no"),
        ("action: utter_due_date", "action: due_date_form", "one.yml:16", "due_date_form, which stands under no"),
        ("El día 5.", "El día {day}.", "one.yml:19", "utter_due_date: no slot fills {day}"),
        ("On the 5th.", "On the {5th}.", "one.yml:23", "no slot fills {5th}"),
        ("El día 5.", "El día {5.", "one.yml:19", "braces hold one name"),
        ("El día 5.", "5" * 4097, "one.yml:19", "utter_due_date is too long: 4097 characters"),
        ("El día 5.", '""', "one.yml:19", "utter_due_date has an empty text"),
        ("title: Otra vez", "title: " + "ñ" * 33, "one.yml:21", "is too long: 66 bytes"),
        ("payload: /due_date", "payload: /due_date" + "_" * 60, "one.yml:21", "the payload of the button"),
        ("        - title: Otra vez\n          payload", "        - payload", "one.yml:21", "a button needs a title"),
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


def test_too_few_examples_are_counted_by_intent_and_language(tmp_path: Path) -> None:
    assert all_said(tmp_path, GOOD) == [
        "one.yml:3: too few examples: due_date has 2 in Spanish and needs 40",
        "one.yml:8: too few examples: due_date has 1 in English and needs 40",
    ]
    short = GOOD.replace("due_date", "thanks")
    assert all_said(tmp_path, short)[0] == "one.yml:3: too few examples: thanks has 2 in Spanish and needs 25"
    words = ["".join(letters) for letters in product("bcdfglmn", "aeiou")]
    enough = GOOD.replace("      - fecha", "".join(f"      - es {word}\n" for word in words) + "      - fecha")
    assert [said for said in all_said(tmp_path, enough) if "Spanish" in said] == []


def test_a_sentence_of_the_exam_must_not_be_taught(tmp_path: Path) -> None:
    (tmp_path / "exam").mkdir()
    (tmp_path / "exam" / "a.yml").write_text("understanding:\n- intent: due_date\n  es-MX: |\n    - CUÁNDO vence\n")
    around = Surroundings(exam=read_exam(tmp_path / "exam"))
    problems = checked(tmp_path, GOOD, around=around)
    assert len(problems) == 1
    assert problems[0].startswith(
        "one.yml:6: leaked test sentence: «¿Cuándo vence?» is asked in the exam at exam/a.yml:4"
    )
    entity = GOOD.replace("¿Cuándo vence?", "cuándo [vence](verb)")
    assert "leaked test sentence" in checked(tmp_path, entity, around=around)[0]


def test_slots_and_programs_fill_what_is_in_braces(tmp_path: Path) -> None:
    asking = GOOD.replace("El día 5.", "El día {day}, {customer_name}, con {operator}.")
    slots = frozenset({"day", "customer_name"})
    assert checked(tmp_path, asking, around=Surroundings(slots=slots)) == []
    own = asking + "slots:\n  day: {type: text}\n  customer_name: {type: text}\n"
    assert checked(tmp_path, own) == []
    said_by_a_program = asking.replace("action: utter_due_date", "action: action_due_date")
    said_by_a_program += "actions:\n  - action_due_date\n"
    program = Surroundings(slots=slots - {"day"}, actions=Programs(values=frozenset({"day"})))
    assert checked(tmp_path, said_by_a_program, around=program) == []
    problems = checked(tmp_path, said_by_a_program, around=Surroundings(slots=slots - {"day"}))
    assert problems == ["one.yml:19: utter_due_date: no slot and no program fills {day}; is it misspelt?"]


def test_the_switchboards_sentences_are_checked_too(tmp_path: Path) -> None:
    (tmp_path / "switchboard.yml").write_text(
        "responses:\n  utter_queue:\n    - text: Puesto {position}, {sitio}\n      buttons:\n"
        "        - {title: Salir, payload: queue.cancel}\n        - {title: Ir, payload: queue.leave}\n"
        "    - condition: [{type: slot, name: language, value: en}]\n      text: Place {position}\n"
    )
    switchboard = TopicText()
    switchboard.read(tmp_path / "switchboard.yml")
    around = Surroundings(service=Programs(values=frozenset({"position"})))
    problems = without_folder(tmp_path, TopicText(), switchboard, around)
    assert problems == [
        "switchboard.yml:3: utter_queue: nothing in the switchboard fills {sitio}; is it misspelt?",
        "switchboard.yml:6: the button «Ir» leads to 'queue.leave', which is no intent",
    ]


def test_what_a_program_says_needs_words(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        'RESPONSE = "utter_unheard"\nvalues = {"a": 1}\nvalues["b"] = 2\ntell("utter_due_date", c=3, **values)\n'
        'said["utter_action"]\n'
    )
    programs = programs_in(tmp_path)
    assert programs.values == {"a", "b", "c"}
    problems = checked(tmp_path, GOOD, around=Surroundings(actions=programs))
    assert len(problems) == 1
    assert problems[0].startswith("program.py:1: the program says utter_unheard, which has no words")


def test_a_topics_title_is_short(tmp_path: Path) -> None:
    title = "responses:\n  utter_title_sim:\n    - text: La tarjeta SIM y la eSIM\n"
    title += "    - condition: [{type: slot, name: language, value: en}]\n      text: SIM and eSIM\n"
    problems = checked(tmp_path, GOOD, title)
    assert problems == ["two.yml:3: utter_title_sim is too long: 24 characters, and a topic's title has 20"]


def test_the_command_says_what_to_mend_and_fails(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name in ("orphan", "hint"):  # fixtures that a trainer would be told about
        (project.folder / f"data/topics/{name}.yml").unlink()
    give_plenty_of_examples(project)
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
    give_plenty_of_examples(project)
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


def test_the_shipped_training_data_is_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    topics, switchboard = TopicText(), TopicText()
    for path in topic_files("data"):
        topics.read(path)
    switchboard.read(Path("data/switchboard.yml"))
    assert [str(problem) for problem in problems_in(topics, switchboard, Surroundings.here())] == []
