"""What the surroundings must say before the assistant starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import MisconfiguredError, Settings, checked_interface, checked_secret
from tests.bot.project import SECRET, Assistant, Project


@pytest.mark.parametrize("secret", [None, "", "${RELEVO_SECRET}", "short", "x" * 31])
def test_a_missing_or_short_secret_is_refused_by_name(secret: str | None) -> None:
    with pytest.raises(MisconfiguredError, match="RELEVO_SECRET"):
        checked_secret(secret)


def test_a_refusal_does_not_show_the_secret() -> None:
    with pytest.raises(MisconfiguredError) as refusal:
        checked_secret("hunter2hunter2")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("interface", ["0.0.0.0", "::", "8.8.8.8", "example.com", ""])
def test_a_public_interface_is_refused(interface: str) -> None:
    with pytest.raises(MisconfiguredError):
        checked_interface(interface)


@pytest.mark.parametrize("interface", ["127.0.0.1", "::1", "10.1.2.3", "192.168.1.9", "localhost"])
def test_this_machine_and_private_networks_are_fine(interface: str) -> None:
    assert checked_interface(interface)


@pytest.mark.parametrize(("network", "own"), [("127.0.0.0/8", "127.0.0.1"), ("127.0.0.1/32", "127.0.0.1")])
def test_a_private_network_stands_for_this_machines_address_in_it(network: str, own: str) -> None:
    assert checked_interface(network) == own


# 198.18.0.0/15 is kept for measurements: no machine of the tests has an address in it.
@pytest.mark.parametrize("network", ["0.0.0.0/0", "8.8.8.0/24", "198.18.7.0/24", "127.0.0.1/8", "fe80::/129"])
def test_a_network_in_which_this_machine_has_no_private_address_is_refused(network: str) -> None:
    with pytest.raises(MisconfiguredError, match="RASA_INTERFACE"):
        checked_interface(network)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "sqlite:///var/memory.db"),
        ({"DATA_DIR": "/srv/relevo"}, "sqlite:////srv/relevo/memory.db"),
        ({"DATABASE_URL": "sqlite:////srv/relevo.db", "DATA_DIR": "d"}, "sqlite:///d/memory.db"),
        ({"DATABASE_URL": "postgresql://u:p@h/d"}, "postgresql+psycopg2://u:p@h/d"),
        ({"DATABASE_URL": "postgresql+psycopg://u:p@h/d?x=1"}, "postgresql+psycopg2://u:p@h/d?x=1"),
        ({"DATABASE_URL": "postgres://h/d"}, "postgresql+psycopg2://h/d"),
    ],
)
def test_the_memory_lies_beside_the_services_data_or_in_the_same_postgresql(given: dict[str, str], url: str) -> None:
    assert Settings.from_environment(given).database_url == url


def test_another_database_is_refused() -> None:
    with pytest.raises(MisconfiguredError, match="mysql"):
        Settings.from_environment({"DATABASE_URL": "mysql://h/d"})


def test_the_action_server_is_where_its_url_or_port_says() -> None:
    assert Settings.from_environment({}).actions_url == "http://127.0.0.1:5055"
    assert Settings.from_environment({"ACTIONS_PORT": "6055"}).actions_url == "http://127.0.0.1:6055"
    assert Settings.from_environment({"ACTIONS_URL": "http://actions:1/"}).actions_url == "http://actions:1"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "RELEVO_SECRET is not set"),
        ({"RELEVO_SECRET": "short"}, "too short"),
        ({"RELEVO_SECRET": SECRET, "RASA_INTERFACE": "0.0.0.0"}, "open to everybody"),
        ({"RELEVO_SECRET": SECRET, "DATABASE_URL": "mysql://h/d"}, "DATABASE_URL"),
        ({"RELEVO_SECRET": SECRET}, "make train"),
    ],
)
def test_a_bad_start_ends_at_once_and_says_why(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    started = Project(tmp_path).run("bot.run", **settings)
    assert started.returncode == 2
    assert said in started.stderr


def test_a_taken_port_is_a_failed_start(running: Assistant, project: Project) -> None:
    started = project.run("bot.run", RELEVO_SECRET=SECRET, RASA_PORT=str(running.port))
    assert started.returncode == 1


@pytest.mark.parametrize("named", ["relevo-0123456789abcdef.tar.gz", "somebody-elses.tar.gz"])
def test_a_model_that_our_training_did_not_leave_there_is_not_loaded(tmp_path: Path, named: str) -> None:
    project = Project(tmp_path)
    model = project.folder / "models" / named
    model.parent.mkdir()
    model.write_bytes(b"a model")
    refused = project.run("bot.run", RELEVO_SECRET=SECRET)
    assert (refused.returncode, named in refused.stderr, "make train" in refused.stderr) == (2, True, True)
