"""Each turn once, one of a conversation at a time, each in bounded time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.processor import MessageProcessor

from bot.conduct import Conducted, conduct
from bot.memory import Memory
from bot.memory_tables import MemoryChangedError, RecordedTurn
from bot.protocol import Turn

TURN_SECONDS = 5.5


class OtherConversationError(Exception):
    """The turn id belongs to a turn of another conversation."""


class TurnTooSlowError(Exception):
    """The turn did not end in time; nothing was saved."""


class Turns:
    """The turns that are being taken in this process."""

    def __init__(self, memory: Memory, seconds: float = TURN_SECONDS) -> None:
        """Take turns on this memory, each within `seconds`."""
        self._memory = memory
        self._seconds = seconds
        self._running: dict[str, asyncio.Task[RecordedTurn]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, processor: MessageProcessor, turn: Turn) -> dict[str, Any]:
        """The turn's answer: the recorded one, or that of the call under way, or a new one.

        A caller that goes away does not end the turn; the next call with the same id finds its answer.
        """
        task = self._running.get(turn.turn_id)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._take_once(processor, turn))
            self._running[turn.turn_id] = task
            task.add_done_callback(lambda done: self._ended(turn.turn_id, done))
        taken = await asyncio.shield(task)
        if taken.conversation_id != turn.conversation_id:
            raise OtherConversationError
        answer: dict[str, Any] = json.loads(taken.answer)
        return answer

    async def forget(self, conversation_id: str) -> int:
        """Delete the conversation from the memory, once no turn of it runs; how many rows there were."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock, self._memory.alone_with(conversation_id, self._seconds):
            return await self._memory.forget(conversation_id)

    def _ended(self, turn_id: str, task: asyncio.Task[RecordedTurn]) -> None:
        self._running.pop(turn_id, None)
        if not task.cancelled():
            task.exception()  # seen, even if nobody waits for it any more

    async def _take_once(self, processor: MessageProcessor, turn: Turn) -> RecordedTurn:
        lock = self._locks.setdefault(turn.conversation_id, asyncio.Lock())
        try:
            return await asyncio.wait_for(self._take_in_order(lock, processor, turn), self._seconds)
        except asyncio.TimeoutError:
            raise TurnTooSlowError(f"not done after {self._seconds} s") from None

    async def _take_in_order(self, lock: asyncio.Lock, processor: MessageProcessor, turn: Turn) -> RecordedTurn:
        async with lock, self._memory.alone_with(turn.conversation_id, self._seconds):
            recorded = await self._memory.recorded_turn(turn.turn_id)
            if recorded is not None:
                return recorded
            conducted = await conduct(processor, turn)
            # From here on the turn counts: a time-out must not leave it saved and yet reported as failed.
            return await _undisturbed(self._save(turn, conducted))

    async def _save(self, turn: Turn, conducted: Conducted) -> RecordedTurn:
        try:
            await self._memory.save_turn(conducted.tracker, turn.turn_id, conducted.answer)
        except MemoryChangedError:
            recorded = await self._memory.recorded_turn(turn.turn_id)
            if recorded is None:
                raise
            return recorded
        return RecordedTurn(turn.conversation_id, json.dumps(conducted.answer))


async def _undisturbed(work: Awaitable[RecordedTurn]) -> RecordedTurn:
    """Finish the work even when cancelled meanwhile; the cancellation comes too late and is dropped."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        return await task
