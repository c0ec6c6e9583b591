"""From the website to Telegram by a one-time link: the same conversation, the same place, told on both."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import urllib.parse
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from handoff_service.switchboard import links
from tests.doubles.service import DATABASE, Service
from tests.doubles.widget import Frame, Widget, identity, open_widget
from tests.emulators.telegram.client import TelegramWorld
from tests.emulators.telegram.handles import Person
from tests.handoff_service.conftest import desk, desk_database, postgres_server  # noqa: F401
from tests.handoff_service.desk_world import ANA, World
from tests.patience import patient

Polled = tuple[Service, TelegramWorld]
WITHIN = 15.0


async def _link(widget: Widget) -> str:
    """The token of a fresh link."""
    await widget.send({"type": "link", "to": "telegram"})
    frame = await widget.until(lambda f: f["type"] in ("link", "error"))
    assert frame["type"] == "link", frame
    address = urllib.parse.urlsplit(frame["url"])
    assert (address.scheme, address.netloc) == ("https", "t.me")
    token = urllib.parse.parse_qs(address.query)["start"][0]
    assert len(token) <= 64
    return token


@contextlib.asynccontextmanager
async def _waiting(service: Service, **hello: Any) -> AsyncIterator[tuple[Widget, httpx.Client, str]]:
    async with open_widget(service.url, **hello) as widget:
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        with service.agent("Ana") as api:
            listed = api.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
            path = next(f"/handoffs/{h['id']}" for h in listed if h["conversation_id"] == widget.conversation_id)
            yield widget, api, path
            api.post(f"{path}/claim")
            api.post(f"{path}/resolve")


async def _in_chat(person: Person, text: str) -> str:
    return str((await asyncio.to_thread(person.chat.wait_for, text, WITHIN)).text)


def _refused(frames: list[Frame]) -> list[str]:
    return [f["code"] for f in frames if f["type"] == "error"]


async def test_the_place_and_the_conversation_come_along_and_both_sides_hear_the_agent(polled: Polled) -> None:
    service, world = polled
    person = world.person("Berta")
    async with _waiting(service) as (widget, api, path):
        assert next(f for f in widget.frames if f["type"] == "welcome")["links"] == ["telegram"]
        before = api.get(path).json()
        person.starts(await _link(widget))
        told = await _in_chat(person, "conservas tu sitio en la cola")
        assert "puesto" in told or "lugar" in told or "cola" in told.split("\n")[1]
        await widget.message("system", "conservas tu sitio en la cola")
        after = api.get(path).json()
        assert (after["code"], after["waiting_since"], after["status"]) == (
            before["code"],
            before["waiting_since"],
            "queued",
        )
        assert any("sigue ahora también por Telegram" in m["text"] for m in after["messages"] if m["author"] == "note")
        api.post(f"{path}/claim").raise_for_status()
        await widget.owner("agent")
        await _in_chat(person, "Ana")
        reply = api.post(f"{path}/messages", json={"text": "Hola, te leo en los dos.", "id": "both"}).json()
        await _in_chat(person, "Hola, te leo en los dos.")
        await widget.message("agent", "Hola, te leo en los dos.")
        await asyncio.to_thread(person.writes, "ahora te escribo desde el móvil")
        await widget.message("customer", "ahora te escribo desde el móvil", WITHIN)
        api.patch(f"{path}/messages/{reply['seq']}", json={"text": "Corregido."}).raise_for_status()
        await _in_chat(person, "Corregido.")
        assert not any("hablar con una persona" in text for text in person.chat.texts)  # nothing old is repeated


async def test_a_link_is_good_once_and_a_newer_one_ends_it(polled: Polled) -> None:
    service, world = polled
    first, second = world.person("Carmen"), world.person("Dora")
    async with _waiting(service) as (widget, api, path):
        old = await _link(widget)
        token = await _link(widget)
        first.starts(old)
        await _in_chat(first, "Ese enlace ya no sirve")
        first.starts(token)
        await _in_chat(first, "conservas tu sitio")
        second.starts(token)
        await _in_chat(second, "Ese enlace ya no sirve")
        api.post(f"{path}/claim").raise_for_status()
        api.post(f"{path}/messages", json={"text": "solo para Carmen", "id": "c1"}).raise_for_status()
        await _in_chat(first, "solo para Carmen")
        assert "solo para Carmen" not in " ".join(second.chat.texts)


async def test_the_token_is_kept_nowhere_but_as_a_digest(own: Polled) -> None:
    service, world = own
    person = world.person("Eva")
    async with _waiting(service) as (widget, _, __):
        token = await _link(widget)
        person.starts(token)
        await _in_chat(person, "conservas tu sitio")
        database = sqlite3.connect(f"{service.environment['DATA_DIR']}/{DATABASE}")
        with contextlib.closing(database):
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                if table != "inbox":  # Telegram's own update, of a token that is used up
                    assert token not in str(database.execute(f"SELECT * FROM {table}").fetchall()), table  # noqa: S608


async def test_a_chat_of_its_own_keeps_its_past_and_its_buttons(polled: Polled) -> None:
    service, world = polled
    person = world.person("Flora")
    person.writes("una pregunta de antes")
    await _in_chat(person, "eco: una pregunta de antes")
    async with _waiting(service) as (widget, api, path):
        person.starts(await _link(widget))
        await _in_chat(person, "conservas tu sitio")
        await asyncio.to_thread(person.presses, "Ver tarifas")
        await _in_chat(person, "eco: /tariff_list")  # what was offered before is answered where it was offered
        assert "tariff" not in str(api.get(path).json()["messages"])
        await asyncio.to_thread(person.writes, "y esto va con la cola")
        await widget.message("customer", "y esto va con la cola", WITHIN)


async def test_a_chat_in_which_a_case_is_open_is_not_taken_over(polled: Polled) -> None:
    service, world = polled
    person = world.person("Gala")
    person.writes("quiero hablar con una persona")
    await _in_chat(person, "persona del equipo")
    async with _waiting(service) as (widget, _, __):
        token = await _link(widget)
        person.starts(token)
        await _in_chat(person, "Aquí ya tienes una consulta abierta")
        other = world.person("Hilda")
        other.starts(token)  # it was not used up
        await _in_chat(other, "conservas tu sitio")


async def test_only_who_waits_or_is_helped_gets_a_link(polled: Polled) -> None:
    service, _ = polled
    async with open_widget(service.url) as widget:
        await widget.send({"type": "link", "to": "telegram"})
        await widget.send({"type": "link", "to": "pigeon"})
        await widget.send({"type": "link"})
        assert _refused(await widget.quiet(1.0)) == ["bad_request"] * 3


async def test_without_telegram_there_is_no_way_on(tmp_path_factory: pytest.TempPathFactory) -> None:
    service = Service(tmp_path_factory.mktemp("plain"))
    try:
        service.start()
        async with _waiting(service, identity=identity("C-plain")) as (widget, _, __):
            assert "links" not in next(f for f in widget.frames if f["type"] == "welcome")
            await widget.send({"type": "link", "to": "telegram"})
            assert _refused(await widget.quiet(1.0)) == ["bad_request"]
    finally:
        service.stop()


async def test_who_blocks_the_bot_still_has_the_website(polled: Polled) -> None:
    service, world = polled
    person = world.person("Ida")
    async with _waiting(service) as (widget, api, path):
        person.starts(await _link(widget))
        await _in_chat(person, "conservas tu sitio")
        await asyncio.to_thread(person.blocks_bot)
        api.post(f"{path}/claim").raise_for_status()
        api.post(f"{path}/messages", json={"text": "¿sigues ahí?", "id": "b1"}).raise_for_status()
        await widget.message("agent", "¿sigues ahí?")
        async with asyncio.timeout(patient(WITHIN)):
            while "le llega por la web" not in str(api.get(path).json()["messages"]):
                await asyncio.sleep(0.1)


def test_a_link_lives_ten_minutes(desk: Callable[..., World]) -> None:  # noqa: F811
    world = desk()
    customer = world.customer()
    with pytest.raises(links.NothingToGoOnWith):
        world.run(links.make_link, customer.id)
    customer.wants_person()
    link = world.run(links.make_link, customer.id)
    assert world.run(links.leads_to, link.token) == customer.id
    assert world.run(links.leads_to, link.token + "x") is None
    world.now += timedelta(minutes=9, seconds=59)
    assert world.run(links.leads_to, link.token) == customer.id
    world.now += timedelta(seconds=1)
    assert world.run(links.leads_to, link.token) is None
    customer.claimed_by(ANA)
    fresh = world.run(links.make_link, customer.id)
    assert world.run(links.use_up, fresh.token) and not world.run(links.use_up, fresh.token)
