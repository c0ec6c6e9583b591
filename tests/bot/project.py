"""A small assistant of its own for the tests: trained on the fixtures, started as users start it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = Path(__file__).parent / "fixtures"
SECRET = "a-secret-of-the-tests-with-40-characters"
START_MAY_TAKE = 180.0


@dataclass(frozen=True)
class Reply:
    """What the door answered."""

    status: int
    body: Any
    seconds: float

    @property
    def words(self) -> list[str]:
        return [message["text"] for message in self.body["messages"]]


class Project:
    """A folder like the project's root, with the fixtures for its data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
            shutil.copy(ROOT / name, folder / name)
        shutil.copytree(FIXTURES / "data", folder / "data")
        for name in ("frustration.yml", "meanings.yml", "needs.yml", "needs_meanings.yml"):
            shutil.copy(ROOT / "data" / name, folder / "data" / name)
        for name in ("mood", "signs"):
            shutil.copytree(ROOT / "data" / name, folder / "data" / name)

    def run(self, module: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env=environment(settings),
            capture_output=True,
            text=True,
            timeout=START_MAY_TAKE,
        )


class Assistant:
    """A running assistant, and somebody who knows the secret."""

    def __init__(self, project: Project, memory: Path, actions_url: str, **settings: str) -> None:
        self._project = project
        self._memory = memory
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/webhooks/relevo"
        self.log = memory / f"log-{self.port}.txt"
        self._settings = {
            "RELEVO_SECRET": SECRET,
            "RASA_PORT": str(self.port),
            "ACTIONS_URL": actions_url,
            "DATA_DIR": str(memory),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Assistant:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.run"],
                cwd=self._project.folder,
                env=environment(self._settings),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_MAY_TAKE
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._is_ready():
                return self
            time.sleep(0.1)
        raise AssertionError(f"the assistant did not start:\n{self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def resident_megabytes(self) -> float:
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def has_loaded(self, library: str) -> bool:
        assert self._process is not None
        return library in Path(f"/proc/{self._process.pid}/maps").read_text()

    def health(self, secret: str = SECRET) -> Reply:
        return _call(f"{self.url}/health", None, {"Authorization": f"Bearer {secret}"})

    def say(self, text: str, conversation: str, **changes: Any) -> Reply:
        return self.turn(turn(text, conversation, **changes))

    def press(self, payload: str, conversation: str, **changes: Any) -> Reply:
        return self.turn(turn("…", conversation, payload=payload, **changes))

    def turn(self, body: Any, authorization: str | None = f"Bearer {SECRET}", **more_headers: str) -> Reply:
        headers = {"Content-Type": "application/json", **more_headers}
        if authorization is not None:
            headers["Authorization"] = authorization
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return _call(f"{self.url}/turn", sent, headers)

    def understand(self, text: Any, conversation: str, secret: str = SECRET, **changes: Any) -> Reply:
        """What would be answered."""
        asked = {name: value for name, value in turn(text, conversation, **changes).items() if name != "turn_id"}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
        return _call(f"{self.url}/understand", json.dumps(asked).encode(), headers)

    def _is_ready(self) -> bool:
        try:
            return self.health().status == 200
        except OSError:
            return False


def turn(text: str, conversation: str, **changes: Any) -> dict[str, Any]:
    """A request as the switchboard sends it."""
    return {
        "turn_id": uuid.uuid4().hex,
        "conversation_id": conversation,
        "channel": "widget",
        "text": text,
        "payload": None,
        "language": "es",
        "operator": "Alborada",
        "customer": {"name": None},
        "verification": None,
        **changes,
    }


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    own = ("RELEVO_SECRET", "RASA_PORT", "RASA_INTERFACE", "ACTIONS_URL", "ACTIONS_PORT", "DATA_DIR", "DATABASE_URL")
    inherited = {name: value for name, value in os.environ.items() if name not in own}
    return {**inherited, "PYTHONPATH": str(ROOT), **settings}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _call(url: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
    request = urllib.request.Request(url, body, dict(headers))  # noqa: S310 - our own address
    began = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            status, text = response.status, response.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    return Reply(status, json.loads(text), time.monotonic() - began)
