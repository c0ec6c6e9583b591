"""The whole product as a user starts it: `make run` on ports and a state of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.doubles.http import HTTP
from tests.doubles.service import free_port

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN = 600.0  # seconds; training from nothing included


@dataclass
class System:
    """Everything, running, with the launcher that watches over it."""

    url: str
    data_dir: Path
    launcher: subprocess.Popen[bytes]
    log: Path

    def agent(self) -> httpx.Client:
        """The agents' API as the first agent, with the token that was made at the start."""
        made = json.loads((self.data_dir / "secrets.json").read_text())["AGENT_TOKENS"]
        token = made.partition(":")[2]
        return httpx.Client(
            verify=False,
            trust_env=False,
            base_url=f"{self.url}/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        )

    def login(self, customer_id: str) -> str:
        """The identity of a demo customer, as the demo site gets it."""
        answer = HTTP.post(f"{self.url}/demo/login", json={"customer_id": customer_id})
        answer.raise_for_status()
        return str(answer.json()["identity"])

    def process(self, module: str) -> int:
        """The process id of the part started as `python -m <module>` by this launcher."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
        for line in listed.splitlines():
            pid, parent, arguments = line.split(None, 2)
            if int(parent) == self.launcher.pid and re.search(rf"-m {re.escape(module)}\b", arguments):
                return int(pid)
        raise AssertionError(f"{module} is not running")

    def signal(self, module: str, number: signal.Signals) -> None:
        """Signal that part's process group."""
        os.killpg(self.process(module), number)

    def wait_until_ready(self, seconds: float = START_WITHIN) -> None:
        """Until `/readyz` says that a customer could be served."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.launcher.poll() is None, self.log.read_text()[-3000:]
            try:
                if HTTP.get(f"{self.url}/readyz", timeout=3).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.5)
        raise AssertionError(f"not ready: {self.log.read_text()[-3000:]}")


@contextlib.contextmanager
def running_system(directory: Path, **settings: str) -> Iterator[System]:
    """Started by the launcher on ports and a state of its own, and surely ended."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("RELEVO_", "WIDGET_"))}
    environment |= {
        "PORT": str(port),
        "RASA_PORT": str(free_port()),
        "ACTIONS_PORT": str(free_port()),
        "DATA_DIR": str(directory / "var"),
        **settings,
    }
    log = directory / "launcher.log"
    with log.open("wb") as output:
        launcher = subprocess.Popen(
            ["python3", "-m", "launcher", "run"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    running = System(f"http://127.0.0.1:{port}", directory / "var", launcher, log)
    try:
        running.wait_until_ready()
        yield running
    finally:
        launcher.send_signal(signal.SIGINT)
        try:
            launcher.wait(20)
        except subprocess.TimeoutExpired:
            launcher.kill()


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("system")) as running:
        yield running
