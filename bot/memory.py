"""Rasa's memory: what the assistant must know to answer the next message, and the answers it has given.

It is bounded, so that a turn costs the same early and late in a conversation; the whole record is the switchboard's.
Nothing is stored but by `save`: a turn that fails leaves it as it was.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from sqlalchemy.engine import Connection

from bot import memory_tables as tables
from bot.memory_tables import RecordedTurn
from bot.settings import Settings
from bot.turns_kept import shortened

T = TypeVar("T")
_CONVERSATIONS_AT_HAND = 2_000
_WRITES_BETWEEN_CLEANINGS = 1_000
# On PostgreSQL a turn holds one connection for its lock and needs another for its reads and writes.
_TURNS_AT_ONCE = tables.CONNECTIONS // 2
# What is kept of a message's metadata: never the proof of who the customer is.
_METADATA_KEPT = ("turn_id", "channel", "language")


class RememberedTracker(DialogueStateTracker):
    """A tracker that knows as which stored version it was read."""

    version: int = 0


class Memory(TrackerStore):
    """A tracker store on SQLite or PostgreSQL that saves a turn together with its answer."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **_: Any,
    ) -> None:
        """Open the memory at `host`, or where the settings say."""
        self._at_hand: OrderedDict[str, RememberedTracker] = OrderedDict()
        super().__init__(domain, event_broker)
        self._engine = tables.open_engine(host or Settings.from_environment().database_url)
        self._shared = self._engine.dialect.name == "postgresql"
        self._threads = ThreadPoolExecutor(2 * _TURNS_AT_ONCE if self._shared else 1, thread_name_prefix="memory")
        self._turns = asyncio.Semaphore(_TURNS_AT_ONCE)
        self._writes = 0

    @property
    def domain(self) -> Domain:
        """The domain of the model in use."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._at_hand.clear()

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A tracker for a conversation that has none; nothing is stored by this."""
        return self._tracker(sender_id, [], 0)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it was last saved, or None if it never was."""
        stored = await self._run(lambda connection: tables.read_conversation(connection, sender_id))
        at_hand = self._at_hand.pop(sender_id, None)  # only `save` puts it back: a failed turn must not leave traces
        if stored.version == 0:
            return None
        if at_hand is not None and at_hand.version == stored.version:
            return at_hand
        return self._tracker(sender_id, _read_events(stored.events), stored.version)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save the conversation."""
        await self._save(tracker, lambda connection: None)

    async def save_turn(self, tracker: DialogueStateTracker, turn_id: str, answer: dict[str, Any]) -> None:
        """Save the conversation and the turn's answer, both or none."""
        recorded = RecordedTurn(tracker.sender_id, json.dumps(answer))
        await self._save(tracker, lambda connection: tables.write_turn(connection, turn_id, recorded))

    async def recorded_turn(self, turn_id: str) -> RecordedTurn | None:
        """The turn's answer, if it has been given."""
        return await self._run(lambda connection: tables.read_turn(connection, turn_id))

    async def forget(self, conversation_id: str) -> int:
        """Delete what is known of the conversation, from the disk too; how many rows there were."""
        self._at_hand.pop(conversation_id, None)
        deleted = await self._run(lambda connection: tables.forget_conversation(connection, conversation_id))
        await asyncio.get_running_loop().run_in_executor(self._threads, tables.empty_log, self._engine)
        return deleted

    async def keys(self) -> Iterable[str]:
        """The conversations that are remembered."""
        return await self._run(tables.read_keys)

    @asynccontextmanager
    async def alone_with(self, conversation_id: str, seconds: float) -> AsyncIterator[None]:
        """Keep other processes away from the conversation meanwhile; waits for them for at most `seconds`."""
        if not self._shared:  # SQLite has one process, which orders its turns itself
            yield
            return
        loop = asyncio.get_running_loop()
        async with self._turns:
            connection = await loop.run_in_executor(self._threads, self._engine.connect)
            try:
                await loop.run_in_executor(
                    self._threads, tables.lock_conversation, connection, conversation_id, seconds
                )
                yield
            finally:
                await asyncio.shield(loop.run_in_executor(self._threads, connection.close))

    async def _save(self, tracker: DialogueStateTracker, also: Callable[[Connection], None]) -> None:
        conversation_id = tracker.sender_id
        version = getattr(tracker, "version", 0)
        for event in tracker.events:
            _forget_proof(event)
        events = shortened(list(tracker.events), conversation_id, self.domain.slots)
        text = json.dumps([event.as_dict() for event in events])

        def write(connection: Connection) -> None:
            tables.write_conversation(connection, conversation_id, version, text)
            also(connection)

        await self._run(write)
        was_shortened = len(events) != len(tracker.events)
        kept = tracker if not was_shortened and isinstance(tracker, RememberedTracker) else None
        self._keep_at_hand(kept or self._tracker(conversation_id, events, 0), version + 1)
        await self._clean_now_and_then()

    def _keep_at_hand(self, tracker: RememberedTracker, version: int) -> None:
        tracker.version = version
        self._at_hand[tracker.sender_id] = tracker
        while len(self._at_hand) > _CONVERSATIONS_AT_HAND:
            self._at_hand.popitem(last=False)

    async def _clean_now_and_then(self) -> None:
        if self._writes % _WRITES_BETWEEN_CLEANINGS == 0:
            await self._run(tables.drop_old_turns)
        self._writes += 1

    def _tracker(self, conversation_id: str, events: list[Event], version: int) -> RememberedTracker:
        """Replay the events; a form that the model no longer has is left, so that nobody is stuck in it."""
        tracker = RememberedTracker.from_events(conversation_id, events, self.domain.slots, domain=self.domain)
        if tracker.active_loop_name and tracker.active_loop_name not in self.domain.form_names:
            tracker.update_with_events([ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)], self.domain)
        tracker.version = version
        return tracker

    async def _run(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._in_transaction, work)

    def _in_transaction(self, work: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)


def _forget_proof(event: Event) -> None:
    if isinstance(event, UserUttered) and event.metadata:
        kept = {key: event.metadata[key] for key in _METADATA_KEPT if key in event.metadata}
        event.metadata = kept
        event.parse_data["metadata"] = kept


_EVENT_TYPES = {cls.type_name: cls for cls in all_subclasses(Event)}


def _read_events(text: str) -> list[Event]:
    """The stored events. Rasa's own way looks the class up anew for each, which is slow."""
    return [_EVENT_TYPES[stored["event"]]._from_parameters(stored) for stored in json.loads(text)]
