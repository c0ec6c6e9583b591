"""The packages from npm that browser tests use (none of them is part of the product)."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from launcher.children import Command, run_step
from launcher.signals import Signals

FAILURE = "`npm ci` failed in tests/browser (its message is above). Is the network there? Run the same command again."


def install_node_packages(folder: Path, environment: Mapping[str, str], signals: Signals) -> None:
    """Install what the folder's lock says, unless that was done; without npm, say what that means and go on."""
    lock = folder / "package-lock.json"
    if not lock.is_file():
        return
    npm = shutil.which("npm")
    stamp = folder / "node_modules" / ".installed"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    if npm is None:
        print("npm is not on PATH: the browser tests that need packages of npm are skipped.", flush=True)
        return
    print("Installing the browser tests' packages …", flush=True)
    command: Command = [
        npm,
        "ci",
        "--prefix",
        folder,
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    run_step(command, environment, signals, FAILURE)
    stamp.write_text(wanted)
