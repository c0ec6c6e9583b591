"""A world's assistant: the stand-in for speed, or the real Rasa and the real action server, killed like the rest."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from launcher.environments import RASA
from tests.doubles.http import HTTP
from tests.doubles.service import SECRET, Process, free_port
from tests.torture.nursery import ACTIONS, ASSISTANT, ROOT, Nursery
from tests.torture.replica import Replica


@dataclass
class Assistant:
    """Where it is reached; the real one has parts, which the run starts and kills."""

    url: str
    actions_url: str
    parts: tuple[Replica, ...] = ()

    def control(self, **values: Any) -> None:
        """Tell the stand-in how to behave; what the real one suffers from is done to its processes."""
        if not self.parts:
            HTTP.post(f"{self.url}/control", json=values).raise_for_status()


@contextlib.contextmanager
def stand_in() -> Iterator[Assistant]:
    """The double, which answers by rule."""
    port = free_port()
    double = Process(["-m", "tests.doubles.assistant", str(port), SECRET], {})
    double.start()
    try:
        url = f"http://127.0.0.1:{port}"
        _until_answering(f"{url}/health")
        yield Assistant(url, url)
    finally:
        double.kill()


@contextlib.contextmanager
def real_assistant(directory: Path, data_dir: Path, database_url: str, cold: bool) -> Iterator[Assistant]:
    """Rasa with the newest model and the action server, not started yet, on the state of the service beside them."""
    subprocess.run([RASA.python, "-m", "bot.train"], cwd=ROOT, check=True)  # nothing to do where the model is current
    rasa, actions = str(free_port()), str(free_port())
    environment = {
        "RELEVO_SECRET": SECRET,
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": database_url,
        "RASA_PORT": rasa,
        "ACTIONS_PORT": actions,
        "ACTIONS_URL": f"http://127.0.0.1:{actions}",
        "RASA_INTERFACE": "127.0.0.1",
        "ACTIONS_HOST": "127.0.0.1",
    }
    urls = f"http://127.0.0.1:{rasa}", environment["ACTIONS_URL"]
    with Nursery(cold, str(RASA.python), (ASSISTANT, ACTIONS)) as nursery:
        healths = {ASSISTANT: f"{urls[0]}/webhooks/relevo/health", ACTIONS: f"{urls[1]}/alive"}
        parts = tuple(
            Replica(nursery, environment, directory / f"{part}.log", part=part, health=health)
            for part, health in healths.items()
        )
        try:
            yield Assistant(*urls, parts)
        finally:
            for part in parts:
                part.kill()


def _until_answering(url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.HTTPError):
            HTTP.get(url, timeout=1)
            return
        time.sleep(0.05)
    raise TimeoutError(f"{url} does not answer")
