"""Several replicas, one chat: a dead sender holds it up for seconds, a slow one keeps it, a frozen one has lost it."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from handoff_service.channels.telegram.lease import LEASE, Lease, LeaseIsOver, holding, watch_leaving
from tests.doubles import postgres
from tests.doubles.service import Service
from tests.emulators.telegram.client import TelegramWorld
from tests.patience import patient

WITHIN = patient(25.0)
SECONDS = LEASE.total_seconds()
Replicas = tuple[Service, Service, TelegramWorld]


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture
def replicas(tmp_path: Path, postgres_server: str) -> Iterator[Replicas]:
    """The first one runs; whether and when the second one does is the test's."""
    url = postgres.new_database(postgres_server, f"lease-{uuid.uuid4().hex[:8]}")
    with TelegramWorld.in_thread() as world:
        settings = {"TELEGRAM_BOT_TOKEN": world.token, "TELEGRAM_API_URL": world.base_url, "DATABASE_URL": url}
        one, other = Service(tmp_path, **settings), Service(tmp_path, **settings)
        try:
            yield one.start(), other, world
        finally:
            one.stop()
            other.stop()


def sends(world: TelegramWorld, text: str) -> int:
    """How often this was sent, whatever became of it."""
    return sum(text in str(call) for call in world.calls("sendMessage"))


@pytest.mark.postgres
def test_a_chat_whose_sender_died_is_told_again_within_seconds(replicas: Replicas) -> None:
    one, other, world = replicas
    person = world.person("Rosa")
    world.faults.slow_answer(seconds=60, methods=["sendMessage"], times=1)
    person.writes("una pregunta de prueba")
    world.wait_until(lambda: bool(world.calls("sendMessage")), WITHIN, "the first sending")
    one.service.kill()
    other.start()
    person.chat.wait_for("eco: una pregunta de prueba", WITHIN)


@pytest.mark.postgres
def test_a_sender_keeps_its_chat_while_its_call_takes_long(replicas: Replicas) -> None:
    _, other, world = replicas
    other.start()
    person = world.person("Rosa")
    person.writes("antes de nada, un saludo")
    person.chat.wait_for("eco: antes de nada", WITHIN)
    world.faults.slow_answer(seconds=SECONDS + 3, methods=["sendMessage"], times=1)
    person.writes("una pregunta de prueba")
    person.chat.wait_for("eco: una pregunta de prueba", WITHIN)
    time.sleep(SECONDS + 5)
    assert world.faults.fired["slow_answer"] == 1
    assert sends(world, "eco: una pregunta de prueba") == 1


@pytest.mark.postgres
def test_a_frozen_sender_that_wakes_up_sends_and_records_nothing_more(replicas: Replicas) -> None:
    one, other, world = replicas
    person = world.person("Rosa")
    person.writes("antes de nada, un saludo")
    person.chat.wait_for("eco: antes de nada", WITHIN)
    world.faults.slow_answer(seconds=1, methods=["sendMessage"], times=1)
    person.writes("una pregunta de prueba")
    world.wait_until(lambda: sends(world, "eco: una pregunta") == 1, WITHIN, "the sending")
    assert one.service.child is not None
    os.kill(one.service.child.pid, signal.SIGSTOP)
    try:
        other.start()
        world.wait_until(lambda: sends(world, "eco: una pregunta") == 2, WITHIN, "the repetition")
    finally:
        os.kill(one.service.child.pid, signal.SIGCONT)
    person.writes("y otra cosa más")
    person.chat.wait_for("eco: y otra cosa más", WITHIN)
    time.sleep(2)
    assert sends(world, "eco: una pregunta") == 2
    assert sends(world, "eco: y otra cosa") == 1


def test_what_finds_its_lease_over_when_it_would_leave_does_not_leave() -> None:
    with TelegramWorld.in_thread() as world:
        person = world.person("Rosa")
        person.writes("hola")

        async def send(lease: Lease) -> None:
            request = HTTPXRequest(httpx_kwargs={"event_hooks": {"request": [watch_leaving]}, "trust_env": False})
            async with Bot(world.token, base_url=world.base_url, request=request) as bot:
                with holding(lease):
                    await bot.send_message(person.chat.id, "hola")

        asyncio.run(send(Lease([datetime.now(UTC) + LEASE])))
        with pytest.raises(NetworkError) as failed:
            asyncio.run(send(Lease([datetime.now(UTC)])))
        assert isinstance(failed.value.__cause__, LeaseIsOver)
        assert len(world.calls("sendMessage")) == 1


def test_a_lease_that_ends_while_the_connection_is_made_is_over_in_time() -> None:
    """The request is ready while it lasts, and would leave after it."""
    left: list[bytes] = []

    async def run() -> None:
        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            left.append(await reader.read(100))
            writer.close()

        server = await asyncio.start_server(take, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        lease = Lease([datetime.now(UTC) + LEASE])

        async def freeze(_: httpx.Request) -> None:
            lease.renewed(datetime.now(UTC))

        hooks = {"request": [watch_leaving, freeze]}
        async with httpx.AsyncClient(event_hooks=hooks, trust_env=False, verify=False) as client:
            with holding(lease), pytest.raises(LeaseIsOver):
                await client.post(f"http://127.0.0.1:{port}/", content=b"hola")
        server.close()

    asyncio.run(run())
    assert [each for each in left if each] == []
