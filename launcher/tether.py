"""Ties a process to the life of the one that started it, however that one dies. Linux only; elsewhere nothing happens.

Run as a script, `tether.py PARENT_PID COMMAND...`, it becomes the command, which the kernel kills when its parent dies.
It is a step in between, and not done in the forked parent, because one with threads must not run code there.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to_parent(number: signal.Signals) -> None:
    """From now on the death of the parent (of its thread that started this process) sends that signal."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def main(parent: int, command: "list[str]") -> None:
    """Tie, check that the parent had not died before, become the command."""
    tie_to_parent(signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)
    try:
        os.execvp(command[0], command)  # noqa: S606 - a list of our own, and no shell is the point
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
