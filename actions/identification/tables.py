"""Where challenges and tries are kept: two tables, on SQLite or PostgreSQL, and every statement on them.

No code and no phone number stands in them, only keyed hashes; what is older than the window is deleted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import NullPool

from actions.identification.rules import CODE_LIFE_S, WINDOW_S

CONNECTIONS = 4
BUSY_S = 1.5
KEPT_S = WINDOW_S + CODE_LIFE_S  # a code of the window's start may have been tried within the window
OWNER_ONLY = 0o600
LOCK_SPACE = 0x49644E74  # keeps our advisory locks apart from those of others

metadata = sa.MetaData()

challenges = sa.Table(
    "identification_challenges",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("turn_id", sa.String(200), nullable=False, unique=True),
    sa.Column("conversation_id", sa.String(200), nullable=False, index=True),
    sa.Column("contact", sa.String(64), nullable=False, index=True),
    sa.Column("customer_id", sa.String(200), index=True),  # null where nobody was found
    sa.Column("code_hash", sa.String(64)),  # null where no code was sent: such a challenge can't be met
    sa.Column("created_at", sa.Float, nullable=False, index=True),
    sa.Column("closed", sa.Boolean, nullable=False),
)
tries = sa.Table(
    "identification_tries",
    metadata,
    sa.Column("turn_id", sa.String(200), primary_key=True),
    sa.Column("challenge_id", sa.ForeignKey(challenges.c.id), nullable=False, index=True),
    sa.Column("is_right", sa.Boolean, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)


def open_engine(database_url: str) -> Engine:
    """An engine whose tables exist."""
    url = make_url(database_url)
    engine = _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgresql_engine(url)
    with engine.begin() as connection:
        lock(connection, "tables")  # two processes that start together create them once
        metadata.create_all(connection)
    return engine


def lock(connection: Connection, name: str) -> None:
    """Keeps others with the same name waiting until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_SPACE, sa.func.hashtext(name))))


def challenge_of_turn(connection: Connection, turn_id: str) -> Mapping[str, Any] | None:
    return connection.execute(sa.select(challenges).where(challenges.c.turn_id == turn_id)).mappings().first()


def newest_challenge(connection: Connection, conversation_id: str) -> Mapping[str, Any] | None:
    query = sa.select(challenges).where(challenges.c.conversation_id == conversation_id)
    return connection.execute(query.order_by(challenges.c.created_at.desc()).limit(1)).mappings().first()


def try_of_turn(connection: Connection, turn_id: str) -> Mapping[str, Any] | None:
    return connection.execute(sa.select(tries).where(tries.c.turn_id == turn_id)).mappings().first()


def tries_of_challenge(connection: Connection, challenge_id: str) -> int:
    query = sa.select(sa.func.count()).select_from(tries).where(tries.c.challenge_id == challenge_id)
    return int(connection.execute(query).scalar_one())


def codes_sent(connection: Connection, since: float, which: Any) -> list[float]:
    """When challenges of this kind were made."""
    query = sa.select(challenges.c.created_at).where(which, challenges.c.created_at > since)
    return list(connection.execute(query).scalars())


def wrong_tries(connection: Connection, since: float, which: Any) -> list[float]:
    """When challenges of this kind were missed."""
    tried = sa.join(tries, challenges)
    query = sa.select(tries.c.at).select_from(tried).where(which, tries.c.at > since, tries.c.is_right.is_(False))
    return list(connection.execute(query).scalars())


def close(connection: Connection, *which: Any) -> None:
    """Nobody can meet these challenges any more."""
    connection.execute(sa.update(challenges).where(*which).values(closed=True))


def forget_old(connection: Connection, now: float) -> None:
    """What no rule asks for any more."""
    old = challenges.c.created_at < now - KEPT_S
    connection.execute(sa.delete(tries).where(tries.c.challenge_id.in_(sa.select(challenges.c.id).where(old))))
    connection.execute(sa.delete(challenges).where(old))


def _sqlite_engine(url: sa.engine.URL) -> Engine:
    """A connection per transaction, each of which takes the write lock at once."""
    if url.database:
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
    engine = sa.create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY_S, "isolation_level": None})

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: Any, _: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _immediately(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(url: sa.engine.URL) -> Engine:
    return sa.create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_S,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 2, "options": "-c statement_timeout=2000 -c lock_timeout=1500"},
    )
