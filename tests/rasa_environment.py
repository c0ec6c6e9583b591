"""Lets one pytest report the tests of two environments.

Tests under `tests/bot` and `tests/actions` need Rasa, which needs an environment of its own. Here they are read without
being imported, each test function becomes an item like any other (`-k` and node ids work), and those that are selected
run in one pytest inside Rasa's environment. Inside that one, and for anybody who starts it there by hand, none of this
is active.
"""

from __future__ import annotations

import importlib.util
import types
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.rasa_run import PYTHON, ROOT, Phase, RasaRun
from tests.rasa_tests import WrittenTest, written_in

FOLDERS = (ROOT / "tests" / "bot", ROOT / "tests" / "actions")
IS_INSIDE = importlib.util.find_spec("rasa") is not None
RUN = pytest.StashKey[RasaRun]()
SELECTED = pytest.StashKey["list[RasaItem]"]()


class RasaTestFailed(Exception):
    """It failed there; the text is what that pytest said."""


class RasaFile(pytest.File):
    """A test file that is read and never imported."""

    def collect(self) -> Iterator[RasaItem]:
        for written in written_in(self.path):
            yield RasaItem.from_parent(self, name=written.name, written=written)


class RasaItem(pytest.Item):
    """A test function in Rasa's environment with all its parameters."""

    def __init__(self, *, written: WrittenTest, **arguments: object) -> None:
        super().__init__(**arguments)  # type: ignore[arg-type]
        self.written = written
        for mark in written.marks:
            self.add_marker(mark)
        self.add_marker(pytest.mark.timeout(0))  # the inner run has limits of its own

    def runtest(self) -> None:
        run = _run_of(self.session)
        judge(self.nodeid, run.phases_of(self.nodeid), run, _known_in(self))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        if isinstance(excinfo.value, RasaTestFailed):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.written.line, self.name


def judge(function: str, phases: Sequence[Phase], run: RasaRun, known: Sequence[str]) -> None:
    """Pass, skip or fail as the function's tests did; fail when they are missing or when tests went unseen."""
    file = function.split("::")[0]
    if file in run.broken:
        raise RasaTestFailed(run.broken[file])
    failed = [phase for phase in phases if phase.outcome == "failed"]
    if failed:
        raise RasaTestFailed("\n\n".join(f"{phase.test} ({phase.when})\n{phase.text}" for phase in failed))
    ended = sum(phase.when == "teardown" for phase in phases)
    if not ended or ended < run.collected().get(function, 1):
        raise RasaTestFailed(f"No result came from Rasa's environment: {run.last_words()}")
    unseen = [name for name in run.collected() if name.startswith(f"{file}::") and name not in known]
    if unseen:
        raise RasaTestFailed(f"Write these as plain functions, so that they are seen without an import: {unseen}")
    skipped = {phase.text for phase in phases if phase.outcome == "skipped"}
    if skipped and not any(phase.when == "call" and phase.outcome == "passed" for phase in phases):
        pytest.skip("; ".join(sorted(skipped)))


def selection_of(items: Sequence[RasaItem]) -> list[str]:
    """What the inner pytest is asked for: whole files where all their functions are wanted."""
    wanted: dict[str, list[str]] = {}
    for item in items:
        wanted.setdefault(item.nodeid.split("::")[0], []).append(item.nodeid)
    selection: list[str] = []
    for file, functions in wanted.items():
        selection += [file] if len(functions) == len(written_in(ROOT / file)) else functions
    return selection


def _run_of(session: pytest.Session) -> RasaRun:
    if RUN not in session.config.stash:
        if not PYTHON.exists():
            raise RasaTestFailed("Rasa's environment is not installed: `make test` installs it.")
        session.config.stash[RUN] = RasaRun(selection_of(session.config.stash[SELECTED]))
    return session.config.stash[RUN]


def _known_in(item: RasaItem) -> list[str]:
    return [f"{item.parent.nodeid}::{written.name}" for written in written_in(item.path)] if item.parent else []


def _belongs_here(path: Path) -> bool:
    return not IS_INSIDE and any(folder in path.parents for folder in FOLDERS)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> RasaFile | None:
    """Take the test files of Rasa's environment before they are imported."""
    return RasaFile.from_parent(parent, path=module_path) if _belongs_here(module_path) else None


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    """Keep their conftest files from being imported: pytest asks for a registered one of that name first."""
    if IS_INSIDE or getattr(plugin, "__file__", None) != str(ROOT / "tests" / "conftest.py"):
        return
    for folder in FOLDERS:
        for conftest in folder.rglob("conftest.py"):
            if not manager.has_plugin(str(conftest)):
                blank = types.ModuleType("conftest")
                blank.__file__ = str(conftest)
                manager.register(blank, str(conftest))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which of them were selected."""
    session.config.stash[SELECTED] = [item for item in session.items if isinstance(item, RasaItem)]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the inner run, also when the outer one stopped early."""
    if RUN in config.stash:
        config.stash[RUN].end()
