"""Several services on one PostgreSQL: what one commits the others show; one dies, and nothing stops."""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles import postgres
from tests.doubles.service import Service
from tests.doubles.widget import open_widget
from tests.emulators.telegram.client import TelegramWorld

pytestmark = pytest.mark.postgres
SOON = 1.5  # seconds; without a word between replicas it would be never
WITHIN = 15.0


@contextlib.contextmanager
def two_replicas(directory: Path, postgres_server: str, **settings: str) -> Iterator[tuple[Service, Service]]:
    """Two services on a new database, sharing the folder of files as replicas do."""
    url = postgres.new_database(postgres_server, f"replicas-{uuid.uuid4().hex[:8]}")
    one, other = (Service(directory, DATABASE_URL=url, **settings) for _ in range(2))
    try:
        yield one.start(), other.start()
    finally:
        one.stop()
        other.stop()


@pytest.fixture(scope="module")
def replicas(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Service]]:
    with two_replicas(tmp_path_factory.mktemp("replicas"), postgres_server) as both:
        yield both


def queued(service: Service, conversation_id: str) -> str:
    """The id of the handoff that waits in this conversation."""
    with service.agent("Ana") as ana:
        listed = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
    return next(handoff["id"] for handoff in listed if handoff["conversation_id"] == conversation_id)


async def test_an_agent_on_one_talks_with_a_customer_on_the_other(replicas: tuple[Service, Service]) -> None:
    here, there = replicas
    async with open_widget(here.url) as widget:
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        handoff = queued(there, widget.conversation_id)
        with there.agent("Ana") as ana:
            ana.post(f"/handoffs/{handoff}/claim").raise_for_status()
            assert (await widget.owner("agent", SOON))["agent"] == "Ana"
            ana.post(f"/handoffs/{handoff}/messages", json={"id": "a1", "text": "Hola, aquí Ana"}).raise_for_status()
            reply = await widget.message("agent", seconds=SOON)
    assert reply["text"] == "Hola, aquí Ana"


async def test_devices_on_different_replicas_show_the_same(replicas: tuple[Service, Service]) -> None:
    here, there = replicas
    async with open_widget(here.url) as phone, open_widget(there.url, token=phone.token) as laptop:
        assert phone.conversation_id == laptop.conversation_id
        await phone.say("¿qué tarifas tenéis?")
        await laptop.message("customer", seconds=SOON)
        await laptop.message("assistant", seconds=WITHIN)
        await laptop.say("y otra cosa")
        seen = await phone.message("customer", containing="otra cosa", seconds=SOON)
    assert seen["seq"] == 4


async def test_of_claims_on_both_at_once_one_wins(replicas: tuple[Service, Service]) -> None:
    for _ in range(10):
        async with open_widget(replicas[0].url) as widget:
            await widget.say("quiero hablar con una persona")
            await widget.owner("queue")
            handoff = queued(replicas[1], widget.conversation_id)
            presses = [(service, name) for service in replicas for name in ("Ana", "Luis")]
            outcomes = await asyncio.gather(*(asyncio.to_thread(claim, *press, handoff) for press in presses))
        winners = {holder for status, holder in outcomes if status == 200}
        holders = {holder for _, holder in outcomes}
        assert len(winners) == 1 and holders == winners


def claim(service: Service, name: str, handoff: str) -> tuple[int, str]:
    """What came of a press: the status, and who has it now."""
    with service.agent(name) as agent:
        answer = agent.post(f"/handoffs/{handoff}/claim")
    return answer.status_code, answer.json()["agent"]["name"]


async def test_a_customer_goes_on_where_one_replica_died(postgres_server: str, tmp_path: Path) -> None:
    with two_replicas(tmp_path, postgres_server) as (dying, living):
        async with open_widget(dying.url) as before:
            await before.say("primera")
            await before.message("assistant")
            token, last = before.token, max(message["seq"] for message in before.messages())
            dying.control_assistant(delay=3.0)
            await before.say("la que se queda a medias")
            await asyncio.sleep(0.3)
            dying.service.kill()
        async with open_widget(living.url, token=token, after=last) as after:
            answer = await after.message("assistant", containing="a medias", seconds=25)
            texts = [message["text"] for message in after.messages()]
        assert Counter(texts)[answer["text"]] == 1 and texts.count("la que se queda a medias") == 1


def test_one_polls_telegram_and_the_other_takes_over(postgres_server: str, tmp_path: Path) -> None:
    with TelegramWorld.in_thread() as world:
        settings = {"TELEGRAM_BOT_TOKEN": world.token, "TELEGRAM_API_URL": world.base_url}
        with two_replicas(tmp_path, postgres_server, **settings) as both:
            person = world.person("Rosa")
            person.writes("¿qué tarifas tenéis?")
            person.chat.wait_for("eco: ¿qué tarifas tenéis?", WITHIN)
            polls = world.calls("getUpdates")
            assert polls and not [poll for poll in polls if poll.status == 409]
            for service in both:  # whichever polls, the other goes on
                service.service.kill()
                person.writes(f"sigues ahí {service.port}")
                person.chat.wait_for(f"eco: sigues ahí {service.port}", 30)
                service.service.start()
                time.sleep(1)
            echoes = Counter(text for text in person.chat.texts if text.startswith("eco: sigues"))
            assert set(echoes.values()) == {1} and len(echoes) == 2
