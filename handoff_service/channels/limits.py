"""How much one sender may send: token buckets in memory, forgotten when they are full again."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_SENDERS = 50_000


@dataclass
class _Bucket:
    tokens: float
    at: float


class Limit:
    """`burst` at once, then `per_second`. A limit of 0 per second with a burst of 0 lets everything pass."""

    def __init__(self, burst: float, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._rate = per_second
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_for(self, sender: str) -> float:
        """0 if this may pass now (and is counted), else the seconds after which to try again."""
        if not self._burst:
            return 0.0
        now = self._clock()
        bucket = self._buckets.pop(sender, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        self._buckets[sender] = bucket
        if len(self._buckets) > MOST_SENDERS:
            self._buckets.popitem(last=False)
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) / self._rate

    def give_back(self, sender: str) -> None:
        """What was let pass did not happen after all."""
        bucket = self._buckets.get(sender)
        if bucket is not None:
            bucket.tokens = min(self._burst, bucket.tokens + 1)
