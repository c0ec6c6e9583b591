"""The service as it is, started with what only a measurement needs: a log file, a sampler, a slow disk.

`python -m tests.load.server LOG [--profile FILE] [--plant NAME=SECONDS]…`
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from handoff_service.__main__ import main
from tests.load.planted import PLANTED
from tests.load.sampling import Sampler

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log")
    parser.add_argument("--profile", type=Path)
    parser.add_argument("--plant", action="append", default=[])
    told = parser.parse_args()
    log = os.open(told.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for planted in told.plant:
        name, seconds = planted.split("=")
        PLANTED[name](float(seconds))
    if told.profile is not None:
        Sampler(told.profile).start()
    sys.exit(main([]))
