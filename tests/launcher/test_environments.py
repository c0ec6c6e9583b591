"""Installing: once, whole, and by a Python that really runs. uv is a script that writes down what it is asked."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from launcher import environments, interpreters
from launcher.environments import RASA, SERVICES, Environment
from launcher.project import Problem
from launcher.signals import Signals

FAKE_UV = """#!{python}
import os, pathlib, sys
words = sys.argv[1:]
if words == ["--version"]:
    print("uv 99.0.0")
    sys.exit()
here = pathlib.Path(__file__).parent
with open(here / "asked", "a") as asked:
    asked.write(" ".join(words[:2]) + "\\n")
if (here / "broken").exists():
    sys.exit(2)
if words[0] == "venv":
    interpreter = pathlib.Path(words[-1]) / "bin" / "python"
    interpreter.parent.mkdir(parents=True, exist_ok=True)
    interpreter.unlink(missing_ok=True)
    interpreter.symlink_to(sys.executable)
"""


class FakeUv:
    """On PATH in place of uv."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        script = folder / "uv"
        script.write_text(FAKE_UV.format(python=sys.executable))
        script.chmod(0o755)

    def asked(self) -> list[str]:
        """What it was asked since the last time."""
        file = self.folder / "asked"
        asked = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return asked


@pytest.fixture
def uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeUv:
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return FakeUv(folder)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    lock = tmp_path / "demo.txt"
    lock.write_text("demo==1.0\n")
    return Environment("demo", [sys.version_info[:2]], "a demo", tmp_path / "venvs" / "demo", lock)


class NoSignals(Signals):
    """Nobody wants anything to stop; pytest keeps its own handlers."""

    def __init__(self) -> None:
        self.stops = 0

    def wait(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.02))


@pytest.fixture
def signals() -> Signals:
    return NoSignals()


def test_what_is_missing_is_made_and_filled(uv: FakeUv, environment: Environment, signals: Signals) -> None:
    environments.install([environment], signals)
    assert uv.asked() == ["venv --quiet", "pip sync"]
    assert environment.is_current()


def test_a_second_time_nothing_happens(uv: FakeUv, environment: Environment, signals: Signals) -> None:
    environments.install([environment], signals)
    uv.asked()
    environments.install([environment], signals)
    assert uv.asked() == []


def test_a_changed_lock_is_caught_up_with(uv: FakeUv, environment: Environment, signals: Signals) -> None:
    environments.install([environment], signals)
    uv.asked()
    environment.lock.write_text("demo==2.0\n")
    environments.install([environment], signals)
    assert uv.asked() == ["pip sync"]
    assert environment.is_current()


def test_what_was_left_half_done_is_made_anew(uv: FakeUv, environment: Environment, signals: Signals) -> None:
    environments.install([environment], signals)
    environment.stamp.unlink()
    uv.asked()
    environments.install([environment], signals)
    assert uv.asked() == ["venv --quiet", "pip sync"]


def test_an_environment_whose_python_is_gone_is_made_anew(
    uv: FakeUv, environment: Environment, signals: Signals
) -> None:
    environments.install([environment], signals)
    environment.python.unlink()
    environment.python.symlink_to("/nowhere/python")
    uv.asked()
    environments.install([environment], signals)
    assert uv.asked() == ["venv --quiet", "pip sync"]


def test_a_failure_is_a_problem_and_no_success_later(uv: FakeUv, environment: Environment, signals: Signals) -> None:
    environments.install([environment], signals)
    environment.lock.write_text("demo==2.0\n")
    (uv.folder / "broken").touch()
    with pytest.raises(Problem, match="demo"):
        environments.install([environment], signals)
    assert not environment.is_current()
    (uv.folder / "broken").unlink()
    uv.asked()
    environments.install([environment], signals)
    assert uv.asked() == ["venv --quiet", "pip sync"]


def test_a_shim_that_exists_without_running_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim, real = (
        _python(tmp_path / "shims", "exit 127"),
        _python(tmp_path / "pyenv/versions/3.98.1/bin", "echo 3 98 True"),
    )
    monkeypatch.setenv("PATH", str(shim.parent), prepend=":")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert interpreters.find([(3, 98)]) == real


def test_a_python_that_says_another_version_than_its_name_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(_python(tmp_path / "bin", "echo 3 97 True").parent), prepend=":")
    assert interpreters.find([(3, 98)]) is None


def test_the_service_runs_on_its_own_pins_alone() -> None:
    """With the tests' packages within reach, a pin that is missing from services.txt would go unnoticed."""
    environments.require(SERVICES)
    code = (
        "import importlib, pkgutil, handoff_service as root\n"
        "for module in pkgutil.walk_packages(root.__path__, root.__name__ + '.'):\n"
        "    if not module.name.endswith('__main__') and '.migrations.' not in module.name:\n"
        "        importlib.import_module(module.name)\n"
    )
    done = subprocess.run([SERVICES.python, "-c", code], cwd=environments.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_rasas_environment_is_the_one_that_its_lock_describes() -> None:
    environments.require(RASA)
    code = "import importlib.metadata as m; print(m.version('rasa'), m.version('rasa-sdk'))"
    done = subprocess.run([RASA.python, "-c", code], capture_output=True, text=True, check=True)
    pinned = dict(line.split(" ")[0].split("==") for line in RASA.lock.read_text().splitlines() if "==" in line[:40])
    assert done.stdout.split() == [pinned["rasa"], pinned["rasa-sdk"]]


def _python(folder: Path, does: str) -> Path:
    folder.mkdir(parents=True)
    script = folder / "python3.98"
    script.write_text(f"#!/bin/sh\n{does}\n")
    script.chmod(0o755)
    return script
