"""The deployment guide names what exists, and its backup is whole."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from handoff_service.privacy.commands import COMMANDS
from launcher.catalogue import SETTINGS
from tests.deploy.compose_files import DEPLOY, parsed, services
from tests.deploy.images import ROOT
from tests.doubles.service import Service

GUIDE = (ROOT / "docs" / "guide-deployment.md").read_text()
BLOCKS = "\n".join(re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))
NAMES = {name for file in ("compose.yml", "compose.replicas.yml") for name in services(DEPLOY / file)}


def test_every_link_and_compose_file_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", GUIDE)
    assert len(links) > 5
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    assert [file for file in re.findall(r"-f (\S+)", BLOCKS) if not (ROOT / file).exists()] == []
    listed = re.findall(r"^\| `([^`]+)` \| (?:the|Rasa|what each|one|three)", GUIDE, re.MULTILINE)
    assert [name for name in listed if "." in name and not (DEPLOY / name).exists()] == []


def test_every_container_that_a_command_names_exists() -> None:
    named = re.findall(r"(?:--wait|run --rm|exec -T|relevo cp|relevo restart) ([a-z]+(?:-\d)?)(?=[ :\n])", BLOCKS)
    assert {"migrate", "service-1", "assistant-2", "database"} <= set(named) <= NAMES


def test_the_first_start_is_five_commands_and_sets_all_that_is_required() -> None:
    first = re.search(r"## First start.*?```sh\n(.*?)```", GUIDE, re.DOTALL)
    assert first and len(first[1].strip().splitlines()) == 5
    required = set(re.findall(r"\$\{([A-Z_]+):\?", "".join(path.read_text() for path in DEPLOY.glob("*.yml"))))
    assert required == set(re.findall(r"/([A-Z_]+)=", BLOCKS))


def test_every_command_of_the_service_and_every_setting_exists() -> None:
    words = re.findall(r"python -m handoff_service (\w+)", GUIDE)
    assert words and set(words) <= {*COMMANDS, "migrate"}
    known = {setting.name for setting in SETTINGS} | set(re.findall(r"\| `([A-Z_]+)` \|", GUIDE))
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", GUIDE))
    assert named - known <= {"RASA_INTERFACE", "ACTIONS_HOST"}


def test_every_alert_that_it_names_is_a_rule() -> None:
    rules = {
        rule["alert"] for group in parsed(DEPLOY / "prometheus" / "alerts.yml")["groups"] for rule in group["rules"]
    }
    named = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", GUIDE))
    assert named and named <= rules


def test_the_backup_of_a_running_service_is_whole(tmp_path: Path) -> None:
    command = re.search(r'exec -T service python -c "(.*?)"', BLOCKS)
    assert command
    data = tmp_path / "data"
    service = Service(data)
    try:
        service.start()
        subprocess.run([sys.executable, "-c", command[1].replace("/data/", f"{data}/")], check=True)
    finally:
        service.stop()
    with sqlite3.connect(data / "copy.db") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copy.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md"])
def test_it_can_be_found(document: str) -> None:
    text = (ROOT / document).read_text()
    assert "guide-deployment.md" in text or "guide for upgrades" in text
