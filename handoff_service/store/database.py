"""The one way into the record: `Store.run(use_case, …)`, one transaction each, off the event loop."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from handoff_service.crash_points import reached
from handoff_service.observability import instruments
from handoff_service.store.fanout import Fanout
from handoff_service.switchboard.hub import Event, Hub
from handoff_service.switchboard.rules.roster import Roster

BUSY_SECONDS = 5
READERS = 4
POSTGRES_WORKERS = 8
TRIES_IN_A_RACE = 4
SERIALIZATION_FAILURE, DEADLOCK_DETECTED = "40001", "40P01"

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")
Clock = Callable[[], datetime]


class StoreUnavailable(Exception):
    """Nothing could be stored or read: disk full, database gone. Whoever asked must be told to try again."""


class SecondProcess(Exception):
    """Another service already works on this SQLite file."""


@dataclass
class Transaction:
    """What a use-case gets: the connection, the time, who works when, and where it leaves word of what it changed."""

    connection: Connection
    now: datetime
    roster: Roster = field(default_factory=Roster)
    told: dict[Event, None] = field(default_factory=dict)

    def tell(self, event_: Event) -> None:
        """Published after the commit, never before."""
        self.told[event_] = None


def utc_now() -> datetime:
    """The time of the machine, aware, in UTC."""
    return datetime.now(UTC)


class Store:
    """Runs use-cases: on SQLite by a single writer thread, on PostgreSQL by a pool."""

    def __init__(self, url: str, hub: Hub, clock: Clock = utc_now, roster: Roster | None = None) -> None:
        self._roster = roster or Roster()
        self._sqlite = url.startswith("sqlite")
        self._lock = _only_process(make_url(url).database or "") if self._sqlite else None
        self._writes = _engine(url, begin="BEGIN IMMEDIATE")
        self._reads = _engine(url, begin="BEGIN") if self._sqlite else _of_one_moment(self._writes)
        self._writer = ThreadPoolExecutor(1 if self._sqlite else POSTGRES_WORKERS, "store-writer")
        self._reader = ThreadPoolExecutor(READERS, "store-reader") if self._sqlite else self._writer
        self._hub = hub
        self.fanout = None if self._sqlite else Fanout(url, hub)
        self._clock = clock

    async def run(self, use_case: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The use-case's result, committed; whatever it told is published. Raises `StoreUnavailable`."""
        loop = asyncio.get_running_loop()
        result, told = await loop.run_in_executor(
            self._writer, lambda: self._transact(self._writes, use_case, args, kwargs)
        )
        for event_ in told:
            self._hub.publish(event_)
        return result  # type: ignore[no-any-return]

    async def pass_on(self, event_: Event) -> None:
        """Publish what is never stored (somebody is typing), on every replica. Lost without a word where that fails."""
        if self.fanout is None:
            self._hub.publish(event_)
            return
        with suppress(StoreUnavailable):
            await self.run(lambda tx: tx.tell(event_))

    async def read(self, query: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Like `run` for what changes nothing; doesn't wait for the writer."""
        loop = asyncio.get_running_loop()
        result, _ = await loop.run_in_executor(self._reader, lambda: self._transact(self._reads, query, args, kwargs))
        return result  # type: ignore[no-any-return]

    def close(self) -> None:
        """Let what runs end, then release the file."""
        self._writer.shutdown(wait=True)
        self._reader.shutdown(wait=True)
        self._writes.dispose()
        self._reads.dispose()
        if self._lock is not None:
            self._lock.close()

    def _transact(self, engine: Engine, use_case: Any, args: Any, kwargs: Any) -> tuple[Any, dict[Event, None]]:
        """One transaction; a use-case that lost a race to another process runs again and sees what that one wrote."""
        for tries_left in reversed(range(TRIES_IN_A_RACE)):
            try:
                return self._transact_once(engine, use_case, args, kwargs)
            except (IntegrityError, OperationalError) as error:
                if tries_left and _lost_a_race(error):
                    continue
                if isinstance(error, IntegrityError):
                    raise
                instruments.store_failures.inc()
                log.warning("store_failed", error=type(error.orig).__name__, sqlstate=_state_of(error))
                raise StoreUnavailable(type(error.orig).__name__) from error
        raise AssertionError("unreachable")

    def _transact_once(self, engine: Engine, use_case: Any, args: Any, kwargs: Any) -> tuple[Any, dict[Event, None]]:
        with instruments.commit_seconds.time(), engine.begin() as connection:
            transaction = Transaction(connection, self._clock(), self._roster)
            result = use_case(transaction, *args, **kwargs)
            if self.fanout is not None and transaction.told:
                self.fanout.announce(connection, transaction.told)
            if engine is self._writes:
                reached("before commit", use_case)
        if engine is self._writes:
            reached("after commit", use_case)
        return result, transaction.told


def read_once(url: str, query: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a command reads beside a service that may be running; it writes nothing and takes no lock."""
    engine = _engine(url, begin="BEGIN")
    try:
        with engine.begin() as connection:
            return query(Transaction(connection, utc_now()), *args, **kwargs)
    finally:
        engine.dispose()


def write_once(url: str, use_case: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a command writes beside a service that may be running: one transaction, which waits its turn."""
    engine = _engine(url, begin="BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            return use_case(Transaction(connection, utc_now()), *args, **kwargs)
    finally:
        engine.dispose()


def empty_log(url: str) -> bool:
    """Leave nothing of what was deleted in SQLite's log; False while somebody still reads in it."""
    if not url.startswith("sqlite"):
        return True
    engine = _engine(url, begin="BEGIN")
    connection = engine.raw_connection()
    try:
        busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return busy is not None and busy[0] == 0
    finally:
        connection.close()
        engine.dispose()


def _lost_a_race(error: DBAPIError) -> bool:
    """A row that another transaction was faster to write, or a deadlock that PostgreSQL ended."""
    return isinstance(error, IntegrityError) or _state_of(error) in (SERIALIZATION_FAILURE, DEADLOCK_DETECTED)


def _state_of(error: DBAPIError) -> str | None:
    """PostgreSQL's five letters for what went wrong; None on SQLite and where the connection broke."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def _engine(url: str, begin: str) -> Engine:
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


def _of_one_moment(engine: Engine) -> Engine:
    """For reading: all queries of a transaction see the same state, as they do on SQLite."""
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _only_process(database: str) -> IO[str] | None:
    if database in ("", ":memory:"):
        return None
    path = Path(database)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = open(path.with_suffix(".lock"), "w")  # noqa: SIM115  (held for the life of the process)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise SecondProcess(
            f"Another service is already working on {path}. SQLite carries one process; "
            "stop the other one, or set DATABASE_URL to PostgreSQL for several."
        ) from None
    return lock
