"""The service's record as it stands at the end, read past the service; and what in it still waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, create_engine, event, func, select, text

from handoff_service.channels.telegram.tables import telegram_chats, telegram_messages
from handoff_service.store import tables

Row = dict[str, Any]
OPEN = ("queued", "assigned")


@dataclass
class Record:
    """Every row that a promise is about."""

    conversations: dict[str, Row]
    messages: dict[str, list[Row]]  # by conversation, in order of seq
    events: dict[str, list[Row]]  # by conversation, in order
    handoffs: dict[str, Row]
    threads: dict[str, Row]  # by handoff
    chats: dict[str, Row]  # by conversation
    given_up: set[tuple[str, int]] = field(default_factory=set)  # seqs on Telegram whose answer was lost twice
    faults: list[str] = field(default_factory=list)  # what the database itself says is wrong


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """A connection that changes nothing and locks nobody out."""
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _only_read(connection: Any, _record: Any) -> None:
        if url.startswith("sqlite"):
            connection.execute("PRAGMA query_only=ON")

    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def read(url: str) -> Record:
    """All of it."""
    with reading(url) as connection:

        def rows(table: Any, *order: Any) -> list[Row]:
            return [dict(row) for row in connection.execute(select(table).order_by(*order)).mappings()]

        return Record(
            conversations={row["id"]: row for row in rows(tables.conversations)},
            messages=_grouped(rows(tables.messages, tables.messages.c.seq)),
            events=_grouped(rows(tables.events, tables.events.c.id)),
            handoffs={row["id"]: row for row in rows(tables.handoffs)},
            threads={row["handoff_id"]: row for row in rows(tables.slack_threads)},
            chats={row["conversation_id"]: row for row in rows(telegram_chats)},
            given_up={(row["conversation_id"], row["seq"]) for row in rows(telegram_messages) if not row["message_id"]},
            faults=_faults(connection),
        )


def _grouped(rows: list[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["conversation_id"]].append(row)
    return groups


def _faults(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    return found + [f"broken reference in {row[0]}" for row in connection.execute(text("PRAGMA foreign_key_check"))]


def unsettled(url: str) -> dict[str, int]:
    """What still waits for the service, by name; empty once it has come to rest."""
    conversations, handoffs, threads = tables.conversations.c, tables.handoffs.c, tables.slack_threads.c
    chats = telegram_chats.c
    queries = {
        "unhandled in the inbox": select(tables.inbox.c.id).where(tables.inbox.c.handled_at.is_(None)),
        "turns running": select(tables.turns.c.id).where(tables.turns.c.status == "running"),
        "waiting for the assistant": select(tables.messages.c.seq).where(tables.messages.c.awaits_assistant),
        "sendings to Slack of unknown outcome": select(threads.handoff_id).where(
            tables.slack_threads.c.sending_at.is_not(None)
        ),
        "open cases without a card": select(handoffs.id)
        .outerjoin(tables.slack_threads, threads.handoff_id == handoffs.id)
        .where(handoffs.status.in_(OPEN), threads.ts.is_(None)),
        "threads behind the transcript": select(threads.handoff_id)
        .join(tables.handoffs, handoffs.id == threads.handoff_id)
        .join(tables.conversations, conversations.id == threads.conversation_id)
        .where(handoffs.status.in_(OPEN), threads.posted_seq < conversations.last_seq),
        "ended threads not closed": select(threads.handoff_id)
        .join(tables.handoffs, handoffs.id == threads.handoff_id)
        .where(handoffs.status.not_in(OPEN), ~threads.closed),
        "Telegram chats behind the transcript": select(chats.chat_id)
        .join(tables.conversations, conversations.id == chats.conversation_id)
        .where((chats.sent_seq < conversations.last_seq) | chats.sending_seq.is_not(None)),
    }
    with reading(url) as connection:
        counts = {
            name: int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())
            for name, query in queries.items()
        }
    return {name: count for name, count in counts.items() if count}


def known_lines(url: str) -> set[str]:
    """Slack's stamps of all lines that were taken in."""
    with reading(url) as connection:
        return set(connection.execute(select(tables.slack_messages.c.ts)).scalars())
