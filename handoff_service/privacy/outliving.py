"""What has outlived its period: which, and how its words go while the figures stay."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update

from handoff_service.privacy import records
from handoff_service.store import tables
from handoff_service.store.database import Transaction
from handoff_service.switchboard.handoffs import new_code

GONE = "gone-"  # begins the id of what is left for the figures, which leads back to nobody

Json = dict[str, Any]


@dataclass(frozen=True)
class Due:
    """What retention would take now."""

    conversations: Sequence[str] = ()
    files: Sequence[str] = ()
    inbox: int = 0
    held: int = 0
    complaints: int | None = None  # conversations held by a complaint that is on file; None where that is not known


def leave_figures(tx: Transaction, conversation_id: str) -> None:
    """Take every word and every way back to the person out of a conversation; what is counted stays."""
    records.erase_inbox(tx, [conversation_id])
    table = tables.conversations
    row = dict(tx.connection.execute(select(table).where(table.c.id == conversation_id)).mappings().one())
    pseudonym = GONE + secrets.token_urlsafe(16)
    bare = {"id": pseudonym, "address": None, "customer_id": None, "paused_until": None, "pause_told_at": None}
    tx.connection.execute(insert(table).values({**row, **bare}))
    wordless: dict[str, Json] = {
        "messages": dict.fromkeys(("payload", "buttons", "attachments", "client_id", "turn_id")) | {"text": ""},
        "handoffs": {"summary": "", "customer_id": None, "told": None},
        "events": {},
        "surveys": {"comment_seq": None},
    }
    for name, values in wordless.items():
        moved = tables.metadata.tables[name]
        mine = moved.c.conversation_id == conversation_id
        tx.connection.execute(update(moved).where(mine).values(conversation_id=pseudonym, **values))
    customers_words = (tables.messages.c.conversation_id == pseudonym) & (tables.messages.c.author == "customer")
    tx.connection.execute(update(tables.messages).where(customers_words).values(name=None))
    of_it = tables.handoffs.c.conversation_id == pseudonym
    handoff_ids = list(tx.connection.execute(select(tables.handoffs.c.id).where(of_it)).scalars())
    for handoff_id in handoff_ids:
        mine = tables.handoffs.c.id == handoff_id
        tx.connection.execute(update(tables.handoffs).where(mine).values(code=new_code()))
    for told in (tables.slack_messages, tables.slack_places):
        tx.connection.execute(delete(told).where(told.c.handoff_id.in_(handoff_ids)))
    for each in reversed(tables.metadata.sorted_tables):
        condition = records.belongs_to(each, [conversation_id])
        if condition is not None:
            tx.connection.execute(delete(each).where(condition))
    records.erase_customers(tx, tables.customers.c.id == row["customer_id"])


def due(tx: Transaction, conversations_days: int, files_days: int, inbox_days: int) -> Due:
    """What has outlived its period. An open handoff holds its conversation, with its files."""
    held = select(tables.handoffs.c.conversation_id).where(tables.handoffs.c.status.in_(records.OPEN))
    table, files = tables.conversations, tables.files
    old: Sequence[str] = ()
    old_files: Sequence[str] = ()
    n_held = 0
    if conversations_days:
        last = select(func.max(tables.messages.c.sent_at)).where(tables.messages.c.conversation_id == table.c.id)
        newest = func.coalesce(last.scalar_subquery(), table.c.created_at)
        outlived = select(table.c.id).where(
            newest < _before(tx, conversations_days), table.c.created_at < _before(tx, conversations_days)
        )
        outlived = outlived.where(~table.c.id.startswith(GONE))
        old = tuple(tx.connection.execute(outlived.where(table.c.id.not_in(held)).order_by(table.c.id)).scalars())
        n_held = len(tx.connection.execute(outlived.where(table.c.id.in_(held))).all())
    if files_days:
        lying = select(files.c.id).where(
            files.c.created_at < _before(tx, files_days), files.c.conversation_id.not_in(held)
        )
        old_files = tuple(tx.connection.execute(lying).scalars())
    handled = select(func.count()).select_from(tables.inbox).where(_handled_before(tx, inbox_days))
    return Due(old, old_files, tx.connection.execute(handled).scalar_one(), n_held)


def drop_files(tx: Transaction, file_ids: Sequence[str]) -> None:
    """Forget these files; the messages they came with keep their words."""
    gone = set(file_ids)
    where = select(tables.files.c.conversation_id).where(tables.files.c.id.in_(file_ids)).distinct()
    for conversation_id in tx.connection.execute(where).scalars().all():
        _detach(tx, conversation_id, gone)
    tx.connection.execute(delete(tables.files).where(tables.files.c.id.in_(file_ids)))


def drop_inbox(tx: Transaction, days: int) -> int:
    """Delete what platforms sent, once it was handled and is too old to come again."""
    return tx.connection.execute(delete(tables.inbox).where(_handled_before(tx, days))).rowcount


def _detach(tx: Transaction, conversation_id: str, gone: set[str]) -> None:
    messages = tables.messages
    mine = messages.c.conversation_id == conversation_id
    query: Select[Any] = select(messages.c.seq, messages.c.attachments).where(mine)
    for seq, attachments in tx.connection.execute(query).all():
        kept = [each for each in attachments or () if each["id"] not in gone]
        if len(kept) != len(attachments or ()):
            statement = update(messages).where(mine, messages.c.seq == seq)
            tx.connection.execute(statement.values(attachments=kept or None))


def _handled_before(tx: Transaction, days: int) -> ColumnElement[bool]:
    return tables.inbox.c.handled_at < _before(tx, days)


def _before(tx: Transaction, days: int) -> datetime:
    return tx.now - timedelta(days=days)
