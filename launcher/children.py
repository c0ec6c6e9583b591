"""Child processes: each in a session of its own, none outliving the launcher."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Union

from launcher.project import ROOT, Problem, Stopped
from launcher.signals import Signals

Command = Sequence[Union[str, Path]]
TETHER = Path(__file__).with_name("tether.py")
STEP_MAY_CLEAN_UP = 5.0
PRIVATE = 0o077  # a umask: what is written (customers' conversations) is for nobody else on the machine


def spawn(
    command: Command, environment: Mapping[str, str], captured: bool = False, umask: int = -1
) -> subprocess.Popen[bytes]:
    """Start a command from the project's root. `captured`: its output goes into `.stdout` and not to the terminal.

    Main thread only: Linux ties a child to the thread that started it.
    """
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *map(str, command)],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if captured else None,
        stderr=subprocess.STDOUT if captured else None,
        umask=umask,
        start_new_session=True,
    )


def signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal a child and whatever it started; nothing happens when they are gone."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says "not permitted" of a group of zombies
        os.killpg(child.pid, number)


def run_step(command: Command, environment: Mapping[str, str], signals: Signals, failure: str, umask: int = -1) -> None:
    """Run one command to its end. A wish to stop ends it; a failure is a Problem with that text."""
    child = spawn(command, environment, umask=umask)
    while child.poll() is None:
        if signals.stops:
            _end_step(child)
            raise Stopped
        signals.wait(1.0)
    signal_group(child, signal.SIGKILL)
    if child.returncode != 0:
        raise Problem(f"{failure}\n({Path(command[0]).name} {end_in_words(child.returncode)}.)")


def end_in_words(code: int) -> str:
    """How a child ended, to go on behind its name."""
    if code >= 0:
        return f"ended by itself (exit code {code})"
    try:
        return f"was killed ({signal.Signals(-code).name})"
    except ValueError:
        return f"was killed (signal {-code})"


def _end_step(child: subprocess.Popen[bytes]) -> None:
    signal_group(child, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        child.wait(STEP_MAY_CLEAN_UP)
    signal_group(child, signal.SIGKILL)
    child.wait()


def answer_of(command: Command, environment: Mapping[str, str], seconds: float = 20.0) -> str | None:
    """What a short question to a program printed, or None where it fails, hangs or does not exist."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip()
