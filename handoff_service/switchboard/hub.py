"""Tells those who watch that something changed. It carries no truth: whoever is told reads the record."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class ConversationChanged:
    """Something in this conversation was committed: a message, a note, a correction, an owner."""

    conversation_id: str


@dataclass(frozen=True)
class QueueChanged:
    """A handoff entered or left a queue: places and waiting ranges may differ now."""


@dataclass(frozen=True)
class TurnWanted:
    """The assistant has something to answer in this conversation."""

    conversation_id: str


@dataclass(frozen=True)
class UnderstandingWanted:
    """The customer wrote to a person: agents may like to see what the assistant would answer."""

    conversation_id: str


@dataclass(frozen=True)
class Typing:
    """Somebody is typing. Never stored."""

    conversation_id: str
    author: str
    name: str | None = None


@dataclass(frozen=True)
class Recorded:
    """An event was appended to the record; its id keeps two of a kind apart."""

    id: int
    kind: str


@dataclass(frozen=True)
class Missed:
    """Something may have changed without a word: whoever watches anything reads it anew."""


Event = ConversationChanged | QueueChanged | TurnWanted | UnderstandingWanted | Typing | Recorded | Missed
EVERYTHING = "everything"
QUEUE = "queue"
EVENTS = "events"
TURNS = "turns"
UNDERSTANDING = "understanding"


class Subscription:
    """Events for one watcher, each pending at most once, so that a slow watcher costs no memory."""

    def __init__(self) -> None:
        self.topics: set[Hashable] = set()
        self._pending: dict[Event, None] = {}
        self._ready = asyncio.Event()

    def put(self, event: Event) -> None:
        self._pending[event] = None
        self._ready.set()

    async def next(self) -> Event:
        """The oldest pending event; waits for one."""
        while not self._pending:
            self._ready.clear()
            await self._ready.wait()
        event = next(iter(self._pending))
        del self._pending[event]
        return event


class Hub:
    """Fan-out inside one process.

    Topics: a conversation's id, `QUEUE`, `EVERYTHING`, and what that leaves out: `TURNS`, `UNDERSTANDING`, `EVENTS`.
    """

    def __init__(self) -> None:
        self._watchers: dict[Hashable, set[Subscription]] = {}

    @contextmanager
    def watch(self, *topics: Hashable) -> Iterator[Subscription]:
        """Events of these topics from now until the block ends."""
        subscription = self.subscribe(*topics)
        try:
            yield subscription
        finally:
            self.remove(subscription)

    def subscribe(self, *topics: Hashable) -> Subscription:
        """Like `watch`, until `remove`."""
        subscription = Subscription()
        subscription.topics.update(topics)
        for topic in topics:
            self._watchers.setdefault(topic, set()).add(subscription)
        return subscription

    def remove(self, subscription: Subscription) -> None:
        """Tell this watcher nothing more."""
        for topic in subscription.topics:
            watchers = self._watchers[topic]
            watchers.discard(subscription)
            if not watchers:
                del self._watchers[topic]
        subscription.topics.clear()

    def publish(self, event: Event) -> None:
        """Tell all who watch its topic. Call it in the event loop, after the commit."""
        for topic in self._topics(event):
            for subscription in tuple(self._watchers.get(topic, ())):
                subscription.put(event)

    def _topics(self, event: Event) -> tuple[Hashable, ...]:
        if isinstance(event, Missed):
            return tuple(self._watchers)
        if isinstance(event, Recorded):
            return (EVENTS,)
        if isinstance(event, QueueChanged):
            return (QUEUE, EVERYTHING)
        if isinstance(event, UnderstandingWanted):
            return (UNDERSTANDING,)
        return (TURNS if isinstance(event, TurnWanted) else event.conversation_id, EVERYTHING)
