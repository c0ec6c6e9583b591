"""The inbox: what a platform sent is committed before the platform is told yes, and handled at leisure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.dialects import postgresql, sqlite

from handoff_service.observability import instruments
from handoff_service.store.database import Transaction
from handoff_service.store.tables import inbox

MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=1)
BATCH = 50


class NotNow(Exception):
    """Somebody else handles it, or must handle what came before it."""


@dataclass(frozen=True)
class Incoming:
    """Something a platform sent, in its own shape."""

    id: int
    external_id: str
    payload: dict[str, Any]
    received_at: datetime
    tries: int


def keep(tx: Transaction, source: str, external_id: str, payload: dict[str, Any], sender: str | None = None) -> bool:
    """Store it, once; whether it was new. What comes from one sender is to be handled in order."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(inbox)
        .values(
            source=source,
            external_id=external_id,
            sender=sender,
            payload=payload,
            received_at=tx.now,
            tries=0,
            due_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["source", "external_id"])
        .returning(inbox.c.id)
    )
    is_new = tx.connection.execute(statement).first() is not None
    if not is_new:
        instruments.duplicates.labels(source).inc()
    return is_new


def waiting(tx: Transaction, source: str) -> list[Incoming]:
    """What is due to be handled, in the order in which it came. Other replicas see the same: `take` decides."""
    columns = [inbox.c[name] for name in Incoming.__dataclass_fields__]
    query = (
        select(*columns)
        .where(inbox.c.source == source, inbox.c.handled_at.is_(None), inbox.c.due_at <= tx.now)
        .order_by(inbox.c.id)
        .limit(BATCH)
    )
    return [Incoming(**row) for row in tx.connection.execute(query).mappings()]


def take(tx: Transaction, incoming: Incoming) -> None:
    """It is this transaction's to carry out, and done with it.

    Raises `NotNow` if another replica has it or had it, or if something that this sender sent before still waits;
    what failed once may be overtaken, or one bad update would silence its sender.
    """
    columns = (inbox.c.id, inbox.c.source, inbox.c.sender)
    query = select(*columns).where(inbox.c.id == incoming.id, inbox.c.handled_at.is_(None))
    mine = tx.connection.execute(query.with_for_update(skip_locked=True)).mappings().first()
    if mine is None or (mine["sender"] is not None and _is_behind(tx, mine)):
        raise NotNow
    handled(tx, incoming)


def _is_behind(tx: Transaction, row: RowMapping) -> bool:
    same_sender = (inbox.c.source == row["source"]) & (inbox.c.sender == row["sender"])
    earlier = select(inbox.c.id).where(same_sender, inbox.c.id < row["id"], inbox.c.handled_at.is_(None))
    return tx.connection.execute(earlier.where(inbox.c.tries == 0).limit(1)).first() is not None


def handled(tx: Transaction, incoming: Incoming) -> None:
    """Done; call it in the transaction that carried it out."""
    tx.connection.execute(update(inbox).where(inbox.c.id == incoming.id).values(handled_at=tx.now))


def failed(tx: Transaction, incoming: Incoming, kind: str) -> bool:
    """Put it off for a while; after the last try it is set aside with its kind of failure. Whether it was set aside."""
    tries = incoming.tries + 1
    values: dict[str, Any] = {"tries": tries, "error": kind, "due_at": tx.now + FIRST_PAUSE * 2**incoming.tries}
    if tries >= MOST_TRIES:
        values["handled_at"] = tx.now
    tx.connection.execute(update(inbox).where(inbox.c.id == incoming.id).values(**values))
    return tries >= MOST_TRIES
