"""What the programs around the trainers' words offer, read from their source without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.topic_text import Place

# An answer's name; `utter_action` is Rasa's own word for where it keeps that name.
_RESPONSE = re.compile(r"(?!utter_action$)utter_\w*[a-z0-9]")


@dataclass(frozen=True)
class Programs:
    """The answers that programs name, where first, and every name by which one of their calls hands on a value."""

    responses: dict[str, Place] = field(default_factory=dict)
    values: frozenset[str] = frozenset()


def programs_in(folder: Path) -> Programs:
    """What all Python files under the folder name."""
    values: set[str] = set()
    responses: dict[str, Place] = {}
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            values.update(_values(node))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _RESPONSE.fullmatch(node.value):
                responses.setdefault(node.value, Place(str(path), node.lineno))
    return Programs(responses, frozenset(values))


def _values(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        yield from (keyword.arg for keyword in node.keywords if keyword.arg)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        yield from _name(node.slice)
    elif isinstance(node, ast.Dict):
        yield from (name for key in node.keys for name in _name(key))


def _name(node: ast.AST | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
