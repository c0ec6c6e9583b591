"""What a measure needs: the service in a process of its own, its database, its assistant, and a look into `/proc`."""

from __future__ import annotations

import contextlib
import os
import resource
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.doubles import postgres
from tests.doubles.http import HTTP
from tests.doubles.service import SECRET, Process, Service

SPARE_FILES = 300  # that a process needs besides its sockets


class Stage(Service):
    """The service with a stand-in that reports its own time; `planted` as in `tests.load.planted`."""

    def __init__(self, directory: Path, planted: dict[str, float], profile: bool, **environment: str) -> None:
        super().__init__(directory / "var", WIDGET_CONNECTIONS_PER_ADDRESS="0", **environment)
        self.log, self.profile = directory / "service.log", directory / "profile.json"
        options = [f"--plant={name}={seconds}" for name, seconds in planted.items()]
        options += ["--profile", str(self.profile)] if profile else []
        self.service = Process(["-m", "tests.load.server", str(self.log), *options], self.environment)
        self.assistant = Process(["-m", "tests.load.assistant", str(self.assistant_port), SECRET], {})

    @property
    def pid(self) -> int:
        assert self.service.child is not None
        return self.service.child.pid

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of its record."""
        return self.environment["DATABASE_URL"] or f"sqlite:///{self.environment['DATA_DIR']}/relevo.db"

    def spent(self) -> dict[str, float]:
        """The assistant's own seconds by a turn's text, since this was last asked."""
        told: dict[str, float] = HTTP.get(f"{self.assistant_url}/spent", timeout=10).json()
        return told


@dataclass(frozen=True)
class Venue:
    """Where stages are put up: one folder, one kind of database."""

    directory: Path
    server: str = ""  # of PostgreSQL; SQLite where empty
    plants: dict[str, float] = field(default_factory=dict)  # laid over every stage

    def unopened(self, profile: bool = False, planted: dict[str, float] | None = None, **environment: str) -> Stage:
        """A stage with an empty, migrated record, its service not started yet."""
        name = f"load-{uuid.uuid4().hex[:8]}"
        (self.directory / name).mkdir(parents=True)
        database = postgres.new_database(self.server, name) if self.server else ""
        laid = self.plants | (planted or {})
        stage = Stage(self.directory / name, laid, profile, DATABASE_URL=database, **environment)
        stage.migrate()
        return stage

    @contextlib.contextmanager
    def stage(self, **how: Any) -> Iterator[Stage]:
        """One with its service running; nothing of it runs afterwards."""
        with running(self.unopened(**how)) as stage:
            yield stage


@contextlib.contextmanager
def running(stage: Stage) -> Iterator[Stage]:
    """The stage's processes, for as long as the block runs."""
    try:
        yield stage.start()
    finally:
        stage.stop()


def memory_of(pid: int) -> float:
    """Resident bytes of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return float(pages * os.sysconf("SC_PAGE_SIZE"))


def cpu_of(pid: int) -> float:
    """The seconds of processor time that a process has taken so far; another's load does not count."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def files_of(pid: int) -> int:
    """How many files and sockets a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def allow_sockets(wanted: int) -> int:
    """Raise this process's limit of open files, which its children inherit; gives how many sockets it allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + SPARE_FILES
    if soft < needed:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, max(hard, needed)))
        if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < needed:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES)
