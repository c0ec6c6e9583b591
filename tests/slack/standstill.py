"""The service, which stands still (SIGSTOP) when it comes to the boundary that a file names; once, then the file is
gone. `python -m tests.slack.standstill FILE`."""

from __future__ import annotations

import os
import runpy
import signal
import sys
from pathlib import Path

from handoff_service import crash_points
from tests.torture.points import name_of


def main(asked: Path) -> None:
    def meet(boundary: str, what: object) -> None:
        if asked.exists() and asked.read_text(encoding="utf-8") == name_of(boundary, what):
            asked.unlink()
            os.kill(os.getpid(), signal.SIGSTOP)

    crash_points.arm(meet)
    sys.argv = sys.argv[:1]
    runpy.run_module("handoff_service", run_name="__main__")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
