"""`make doctor`: what is set, what is installed, what runs, and how to mend what stands in the way."""

from __future__ import annotations

import http.client
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher import claims, dotenv, interpreters, keys, settings
from launcher.addresses import unready_parts
from launcher.catalogue import SETTINGS
from launcher.children import answer_of
from launcher.environments import RASA, SERVICES, Environment
from launcher.health import get
from launcher.project import ROOT, Problem
from launcher.settings import Settings
from launcher.signals import Signals
from launcher.uv import find_uv

BILLING = ("BACKEND_URL", "BACKEND_TOKEN")
TRIED = ("DESK_FILE", "TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN")


@dataclass(frozen=True)
class Finding:
    """A line of the report; `is_trouble` when `make run` cannot do without a person's hand."""

    state: str
    subject: str
    text: str = ""
    is_trouble: bool = False


def doctor(_: Sequence[str], __: Signals) -> int:
    """Print the report; 1 if there is trouble in it."""
    troubles = 0
    for title, findings in _sections():
        print(f"\n{title}")
        for finding in findings:
            troubles += finding.is_trouble
            mark = "!" if finding.is_trouble else " "
            print(f"{mark} {finding.state:<8} {finding.subject:<31} {finding.text}".rstrip())
    print("\nNothing stands in the way of `make run`." if not troubles else "\nLines with ! want your hand.")
    return int(troubles > 0)


def _sections() -> Iterator[tuple[str, Iterator[Finding]]]:
    chosen = settings.load()
    running = claims.is_taken(chosen.data_dir)
    yield "Settings", _of_settings(chosen)
    yield "Installation", _of_installation()
    if any(chosen.environment.get(name) for name in TRIED):
        yield "Desk and platforms", _of_desk_and_platforms(chosen)
    if any(chosen.environment.get(name) for name in BILLING):
        yield "Billing system", _of_billing_system(chosen)
    yield "Running", _of_running(chosen) if running else _of_ports(chosen)


def _of_settings(chosen: Settings, file: Path = ROOT / ".env") -> Iterator[Finding]:
    for setting in SETTINGS:
        if chosen.environment.get(setting.name):
            yield Finding("set", setting.name)
        else:
            yield Finding("-", setting.name, setting.without)
    known = {setting.name for setting in SETTINGS}
    for name in dotenv.read(file).keys() - known:
        yield Finding("unknown", name, "stands in .env, but Relevo has no such setting")
    yield from _of_secret(chosen)


def _of_secret(chosen: Settings) -> Iterator[Finding]:
    try:
        keys.check(chosen.environment)
    except Problem as problem:
        yield Finding("wrong", "RELEVO_SECRET", str(problem), is_trouble=True)


def _of_installation() -> Iterator[Finding]:
    uv = find_uv()
    yield Finding("ok", "uv", str(uv)) if uv else Finding("-", "uv", "`make run` fetches one")
    for environment in (RASA, SERVICES):
        yield _of_environment(environment)


def _of_environment(environment: Environment) -> Finding:
    if environment.is_current():
        return Finding("ok", f"environment {environment.name}", environment.about)
    python = interpreters.find(environment.versions)
    wanted = ".".join(map(str, environment.versions[0]))
    source = f"with {python}" if python else f"with a Python {wanted} that uv fetches, since none was found here"
    return Finding("-", f"environment {environment.name}", f"`make run` installs it {source}")


def _of_desk_and_platforms(chosen: Settings) -> Iterator[Finding]:
    """What stands in DESK_FILE, and what Telegram and Slack say of the tokens: the service itself looks."""
    return _told_by("handoff_service", SERVICES, "desk and tokens", chosen)


def _of_billing_system(chosen: Settings) -> Iterator[Finding]:
    """What the operator's billing system says: the action server itself tries it."""
    return _told_by("actions", RASA, "billing system", chosen)


def _told_by(part: str, home: Environment, subject: str, chosen: Settings) -> Iterator[Finding]:
    if not home.is_current():
        yield Finding("-", subject, "`make run` installs what tries them")
        return
    with tempfile.TemporaryDirectory() as folder:  # a doctor leaves nothing behind, made secrets neither
        environment = keys.complete(chosen.environment, Path(folder))
    told = answer_of([home.python, "-m", part, "doctor"], environment, seconds=60.0)
    if told is None:
        yield Finding("wrong", subject, "the settings above keep it from being tried", True)
        return
    for finding in json.loads(told):
        yield Finding(**finding)


def _of_ports(chosen: Settings) -> Iterator[Finding]:
    busy = claims.busy_listeners(chosen.listeners)
    for name, (host, port) in chosen.listeners.items():
        if name in busy:
            yield Finding("busy", f"{name} {port}", f"{busy[name]} on {host}; set {name} to another port", True)
        else:
            yield Finding("free", f"{name} {port}")


def _of_running(chosen: Settings) -> Iterator[Finding]:
    status, body = get(f"{chosen.service_url}/readyz", seconds=5.0)
    if status == http.client.OK:
        yield Finding("ready", chosen.service_url)
    else:
        yield Finding("waiting", chosen.service_url, f"{unready_parts(status, body)}; see {_logs(chosen)}", True)


def _logs(chosen: Settings) -> str:
    return os.path.relpath(chosen.data_dir / "logs")
