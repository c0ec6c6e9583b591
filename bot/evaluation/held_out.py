"""The exam's sentences: what people write, in which variety of which language, and what they want."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.folding import fold
from bot.topic_text import Place, Problem

FOLDER = "tests/understanding"
# Who writes like this; the language is what stands before the hyphen.
VARIETIES = {
    "es-ES": "Spain",
    "es-MX": "Mexico",
    "es-AR": "River Plate",
    "es-PE": "Andes and Colombia",
    "en-GB": "Britain",
    "en-US": "United States",
}
_TOP = "understanding"


@dataclass(frozen=True)
class HeldOut:
    """A sentence of the exam and the intent behind it."""

    text: str
    intent: str
    variety: str
    place: Place

    @property
    def language(self) -> str:
        """The language of its variety."""
        return self.variety.partition("-")[0]


@dataclass
class Exam:
    """The sentences of some files, and what is wrong with the files."""

    sentences: list[HeldOut] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def sameness(text: str) -> str:
    """Equal for texts that differ in case, accents, punctuation, spaces and usual abbreviations alone."""
    return fold(text).replace(" ", "")


def read_exam(folder: Path) -> Exam:
    """All sentences under the folder, file by file; none if there is no such folder."""
    exam = Exam()
    for path in sorted(folder.glob("*.yml")):
        _read(path, exam)
    return exam


def _read(path: Path, exam: Exam) -> None:
    try:
        root = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        exam.problems.append(Problem(Place(str(path), mark.line + 1 if mark else 1), f"not YAML: {error.problem}"))
        return
    blocks = dict(_pairs(root)).get(_TOP)
    if not isinstance(blocks, SequenceNode):
        exam.problems.append(Problem(Place(str(path), 1), f"the file begins with `{_TOP}:` and a list of intents"))
        return
    for block in blocks.value:
        _read_block(str(path), block, exam)


def _read_block(file: str, block: Node, exam: Exam) -> None:
    intent = ""
    for key, node in _pairs(block):
        place = Place(file, node.start_mark.line + 1)
        if not isinstance(node, ScalarNode):
            exam.problems.append(Problem(place, f"`{key}: |` and under it one `- …` a line"))
        elif key == "intent":
            intent = node.value
        elif key not in VARIETIES:
            exam.problems.append(Problem(place, f"{key} is none of {', '.join(VARIETIES)}"))
        elif not intent:
            exam.problems.append(Problem(place, "a block begins with `intent:`"))
        else:
            exam.sentences.extend(_sentences(file, node, intent, key))


def _sentences(file: str, node: ScalarNode, intent: str, variety: str) -> Iterator[HeldOut]:
    for offset, line in enumerate(node.value.splitlines()):
        text = line.strip().removeprefix("- ").strip()
        if text:
            yield HeldOut(text, intent, variety, Place(file, node.start_mark.line + 2 + offset))


def _pairs(node: Node | None) -> Iterator[tuple[str, Node]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield str(getattr(key, "value", "")), value
