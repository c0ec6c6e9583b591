"""Slack's rate limits: one post a second per channel, and the methods' tiers per minute."""

from __future__ import annotations

import math
import time

from .settings import Settings

TIERS = {2: 20, 3: 50, 4: 100}
METHOD_TIERS = {
    "chat.update": 3, "chat.delete": 3, "chat.postEphemeral": 4, "conversations.replies": 3,
    "conversations.history": 3, "conversations.info": 3, "conversations.members": 4, "conversations.list": 2,
    "users.info": 4, "users.list": 2, "users.conversations": 3, "reactions.add": 3, "reactions.remove": 2,
    "views.open": 4, "views.push": 4, "views.update": 4, "views.publish": 4, "team.info": 3, "bots.info": 3,
    "files.info": 4, "files.delete": 3, "files.getUploadURLExternal": 4, "files.completeUploadExternal": 4,
    "apps.connections.open": 3, "conversations.join": 3, "conversations.open": 3, "users.lookupByEmail": 3,
}  # fmt: skip
READS_OF_HISTORY = {"conversations.replies", "conversations.history"}
TOLERANCE = 0.05
"""Seconds a post may come early: a sender that paces itself at a second is never refused for its clock."""


class Bucket:
    """Tokens that come back at `rate` a second, up to `size` of them."""

    def __init__(self, rate: float, size: float) -> None:
        self.rate, self.size, self.level, self.at = rate, size, size, time.monotonic()

    def take(self) -> float:
        """0 where there was one, else the seconds until there will be."""
        now = time.monotonic()
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level + TOLERANCE * self.rate >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.rate


class Limits:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._buckets: dict[str, Bucket] = {}
        self.refused = 0

    def wait_for(self, method: str, channel: str) -> int:
        """0 where the call may pass, else the whole seconds for `Retry-After`."""
        if not self._settings.enforce_rate_limits:
            return 0
        bucket = self._bucket(method, channel)
        wait = bucket.take() if bucket else 0.0
        if wait:
            self.refused += 1
        return math.ceil(wait)

    def _bucket(self, method: str, channel: str) -> Bucket | None:
        if method == "chat.postMessage":
            return self._buckets.setdefault(f"{method} {channel}", Bucket(1.0, 1.0))
        if method in READS_OF_HISTORY and self._settings.distributed_app:
            return self._buckets.setdefault(f"{method} distributed", Bucket(1 / 60, 1.0))
        if method not in METHOD_TIERS:
            return None
        per_minute = TIERS[METHOD_TIERS[method]]
        return self._buckets.setdefault(method, Bucket(per_minute / 60, per_minute / 2))
