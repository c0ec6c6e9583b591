"""The one way into the record: `Store.run(use_case, …)`, one transaction each, off the event loop."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from handoff_service.crash_points import reached
from handoff_service.observability import instruments
from handoff_service.store.connections import POSTGRES_WORKERS, KeptSource, Source, new_engine
from handoff_service.store.grouping import GroupingWriter, Outcome, Work
from handoff_service.switchboard.hub import Event, Hub
from handoff_service.switchboard.rules.roster import Roster

if TYPE_CHECKING:
    from handoff_service.store.fanout import Fanout

READERS = 4
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
    """Runs use-cases: on SQLite by a single writer, which commits in groups, on PostgreSQL by a pool."""

    def __init__(self, url: str, hub: Hub, clock: Clock = utc_now, roster: Roster | None = None) -> None:
        self._roster = roster or Roster()
        self._sqlite = url.startswith("sqlite")
        self._lock = _only_process(make_url(url).database or "") if self._sqlite else None
        kind = KeptSource if self._sqlite else Source
        self._writes = kind(new_engine(url, begin="BEGIN IMMEDIATE"))
        self._reads = kind(new_engine(url, begin="BEGIN")) if self._sqlite else self._writes.for_reading()
        self._group = GroupingWriter(self._commit) if self._sqlite else None
        self._threads = ThreadPoolExecutor(READERS if self._sqlite else POSTGRES_WORKERS, "store")
        self._hub = hub
        self.fanout: Fanout | None = None
        if not self._sqlite:
            from handoff_service.store.fanout import Fanout  # PostgreSQL's library need not load for SQLite

            self.fanout = Fanout(url, hub)
        self._clock = clock

    async def run(self, use_case: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The use-case's result, committed; whatever it told is published. Raises `StoreUnavailable`."""
        if self._group is not None:
            result, told = await self._group.run(use_case, args, kwargs)
        else:
            result, told = await self._in_thread(self._writes, use_case, args, kwargs)
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
        result, _ = await self._in_thread(self._reads, query, args, kwargs)
        return result  # type: ignore[no-any-return]

    def close(self) -> None:
        """Let what runs end, then release the file."""
        if self._group is not None:
            self._group.close()
        self._threads.shutdown(wait=True)
        self._writes.close()
        self._reads.close()
        if self._lock is not None:
            self._lock.close()

    async def _in_thread(self, source: Source, use_case: Any, args: Any, kwargs: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._transact, source, use_case, args, kwargs)

    def _transact(self, source: Source, use_case: Any, args: Any, kwargs: Any) -> tuple[Any, dict[Event, None]]:
        """One transaction; a use-case that lost a race to another process runs again and sees what that one wrote."""
        for tries_left in reversed(range(TRIES_IN_A_RACE)):
            try:
                return self._transact_once(source, use_case, args, kwargs)
            except (IntegrityError, OperationalError) as error:
                if tries_left and _lost_a_race(error):
                    continue
                if isinstance(error, IntegrityError):
                    raise
                instruments.store_failures.inc()
                log.warning("store_failed", error=type(error.orig).__name__, sqlstate=_state_of(error))
                raise StoreUnavailable(type(error.orig).__name__) from error
        raise AssertionError("unreachable")

    def _transact_once(self, source: Source, use_case: Any, args: Any, kwargs: Any) -> tuple[Any, dict[Event, None]]:
        with instruments.commit_seconds.time(), source.begin() as connection:
            result, told = self._apply(connection, use_case, args, kwargs)
            if self.fanout is not None and told:
                self.fanout.announce(connection, told)
            if source is self._writes:
                reached("before commit", use_case)
        if source is self._writes:
            reached("after commit", use_case)
        return result, told

    def _apply(self, connection: Connection, use_case: Any, args: Any, kwargs: Any) -> tuple[Any, dict[Event, None]]:
        transaction = Transaction(connection, self._clock(), self._roster)
        return use_case(transaction, *args, **kwargs), transaction.told

    def _commit(self, group: Sequence[Work]) -> Sequence[Outcome]:
        """All of it in one transaction; where that fails, nothing of it was stored, and each gets one of its own."""
        instruments.commit_size.observe(len(group))
        together = self._commit_together(group) if len(group) > 1 else None
        return together or [self._commit_alone(work) for work in group]

    def _commit_alone(self, work: Work) -> Outcome:
        try:
            return self._transact(self._writes, work.use_case, work.args, work.kwargs)
        except Exception as error:
            return error

    def _commit_together(self, group: Sequence[Work]) -> Sequence[Outcome] | None:
        try:
            with instruments.commit_seconds.time(), self._writes.begin() as connection:
                outcomes = [self._in_savepoint(connection, work) for work in group]
                done = [w.use_case for w, came in zip(group, outcomes, strict=True) if not isinstance(came, Exception)]
                for use_case in done:
                    reached("before commit", use_case)
        except Exception as error:
            log.warning("group_not_committed", error=type(error).__name__, size=len(group))
            return None
        for use_case in done:
            reached("after commit", use_case)
        return outcomes

    def _in_savepoint(self, connection: Connection, work: Work) -> Outcome:
        connection.exec_driver_sql("SAVEPOINT work")  # SQLAlchemy's own would be compiled anew each time
        outcome: Outcome
        try:
            outcome = self._apply(connection, work.use_case, work.args, work.kwargs)
        except SQLAlchemyError:  # what it did, and perhaps the whole transaction, can't be relied on
            raise
        except Exception as error:
            connection.exec_driver_sql("ROLLBACK TO work")
            outcome = error
        connection.exec_driver_sql("RELEASE work")
        return outcome


def read_once(url: str, query: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a command reads beside a service that may be running; it writes nothing and takes no lock."""
    engine = new_engine(url, begin="BEGIN")
    try:
        with engine.begin() as connection:
            return query(Transaction(connection, utc_now()), *args, **kwargs)
    finally:
        engine.dispose()


def write_once(url: str, use_case: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a command writes beside a service that may be running: one transaction, which waits its turn."""
    engine = new_engine(url, begin="BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            return use_case(Transaction(connection, utc_now()), *args, **kwargs)
    finally:
        engine.dispose()


def empty_log(url: str) -> bool:
    """Leave nothing of what was deleted in SQLite's log; False while somebody still reads in it."""
    if not url.startswith("sqlite"):
        return True
    engine = new_engine(url, begin="BEGIN")
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
