"""The inbox: what a platform sent is committed before the platform is told yes, and handled at leisure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from handoff_service.observability import instruments
from handoff_service.store.database import Transaction
from handoff_service.store.tables import inbox

MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=1)
BATCH = 50


@dataclass(frozen=True)
class Incoming:
    """Something a platform sent, in its own shape."""

    id: int
    external_id: str
    payload: dict[str, Any]
    received_at: datetime
    tries: int


def keep(tx: Transaction, source: str, external_id: str, payload: dict[str, Any]) -> bool:
    """Store it, once; whether it was new."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(inbox)
        .values(
            source=source,
            external_id=external_id,
            payload=payload,
            received_at=tx.now,
            tries=0,
            due_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["source", "external_id"])
    )
    is_new = tx.connection.execute(statement).rowcount == 1
    if not is_new:
        instruments.duplicates.labels(source).inc()
    return is_new


def waiting(tx: Transaction, source: str) -> list[Incoming]:
    """What is due to be handled, in the order in which it came; claimed by this transaction on PostgreSQL."""
    columns = [inbox.c[name] for name in Incoming.__dataclass_fields__]
    query = (
        select(*columns)
        .where(inbox.c.source == source, inbox.c.handled_at.is_(None), inbox.c.due_at <= tx.now)
        .order_by(inbox.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return [Incoming(**row) for row in tx.connection.execute(query).mappings()]


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
