"""The environments under `.venv/`: exactly what a lock file says, or installed anew."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from launcher import claims, interpreters
from launcher.children import Command, run_step
from launcher.interpreters import Version
from launcher.project import ROOT, Problem
from launcher.signals import Signals
from launcher.uv import require_uv

FOLDER = ROOT / ".venv"
LOCKS = ROOT / "requirements"
CHOICES_OF_ANOTHER_PYTHON = ("PYTHONHOME", "PYTHONPATH", "UV_PYTHON", "UV_SYSTEM_PYTHON", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Environment:
    """A virtual environment and the lock it must agree with; `versions` of Python that do, the best first."""

    name: str
    versions: Sequence[Version]
    about: str
    folder: Path
    lock: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """Holds the digest of the lock that was installed to the end; absent while something is installed."""
        return self.folder / ".installed"

    def is_current(self) -> bool:
        """Whether it holds what the lock says. Costs nothing but reading two files."""
        return self.python.exists() and self._installed() == self._wanted()

    def note_installed(self) -> None:
        """Say so, to be said only after a whole installation."""
        draft = self.stamp.with_name(".installed.new")
        draft.write_text(self._wanted())
        draft.replace(self.stamp)

    def _installed(self) -> str:
        try:
            return self.stamp.read_text()
        except OSError:
            return ""

    def _wanted(self) -> str:
        return hashlib.sha256(self.lock.read_bytes()).hexdigest()


MODERN = ((3, 11), (3, 12), (3, 13))
RASA = Environment("rasa", ((3, 10),), "Rasa; about 3 GB", FOLDER / "rasa", LOCKS / "rasa.txt")
SERVICES = Environment("services", MODERN, "the handoff service", FOLDER / "services", LOCKS / "services.txt")
TESTS = Environment("tests", MODERN, "the tests' tools", FOLDER / "tests", LOCKS / "tests.txt")


def install(environments: Sequence[Environment], signals: Signals) -> None:
    """Install those that are missing, old or were left half done. Nothing happens when all are current."""
    if all(environment.is_current() for environment in environments):
        return
    uv_environment = {name: value for name, value in os.environ.items() if name not in CHOICES_OF_ANOTHER_PYTHON}
    with claims.turn_to_install(environments[0].folder.parent, signals):
        for environment in environments:
            if not environment.is_current():
                _install(environment, require_uv(signals), signals, uv_environment)


def _install(environment: Environment, uv: Path, signals: Signals, uv_environment: Mapping[str, str]) -> None:
    print(f"Installing {environment.name} ({environment.about}) …", flush=True)
    whole = environment.stamp.exists() and _runs(environment)
    with suppress(FileNotFoundError):
        environment.stamp.unlink()
    if not whole:
        run_step(_make(uv, environment), uv_environment, signals, _no_python(environment))
    # Compiled once here, and not at each start, where whoever starts it may not write.
    exactly: Command = ["--require-hashes", "--compile-bytecode", "--python", environment.python, environment.lock]
    quietly = [] if sys.stderr.isatty() else ["--quiet"]  # somebody who watches wants to see it go on
    run_step([uv, "pip", "sync", *quietly, *exactly], uv_environment, signals, _not_installed(environment))
    environment.note_installed()


def _runs(environment: Environment) -> bool:
    return any(interpreters.is_of(environment.python, version) for version in environment.versions)


def _make(uv: Path, environment: Environment) -> Command:
    """The command that makes it empty, with a Python that is here or else one that uv fetches."""
    found = interpreters.find(environment.versions)
    wanted = found or ".".join(map(str, environment.versions[0]))
    return [uv, "venv", "--quiet", "--no-project", "--clear", "--python", wanted, environment.folder]


def _no_python(environment: Environment) -> str:
    wanted = " or ".join(".".join(map(str, version)) for version in environment.versions)
    return (
        f"The environment for {environment.about} could not be made; it needs Python {wanted}, 64 bit.\n"
        f"Install one (your system's packages, pyenv, or `uv python install {wanted.split()[0]}`) and try again."
    )


def _not_installed(environment: Environment) -> str:
    return (
        f"The packages of {environment.lock.name} could not be installed (uv's message is above).\n"
        "Is the network there, and room on the disk? uv reads UV_INDEX_URL, not pip's settings, for another index.\n"
        "Run the same command again to go on."
    )


def require(environment: Environment) -> None:
    """A Problem unless it is installed."""
    if not environment.is_current():
        raise Problem(f"The environment {environment.name} is missing or old: run `make run` or `make test` first.")
