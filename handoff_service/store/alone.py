"""What one replica at a time may do: held by a lock of PostgreSQL that dies with its holder's connection."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import structlog
from sqlalchemy.engine import make_url

LOOK_EVERY = 1.0  # seconds

log = structlog.get_logger()


class Alone:
    """Sees to it that a job runs in one replica only; on SQLite there is one process anyway."""

    def __init__(self, url: str) -> None:
        self._address = ""
        if not url.startswith("sqlite"):
            self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

    async def run(self, name: str, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do the job for ever, whenever it is this replica's turn; wait while another one does it."""
        while self._address:
            try:
                async with self._holding(name) as connection:
                    await _while_held(job, connection)
            except psycopg.Error as error:
                log.warning("turn_of_this_replica_lost", job=name, error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)
        await job()

    @asynccontextmanager
    async def _holding(self, name: str) -> AsyncIterator[psycopg.AsyncConnection]:
        """Wait for the lock, however long another replica lives; its connection is the lock."""
        key = zlib.crc32(f"relevo:{name}".encode())
        async with await psycopg.AsyncConnection.connect(self._address, autocommit=True) as connection:
            while not await _has_lock(connection, key):  # noqa: ASYNC110 - PostgreSQL tells nobody that it is free
                await asyncio.sleep(LOOK_EVERY)
            log.info("this_replica_works", job=name)
            yield connection


async def _while_held(job: Callable[[], Coroutine[Any, Any, None]], connection: psycopg.AsyncConnection) -> None:
    """Returns when the lock is lost; raises what the job raises."""
    working, watching = asyncio.create_task(job()), asyncio.create_task(_until_lost(connection))
    try:
        done, _ = await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
        if working in done:
            working.result()
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _has_lock(connection: psycopg.AsyncConnection, key: int) -> bool:
    row = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", (key,))).fetchone()
    return bool(row and row[0])


async def _until_lost(connection: psycopg.AsyncConnection) -> None:
    """Returns when the connection is gone."""
    while True:
        try:
            await connection.execute("SELECT 1")
        except psycopg.Error:
            return
        await asyncio.sleep(LOOK_EVERY)
