"""Between replicas on PostgreSQL: who watches a conversation on one hears what another committed.

`NOTIFY` is part of the transaction, so nothing is told that was not committed. It carries ids, never words; whoever is
told reads the record. What a lost connection may have swallowed is made good by `Missed`: everybody reads anew.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import structlog
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from handoff_service.background import running
from handoff_service.switchboard.hub import ConversationChanged, Event, Hub, Missed, QueueChanged, Typing

CHANNEL = "relevo"
LARGEST_PAYLOAD = 7_000  # bytes; PostgreSQL takes less than 8,000
PAUSE_AFTER_LOSS = 1.0  # seconds
_KINDS: dict[str, type[ConversationChanged | QueueChanged | Typing]] = {
    "conversation": ConversationChanged,
    "queue": QueueChanged,
    "typing": Typing,
}  # what stays at home: `TurnWanted` (one replica takes the turn, all sweep) and `Recorded` (each counts its own)
_NAMES = {kind: name for name, kind in _KINDS.items()}

log = structlog.get_logger()


class Fanout:
    """One replica's ear and mouth."""

    def __init__(self, url: str, hub: Hub) -> None:
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._hub = hub
        self._me = secrets.token_hex(8)

    def announce(self, connection: Connection, told: Iterable[Event]) -> None:
        """Tell the other replicas, once this transaction commits."""
        for payload in _payloads(self._me, told):
            connection.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload})

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen while the block runs."""
        async with running(self._listen):
            yield

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._address, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._hub.publish(Missed())
                    async for notification in connection.notifies():
                        self._take(notification.payload)
            except psycopg.Error as error:
                log.warning("fanout_lost", error=type(error).__name__)
            await asyncio.sleep(PAUSE_AFTER_LOSS)

    def _take(self, payload: str) -> None:
        told = json.loads(payload)
        if told["from"] != self._me:
            for name, values in told["events"]:
                self._hub.publish(_KINDS[name](*values))


def _payloads(sender: str, told: Iterable[Event]) -> Iterator[str]:
    """The events that concern others, as few payloads as fit."""
    events: list[Any] = []
    size = 0
    for event in told:
        if type(event) not in _NAMES:
            continue
        listed = [_NAMES[type(event)], list(vars(event).values())]  # type: ignore[index]
        length = len(json.dumps(listed))
        if events and size + length > LARGEST_PAYLOAD:
            yield json.dumps({"from": sender, "events": events})
            events, size = [], 0
        events.append(listed)
        size += length + 2
    if events:
        yield json.dumps({"from": sender, "events": events})
