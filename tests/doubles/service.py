"""The real service as a process of its own, beside a stand-in for the assistant."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from tests.doubles.http import HTTP

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "relevo.db"
SECRET = "the-secret-of-a-test-run-0123456789abcdef"
IDENTITY_SECRET = "the-website-s-secret-of-a-test-run-0123456789"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A child process that is surely gone afterwards."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self._arguments = arguments
        self._environment = {**os.environ, **environment}
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.child = subprocess.Popen([sys.executable, *self._arguments], cwd=ROOT, env=self._environment)

    def kill(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.wait()

    def stop(self) -> int:
        assert self.child is not None
        self.child.terminate()
        return self.child.wait(15)


class Service:
    """The handoff service with its stand-in assistant; `environment` overrides settings."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.port, self.assistant_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.assistant_url = f"http://127.0.0.1:{self.assistant_port}"
        self.environment = {
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "RASA_URL": self.assistant_url,
            "ACTIONS_URL": self.assistant_url,
            "RELEVO_SECRET": SECRET,
            "WIDGET_IDENTITY_SECRET": IDENTITY_SECRET,
            "AGENT_TOKENS": "Ana:token-of-ana,Luis:token-of-luis",
            "DATA_DIR": str(directory),
            "DATABASE_URL": "",
            **environment,
        }
        self.service = Process(["-m", "handoff_service"], self.environment)
        self.assistant = Process(["-m", "tests.doubles.assistant", str(self.assistant_port), SECRET], {})

    def start(self) -> Service:
        self.migrate()
        self.assistant.start()
        self.service.start()
        until_it_answers(f"{self.assistant_url}/health")
        until_it_answers(f"{self.url}/healthz")
        return self

    def migrate(self) -> None:
        """As an installation does; on SQLite by a copy of what that made once, which spares each test a process."""
        if self.environment["DATABASE_URL"]:
            _migrate(self.environment)
            return
        directory = Path(self.environment["DATA_DIR"])
        directory.mkdir(parents=True, exist_ok=True)
        if not (directory / DATABASE).exists():
            shutil.copy(_new_database() / DATABASE, directory / DATABASE)

    def restart(self) -> None:
        """As after a crash: killed, then started again."""
        self.service.kill()
        self.service.start()
        until_it_answers(f"{self.url}/healthz")

    def stop(self) -> None:
        self.service.kill()
        self.assistant.kill()

    def control_assistant(self, **values: Any) -> None:
        HTTP.post(f"{self.assistant_url}/control", json=values).raise_for_status()

    def asked(self) -> list[dict[str, Any]]:
        """What the assistant was asked so far."""
        asked: list[dict[str, Any]] = HTTP.get(f"{self.assistant_url}/asked").json()
        return asked

    def fetched(self) -> list[dict[str, str]]:
        """The documents that were fetched so far."""
        fetched: list[dict[str, str]] = HTTP.get(f"{self.assistant_url}/fetched").json()
        return fetched

    def agent(self, name: str) -> httpx.Client:
        """The agents' API as that agent."""
        token = f"token-of-{name.lower()}"
        return httpx.Client(
            verify=False,
            trust_env=False,
            base_url=f"{self.url}/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        )


@functools.cache
def _new_database() -> Path:
    """A directory with a database as a first start finds it; once per run of the tests."""
    directory = Path(tempfile.mkdtemp(prefix="relevo-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    _migrate({"DATA_DIR": str(directory), "DATABASE_URL": "", "RELEVO_SECRET": SECRET})
    return directory


def _migrate(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "handoff_service", "migrate"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)


def until_it_answers(url: str, seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            HTTP.get(url, timeout=1)
            return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise TimeoutError(f"{url} does not answer")
