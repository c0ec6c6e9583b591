"""What stands in the trainers' files, with the line it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_PLACEHOLDER = re.compile(r"{(\w+)}")


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Problem:
    """Something a trainer should mend, and where."""

    place: Place
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


@dataclass(frozen=True)
class Example:
    """A sentence that teaches an intent."""

    text: str
    intent: str
    language: str | None
    place: Place


@dataclass(frozen=True)
class Button:
    """A button under a response."""

    title: str
    payload: str
    place: Place


@dataclass(frozen=True)
class Variation:
    """One wording of a response: in which language, under which other conditions."""

    response: str
    language: str
    others: frozenset[tuple[str, str]]
    text: str
    has_text: bool
    has_channel: bool
    buttons: tuple[Button, ...]
    place: Place

    @property
    def placeholders(self) -> frozenset[str]:
        """The names in braces that are filled in."""
        return frozenset(_PLACEHOLDER.findall(self.text))


@dataclass
class TopicText:
    """Everything of one or several files that can be checked."""

    examples: list[Example] = field(default_factory=list)
    blocks: list[tuple[str, str | None, Place]] = field(default_factory=list)
    rule_steps: list[tuple[str, str, Place]] = field(default_factory=list)
    actions: list[tuple[str, Place]] = field(default_factory=list)
    variations: list[Variation] = field(default_factory=list)
    definitions: list[tuple[str, str, Place]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self, path: Path) -> None:
        """Add what stands in the file; what can't be read becomes a problem."""
        reader = _Reader(str(path), self)
        try:
            root = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            self.problems.append(Problem(Place(str(path), line), f"this is not YAML: {error.problem}"))
            return
        except UnicodeDecodeError:
            self.problems.append(Problem(Place(str(path), 1), "the file must be saved as UTF-8"))
            return
        if root is not None:
            reader.read(root)


class _Reader:
    """Walks one file's YAML nodes, which know their lines."""

    def __init__(self, file: str, into: TopicText) -> None:
        self._file = file
        self._into = into

    def read(self, root: Node) -> None:
        parts = dict(self._pairs(root))
        for block in _items(parts.get("nlu")):
            self._read_examples(dict(self._pairs(block)), self._place(block))
        for rule in [*_items(parts.get("rules")), *_items(parts.get("stories"))]:
            self._read_rule(dict(self._pairs(rule)))
        self._into.actions.extend((str(_value(node)), self._place(node)) for node in _items(parts.get("actions")))
        for kind in ("slots", "forms", "responses"):
            for name, node in self._pairs(parts.get(kind)):
                self._into.definitions.append((kind, name, self._place(node)))
        for name, variations in self._pairs(parts.get("responses")):
            self._into.variations.extend(self._variation(name, node) for node in _items(variations))

    def _read_examples(self, block: dict[str, Node], place: Place) -> None:
        if "intent" not in block:
            return
        intent = str(_value(block["intent"]))
        metadata = dict(self._pairs(block.get("metadata")))
        language = _value(metadata["language"]) if "language" in metadata else None
        self._into.blocks.append((intent, language, place))
        written = block.get("examples")
        if not isinstance(written, ScalarNode):
            self._problem(place, f"the examples of {intent} are missing: `examples: |`, and under it one `- …` a line")
            return
        for offset, line in enumerate(written.value.splitlines()):
            self._read_example(line, intent, language, Place(self._file, written.start_mark.line + 2 + offset))

    def _read_example(self, line: str, intent: str, language: str | None, place: Place) -> None:
        text = line.strip()
        if not text or text.startswith("#"):
            return
        if not line.startswith("- ") or not line[2:].strip():
            self._problem(place, f"an example begins with «- » and says something: «{text}»")
            return
        self._into.examples.append(Example(line[2:].strip(), intent, language, place))

    def _read_rule(self, rule: dict[str, Node]) -> None:
        for step in _items(rule.get("steps")):
            for kind, node in self._pairs(step):
                if kind in ("intent", "action"):
                    self._into.rule_steps.append((kind, str(_value(node)), self._place(node)))

    def _variation(self, response: str, node: Node) -> Variation:
        parts = dict(self._pairs(node))
        language, others = "es", set()
        for condition in _items(parts.get("condition")):
            of = {name: str(_value(value)) for name, value in self._pairs(condition)}
            if of.get("name") == "language":
                language = of.get("value", "")
            else:
                others.add((of.get("name", ""), of.get("value", "")))
        text = _value(parts["text"]) if "text" in parts else ""
        buttons = tuple(self._button(button) for button in _items(parts.get("buttons")))
        return Variation(
            response,
            language,
            frozenset(others),
            str(text),
            "text" in parts,
            "channel" in parts,
            buttons,
            self._place(node),
        )

    def _button(self, node: Node) -> Button:
        of = {name: str(_value(value)) for name, value in self._pairs(node)}
        return Button(of.get("title", ""), of.get("payload", ""), self._place(node))

    def _pairs(self, node: Node | None) -> Iterator[tuple[str, Node]]:
        if isinstance(node, MappingNode):
            for key, value in node.value:
                yield str(_value(key)), value

    def _place(self, node: Node) -> Place:
        return Place(self._file, node.start_mark.line + 1)

    def _problem(self, place: Place, words: str) -> None:
        self._into.problems.append(Problem(place, words))


def _items(node: Node | None) -> list[Node]:
    return list(node.value) if isinstance(node, SequenceNode) else []


def _value(node: Node) -> Any:
    return node.value if isinstance(node, ScalarNode) else ""
