"""A real launcher over fake parts, and what to ask of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from launcher.project import ROOT
from tests.patience import patient

IMPATIENT = {
    "wait_to_restart": 0.1,
    "longest_wait_to_restart": 0.4,
    "steady_after": 2.0,
    "poll_every": 0.1,
    "poll_may_take": 0.3,
    "silence_is_hanging": 1.0,
    "start_may_take": 20.0,
    "first_may_finish": 1.0,
    "all_may_finish": 3.0,
}


def eventually(is_so: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait until it is so, or fail."""
    give_up = time.monotonic() + patient(seconds)
    while not is_so():
        assert time.monotonic() < give_up, "it did not come true in time"
        time.sleep(0.05)


def _as_in_a_terminal() -> None:
    """Whoever runs the tests under nohup has a launcher that rightly lives on when told to hang up."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def is_alive(pid: int) -> bool:
    """Whether the process runs (one that ended and waits to be noticed does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    with suppress(OSError):
        return stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
    return not Path("/proc/self").exists()


class Launched:
    """A launcher with fake parts as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs = folder / "logs"
        self._parts: list[tuple[dict[str, object], bool]] = []
        self.process: subprocess.Popen[str] | None = None

    def with_part(self, name: str, ends_first: bool = False, **behaviour: object) -> Launched:
        """Add a part that behaves so (see `fake_part.Behaviour`)."""
        diary = str(self.folder / "diary")
        self._parts.append(({"name": name, "diary": diary, **behaviour}, ends_first))
        return self

    def start(self, by_make: bool = False, **patience: float) -> Launched:
        """Start it, or a make that starts it, and wait until all parts have started once."""
        told = self.folder / "told.json"
        told.write_text(
            json.dumps({"logs": str(self.logs), "patience": {**IMPATIENT, **patience}, "parts": self._parts})
        )
        command = [sys.executable, "-m", "tests.launcher.fake_launcher", str(told)]
        makefile = self.folder / "Makefile"
        makefile.write_text(f"run:\n\t@{' '.join(command)}\n")
        self.process = subprocess.Popen(
            ["make", "-f", str(makefile)] if by_make else command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=_as_in_a_terminal,
        )
        for behaviour, _ in self._parts:
            eventually(lambda name=behaviour["name"]: self.entries(name, "started"))
        return self

    def entries(self, who: str, what: str) -> list[dict[str, object]]:
        """What the parts wrote into the diary."""
        with suppress(FileNotFoundError):
            lines = (self.folder / "diary").read_text().splitlines(keepends=True)
            entries = [json.loads(line) for line in lines if line.endswith("\n")]
            return [entry for entry in entries if entry["who"] == who and entry["what"] == what]
        return []

    def pid_of(self, name: str) -> int:
        """Of the part's latest run."""
        return int(str(self.entries(name, "started")[-1]["pid"]))

    def all_pids(self) -> list[int]:
        """Of every process that any part ever had."""
        entries = [entry for behaviour, _ in self._parts for entry in self.entries(str(behaviour["name"]), "started")]
        return [int(str(entry[key])) for entry in entries for key in ("pid", "child") if entry[key]]

    def said(self) -> str:
        """The launcher's own log so far."""
        with suppress(FileNotFoundError):
            return (self.logs / "launcher.log").read_text()
        return ""

    def signal(self, number: signal.Signals) -> None:
        """To the launcher alone."""
        assert self.process is not None
        self.process.send_signal(number)

    def clean_up(self) -> None:
        """After a test, whatever its outcome."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
        for pid in self.all_pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def launched(tmp_path: Path) -> Iterator[Launched]:
    launcher = Launched(tmp_path)
    yield launcher
    launcher.clean_up()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
