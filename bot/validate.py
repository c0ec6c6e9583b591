"""Check the training data and say in plain words what to mend: ``python -m bot.validate``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.evaluation.held_out import FOLDER, Exam, read_exam
from bot.run import prepare
from bot.topic_text import Problem, TopicText
from bot.topics_found import topic_files
from bot.train import DATA, DOMAIN
from bot.validation import examples, leaks, marks, placeholders, rules, words
from bot.validation.programs import Programs, programs_in
from bot.validation.rasas_view import objections


@dataclass(frozen=True)
class Surroundings:
    """What the trainers' files have to agree with: the exam, the slots of domain.yml, and the programs."""

    exam: Exam = field(default_factory=Exam)
    slots: frozenset[str] = frozenset()
    actions: Programs = field(default_factory=Programs)
    service: Programs = field(default_factory=Programs)

    @classmethod
    def here(cls) -> Surroundings:
        """The project's own."""
        domain = TopicText()
        domain.read(Path(DOMAIN))
        slots = frozenset(name for kind, name, _ in domain.definitions if kind == "slots")
        programs = [programs_in(Path(folder)) for folder in ("actions", "handoff_service")]
        return cls(read_exam(Path(FOLDER)), slots, *programs)


def problems_in(topics: TopicText, switchboard: TopicText, around: Surroundings) -> list[Problem]:
    """Everything to mend in the trainers' files, by file and line."""
    found = [
        *topics.problems,
        *switchboard.problems,
        *around.exam.problems,
        *examples.repeated(topics.examples),
        *examples.without_language(topics),
        *examples.too_few(topics),
        *leaks.leaked(topics.examples, around.exam),
        *rules.intents_without_rule(topics),
        *rules.about_nothing(topics),
        *rules.answers_of_programs(topics, around.actions),
        *rules.defined_twice(topics),
        *words.wordings(topics.variations),
        *words.wordings(switchboard.variations),
        *words.buttons(topics, [*topics.variations, *switchboard.variations]),
        *placeholders.unfilled_in_topics(topics, around.slots, around.actions),
        *placeholders.unfilled_in_switchboard(switchboard, around.service),
    ]
    return sorted(found, key=lambda problem: problem.place)


def main() -> int:
    """Print what is to be mended; 1 if there is anything."""
    topics, switchboard = TopicText(), TopicText()
    for path in topic_files(DATA):
        topics.read(path)
    if (Path(DATA) / "switchboard.yml").exists():
        switchboard.read(Path(DATA) / "switchboard.yml")
    problems = problems_in(topics, switchboard, Surroundings.here())
    rasas: Sequence[str] = []
    if not problems:
        prepare()
        marked = {name for example in topics.examples for name in marks.marked_entities(example.text)}
        rasas = objections({example.intent for example in topics.examples}, marked)
    for problem in problems:
        print(problem)
    for said in rasas:
        print(f"Rasa: {said}")
    print(_summary(topics, problems, rasas))
    return 1 if problems or rasas else 0


def _summary(topics: TopicText, problems: Sequence[Problem], rasas: Sequence[str]) -> str:
    if problems:
        files = {problem.place.file for problem in problems}
        return f"\n{len(problems)} to mend, in {len(files)} file{'s' if len(files) > 1 else ''}."
    if rasas:
        return f"\n{len(rasas)} to mend."
    intents = {example.intent for example in topics.examples}
    return f"The training data is in order: {len(topics.examples)} examples of {len(intents)} intents."


if __name__ == "__main__":
    sys.exit(main())
