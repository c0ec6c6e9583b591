"""What the record holds of a person, and how it is taken out: every table, one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, update

from handoff_service.channels.telegram.tables import telegram_chats
from handoff_service.store import tables
from handoff_service.store.database import Transaction

OPEN = ("queued", "assigned")
EXPORTED = (
    "conversations",
    "messages",
    "notes",
    "handoffs",
    "promises",
    "suggestions",
    "surveys",
    "verifications",
    "files",
    "events",
    "data_orders",
    "telegram_chats",
)

Json = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """Whose data it is about: a customer with their conversations, or one conversation."""

    customer_id: str | None
    conversations: Sequence[str]
    held: Sequence[str] = ()  # codes of open handoffs: nothing may be erased while one is
    shared: Sequence[str] = ()  # conversations of others in which this customer once identified

    @property
    def target(self) -> str:
        """As the audit log names it, for good: of a customer the digest of their id, which may be an e-mail address."""
        if self.customer_id is None:
            return f"conversation:{self.conversations[0]}"
        return f"customer:{hashlib.sha256(self.customer_id.encode()).hexdigest()}"


@dataclass(frozen=True)
class Thread:
    """A thread in Slack that tells of it."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Traces:
    """What lies outside the database."""

    files: Sequence[str] = ()
    threads: Sequence[Thread] = ()
    codes: Sequence[str] = ()


def find(tx: Transaction, who: str) -> Subject | None:
    """The customer of this id, or else the conversation; None where there is neither."""
    table, handoffs = tables.conversations, tables.handoffs
    if tx.connection.execute(select(tables.customers.c.id).where(tables.customers.c.id == who)).first():
        mine = list(tx.connection.execute(select(table.c.id).where(table.c.customer_id == who)).scalars())
        once = select(handoffs.c.conversation_id).where(handoffs.c.customer_id == who).distinct()
        shared = [each for each in tx.connection.execute(once).scalars() if each not in mine]
        return Subject(who, mine, _open_codes(tx, mine), shared)
    if tx.connection.execute(select(table.c.id).where(table.c.id == who)).first():
        return Subject(None, [who], _open_codes(tx, [who]))
    return None


def who_wrote(tx: Transaction, conversation_ids: Sequence[str]) -> list[Subject]:
    """Each of these conversations, with the customer it belongs to."""
    table = tables.conversations
    query = select(table.c.id, table.c.customer_id).where(table.c.id.in_(conversation_ids)).order_by(table.c.id)
    return [Subject(row.customer_id, [row.id]) for row in tx.connection.execute(query)]


def export(tx: Transaction, subject: Subject) -> Json:
    """Everything of theirs that is kept here, by table. Files are named; their bytes lie in the data directory."""
    found: Json = {name: _rows(tx, tables.metadata.tables[name], subject.conversations) for name in EXPORTED}
    query = select(tables.customers).where(tables.customers.c.id == subject.customer_id)
    found["customers"] = [dict(row) for row in tx.connection.execute(query).mappings()]
    return found


def traces(tx: Transaction, conversation_ids: Sequence[str]) -> Traces:
    """What must go besides the rows; read before them."""
    files, threads, handoffs = tables.files, tables.slack_threads, tables.handoffs
    mine = tx.connection.execute(select(files.c.id).where(files.c.conversation_id.in_(conversation_ids)))
    told = select(threads.c.channel, threads.c.ts).where(
        threads.c.conversation_id.in_(conversation_ids), threads.c.ts.is_not(None)
    )
    places = tables.slack_places
    stood = (
        select(places.c.channel, places.c.ts)
        .join(handoffs, handoffs.c.id == places.c.handoff_id)
        .where(handoffs.c.conversation_id.in_(conversation_ids))
    )
    codes = select(handoffs.c.code).where(handoffs.c.conversation_id.in_(conversation_ids))
    return Traces(
        list(mine.scalars()),
        [Thread(row.channel, row.ts) for query in (told, stood) for row in tx.connection.execute(query)],
        list(tx.connection.execute(codes).scalars()),
    )


def erase(tx: Transaction, subject: Subject) -> dict[str, int]:
    """Delete every row of these conversations, and the customer; how many rows of which table."""
    counted = erase_inbox(tx, subject.conversations)
    for table in reversed(tables.metadata.sorted_tables):
        condition = belongs_to(table, subject.conversations)
        if condition is not None:
            counted[table.name] = tx.connection.execute(delete(table).where(condition)).rowcount
    if subject.customer_id is not None:
        ordered = tables.data_orders.c.customer_id == subject.customer_id
        tx.connection.execute(update(tables.data_orders).where(ordered).values(customer_id=None))
        of_theirs = tables.handoffs.c.customer_id == subject.customer_id
        tx.connection.execute(update(tables.handoffs).where(of_theirs).values(customer_id=None))
        theirs = tables.verifications.c.customer_id == subject.customer_id
        counted["verifications"] += tx.connection.execute(delete(tables.verifications).where(theirs)).rowcount
        counted["customers"] = erase_customers(tx, tables.customers.c.id == subject.customer_id)
    return {name: rows for name, rows in counted.items() if rows}


def belongs_to(table: Table, conversation_ids: Sequence[str]) -> ColumnElement[bool] | None:
    """What in this table is of these conversations; None where nothing can be."""
    if table is tables.conversations:
        return table.c.id.in_(conversation_ids)
    if "conversation_id" in table.c:
        return table.c.conversation_id.in_(conversation_ids)
    if "handoff_id" in table.c:
        theirs = select(tables.handoffs.c.id).where(tables.handoffs.c.conversation_id.in_(conversation_ids))
        return table.c.handoff_id.in_(theirs)
    return None


def _rows(tx: Transaction, table: Table, conversation_ids: Sequence[str]) -> list[Json]:
    mine = table.c.id if table is tables.conversations else table.c.conversation_id
    query = select(table).where(mine.in_(conversation_ids)).order_by(*table.primary_key)
    return [dict(row) for row in tx.connection.execute(query).mappings()]


def erase_inbox(tx: Transaction, conversation_ids: Sequence[str]) -> dict[str, int]:
    """What Telegram and Slack brought of these conversations, in the platforms' own shapes."""
    chats, inbox = telegram_chats, tables.inbox
    query = select(chats.c.chat_id).where(chats.c.conversation_id.in_(conversation_ids))
    chat_ids = set(tx.connection.execute(query).scalars())
    threads = {each.ts for each in traces(tx, conversation_ids).threads}
    if not chat_ids and not threads:
        return {"inbox": 0}
    rows = tx.connection.execute(select(inbox.c.id, inbox.c.source, inbox.c.payload)).all()
    mine = [
        row.id
        for row in rows
        if (_chat_of(row.payload) in chat_ids if row.source == "telegram" else row.payload.get("thread_ts") in threads)
    ]
    return {"inbox": tx.connection.execute(delete(inbox).where(inbox.c.id.in_(mine))).rowcount}


def _chat_of(update_: Json) -> int | None:
    for kind in ("message", "edited_message", "my_chat_member"):
        if isinstance(told := update_.get(kind), dict):
            return told.get("chat", {}).get("id")  # type: ignore[no-any-return]
    pressed = update_.get("callback_query") or {}
    return (pressed.get("message") or {}).get("chat", {}).get("id") or (pressed.get("from") or {}).get("id")


def erase_customers(tx: Transaction, which: ColumnElement[bool]) -> int:
    """Those of them about whom nothing is kept any more."""
    about = [
        select(table.c.customer_id).where(table.c.customer_id.is_not(None))
        for table in (tables.conversations, tables.handoffs, tables.verifications)
    ]
    statement = delete(tables.customers).where(which, *(tables.customers.c.id.not_in(query) for query in about))
    return tx.connection.execute(statement).rowcount


def _open_codes(tx: Transaction, conversation_ids: Sequence[str]) -> list[str]:
    table = tables.handoffs
    query = select(table.c.code).where(table.c.conversation_id.in_(conversation_ids), table.c.status.in_(OPEN))
    return list(tx.connection.execute(query).scalars())
