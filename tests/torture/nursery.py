"""Starts a real part many times a minute: a process that has imported everything and forks at each start.

What is forked runs `python -m handoff_service` (or `bot.run`, or `actions`) from its first line, with an environment, a
log and a fate of its own. Only the import of its libraries (seconds of CPU on a small machine) is spared; `--cold`
spares nothing.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
SERVICE, ASSISTANT, ACTIONS = "handoff_service", "bot.run", "actions"
IMPORTED_LATE = {  # what they themselves import only while they start
    SERVICE: (
        "anyio._backends._asyncio",
        "anyio.streams.tls",
        "handoff_service.__main__",
        "handoff_service.app",
        "handoff_service.channels.telegram.channel",
        "handoff_service.desks.slack.desk",
        "handoff_service.logs",
        "httpcore._async.connection_pool",
        "psycopg",
        "pydantic.v1",
        "sqlite3",
        "uvicorn.protocols.http.h11_impl",
        "uvicorn.protocols.websockets.websockets_sansio_impl",
    ),
    ASSISTANT: ("rasa.core.run", "rasa.core.agent", "rasa.core.processor", "bot.door", "bot.memory", "bot.quickness"),
    ACTIONS: ("actions.__main__",),
}
GONE_WITHIN = 10.0  # seconds after SIGKILL


@dataclass(frozen=True)
class Fate:
    """What is to become of one start: a bug planted into it, or the boundary at which it ends itself.

    `crash_at` is a boundary's name as `points.py` lists them, `crash_after` how often it is passed before. What was
    reached is appended to the file `told`: with `records` every boundary once, else the one that ended it.
    """

    planted: str = ""
    crash_at: str = ""
    crash_after: int = 0
    records: bool = False
    told: str = ""


@dataclass(frozen=True)
class Birth:
    """One start. `log` takes all that the process says."""

    environment: dict[str, str]
    log: str
    fate: Fate = field(default_factory=Fate)
    part: str = SERVICE


class Nursery:
    """The forking process, from the test's side; a `cold` one starts an interpreter each time instead.

    `python` is an interpreter whose environment has what the `parts` need.
    """

    def __init__(self, cold: bool = False, python: str = sys.executable, parts: tuple[str, ...] = (SERVICE,)) -> None:
        self._cold = cold
        self._command = [python, "-m", "tests.torture.nursery"]
        self._parts = parts
        self._process: subprocess.Popen[str] | None = None
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Nursery:
        if not self._cold:
            command = [*self._command, "serve", *self._parts]
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
            )
            if self._answer() != "ready":
                raise RuntimeError(f"{', '.join(self._parts)} could not be imported")
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.kill()
            child.wait()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait(10)

    def bear(self, birth: Birth) -> int:
        """Start the part; its process id."""
        if self._process is None or self._process.stdin is None:
            return self._bear_cold(birth)
        self._process.stdin.write(json.dumps(asdict(birth)) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def bury(self, pid: int) -> None:
        """Wait until a killed process is gone, and with it its locks."""
        for child in self._children:
            if child.pid == pid:
                child.wait(GONE_WITHIN)
        deadline = time.monotonic() + GONE_WITHIN
        while is_alive(pid):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{pid} does not go away")
            time.sleep(0.005)

    def _bear_cold(self, birth: Birth) -> int:
        command = [*self._command, json.dumps(asdict(birth))]
        self._children = [child for child in self._children if child.poll() is None]
        self._children.append(subprocess.Popen(command, cwd=ROOT))
        return self._children[-1].pid

    def _answer(self) -> str:
        assert self._process is not None and self._process.stdout is not None
        return self._process.stdout.readline().strip()


def is_alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _become(told: str) -> None:
    """From here on this process is the part."""
    read = json.loads(told)
    birth = Birth(read["environment"], read["log"], Fate(**read["fate"]), read["part"])
    log = os.open(birth.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(birth.environment)

    if birth.part != SERVICE:
        _become_the_assistants(birth.part)
    from handoff_service.__main__ import main
    from tests.torture import planted, points

    if birth.fate.planted:
        planted.plant(birth.fate.planted)
    points.arm(birth.fate)
    sys.exit(main([]))


def _become_the_assistants(part: str) -> NoReturn:
    if part == ASSISTANT:
        sys.exit(importlib.import_module(ASSISTANT).main())
    sys.exit(importlib.import_module(f"{part}.__main__").main([]))


def _serve(parts: Sequence[str]) -> None:
    """Fork at each line that comes in; nobody waits for the children, so they leave no zombies."""
    if ASSISTANT in parts:
        importlib.import_module(ASSISTANT).prepare()  # before anything of Rasa
    for part in parts:
        for name in IMPORTED_LATE[part]:
            importlib.import_module(name)
    # The same certificates, read once and not at each start.
    ssl.create_default_context = functools.cache(ssl.create_default_context)  # type: ignore[assignment]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    living: list[int] = []
    for line in iter(sys.stdin.readline, ""):
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            _become(line)
        living = [each for each in living if is_alive(each)] + [pid]
        print(pid, flush=True)
    for pid in living:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve(sys.argv[2:])
    else:
        _become(sys.argv[1])
