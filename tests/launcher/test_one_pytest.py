"""One pytest reports two environments: tried on a project of its own, in which "Rasa's environment" is a script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from launcher.project import ROOT

TESTS_OF_THE_BOT = """
import pytest
import rasa  # only there in Rasa's environment

def test_good():
    assert rasa.IS_HERE

@pytest.mark.parametrize("number", [1, 2, 3])
def test_numbers(number):
    assert number != 2, "two is wrong"

@pytest.mark.skip(reason="not today")
def test_skipped():
    raise AssertionError

@pytest.mark.xfail(reason="known")
def test_known_failure():
    raise AssertionError

class TestInAClass:
    async def test_awaits(self):
        import asyncio
        await asyncio.sleep(0)

@pytest.mark.slow
def test_slow(of_the_conftest):
    assert of_the_conftest == "given"
"""
CONFTEST_OF_THE_BOT = """
import pytest, rasa

@pytest.fixture
def of_the_conftest():
    return "given"
"""
ONLY_THESE_PLUGINS = '"-p", "pytest_asyncio.plugin", "-p", "pytest_timeout", '
RASA_PYTHON = """#!/bin/sh
echo run >> "{root}/runs"
PYTHONPATH="{root}/only-there" exec "{python}" "$@"
"""


@dataclass(frozen=True)
class Project:
    """A small project with this project's own way of testing."""

    root: Path

    def write(self, path: str, text: str) -> None:
        """A file of it."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def pytest(self, *arguments: str) -> tuple[dict[str, str], str]:
        """How each test ended, by its node id, and all that was printed."""
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=100,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # quicker
        )
        ended = re.findall(r"^(tests/\S+) (PASSED|FAILED|SKIPPED|ERROR|XFAIL)", done.stdout, re.MULTILINE)
        return dict(ended), done.stdout + done.stderr

    def runs(self) -> int:
        """How often Rasa's environment was started."""
        file = self.root / "runs"
        return len(file.read_text().splitlines()) if file.exists() else 0


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    configuration = (ROOT / "pyproject.toml").read_text()
    assert "addopts = [" in configuration
    project.write("pyproject.toml", configuration.replace("addopts = [", f"addopts = [{ONLY_THESE_PLUGINS}"))
    for name in ("conftest.py", "rasa_environment.py", "rasa_report.py", "rasa_run.py", "rasa_tests.py"):
        project.write(f"tests/{name}", (ROOT / "tests" / name).read_text())
    project.write("launcher/tether.py", (ROOT / "launcher" / "tether.py").read_text())
    project.write("only-there/rasa/__init__.py", "IS_HERE = True")
    project.write(".venv/rasa/bin/python", RASA_PYTHON.format(root=tmp_path, python=sys.executable))
    (tmp_path / ".venv/rasa/bin/python").chmod(0o755)
    project.write("tests/bot/test_door.py", TESTS_OF_THE_BOT)
    project.write("tests/bot/conftest.py", CONFTEST_OF_THE_BOT)
    project.write("tests/test_here.py", "def test_here():\n    pass\n")
    return project


def test_tests_of_both_environments_are_items_of_one_run(project: Project) -> None:
    ended, printed = project.pytest()
    assert ended == {
        "tests/bot/test_door.py::test_good": "PASSED",
        "tests/bot/test_door.py::test_numbers": "FAILED",
        "tests/bot/test_door.py::test_skipped": "SKIPPED",
        "tests/bot/test_door.py::test_known_failure": "SKIPPED",
        "tests/bot/test_door.py::TestInAClass::test_awaits": "PASSED",
        "tests/bot/test_door.py::test_slow": "PASSED",
        "tests/test_here.py::test_here": "PASSED",
    }
    assert project.runs() == 1
    assert "two is wrong" in printed
    assert "test_numbers[2]" in printed
    assert "test_numbers[1]" not in printed
    assert "1 failed, 4 passed, 2 skipped" in printed.splitlines()[-1]


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (["-k", "awaits"], "tests/bot/test_door.py::TestInAClass::test_awaits"),
        (["tests/bot/test_door.py::test_good"], "tests/bot/test_door.py::test_good"),
        (["-m", "slow"], "tests/bot/test_door.py::test_slow"),
    ],
)
def test_a_selection_runs_only_what_it_selects(project: Project, selection: list[str], chosen: str) -> None:
    project.write("tests/bot/test_other.py", "import pathlib\npathlib.Path('other-was-imported').touch()\n")
    ended, _ = project.pytest(*selection)
    assert ended == {chosen: "PASSED"}
    assert not (project.root / "other-was-imported").exists()


def test_without_a_test_that_needs_it_rasas_environment_is_not_started(project: Project) -> None:
    ended, _ = project.pytest("-k", "test_here")
    assert ended == {"tests/test_here.py::test_here": "PASSED"}
    assert project.runs() == 0


def test_a_file_that_cannot_be_imported_fails_its_tests_and_no_others(project: Project) -> None:
    project.write("tests/actions/test_broken.py", "import nowhere_to_be_found\n\ndef test_any():\n    pass\n")
    ended, printed = project.pytest("-k", "any or good")
    assert ended == {
        "tests/actions/test_broken.py::test_any": "FAILED",
        "tests/bot/test_door.py::test_good": "PASSED",
    }
    assert "nowhere_to_be_found" in printed


def test_a_run_that_breaks_off_fails_what_has_no_result(project: Project) -> None:
    project.write(
        "tests/bot/test_door.py",
        "import os\n\ndef test_first(): pass\n\ndef test_fatal(): os._exit(3)\n\ndef test_last(): pass\n",
    )
    ended, printed = project.pytest("tests/bot")
    assert list(ended.values()) == ["PASSED", "FAILED", "FAILED"]
    assert "No result came from Rasa's environment: exit code 3" in printed


def test_tests_that_cannot_be_seen_without_an_import_are_no_secret(project: Project) -> None:
    made = "def test_seen():\n    pass\n\nglobals()['test_' + 'made'] = lambda: None\n"
    project.write("tests/bot/test_door.py", made)
    ended, printed = project.pytest("tests/bot")
    assert ended == {"tests/bot/test_door.py::test_seen": "FAILED"}
    assert "tests/bot/test_door.py::test_made" in printed


def test_an_environment_that_is_not_installed_is_a_failure(project: Project) -> None:
    (project.root / ".venv/rasa/bin/python").unlink()
    ended, printed = project.pytest("-k", "good")
    assert ended == {"tests/bot/test_door.py::test_good": "FAILED"}
    assert "make test" in printed


def test_a_failing_fixture_is_a_failure(project: Project) -> None:
    project.write("tests/bot/conftest.py", "import pytest\n\n@pytest.fixture\ndef of_the_conftest():\n    1 / 0\n")
    ended, printed = project.pytest("-k", "test_slow")
    assert ended == {"tests/bot/test_door.py::test_slow": "FAILED"}
    assert "ZeroDivisionError" in printed


def test_a_missing_program_skips_here_and_fails_where_ci_is_set(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = "import pytest\n\n@pytest.mark.browser\ndef test_page():\n    pass\n"
    project.write("tests/test_pages.py", marked)
    monkeypatch.setenv("PATH", str(project.root))
    monkeypatch.delenv("CI", raising=False)
    assert project.pytest("-k", "page")[0] == {"tests/test_pages.py::test_page": "SKIPPED"}
    monkeypatch.setenv("CI", "true")
    assert project.pytest("-k", "page")[0] == {"tests/test_pages.py::test_page": "ERROR"}
