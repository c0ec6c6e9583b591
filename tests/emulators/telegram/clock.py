"""The emulator's own time, which a test can move forward."""

from __future__ import annotations

import time


class Clock:
    """Follows the machine's clock, ahead of it by as much as `advance` was told."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds
