"""Run as a script: becomes the command it is given, tied to the life of the process that started it.

`tether.py PARENT_PID COMMAND...`: on Linux the kernel kills the command when its parent dies, however it dies. It is a
step in between, and not something done in the forked parent, because a parent with threads must not run code there.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: "list[str]") -> None:
    """Tie, check that the parent had not died before, become the command."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)
    try:
        os.execvp(command[0], command)  # noqa: S606 - a list of our own, and no shell is the point
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
