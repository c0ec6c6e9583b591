"""Sees to it that nobody waits without a next action: due steps, assignment, figures that are kept true."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from handoff_service.background import running
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard import assigning, attending, promises
from handoff_service.switchboard.conversations import StaleEpoch
from handoff_service.switchboard.hub import QUEUE, Hub, QueueChanged
from handoff_service.switchboard.rules.handoff import HandoffRefused
from handoff_service.switchboard.rules.roster import Roster
from handoff_service.words import Words

EVERY = 2.0  # seconds between two looks
REFRESH_EVERY = 15.0  # seconds between two looks at what waiting customers were told
MOST_ASSIGNED = 100  # at a look

log = structlog.get_logger()


class Watchdog:
    """Several replicas may watch: each step is decided inside its transaction, so it happens once."""

    def __init__(self, store: Store, hub: Hub, words: Words, roster: Roster) -> None:
        self._store = store
        self._hub = hub
        self._words = words
        self._automatic = [team.name for team in roster.teams.values() if team.is_automatic]

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Watch while the block runs."""
        async with running(self.run):
            yield

    async def run(self) -> None:
        """Watch until cancelled; a change of the queue is looked at once."""
        refreshed_at = 0.0
        with self._hub.watch(QUEUE) as changes:
            while True:
                try:
                    await self.look()
                    if asyncio.get_running_loop().time() - refreshed_at >= REFRESH_EVERY:
                        refreshed_at = asyncio.get_running_loop().time()
                        await self.refresh()
                except StoreUnavailable:
                    log.warning("watchdog_without_store")
                except Exception:
                    log.exception("watchdog_failed")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changes.next(), EVERY)

    async def look(self) -> None:
        """Do everything that is due now."""
        for handoff_id in await self._store.read(attending.due):
            while await self._attend(handoff_id):
                pass
        for team in self._automatic:
            await self._assign(team)
        for handoff_id in await self._store.read(promises.due):
            if await self._store.run(promises.remind, handoff_id):
                log.info("promise_reminded", handoff_id=handoff_id)

    async def _attend(self, handoff_id: str) -> bool:
        """One step of one handoff; whether there may be another. What fails waits for the next look."""
        try:
            need = await self._store.run(attending.attend, self._words, handoff_id)
        except (StaleEpoch, HandoffRefused):
            return False
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("handoff_not_attended", handoff_id=handoff_id)
            return False
        if need is not None:
            log.info("handoff_attended", handoff_id=handoff_id, need=need.value)
        return need is not None

    async def _assign(self, team: str) -> None:
        for _ in range(MOST_ASSIGNED):
            try:
                if await self._store.run(assigning.assign_next, self._words, team) is None:
                    return
            except HandoffRefused:
                continue  # somebody took it at this very moment

    async def refresh(self) -> None:
        """Edit what waiting customers were told, where it isn't true any more; and let sockets tell theirs."""
        waiting = await self._store.read(attending.waiting_ids)
        for handoff_id in waiting:
            with contextlib.suppress(StaleEpoch):
                await self._store.run(attending.refresh, self._words, handoff_id)
        if waiting:
            self._hub.publish(QueueChanged())
