"""The commands behind the Makefile's targets."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from launcher.auditing import audit
from launcher.checks import lint, test
from launcher.doctor import doctor
from launcher.locks import lock
from launcher.measuring import bench, load, simulate, torture
from launcher.project import Problem, Stopped
from launcher.run import run
from launcher.signals import Signals
from launcher.training import evaluate, judge, train, validate

COMMANDS: dict[str, Callable[[Sequence[str], Signals], int]] = {
    "run": run,
    "train": train,
    "validate": validate,
    "evaluate": evaluate,
    "judge": judge,
    "bench": bench,
    "simulate": simulate,
    "torture": torture,
    "load": load,
    "test": test,
    "lint": lint,
    "audit": audit,
    "doctor": doctor,
    "lock": lock,
}
INTERRUPTED = 130


def main(words: Sequence[str]) -> int:
    """Run one command; its exit code. What a person can mend is told in plain words and is 1."""
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        print(f"python3 -m launcher {' | '.join(COMMANDS)}   (or `make help`)", file=sys.stderr)
        return 2
    try:
        return command(words[1:], Signals())
    except Problem as problem:
        print(f"\nrelevo: {problem}", file=sys.stderr)
        return 1
    except Stopped:
        return INTERRUPTED
