"""Where Rasa's memory lies: two tables, on SQLite or PostgreSQL, and every statement on them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import StaticPool

CONNECTIONS = 16
ANSWERS_KEPT_SECONDS = 2 * 24 * 3600
_LOCK_SPACE = 0x52656C65  # keeps our advisory locks apart from those of others

_metadata = sa.MetaData()

memory = sa.Table(
    "assistant_memory",
    _metadata,
    sa.Column("conversation_id", sa.String(200), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
)
turns = sa.Table(
    "assistant_turns",
    _metadata,
    sa.Column("turn_id", sa.String(200), primary_key=True),
    sa.Column("conversation_id", sa.String(200), nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("answered_at", sa.Float, nullable=False, index=True),
)


class MemoryChangedError(Exception):
    """Somebody else has saved this conversation or this turn meanwhile; nothing was written."""


@dataclass(frozen=True)
class Remembered:
    """A conversation as it is stored; version 0 is one that is not stored yet."""

    version: int
    events: str


@dataclass(frozen=True)
class RecordedTurn:
    """A turn that has been answered."""

    conversation_id: str
    answer: str


def open_engine(database_url: str) -> Engine:
    """An engine whose tables exist."""
    url = make_url(database_url)
    engine = _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgresql_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # two processes that start together create them once
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_SPACE)))
        _metadata.create_all(connection)
    return engine


def read_conversation(connection: Connection, conversation_id: str) -> Remembered:
    """The stored conversation, or an empty one of version 0."""
    row = connection.execute(
        sa.select(memory.c.version, memory.c.events).where(memory.c.conversation_id == conversation_id)
    ).first()
    return Remembered(row.version, row.events) if row else Remembered(0, "[]")


def read_keys(connection: Connection) -> list[str]:
    """The ids of all stored conversations."""
    return [row.conversation_id for row in connection.execute(sa.select(memory.c.conversation_id))]


def read_turn(connection: Connection, turn_id: str) -> RecordedTurn | None:
    """The recorded answer to a turn, if it has one."""
    row = connection.execute(
        sa.select(turns.c.conversation_id, turns.c.answer).where(turns.c.turn_id == turn_id)
    ).first()
    return RecordedTurn(row.conversation_id, row.answer) if row else None


def write_conversation(connection: Connection, conversation_id: str, version: int, events: str) -> None:
    """Store the conversation as the successor of `version`; refuse if that is no longer the stored one."""
    values = {"version": version + 1, "events": events, "updated_at": time.time()}
    if version == 0:
        _insert(connection, memory, {"conversation_id": conversation_id, **values})
        return
    changed = connection.execute(
        sa.update(memory)
        .where(memory.c.conversation_id == conversation_id, memory.c.version == version)
        .values(**values)
    )
    if changed.rowcount != 1:
        raise MemoryChangedError(f"conversation is past version {version}")


def write_turn(connection: Connection, turn_id: str, turn: RecordedTurn) -> None:
    """Record a turn's answer; refuse if it has one."""
    _insert(
        connection,
        turns,
        {
            "turn_id": turn_id,
            "conversation_id": turn.conversation_id,
            "answer": turn.answer,
            "answered_at": time.time(),
        },
    )


def forget_conversation(connection: Connection, conversation_id: str) -> int:
    """Delete the conversation and its answers; how many rows there were."""
    deleted = 0
    for table in (memory, turns):
        deleted += connection.execute(sa.delete(table).where(table.c.conversation_id == conversation_id)).rowcount
    return deleted


def empty_log(engine: Engine) -> None:
    """Leave nothing of what was deleted in SQLite's log; what is deleted in the file is overwritten anyway."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()


def drop_old_turns(connection: Connection) -> None:
    """Forget answers that nobody can ask for any more."""
    connection.execute(sa.delete(turns).where(turns.c.answered_at < time.time() - ANSWERS_KEPT_SECONDS))


def lock_conversation(connection: Connection, conversation_id: str, seconds: float) -> None:
    """Keep other processes away from the conversation until the transaction ends (PostgreSQL)."""
    connection.execute(sa.text(f"SET LOCAL lock_timeout = {int(seconds * 1000)}"))
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_SPACE, sa.func.hashtext(conversation_id))))


def _insert(connection: Connection, table: sa.Table, values: dict) -> None:
    try:
        connection.execute(sa.insert(table).values(**values))
    except sa.exc.IntegrityError as error:
        raise MemoryChangedError(f"{table.name} has this row already") from error


def _sqlite_engine(url: sa.engine.URL) -> Engine:
    """One connection, used by one thread; every transaction takes the write lock at once."""
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url, poolclass=StaticPool, connect_args={"check_same_thread": False, "timeout": 3, "isolation_level": None}
    )

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: object, _: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=3000", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    @sa.event.listens_for(engine, "begin")
    def _immediately(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(url: sa.engine.URL) -> Engine:
    return sa.create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3, "options": "-c statement_timeout=3000"},
    )
