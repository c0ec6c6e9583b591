"""What waits, read from the record at each scrape: the same for every replica, and right after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from handoff_service.channels.telegram.tables import telegram_chats
from handoff_service.store.database import Transaction
from handoff_service.store.tables import conversations, data_orders, handoffs, inbox, messages, slack_threads, turns
from handoff_service.switchboard import files


@dataclass(frozen=True)
class Depth:
    """One figure: a metric's name, its labels and its value."""

    name: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


def depths(tx: Transaction) -> list[Depth]:
    """All backlogs of now. The cost grows with what waits, not with the age of the record."""
    return [*_queues(tx), *_inbox(tx), *_turns(tx), *_telegram(tx), *_slack(tx), *_data_orders(tx), *_files(tx)]


def _queues(tx: Transaction) -> Iterator[Depth]:
    open_ones = handoffs.c.status.in_(("queued", "assigned"))
    columns = (handoffs.c.status, handoffs.c.team)
    query = select(*columns, func.count(), func.min(handoffs.c.waiting_since)).where(open_ones).group_by(*columns)
    for status, team, count, oldest in tx.connection.execute(query):
        labels = {"status": status, "team": team}
        yield Depth("handoff_open", count, labels)
        if status == "queued":
            yield Depth("handoff_queue_oldest_age_seconds", _age(tx, oldest), {"team": team})


def _inbox(tx: Transaction) -> Iterator[Depth]:
    waits = inbox.c.handled_at.is_(None)
    query = select(inbox.c.source, func.count(), func.min(inbox.c.received_at)).where(waits).group_by(inbox.c.source)
    for source, count, oldest in tx.connection.execute(query):
        yield Depth("handoff_inbox_depth", count, {"source": source})
        yield Depth("handoff_inbox_oldest_age_seconds", _age(tx, oldest), {"source": source})


def _turns(tx: Transaction) -> Iterator[Depth]:
    query = select(func.count(), func.min(messages.c.sent_at)).where(messages.c.awaits_assistant)
    count, oldest = tx.connection.execute(query).one()
    yield Depth("handoff_turns_waiting", count)
    yield Depth("handoff_turns_oldest_age_seconds", _age(tx, oldest))
    running = select(func.count()).where(turns.c.status == "running")
    yield Depth("handoff_turns_running", tx.connection.execute(running).scalar_one())


def _telegram(tx: Transaction) -> Iterator[Depth]:
    """Chats that have not been told everything, and since when the first of them waits."""
    chats = telegram_chats.c
    behind = (
        select(func.count(), func.min(messages.c.sent_at))
        .select_from(telegram_chats)
        .join(conversations, conversations.c.id == chats.conversation_id)
        .join(
            messages,
            (messages.c.conversation_id == chats.conversation_id) & (messages.c.seq == chats.sent_seq + 1),
        )
        .where(conversations.c.last_seq > chats.sent_seq, chats.blocked_at.is_(None))
    )
    yield from _outbox(tx, "telegram", *tx.connection.execute(behind).one())


def _slack(tx: Transaction) -> Iterator[Depth]:
    """Threads that lack something of their conversation, and since when the first of them waits."""
    threads = slack_threads.c
    behind = (
        select(func.count(), func.min(messages.c.sent_at))
        .select_from(slack_threads)
        .join(conversations, conversations.c.id == threads.conversation_id)
        .join(
            messages,
            (messages.c.conversation_id == threads.conversation_id) & (messages.c.seq == threads.posted_seq + 1),
        )
        .where(threads.closed.is_(False), conversations.c.last_seq > threads.posted_seq)
    )
    yield from _outbox(tx, "slack", *tx.connection.execute(behind).one())


def _data_orders(tx: Transaction) -> Iterator[Depth]:
    """What customers ordered about their data and still wait for."""
    query = select(func.min(data_orders.c.asked_at)).where(data_orders.c.status == "pending")
    yield Depth("handoff_data_orders_oldest_age_seconds", _age(tx, tx.connection.execute(query).scalar_one()))


def _files(tx: Transaction) -> Iterator[Depth]:
    """What all kept files need."""
    yield Depth("handoff_files_kept_bytes", files.kept_bytes(tx))


def _outbox(tx: Transaction, sink: str, count: int, oldest: datetime | None) -> Iterator[Depth]:
    yield Depth("handoff_outbox_depth", count, {"sink": sink})
    yield Depth("handoff_outbox_oldest_age_seconds", _age(tx, oldest), {"sink": sink})


def _age(tx: Transaction, since: datetime | None) -> float:
    return max((tx.now - since).total_seconds(), 0.0) if since else 0.0
