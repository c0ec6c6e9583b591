"""The emulator's own time, which a test can move forward."""

from __future__ import annotations

import time


class Clock:
    """Follows the machine's clock, ahead of it by as much as `advance` was told, or stands still."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._stands_at: float | None = None

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._ahead + (time.time() if self._stands_at is None else self._stands_at)

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def stand_still(self, still: bool) -> None:
        """Stop, so that only `advance` moves it; or go on from where it stands."""
        now = self.now()
        self._stands_at = time.time() if still else None
        self._ahead += now - self.now()
