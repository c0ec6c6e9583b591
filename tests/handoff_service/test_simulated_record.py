"""The simulated day on a real record: nothing goes wrong, and what went wrong would be counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from handoff_service.simulated_record import COLLEAGUE, PARTS, Deed, Entry, Found, Record, part_of, play, together
from handoff_service.simulation import DAY, ROSTER, Day
from handoff_service.store import tables
from handoff_service.store.database import Store, Transaction
from handoff_service.store.migrate import upgrade
from handoff_service.switchboard.hub import Hub
from handoff_service.switchboard.rules.handoff import Agent, Priority

ANA = Agent("Ana")
NOON = DAY + timedelta(hours=12)
DEEDS = (Deed.ARRIVES, Deed.CLAIMS, Deed.REPLIES, Deed.WRITES, Deed.REPLIES, Deed.RESOLVES)
JOURNAL = [Entry(NOON + timedelta(seconds=30 * n), deed, 0, ANA, Priority.NORMAL) for n, deed in enumerate(DEEDS)]


def test_a_day_leaves_a_clean_record() -> None:
    day = Day(customers=40, agents=2, seed=4)
    day.run()
    found = play(day.journal, ROSTER, 4)
    assert found.customers == 40
    assert found.messages > 300
    assert found.is_clean, found


def test_the_parts_are_the_whole_day() -> None:
    day = Day(customers=60, agents=3, seed=2)
    day.run()
    parts = [part_of(day.journal, n) for n in range(PARTS)]
    assert sorted(map(len, parts)) == sorted(len(part) for part in parts if part)
    assert sum(map(len, parts)) == len(day.journal)
    assert together([Found(2, 10, 0, 1, 0, 0), Found(3, 5, 1, 0, 0, 2)]) == Found(5, 15, 1, 1, 0, 2)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    address = f"sqlite:///{tmp_path / 'day.db'}"
    upgrade(address)
    yield address


def _after(url: str, tamper: Callable[[Transaction], None] | None = None) -> Found:
    """What is found after a small day in which this happened behind the switchboard's back."""
    record = Record(url, ROSTER, seed=5)
    try:
        asyncio.run(record.play(JOURNAL))
    finally:
        record.close()
    if tamper is not None:
        store = Store(url, Hub(), roster=ROSTER)
        asyncio.run(store.run(tamper))
        store.close()
    record.reopen(url, ROSTER)
    try:
        return asyncio.run(record.found())
    finally:
        record.close()


def _messages(tx: Transaction, author: str) -> list[dict[str, Any]]:
    table = tables.messages
    query = select(table).where(table.c.author == author).order_by(table.c.seq)
    return [dict(row) for row in tx.connection.execute(query).mappings()]


def test_a_small_day_is_clean(url: str) -> None:
    assert _after(url).is_clean


def test_a_lost_message_is_counted(url: str) -> None:
    def lose(tx: Transaction) -> None:
        last = _messages(tx, "agent")[-1]
        tx.connection.execute(delete(tables.messages).where(tables.messages.c.seq == last["seq"]))

    assert _after(url, lose).lost > 0


def test_a_doubled_message_is_counted(url: str) -> None:
    def double(tx: Transaction) -> None:
        first, second = _messages(tx, "agent")
        again = update(tables.messages).where(tables.messages.c.seq == second["seq"])
        tx.connection.execute(again.values(text=first["text"]))

    assert _after(url, double).doubled == 1


def test_a_machine_that_speaks_over_a_person_is_counted(url: str) -> None:
    def speak(tx: Transaction) -> None:
        last = _messages(tx, "agent")[-1]
        again = update(tables.messages).where(tables.messages.c.seq == last["seq"])
        tx.connection.execute(again.values(author="assistant"))

    assert _after(url, speak).machine_words == 1


def test_a_case_that_two_have_is_counted(url: str) -> None:
    def take(tx: Transaction) -> None:
        table = tables.events
        claim = tx.connection.execute(select(table).where(table.c.kind == "agent_replied")).mappings().first()
        assert claim is not None
        twice = {**claim, "kind": "handoff_claimed", "data": {"agent": COLLEAGUE.name}}
        tx.connection.execute(update(table).where(table.c.id == claim["id"]).values(kind="handoff_claimed", data={}))
        twice.pop("id")
        tx.connection.execute(insert(table).values(**twice))

    assert _after(url, take).double_claims >= 1
