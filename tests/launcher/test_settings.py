"""`.env`, the environment, and what the launcher makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher import dotenv, parts, settings
from launcher.project import ROOT, Problem

SECRETS = {"RELEVO_SECRET": "s" * 40, "AGENT_TOKENS": "demo:token", "WIDGET_IDENTITY_SECRET": "w" * 40}


def load(tmp_path: Path, written: str = "", **environ: str) -> settings.Settings:
    file = tmp_path / ".env"
    file.write_text(written)
    return settings.load(file, environ)


def test_dotenv_understands_quotes_comments_export_and_blank_lines() -> None:
    text = """
# a comment
PORT=8330
export HOST = 0.0.0.0   # every interface
OPERATOR_NAME="Alborada # Telecom"
AGENT_TOKENS='ana:a=b,luis:c'
EMPTY=
DATABASE_URL=postgresql://relevo:p#ss@localhost/relevo
"""
    assert dotenv.parse(text) == {
        "PORT": "8330",
        "HOST": "0.0.0.0",
        "OPERATOR_NAME": "Alborada # Telecom",
        "AGENT_TOKENS": "ana:a=b,luis:c",
        "EMPTY": "",
        "DATABASE_URL": "postgresql://relevo:p#ss@localhost/relevo",
    }


def test_a_line_it_does_not_understand_is_named_without_its_content() -> None:
    with pytest.raises(Problem) as caught:
        dotenv.parse("PORT=1\nmy secret password")
    assert "line 2" in str(caught.value)
    assert "password" not in str(caught.value)


def test_the_environment_wins_over_dotenv(tmp_path: Path) -> None:
    chosen = load(tmp_path, "PORT=8330\nOPERATOR_NAME=From the file\n", PORT="8331")
    assert chosen.port == 8331
    assert chosen.environment["OPERATOR_NAME"] == "From the file"


def test_an_empty_value_counts_as_not_set(tmp_path: Path) -> None:
    chosen = load(tmp_path, "OPERATOR_NAME=Alborada\nRASA_PORT=\n", PORT="", OPERATOR_NAME="")
    assert (chosen.port, chosen.rasa_port) == (8000, 5005)
    assert chosen.environment["OPERATOR_NAME"] == "Alborada"


def test_without_settings_everything_stays_on_this_machine(tmp_path: Path) -> None:
    chosen = load(tmp_path)
    assert chosen.listeners == {
        "PORT": ("127.0.0.1", 8000),
        "RASA_PORT": ("127.0.0.1", 5005),
        "ACTIONS_PORT": ("127.0.0.1", 5055),
    }
    assert chosen.data_dir == ROOT / "var"


def test_rasa_and_the_actions_stay_on_this_machine_whatever_host_says(tmp_path: Path) -> None:
    chosen = load(tmp_path, HOST="0.0.0.0", RASA_INTERFACE="0.0.0.0", ACTIONS_HOST="0.0.0.0")
    environment = parts.shared_environment(chosen, {**chosen.environment, **SECRETS})
    assert chosen.listeners["RASA_PORT"][0] == chosen.listeners["ACTIONS_PORT"][0] == "127.0.0.1"
    assert environment["RASA_INTERFACE"] == environment["ACTIONS_HOST"] == "127.0.0.1"
    assert environment["RASA_URL"] == "http://127.0.0.1:5005"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("::", "http://[::1]:8000"),
        ("support.example.com", "http://support.example.com:8000"),
    ],
)
def test_the_address_shown_is_one_that_this_machine_can_open(tmp_path: Path, host: str, url: str) -> None:
    assert load(tmp_path, HOST=host).service_url == url


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none_is_named_with_its_setting(tmp_path: Path, port: str) -> None:
    with pytest.raises(Problem, match=f"RASA_PORT={port}"):
        load(tmp_path, RASA_PORT=port)


def test_two_parts_cannot_have_one_port(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="PORT and RASA_PORT are both 5005"):
        load(tmp_path, PORT="5005")


def test_each_part_is_told_no_secret_that_it_does_not_need(tmp_path: Path) -> None:
    given = {"TELEGRAM_BOT_TOKEN": "t", "SLACK_BOT_TOKEN": "b", "BACKEND_TOKEN": "k", **SECRETS}
    chosen = load(tmp_path, **given)
    environment = parts.shared_environment(chosen, chosen.environment)
    told = {part.name: part.environment.keys() & given.keys() for part in _all_parts(chosen, environment)}
    assert told == {
        "assistant": {"RELEVO_SECRET"},
        "actions": {"RELEVO_SECRET", "BACKEND_TOKEN"},
        "service": given.keys() - {"BACKEND_TOKEN"},
    }


def test_the_actions_are_not_started_anew_because_the_billing_system_is_away(tmp_path: Path) -> None:
    chosen = load(tmp_path, **SECRETS)
    part = parts.actions(chosen, parts.shared_environment(chosen, chosen.environment))
    assert part.health is not None
    assert part.health.url == "http://127.0.0.1:5055/alive"


def test_no_secret_is_told_on_a_command_line(tmp_path: Path) -> None:
    chosen = load(tmp_path, **SECRETS)
    environment = parts.shared_environment(chosen, chosen.environment)
    words = [str(word) for part in _all_parts(chosen, environment) for word in part.command]
    assert not [word for word in words if any(secret in word for secret in SECRETS.values())]


def test_only_with_the_made_key_may_the_demo_site_log_customers_in(tmp_path: Path) -> None:
    made, own = load(tmp_path), load(tmp_path, WIDGET_IDENTITY_SECRET="w" * 40)
    assert parts.shared_environment(made, SECRETS)["RELEVO_DEMO_LOGIN"] == "true"
    assert parts.shared_environment(own, SECRETS)["RELEVO_DEMO_LOGIN"] == "false"


def _all_parts(chosen: settings.Settings, environment: dict[str, str]) -> list[parts.Part]:
    return [make(chosen, environment) for make in (parts.assistant, parts.actions, parts.service)]
