"""Several replicas take from one inbox and write about one conversation: in order, and none waits for the other."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Column, insert, select

from handoff_service.channels.telegram import delivery
from handoff_service.channels.telegram.tables import telegram_chats, telegram_messages
from handoff_service.store import tables
from handoff_service.store.database import Transaction, write_once
from handoff_service.store.migrate import upgrade
from handoff_service.switchboard import conversations, inbox, receiving
from handoff_service.switchboard.inbox import Incoming, NotNow
from handoff_service.words import load_words
from tests.doubles import postgres
from tests.handoff_service.conftest import DATABASES

AT_ONCE = 3.0  # seconds; PostgreSQL looks for a deadlock after one
CHAT = 4711


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('inbox') / 'inbox.db'}"
    else:
        address = new_postgres(request)
    upgrade(address)
    return address


@pytest.fixture
def shared(request: pytest.FixtureRequest) -> str:
    """A database on which several may write at the same time."""
    address = new_postgres(request)
    upgrade(address)
    return address


def new_postgres(request: pytest.FixtureRequest) -> str:
    return postgres.new_database(request.getfixturevalue("postgres_server"), f"order-{uuid.uuid4().hex[:8]}")


def column(url: str, of: Column[Any]) -> list[Any]:
    """All values of a column as they stand."""
    return list(write_once(url, lambda tx: tx.connection.execute(select(of)).scalars().all()))


def brought(url: str, *senders: str | None) -> list[Incoming]:
    """What one platform brought, one of each sender named, in this order."""

    def keep(tx: Transaction) -> list[Incoming]:
        for number, sender in enumerate(senders):
            assert inbox.keep(tx, "telegram", f"u{number}", {"n": number}, sender)
        return inbox.waiting(tx, "telegram")

    return list(write_once(url, keep))


def test_a_sender_s_updates_are_taken_in_order_and_once(url: str) -> None:
    first, second, other = brought(url, "7", "7", "8")
    with pytest.raises(NotNow):
        write_once(url, inbox.take, second)
    write_once(url, inbox.take, other)
    write_once(url, inbox.take, first)
    write_once(url, inbox.take, second)
    for each in (first, second, other):
        with pytest.raises(NotNow):
            write_once(url, inbox.take, each)


def test_what_failed_silences_nobody_and_who_has_no_sender_keeps_no_order(url: str) -> None:
    failing, behind, _, last = brought(url, "7", "7", None, None)
    write_once(url, inbox.failed, failing, "ValueError")
    write_once(url, inbox.take, behind)
    write_once(url, inbox.take, last)


@contextmanager
def meanwhile(url: str, use_case: Callable[[Transaction], Any]) -> Iterator[Callable[[], None]]:
    """Another replica's transaction that has done this, and commits when told to."""
    done, go_on = Event(), Event()

    def hold(tx: Transaction) -> None:
        use_case(tx)
        done.set()
        assert go_on.wait(30)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(write_once, url, hold)
        assert done.wait(10)
        try:
            yield go_on.set
        finally:
            go_on.set()
            holding.result(10)


@pytest.mark.postgres
def test_while_one_replica_handles_an_update_the_other_leaves_it_and_the_next(shared: str) -> None:
    first, second = brought(shared, "7", "7")
    with meanwhile(shared, lambda tx: inbox.take(tx, first)), ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(write_once, shared, inbox.take, each) for each in (first, second)]
        for each in tries:
            with pytest.raises(NotNow):
                each.result(AT_ONCE)
    write_once(shared, inbox.take, second)


def opened(url: str) -> str:
    """A conversation on Telegram whose customer asked for a person, with a sending whose answer was lost."""
    words = load_words("Alborada")

    def open_(tx: Transaction) -> str:
        conversation = conversations.open_conversation(tx, "telegram", "es", str(CHAT))
        delivery.open_chat(tx, conversation.id, CHAT)
        receiving.receive(tx, words, conversation.id, "hola", "/human", "c1")
        return conversation.id

    conversation_id: str = write_once(url, open_)
    call = write_once(url, delivery.next_call, conversation_id)
    write_once(url, delivery.in_doubt, call)
    write_once(url, lambda tx: tx.connection.execute(telegram_chats.update().values(due_at=tx.now)))
    return conversation_id


@pytest.mark.postgres
def test_a_sender_and_a_receiver_of_one_chat_never_wait_for_each_other(shared: str) -> None:
    conversation_id = opened(shared)
    sending: list[Future[Any]] = []
    with ThreadPoolExecutor(1) as pool:

        def receive(tx: Transaction) -> None:
            conversations.load(tx, conversation_id)
            sending.append(pool.submit(write_once, shared, delivery.next_call, conversation_id))
            with pytest.raises(TimeoutError):
                sending[0].result(0.5)  # it waits for the conversation; what it holds meanwhile we must not need
            delivery.unblocked(tx, conversation_id)

        write_once(shared, receive)
        assert sending[0].result(AT_ONCE) is not None


@pytest.mark.postgres
def test_noting_something_of_a_conversation_does_not_wait_for_who_changes_it(shared: str) -> None:
    conversation_id = opened(shared)
    row = {"conversation_id": conversation_id, "seq": 1, "part": 0, "message_id": 9}

    def note(tx: Transaction) -> None:
        tx.connection.execute(insert(telegram_messages).values(**row))

    with meanwhile(shared, lambda tx: conversations.load(tx, conversation_id)), ThreadPoolExecutor(1) as pool:
        pool.submit(write_once, shared, note).result(AT_ONCE)
    assert column(shared, telegram_messages.c.message_id) == [9]


def test_every_replica_sees_what_waits_and_a_repeat_is_none(url: str) -> None:
    waiting = brought(url, "7", "8")
    assert not write_once(url, inbox.keep, "telegram", "u1", {"n": 1}, "8")
    assert write_once(url, inbox.waiting, "telegram") == waiting
    assert column(url, tables.inbox.c.sender) == ["7", "8"]
