"""Keeps turns going: one at a time in each conversation, woken by messages, swept up after a crash."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from handoff_service.background import running
from handoff_service.observability import instruments, tracing
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard import turns
from handoff_service.switchboard.documents import Documents
from handoff_service.switchboard.door import AssistantFailed, Door
from handoff_service.switchboard.hub import TURNS, Hub, TurnWanted, Typing
from handoff_service.words import Words

SWEEP_EVERY = 2.0  # seconds
PAUSE_WITHOUT_STORE = 1.0  # seconds

log = structlog.get_logger()


class TurnRunner:
    """Serves every conversation in which something waits for the assistant."""

    def __init__(self, store: Store, hub: Hub, door: Door, documents: Documents, words: Words) -> None:
        self._store = store
        self._hub = hub
        self._door = door
        self._documents = documents
        self._words = words
        self._wakers: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve while the block runs."""
        async with running(self.run):
            yield

    async def run(self) -> None:
        """Serve until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._sweep())
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        with self._hub.watch(TURNS) as wanted:
            while True:
                event = await wanted.next()
                if isinstance(event, TurnWanted):
                    self._wake(event.conversation_id)

    async def _sweep(self) -> None:
        """Whatever a crash, a lost wake-up or another replica's death left lying is taken up."""
        while True:
            try:
                for conversation_id in await self._store.read(turns.unattended):
                    self._wake(conversation_id)
            except StoreUnavailable:
                log.warning("sweep_without_store")
            await asyncio.sleep(SWEEP_EVERY)

    def _wake(self, conversation_id: str) -> None:
        waker = self._wakers.get(conversation_id)
        if waker is not None:
            waker.set()
            return
        self._wakers[conversation_id] = asyncio.Event()
        task = asyncio.create_task(self._serve(conversation_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, conversation_id: str) -> None:
        waker = self._wakers[conversation_id]
        try:
            while True:
                waker.clear()
                try:
                    step = await self._store.run(turns.begin_turn, self._words, conversation_id)
                    if isinstance(step, turns.Turn):
                        with tracing.span("turn", turn_id=step.id, channel=step.channel):
                            wants_more = await self._take(step)
                        if wants_more:
                            continue
                        step = None
                except StoreUnavailable:
                    step = turns.Wait(PAUSE_WITHOUT_STORE)
                if step is None and not waker.is_set():
                    return
                await _until(waker, step.seconds if step else 0)
        except Exception:
            log.exception("conversation_not_served", conversation_id=conversation_id)
        finally:
            del self._wakers[conversation_id]

    async def _take(self, turn: turns.Turn) -> bool:
        """Ask and commit what came of it; whether the customer wrote more meanwhile."""
        await self._store.pass_on(Typing(turn.conversation_id, "assistant"))
        began = time.monotonic()
        try:
            answer = await self._documents.fetch(turn, await self._door.ask(turn))
        except AssistantFailed:
            instruments.turn_seconds.labels("failed").observe(time.monotonic() - began)
            log.error("turn_failed", turn_id=turn.id, conversation_id=turn.conversation_id)
            return await self._commit(turns.fail_turn, turn.id)
        took = time.monotonic() - began
        instruments.turn_seconds.labels("answered").observe(took)
        wants_more = await self._commit(turns.finish_turn, turn.id, answer)
        told = {"conversation_id": turn.conversation_id, "duration_ms": round(took * 1000)}
        log.info("turn_answered", turn_id=turn.id, **told)  # the id under which door and action server log it
        await self._documents.discard_unused(self._store, answer)
        return wants_more

    async def _commit(self, use_case: Callable[..., bool], *args: object) -> bool:
        """Not given up while the store is away: the answer is there, only its writing waits."""
        while True:
            try:
                return await self._store.run(use_case, self._words, *args)
            except StoreUnavailable:
                await asyncio.sleep(PAUSE_WITHOUT_STORE)


async def _until(waker: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(waker.wait(), seconds)
    except TimeoutError:
        return
