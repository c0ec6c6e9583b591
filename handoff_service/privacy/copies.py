"""A customer's own copy of what is kept of them, to read and to take elsewhere: JSON, without the team's notes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Table, func, select

from handoff_service.privacy.records import Subject
from handoff_service.store import tables
from handoff_service.store.database import Transaction

Json = dict[str, Any]

MESSAGE = ("sent_at", "author", "name", "text", "intent", "frustration", "abuse", "edited_at")
CASE = ("code", "status", "reason", "topic", "agent", "opened_at", "claimed_at", "resolved_at", "outcome")
PROMISE = ("agent", "text", "due_on", "made_at", "kept_at")
SURVEY = ("asked_at", "score", "answered_at")
FILE = ("name", "mime", "size", "created_at")
PROOF = ("method", "verified_at", "expires_at")


def copy_for(tx: Transaction, subject: Subject, code: str, about: str) -> bytes:
    """The file's content. `about` says in the customer's language what it is and what isn't in it."""
    who = select(tables.customers).where(tables.customers.c.id == subject.customer_id)
    customer = [_plain(row, ("id", "name", "created_at")) for row in tx.connection.execute(who).mappings()]
    told: Json = {
        "about": about,
        "code": code,
        "made_at": tx.now,
        "customer": customer[0] if customer else None,
        "conversations": [_conversation(tx, each) for each in subject.conversations],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_as_text).encode()


def _conversation(tx: Transaction, conversation_id: str) -> Json:
    table = tables.conversations
    row = tx.connection.execute(select(table).where(table.c.id == conversation_id)).mappings().one()
    notes = select(func.count()).where(tables.notes.c.conversation_id == conversation_id)
    return {
        **_plain(row, ("channel", "language", "created_at")),
        "messages": [_message(each) for each in _of(tx, tables.messages, conversation_id, tables.messages.c.seq)],
        "cases": _plain_all(_of(tx, tables.handoffs, conversation_id, tables.handoffs.c.opened_at), CASE),
        "promises": _plain_all(_of(tx, tables.promises, conversation_id, tables.promises.c.made_at), PROMISE),
        "ratings": _plain_all(_of(tx, tables.surveys, conversation_id, tables.surveys.c.asked_at), SURVEY),
        "files": _plain_all(_of(tx, tables.files, conversation_id, tables.files.c.created_at), FILE),
        "proof_of_identity": _plain_all(
            _of(tx, tables.verifications, conversation_id, tables.verifications.c.verified_at), PROOF
        ),
        "internal_notes": tx.connection.execute(notes).scalar_one(),
    }


def _message(row: RowMapping) -> Json:
    if row["deleted_at"] is not None:
        return {"sent_at": row["sent_at"], "author": row["author"], "deleted_at": row["deleted_at"]}
    return {**_plain(row, MESSAGE), "files": [file["name"] for file in row["attachments"] or ()]}


def _of(tx: Transaction, table: Table, conversation_id: str, order: Any) -> Sequence[RowMapping]:
    query = select(table).where(table.c.conversation_id == conversation_id).order_by(order)
    return tx.connection.execute(query).mappings().all()


def _plain_all(rows: Sequence[RowMapping], names: Sequence[str]) -> list[Json]:
    return [_plain(row, names) for row in rows]


def _plain(row: RowMapping, names: Sequence[str]) -> Json:
    """These columns, without those that say nothing."""
    return {name: row[name] for name in names if row[name] is not None}


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
