"""A running assistant as the machine sees it: when it is ready, what memory it holds, what CPU time it has burnt."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

SECRET = uuid.uuid4().hex * 2
START_MAY_TAKE = 300.0
STOCK_PORT, OUR_PORT = 15605, 15606
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Kind:
    """How one of the assistants is trained, started and spoken to."""

    name: str
    train: Sequence[str]
    start: Sequence[str]
    url: str
    headers: Mapping[str, str]
    body: Callable[[str, str], dict[str, Any]]
    said: Callable[[Any], bool]
    """Whether this answer holds words for the customer."""


STOCK = Kind(
    name="stock",
    train=("-m", "rasa", "train", "--quiet"),
    start=("-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(STOCK_PORT)),
    url=f"http://127.0.0.1:{STOCK_PORT}/webhooks/rest/webhook",
    headers={},
    body=lambda conversation, text: {"sender": conversation, "message": text},
    said=lambda answer: isinstance(answer, list) and any(message.get("text") for message in answer),
)
OURS = Kind(
    name="ours",
    train=("-m", "bot.train"),
    start=("-m", "bot.run"),
    url=f"http://127.0.0.1:{OUR_PORT}/webhooks/relevo/turn",
    headers={"Authorization": f"Bearer {SECRET}"},
    body=lambda conversation, text: {
        "turn_id": uuid.uuid4().hex,
        "conversation_id": conversation,
        "channel": "widget",
        "text": text,
        "operator": "Alborada",
        "language": "es",
    },
    said=lambda answer: isinstance(answer, dict) and (bool(answer.get("messages")) or bool(answer.get("handoff"))),
)


@dataclass(frozen=True)
class Trained:
    """What training cost: seconds on the clock and of CPU time, and the model's size in megabytes."""

    seconds: float
    cpu_seconds: float
    megabytes: float


def environment(folder: Path) -> dict[str, str]:
    """What either assistant is started with."""
    return {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RELEVO_SECRET": SECRET,
        "RASA_PORT": str(OUR_PORT),
        "ACTIONS_URL": "http://127.0.0.1:1",
        "DATA_DIR": str(folder / "var"),
        "DATABASE_URL": "",
    }


def train(kind: Kind, folder: Path) -> Trained:
    """Train from nothing, as a trainer would; raises CalledProcessError, its words are in training.log."""
    before, began = os.times(), time.monotonic()
    with (folder / "training.log").open("wb") as log:
        subprocess.run(
            [sys.executable, *kind.train],
            cwd=folder,
            env=environment(folder),
            check=True,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    seconds, after = time.monotonic() - began, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    size = sum(model.stat().st_size for model in (folder / "models").glob("*.tar.gz"))
    return Trained(seconds, cpu, size / 1e6)


class Server:
    """An assistant that runs while this is entered. `load_seconds` is from its start to its first answer."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        """Made of a trained folder."""
        self.kind = kind
        self._folder = folder
        self.load_seconds = 0.0

    def __enter__(self) -> Server:
        (self._folder / "var").mkdir(exist_ok=True)
        began = time.monotonic()
        with (self._folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self.kind.start],
                cwd=self._folder,
                env=environment(self._folder),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() - began > START_MAY_TAKE:
                self._process.kill()
                raise RuntimeError(f"{self.kind.name} did not start; see {self._folder / 'server.log'}")
            time.sleep(0.05)
        self.load_seconds = time.monotonic() - began
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def resident_megabytes(self) -> float:
        """What it holds in memory now."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def cpu_seconds(self) -> float:
        """CPU time it has burnt so far, threads included."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    def _answers(self) -> bool:
        body = self.kind.body(uuid.uuid4().hex, "hola")
        try:
            answer = requests.post(self.kind.url, json=body, headers=dict(self.kind.headers), timeout=60)
            return answer.status_code == 200 and self.kind.said(answer.json())
        except (requests.RequestException, ValueError):
            return False
