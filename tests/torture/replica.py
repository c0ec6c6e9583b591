"""A process of the service, of Rasa or of the action server, that is killed, frozen and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.doubles.http import HTTP
from tests.doubles.service import SECRET
from tests.torture.nursery import SERVICE, Birth, Fate, Nursery, is_alive

SERVING_WITHIN = 60.0
AUTHORIZED = {"Authorization": f"Bearer {SECRET}"}


@dataclass
class Replica:
    """One process of the service, or of another part, however often it dies."""

    nursery: Nursery
    environment: dict[str, str]
    log: Path
    part: str = SERVICE
    health: str = ""  # where it says that it serves; the service's own place where empty
    fate: Fate = field(default_factory=Fate)  # of every start
    pid: int = 0
    kills: int = 0
    freezes: int = 0
    is_frozen: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    def start(self) -> None:
        self.pid = self.nursery.bear(Birth(self.environment, str(self.log), self.fate, self.part))

    def kill(self) -> None:
        """SIGKILL; returns when nothing of it is left."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.nursery.bury(self.pid)
        self.is_frozen = False

    def freeze(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGSTOP)
            self.is_frozen = True
            self.freezes += 1

    def thaw(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)
        self.is_frozen = False

    def is_alive(self) -> bool:
        return bool(self.pid) and is_alive(self.pid)

    def is_serving(self) -> bool:
        try:
            told = HTTP.get(self.health or f"{self.url}/healthz", timeout=0.5, headers=AUTHORIZED)
            return told.status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def until_serving(self, seconds: float = SERVING_WITHIN) -> float:
        """How long it took; raises when it dies or takes too long."""
        began = time.monotonic()
        while not self.is_serving():
            if not self.is_alive():
                raise RuntimeError(f"{self.part} ended while it started; {self.log} says why")
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"{self.part} does not serve within {seconds} s")
            time.sleep(0.01)
        return time.monotonic() - began
