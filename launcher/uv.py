"""The installer: uv from PATH, or the pinned one in `.venv/uv`."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from launcher.children import Command, answer_of, run_step
from launcher.interpreters import find
from launcher.project import ROOT, Problem
from launcher.signals import Signals

OLDEST_THAT_DOES = (0, 8, 0)
OWN = ROOT / ".venv" / "uv"
LOCK = ROOT / "requirements" / "uv.txt"
WITH_PIP = ((3, 11), (3, 12), (3, 13), (3, 10), (3, 9))
NO_VENV = """uv, which installs Relevo's parts, is neither on PATH nor can it be fetched: no Python here can make an
environment with pip in it. Install uv (https://docs.astral.sh/uv/), or your system's python3-venv, and try again."""
NOT_FETCHED = """uv, which installs Relevo's parts, could not be fetched (pip's message is above). Is the network there?
Run the same command again to go on."""


def find_uv() -> Path | None:
    """A uv that runs and is new enough."""
    return next((uv for uv in _candidates() if _is_usable(uv)), None)


def require_uv(signals: Signals) -> Path:
    """The same, fetched into `.venv/uv` where there is none."""
    found = find_uv()
    if found:
        return found
    python = _python_with_pip()
    print("Fetching uv, the installer …", flush=True)
    shutil.rmtree(OWN, ignore_errors=True)
    run_step((python, "-m", "venv", OWN), os.environ, signals, NO_VENV)
    pip: Command = [OWN / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    exactly: Command = ["--require-hashes", "--only-binary", ":all:", "-r", LOCK]
    run_step([*pip, *exactly], os.environ, signals, NOT_FETCHED)
    return OWN / "bin" / "uv"


def _candidates() -> Iterator[Path]:
    on_path = shutil.which("uv")
    if on_path:
        yield Path(on_path)
    yield OWN / "bin" / "uv"
    yield Path.home() / ".local" / "bin" / "uv"


def _is_usable(uv: Path) -> bool:
    answer = answer_of([uv, "--version"], os.environ) if uv.is_file() else None
    version = re.match(r"uv (\d+)\.(\d+)\.(\d+)", answer or "")
    return version is not None and tuple(map(int, version.groups())) >= OLDEST_THAT_DOES


def _python_with_pip() -> Path:
    for python in (Path(sys.executable), find(WITH_PIP)):
        if python and answer_of([python, "-c", "import ensurepip, venv"], os.environ) is not None:
            return python
    raise Problem(NO_VENV)
