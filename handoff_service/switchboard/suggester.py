"""Keeps the assistant listening while people talk: what it would answer is asked, and only ever shown to agents."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from handoff_service.background import running
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard import suggestions
from handoff_service.switchboard.door import AssistantFailed, Door
from handoff_service.switchboard.hub import UNDERSTANDING, Hub, UnderstandingWanted

REST = 0.6  # seconds in which the customer may go on writing
AT_ONCE = 4

log = structlog.get_logger()


class Suggester:
    """A hint is no promise: where the assistant is away there is none, and nothing waits for it."""

    def __init__(self, store: Store, hub: Hub, door: Door) -> None:
        self._store = store
        self._hub = hub
        self._door = door
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._room = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen while the block runs."""
        try:
            async with running(self._listen):
                yield
        finally:
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        with self._hub.watch(UNDERSTANDING) as wanted:
            while True:
                event = await wanted.next()
                if isinstance(event, UnderstandingWanted):
                    self._wake(event.conversation_id)

    def _wake(self, conversation_id: str) -> None:
        if conversation_id in self._tasks:
            self._again.add(conversation_id)
            return
        self._tasks[conversation_id] = asyncio.create_task(self._serve(conversation_id))

    async def _serve(self, conversation_id: str) -> None:
        try:
            while True:
                self._again.discard(conversation_id)
                await asyncio.sleep(REST)
                async with self._room:
                    await self._understand(conversation_id)
                if conversation_id not in self._again:
                    return
        except Exception:
            log.exception("nothing_suggested", conversation_id=conversation_id)
        finally:
            del self._tasks[conversation_id]

    async def _understand(self, conversation_id: str) -> None:
        try:
            question = await self._store.run(suggestions.begin, conversation_id)
            if question is not None:
                await self._store.run(suggestions.keep, question, await self._door.understand(question))
        except AssistantFailed:
            log.info("assistant_not_asked", conversation_id=conversation_id)
        except StoreUnavailable:
            log.warning("suggester_without_store")
