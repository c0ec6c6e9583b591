"""What is written about commands, settings and locks agrees with the code."""

from __future__ import annotations

import ast
import itertools
import re
import subprocess

import pytest

from launcher import dotenv
from launcher.catalogue import SETTINGS
from launcher.commands import COMMANDS
from launcher.project import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
EXAMPLE = (ROOT / ".env.example").read_text()


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_make_help_has_a_line_for_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in shown.splitlines()} == targets()
    assert all(len(line.split()) > 3 for line in shown.splitlines())


def test_every_target_but_help_is_a_command_of_the_launcher_and_the_other_way_round() -> None:
    assert set(re.findall(r"^\t\$\(LAUNCHER\) ([a-z]+)", MAKEFILE, re.MULTILINE)) == set(COMMANDS)
    assert targets() - {"help"} == set(COMMANDS)


def test_documents_name_no_command_that_does_not_exist() -> None:
    documents = [path for pattern in ("*.md", "docs/**/*.md", "data/**/*.md") for path in ROOT.glob(pattern)]
    named = {command for path in documents for command in _commands_in(path.read_text())}
    assert {"run", "test"} <= named <= targets()


def _commands_in(text: str) -> list[str]:
    blocks = "\n".join(re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL))
    return re.findall(r"`make ([a-z]+)", text) + re.findall(r"^\s*make ([a-z]+)", blocks, re.MULTILINE)


def test_the_example_lists_every_setting_once_and_sets_none() -> None:
    assert dotenv.parse(EXAMPLE) == {}
    listed = re.findall(r"^#([A-Z_]+)=", EXAMPLE, re.MULTILINE)
    assert sorted(listed) == sorted(setting.name for setting in SETTINGS)


# What the launcher or a deployment sets, and no person in `.env`.
BETWEEN_THE_PARTS = {
    "ACTIONS_HOST",
    "ACTIONS_URL",
    "RASA_INTERFACE",
    "RASA_URL",
    "RELEVO_DEMO_LOGIN",
}


def test_every_setting_that_the_code_reads_is_in_the_example() -> None:
    read = _named_in("bot/settings.py") | _named_in("actions/settings.py") | _fields_of("handoff_service/settings.py")
    assert {"DATABASE_URL", "ACTIONS_PORT", "WIDGET_ORIGINS"} <= read
    assert read - BETWEEN_THE_PARTS <= {setting.name for setting in SETTINGS}


def _named_in(path: str) -> set[str]:
    nodes = ast.walk(ast.parse((ROOT / path).read_text()))
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {word for word in words if re.fullmatch(r"[A-Z]+(_[A-Z]+)+|HOST|PORT", word)}


def _fields_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    settings = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    return {_environment_name(field) for field in settings.body if isinstance(field, ast.AnnAssign)}


def _environment_name(field: ast.AnnAssign) -> str:
    aliases = [keyword.value for keyword in getattr(field.value, "keywords", []) if keyword.arg == "validation_alias"]
    return ast.literal_eval(aliases[0]) if aliases else ast.unparse(field.target).upper()


def test_every_setting_in_the_example_is_explained_and_can_be_uncommented() -> None:
    lines = EXAMPLE.splitlines()
    for above, line in itertools.pairwise(lines):
        if re.match(r"#[A-Z_]+=", line):
            assert re.match(r"# [A-Z]", above), line
            assert dotenv.parse(line[1:])


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_name_no_address_and_a_hash_for_everything(lock: object) -> None:
    text = lock.read_text()  # type: ignore[attr-defined]
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", text)
    packages = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert packages
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_what_is_locked_is_what_is_asked_for() -> None:
    for lock in LOCKS:
        asked = re.findall(r"^([A-Za-z0-9._-]+)", lock.with_suffix(".in").read_text(), re.MULTILINE)
        locked = set(re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==", lock.read_text(), re.MULTILINE))
        assert {_normal(name) for name in asked if not name.startswith("-")} <= locked, lock.name


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
