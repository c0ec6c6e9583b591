"""A record that has been in use for long: conversations, turns, messages, events and ended handoffs, made directly."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, create_engine, insert

from handoff_service.store.tables import conversations, events, handoffs, messages, turns, widget_tokens
from handoff_service.switchboard.visitors import _digest

LENGTH = 20  # messages of a usual conversation
ENDED_HANDOFF_IN = 4  # one conversation of so many had a person
AT_ONCE = 50  # conversations in one go
Row = dict[str, Any]


@dataclass(frozen=True)
class Planted:
    """A conversation that can be gone on with."""

    id: str
    token: str
    handoff: str


def fill(url: str, count: int) -> None:
    """So many messages, in conversations of a usual length from the last three months."""
    engine = create_engine(url)
    conversations_to_make = count // LENGTH
    for first in range(0, conversations_to_make, AT_ONCE):
        with engine.begin() as connection:
            for number in range(first, min(first + AT_ONCE, conversations_to_make)):
                began = datetime.now(UTC) - timedelta(minutes=30 + number % 120_000)
                _put(connection, LENGTH, began, with_handoff=number % ENDED_HANDOFF_IN == 0)
    engine.dispose()


def conversation_of(url: str, length: int) -> Planted:
    """One conversation with so many messages and an ended handoff, and a token that opens it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        conversation_id, handoff = _put(connection, length, datetime.now(UTC) - timedelta(hours=20), True)
        token = secrets.token_urlsafe(32)
        row = {"digest": _digest(token), "conversation_id": conversation_id, "created_at": datetime.now(UTC)}
        connection.execute(insert(widget_tokens).values(**row))
    engine.dispose()
    return Planted(conversation_id, token, handoff)


def _put(connection: Connection, length: int, began: datetime, with_handoff: bool) -> tuple[str, str]:
    conversation_id, handoff = secrets.token_urlsafe(18), secrets.token_urlsafe(18) if with_handoff else ""
    asked = [secrets.token_urlsafe(18) for _ in range(0, length, 2)]
    connection.execute(
        insert(conversations).values(
            id=conversation_id,
            channel="widget",
            language="es",
            owner="assistant",
            epoch=3 if handoff else 1,
            assistant_while_waiting=False,
            last_seq=length,
            revision=0,
            failed_turns=0,
            created_at=began,
        )
    )
    if handoff:
        connection.execute(insert(handoffs).values(**_handoff(conversation_id, handoff, began)))
    connection.execute(insert(turns), [_turn(conversation_id, turn, began) for turn in asked])
    connection.execute(insert(messages), list(_messages(conversation_id, length, asked, began)))
    connection.execute(insert(events), list(_events(conversation_id, length, began)))
    return conversation_id, handoff


def _handoff(conversation_id: str, handoff: str, at: datetime) -> Row:
    return {
        "id": handoff,
        "conversation_id": conversation_id,
        "code": f"R-{secrets.token_hex(4).upper()}",
        "status": "resolved",
        "reason": "asked_for_person",
        "signals": [{"name": "asked_for_person", "value": True, "weight": 1.0}],
        "priority": "normal",
        "urgency": 2,
        "team": "support",
        "language": "es",
        "channel": "widget",
        "summary": "",
        "agent": "Ana",
        "desk": "console",
        "opened_at": at,
        "waiting_since": at,
        "claimed_at": at + timedelta(minutes=1),
        "resolved_at": at + timedelta(minutes=9),
        "outcome": "solved",
    }


def _turn(conversation_id: str, turn: str, at: datetime) -> Row:
    times = {name: at + timedelta(seconds=6) for name in ("deadline_at", "lease_until", "ended_at")}
    return {"id": turn, "conversation_id": conversation_id, "epoch": 1, "status": "answered", "text": "¿Cuánto debo?",
            "started_at": at, **times}  # fmt: skip


def _messages(conversation_id: str, length: int, asked: list[str], began: datetime) -> Iterator[Row]:
    for seq in range(1, length + 1):
        by_customer = seq % 2 == 1
        yield {
            "conversation_id": conversation_id,
            "seq": seq,
            "author": "customer" if by_customer else "assistant",
            "text": "Buenas, quería saber cuánto pago este mes y hasta cuándo tengo tiempo",
            "client_id": f"c{seq}" if by_customer else None,
            "awaits_assistant": False,
            "turn_id": asked[seq // 2] if by_customer else None,
            "sent_at": began + timedelta(seconds=20 * seq),
            "revision": 0,
        }


def _events(conversation_id: str, length: int, began: datetime) -> Iterator[Row]:
    for seq in range(1, length + 1):
        yield {
            "conversation_id": conversation_id,
            "kind": "customer_wrote" if seq % 2 else "assistant_answered",
            "actor": "customer" if seq % 2 else "assistant",
            "epoch": 1,
            "at": began + timedelta(seconds=20 * seq),
            "data": {"seq": seq},
        }
