"""How long this disk takes to keep its word: the part of every commit that no code can make shorter."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter

from tests.load.figures import median

PAGE = b"x" * 4096
FLUSHES = 40


def flush_seconds(directory: Path) -> float:
    """The median of some flushes, each of one page behind the last, as a log is written."""
    path = directory / "flushed"
    took = []
    with path.open("wb", buffering=0) as file:
        for _ in range(FLUSHES):
            file.write(PAGE)
            began = perf_counter()
            os.fdatasync(file.fileno())
            took.append(perf_counter() - began)
    path.unlink()
    return median(took)
