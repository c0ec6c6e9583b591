"""getUpdates: one poller at a time, long polls, and the faults of handing out updates."""

from __future__ import annotations

import asyncio

from tests.emulators.telegram.errors import ApiError, conflict
from tests.emulators.telegram.model import Json
from tests.emulators.telegram.parameters import Parameters
from tests.emulators.telegram.updates import Update
from tests.emulators.telegram.world import World

LONGEST_POLL = 50
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
WEBHOOK_SET = "terminated by setWebhook request"
HASTE = 3.0


class _Poll:
    """A long poll that waits; `ended_by` says why it was ended from outside."""

    ended_by: str | None = None


class Polling:
    """The long poll in progress, if there is one: a later one ends it with 409, as at Telegram."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._current: _Poll | None = None
        self._last_offset: int | None = None
        self._last_start = 0.0
        self._next_conflict = 0.0

    @property
    def is_waiting(self) -> bool:
        return self._current is not None

    async def get_updates(self, parameters: Parameters) -> list[Json]:
        """The next updates, waiting up to `timeout` seconds for the first."""
        offset = parameters.integer("offset", 0)
        limit = parameters.integer("limit", 100, 1, 100)
        timeout = parameters.integer("timeout", 0, 0, LONGEST_POLL)
        self._world.updates.allow(parameters.json("allowed_updates", "can't parse allowed updates JSON object"))
        if self._world.settings.real_poll_timing:
            limit, timeout = self._against_haste(offset, limit, timeout)
        updates = self._world.updates.fetch(offset, limit)
        if not updates and timeout:
            updates = await self._wait(max(offset, 0), limit, timeout)
        return [update.as_json() for update in self._mishandled(updates)]

    def end(self, reason: str) -> None:
        """End the long poll in progress with 409."""
        if self._current is not None:
            self._current.ended_by = reason
            self._current = None
            self._world.changes.tell()

    async def _wait(self, offset: int, limit: int, seconds: float) -> list[Update]:
        self.end(OTHER_POLLER)
        poll = self._current = _Poll()
        clock = asyncio.get_running_loop().time
        deadline = clock() + seconds
        try:
            while True:
                seen = self._world.changes.number
                if poll.ended_by is not None:
                    raise await self._conflict(poll.ended_by)
                updates = self._world.updates.fetch(offset, limit)
                if updates or clock() >= deadline:
                    return updates
                await self._world.changes.wait(seen, deadline - clock())
        finally:
            if self._current is poll:
                self._current = None

    async def _conflict(self, reason: str) -> ApiError:
        now = asyncio.get_running_loop().time()
        if now < self._next_conflict:
            await asyncio.sleep(HASTE)
        elif self._world.settings.real_poll_timing:
            self._next_conflict = now + HASTE
        return conflict(reason)

    def _against_haste(self, offset: int, limit: int, timeout: int) -> tuple[int, int]:
        """The same offset again too soon: wait a while, and get one update at a time."""
        now = asyncio.get_running_loop().time()
        if offset == self._last_offset:
            if now < self._last_start + HASTE:
                timeout = max(timeout, int(HASTE))
            if now < self._last_start + 0.5:
                limit = 1
        self._last_offset, self._last_start = offset, now
        return limit, timeout

    def _mishandled(self, updates: list[Update]) -> list[Update]:
        """Updates as they arrive when delivery is faulty: one of old again in front, or in another order."""
        confirmed = self._world.updates.confirmed
        if updates and confirmed and self._world.faults.draw({"duplicate_update"}):
            updates = [confirmed[-1], *updates]
        if len(updates) > 1 and self._world.faults.draw({"out_of_order"}):
            updates = self._world.faults.shuffled(updates)
        return updates
