"""Connections to the embedded backend's file: one per call, so that threads and processes share nothing else."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from actions.backend.interface import BackendUnavailableError
from actions.backend.sqlite.schema import MIGRATIONS, SCHEMA_VERSION, TOLD, TOLD_TABLES

BUSY_S = 1.5
OWNER_ONLY = 0o600


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a file that has the tables, closed afterwards. What SQLite refuses is BackendUnavailableError."""
    try:
        connection = _open(path)
        try:
            yield connection
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise BackendUnavailableError(f"the embedded backend failed: {type(error).__name__}") from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One writer at a time; everything in it happens or nothing does."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        _switch_to_wal(connection)
    if version < SCHEMA_VERSION:
        _migrate(connection)
    elif version > SCHEMA_VERSION:
        connection.close()
        raise BackendUnavailableError(f"{path.name} is of a newer version ({version}, not {SCHEMA_VERSION})")
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    """The tables as they are now, made once even if two processes come at the same time. What was filed is kept."""
    with transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version >= SCHEMA_VERSION:
            return
        for older in range(version, SCHEMA_VERSION):
            _execute_all(connection, MIGRATIONS[older])
        for table in TOLD_TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        _execute_all(connection, TOLD)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _execute_all(connection: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        connection.execute(statement)


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Tries again for a while: SQLite's busy time-out does not cover the switch while another process makes it."""
    give_up_at = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)
