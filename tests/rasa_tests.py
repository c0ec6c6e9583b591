"""Which test functions a file has, read without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# Marks that the run in Rasa's environment obeys itself.
OBEYED_THERE = {"asyncio", "filterwarnings", "parametrize", "skip", "skipif", "timeout", "usefixtures", "xfail"}


@dataclass(frozen=True)
class WrittenTest:
    """A test function as it stands in its file: `name` with its class, as in a node id."""

    name: str
    line: int
    marks: frozenset[str]


def written_in(path: Path) -> list[WrittenTest]:
    """The test functions of a file, by pytest's own rules for names."""
    return list(_tests_of(ast.parse(path.read_bytes(), filename=str(path)).body))


def _tests_of(body: Sequence[ast.stmt], prefix: str = "", marks: frozenset[str] = frozenset()) -> Iterator[WrittenTest]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            yield WrittenTest(prefix + node.name, node.lineno - 1, marks | _marks_of(node))
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _tests_of(node.body, f"{prefix}{node.name}::", marks | _marks_of(node))
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            yield from _tests_of([*node.body, *getattr(node, "orelse", [])], prefix, marks)


def _marks_of(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> frozenset[str]:
    written = (ast.unparse(decorator).split("(")[0] for decorator in node.decorator_list)
    names = {name.rpartition(".")[2] for name in written if name.startswith("pytest.mark.")}
    return frozenset(names - OBEYED_THERE)
