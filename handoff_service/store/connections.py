"""How the database is reached: by a pool on PostgreSQL, by one connection per thread on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

BUSY_SECONDS = 5
POSTGRES_WORKERS = 8


class Source:
    """Where transactions begin."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Committed at the end of the block, or taken back where it raises."""
        with self._engine.begin() as connection:
            yield connection

    def for_reading(self) -> Source:
        """The same server; all queries of a transaction see the same state, as they do on SQLite."""
        return Source(self._engine.execution_options(isolation_level="REPEATABLE READ"))

    def close(self) -> None:
        """Let all connections go."""
        self._engine.dispose()


class KeptSource(Source):
    """Each thread keeps its connection: fetching one anew takes longer than what is done with it on SQLite."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._mine = threading.local()
        self._all: list[Connection] = []

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """As ever; a connection that failed, or was left within a transaction, is not used again."""
        connection: Connection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = self._engine.connect()
            self._all.append(connection)
        try:
            with connection.begin():
                yield connection
        except Exception as error:
            if isinstance(error, SQLAlchemyError) or _is_in_transaction(connection):
                self._mine.connection = None
                self._all.remove(connection)
                connection.invalidate()
                connection.close()
            raise

    def close(self) -> None:
        """Let all connections go; call it when no thread uses one any more."""
        for connection in self._all:
            connection.close()
        super().close()


def _is_in_transaction(connection: Connection) -> bool:
    driver: Any = connection.connection.driver_connection
    return bool(driver.in_transaction)


def new_engine(url: str, begin: str) -> Engine:
    """Ready for use; on SQLite transactions begin with these words. Values never reach a log."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=POSTGRES_WORKERS, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
