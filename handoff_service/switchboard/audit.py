"""Who read, took, resolved, exported, erased, revoked: rows that are only ever added, each bound to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import RowMapping, insert, select, text

from handoff_service.store.database import Transaction
from handoff_service.store.tables import audit
from handoff_service.switchboard.rules.handoff import Agent

FIRST = "0" * 64  # what the first row holds in place of a hash before it
READ_AGAIN_AFTER = timedelta(minutes=10)  # a console that looks again and again reads once
_LOCK = 0x61756469  # on PostgreSQL the chain grows by one transaction at a time
_PAGE = 1_000


class Action(StrEnum):
    """What is written down."""

    READ = "read"
    TOOK = "took"
    RESOLVED = "resolved"
    EXPORTED = "exported"
    ERASED = "erased"
    LIFTED_PAUSE = "lifted_pause"
    REVOKED = "revoked"
    RESTORED = "restored"


@dataclass(frozen=True)
class Entry:
    """One row. `target` is an id (`handoff:…`, `conversation:…`, `customer:…`), or `agent:` with the name agents go by;

    never a customer's name, and never a word of anybody.
    """

    number: int
    at: datetime
    actor: str
    role: str
    desk: str
    action: str
    target: str
    previous: str
    digest: str

    def digest_of_content(self) -> str:
        """What `digest` must be."""
        content = {name: value for name, value in asdict(self).items() if name != "digest"}
        content["at"] = self.at.isoformat()
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Verified:
    """What was found: how many rows, the last one's digest, and where the chain breaks, if it does."""

    rows: int
    head: str
    broken_at: int | None = None


def record(tx: Transaction, agent: Agent, action: Action, target: str, role: str = "") -> None:
    """Add a row, in the transaction of what it tells about: both or neither."""
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    newest = select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)
    last = tx.connection.execute(newest).first()
    number, previous = (last.number + 1, last.digest) if last is not None else (1, FIRST)
    role = role or ("supervisor" if agent.supervisor else "agent")
    bare = Entry(number, tx.now, agent.name, role, agent.desk, action.value, target, previous, "")
    tx.connection.execute(insert(audit).values({**asdict(bare), "digest": bare.digest_of_content()}))


def record_of_operator(tx: Transaction, operator: str, action: Action, target: str) -> None:
    """The same for what whoever runs the service did by a command."""
    record(tx, Agent(operator, "command line"), action, target, "operator")


def record_reading(tx: Transaction, agent: Agent, target: str) -> None:
    """The same for a transcript that was opened; not again within ten minutes."""
    query = select(audit.c.number).where(
        audit.c.target == target,
        audit.c.actor == agent.name,
        audit.c.desk == agent.desk,
        audit.c.action == Action.READ.value,
        audit.c.at > tx.now - READ_AGAIN_AFTER,
    )
    if tx.connection.execute(query.limit(1)).first() is None:
        record(tx, agent, Action.READ, target)


def entries(tx: Transaction) -> Iterator[Entry]:
    """All rows from the first."""
    last = 0
    while True:
        query = select(audit).where(audit.c.number > last).order_by(audit.c.number).limit(_PAGE)
        rows = tx.connection.execute(query).mappings().all()
        yield from map(_from_row, rows)
        if len(rows) < _PAGE:
            return
        last = rows[-1]["number"]


def verify(tx: Transaction, known_head: str | None = None) -> Verified:
    """Whether nothing was changed, left out or put in. A cut at the end shows only against a head noted elsewhere:

    `known_head` must then be one of the digests.
    """
    rows, head, seen = 0, FIRST, known_head is None
    for entry in entries(tx):
        rows += 1
        if (entry.number, entry.previous, entry.digest) != (rows, head, entry.digest_of_content()):
            return Verified(rows - 1, head, broken_at=rows)
        head = entry.digest
        seen = seen or head == known_head
    return Verified(rows, head, broken_at=None if seen else rows + 1)


def _from_row(row: RowMapping) -> Entry:
    return Entry(**row)
