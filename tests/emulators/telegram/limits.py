"""Telegram's flood limits, when a test switches them on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tests.emulators.telegram.clock import Clock

LIMITED = ("send", "edit", "copy", "forward")
NEVER_LIMITED = ("sendchataction",)


@dataclass
class Bucket:
    """So many at once, refilled at so many a second."""

    rate: float
    burst: float
    level: float
    at: float

    def refill(self, now: float) -> None:
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now

    def seconds_until_free(self) -> float:
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate


@dataclass
class Limits:
    """About one message a second to a chat, thirty a second in all, twenty a minute to a group."""

    clock: Clock
    on: bool = False
    overall: float = 30.0
    per_chat: float = 1.0
    per_chat_burst: float = 1.0
    per_group_minute: float = 20.0
    refused: int = 0
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def seconds_to_wait(self, method: str, chat: int | None) -> int:
        """0 when the call may pass (and is then counted), else `retry_after`."""
        name = method.lower()
        if not self.on or not name.startswith(LIMITED) or name in NEVER_LIMITED:
            return 0
        buckets = [self._bucket("all", self.overall, self.overall)]
        if chat is not None and chat > 0:
            buckets.append(self._bucket(str(chat), self.per_chat, self.per_chat_burst))
        elif chat is not None:
            buckets.append(self._bucket(str(chat), self.per_group_minute / 60, self.per_group_minute))
        wait = max(bucket.seconds_until_free() for bucket in buckets)
        # What is refilled to a hair's breadth counts as full.
        if wait > 1e-6:
            self.refused += 1
            return max(1, math.ceil(wait))
        for bucket in buckets:
            bucket.level -= 1
        return 0

    def _bucket(self, name: str, rate: float, burst: float) -> Bucket:
        now = self.clock.now()
        bucket = self._buckets.setdefault(name, Bucket(rate, burst, burst, now))
        bucket.refill(now)
        bucket.rate, bucket.burst = rate, burst
        return bucket
