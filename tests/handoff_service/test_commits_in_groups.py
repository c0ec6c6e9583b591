"""On SQLite whoever waits for the writer is committed together; each is refused, or fails, by itself alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, func, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from handoff_service.store.database import Store, StoreUnavailable, Transaction
from handoff_service.store.grouping import MOST_TOGETHER
from handoff_service.store.migrate import upgrade
from handoff_service.store.tables import customers
from handoff_service.switchboard.hub import EVERYTHING, ConversationChanged, Hub


class Refused(Exception):
    """A use-case's own answer."""


@pytest.fixture
def commits() -> Iterator[list[Connection]]:
    """Every commit from now on."""
    seen: list[Connection] = []

    def note(connection: Connection) -> None:
        seen.append(connection)

    event.listen(Engine, "commit", note)
    yield seen
    event.remove(Engine, "commit", note)


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def store(tmp_path: Path, hub: Hub) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'relevo.db'}"
    upgrade(url)
    opened = Store(url, hub)
    yield opened
    opened.close()


def add(tx: Transaction, name: str) -> str:
    tx.connection.execute(insert(customers).values(id=name, created_at=tx.now))
    tx.tell(ConversationChanged(name))
    return name


def add_and_refuse(tx: Transaction, name: str) -> str:
    add(tx, name)
    raise Refused(name)


def names(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(select(customers.c.id).order_by(customers.c.id)).scalars())


async def behind_one(store: Store, *waiting: Awaitable[Any]) -> list[Any]:
    """What comes of those who all come while the writer is busy with somebody else."""
    busy, free = threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        busy.set()
        free.wait(10)

    holder = asyncio.ensure_future(store.run(hold))
    await asyncio.to_thread(busy.wait, 10)
    tasks = [asyncio.ensure_future(each) for each in waiting]
    await asyncio.sleep(0)  # all of them stand in the queue now
    free.set()
    await holder
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_who_waits_is_committed_together(store: Store, commits: list[Connection]) -> None:
    came = await behind_one(store, *(store.run(add, f"{n:02}") for n in range(20)))
    assert came == [f"{n:02}" for n in range(20)]
    assert len(commits) == 1 + 1  # the holder's and theirs
    assert await store.read(names) == came


async def test_a_group_has_an_end(store: Store, commits: list[Connection]) -> None:
    await behind_one(store, *(store.run(add, f"{n:03}") for n in range(MOST_TOGETHER + 1)))
    assert len(commits) == 1 + 2


async def test_one_that_refuses_takes_back_its_own_and_nothing_else(store: Store, hub: Hub) -> None:
    with hub.watch(EVERYTHING) as told:
        came = await behind_one(store, store.run(add, "a"), store.run(add_and_refuse, "b"), store.run(add, "c"))
        heard = [await told.next(), await told.next()]
        assert heard == [ConversationChanged("a"), ConversationChanged("c")]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(told.next(), 0.05)
    assert came[0] == "a" and isinstance(came[1], Refused) and came[2] == "c"
    assert await store.read(names) == ["a", "c"]


async def test_one_that_breaks_a_rule_of_the_database_costs_the_others_nothing(store: Store) -> None:
    came = await behind_one(store, store.run(add, "a"), store.run(add, "a"), store.run(add, "b"))
    assert came[0] == "a" and isinstance(came[1], IntegrityError) and came[2] == "b"
    assert await store.read(names) == ["a", "b"]


@pytest.mark.parametrize(
    "error", [OperationalError("COMMIT", None, Exception("disk I/O error")), ValueError("a mistake")]
)
async def test_where_the_common_commit_fails_each_is_written_once_by_itself(store: Store, error: Exception) -> None:
    fail_once = iter([True])

    def fail(connection: Connection) -> None:
        if connection.scalar(select(func.count()).select_from(customers)) and next(fail_once, False):
            raise error

    event.listen(Engine, "commit", fail)
    try:
        came = await behind_one(store, store.run(add, "a"), store.run(add, "b"))
    finally:
        event.remove(Engine, "commit", fail)
    assert came == ["a", "b"]
    assert next(fail_once, None) is None, "the common commit was to fail"
    assert await store.read(names) == ["a", "b"]


async def test_a_failed_database_is_told_to_each_and_used_again_once_it_is_back(store: Store) -> None:
    def fail(tx: Transaction) -> None:
        tx.connection.execute(text("SELECT * FROM nothing_of_this_name"))

    came = await behind_one(store, store.run(fail), store.run(add, "a"))
    assert isinstance(came[0], StoreUnavailable) and came[1] == "a"
    assert await store.run(add, "b") == "b"


async def test_who_gave_up_waiting_is_not_written(store: Store) -> None:
    given_up: list[asyncio.Future[str]] = []

    async def give_up() -> None:
        given_up.append(asyncio.ensure_future(store.run(add, "a")))
        await asyncio.sleep(0)
        given_up[0].cancel()

    await behind_one(store, give_up(), store.run(add, "b"))
    assert await store.read(names) == ["b"]


async def test_the_end_waits_for_what_was_asked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'relevo.db'}"
    upgrade(url)
    first = Store(url, Hub())
    waiting: list[asyncio.Future[str]] = [asyncio.ensure_future(first.run(add, f"{n:02}")) for n in range(5)]
    await asyncio.sleep(0)
    await asyncio.to_thread(first.close)
    await asyncio.gather(*waiting)
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(first.run(add, "too late"), 5)
    second = Store(url, Hub())
    stored = await second.read(names)
    second.close()
    assert stored == [f"{n:02}" for n in range(5)]
