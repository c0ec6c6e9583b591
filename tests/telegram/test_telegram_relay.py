"""Customers on Telegram: questions, buttons, a person and back, files, corrections, languages, groups."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tests.doubles.assistant import PDF
from tests.doubles.http import HTTP
from tests.doubles.pictures import opened, picture
from tests.doubles.service import Service
from tests.emulators.telegram.client import TelegramWorld
from tests.emulators.telegram.handles import Person

Polled = tuple[Service, TelegramWorld]
WITHIN = 15.0


def _queued(agent: httpx.Client, text: str) -> dict[str, Any]:
    """The queued handoff in which this was said."""
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        for handoff in agent.get("/handoffs", params={"status": "queued"}).json()["handoffs"]:
            if text in str(agent.get(f"/handoffs/{handoff['id']}").json()["messages"]):
                return dict(handoff)
        time.sleep(0.1)
    raise AssertionError(f"nobody queued who said {text}")


def _claimed(service: Service, agent: httpx.Client, person: Person, text: str) -> str:
    """A handoff of this person, taken by this agent; its path."""
    person.writes(f"{text}: quiero hablar con una persona")
    person.chat.wait_for("persona del equipo", WITHIN)
    path = f"/handoffs/{_queued(agent, text)['id']}"
    agent.post(f"{path}/claim").raise_for_status()
    person.chat.wait_for("Ana", WITHIN)
    return path


def test_a_question_is_answered_and_who_speaks_is_told_first(polled: Polled) -> None:
    _, world = polled
    person = world.person("Rosa")
    person.writes("¿qué tarifas tenéis?")
    person.chat.wait_for("eco: ¿qué tarifas tenéis?", WITHIN)
    assert "asistente automático" in person.chat.from_bot[0].text
    assert any(action.action == "typing" for action in person.chat.actions)


def test_start_is_greeted_and_is_no_question(polled: Polled) -> None:
    service, world = polled
    person = world.person("Inés")
    person.starts("campaign42")
    person.chat.wait_for("asistente automático", WITHIN)
    assert not [asked for asked in service.asked() if "start" in asked["text"]]


def test_a_button_works_by_press_and_in_words(polled: Polled) -> None:
    _, world = polled
    person = world.person("Pau")
    person.writes("una pregunta cualquiera")
    person.chat.wait_for("eco: una pregunta", WITHIN)
    person.answer_to(person.presses("Ver tarifas"), WITHIN)
    person.chat.wait_for("eco: /tariff_list", WITHIN)
    person.writes("ver tarifas")
    person.chat.wait_for_count(4, WITHIN)
    assert person.chat.from_bot[-1].text == "eco: /tariff_list"


def test_english_speakers_are_met_in_english(polled: Polled) -> None:
    _, world = polled
    person = world.person("Kate", language="en-GB")
    person.writes("what plans do you have?")
    person.chat.wait_for("eco: what plans", WITHIN)
    assert "automatic assistant" in person.chat.from_bot[0].text


def test_a_person_and_back_with_corrections_on_both_sides(polled: Polled) -> None:
    service, world = polled
    person = world.person("Leo")
    with service.agent("Ana") as ana:
        path = _claimed(service, ana, person, "caso-leo")
        sent = ana.post(f"{path}/messages", json={"text": "Hola Leo, son 20 €", "id": "1"}).json()
        shown = person.chat.wait_for("son 20 €", WITHIN)
        assert "Ana" in shown.text
        ana.patch(f"{path}/messages/{sent['seq']}", json={"text": "Hola Leo, son 25 €"})
        person.chat.wait_for("son 25 €", WITHIN)
        again = ana.post(f"{path}/messages", json={"text": "esto sobra", "id": "2"}).json()
        gone = person.chat.wait_for("esto sobra", WITHIN)
        ana.delete(f"{path}/messages/{again['seq']}")
        world.wait_until(lambda: person.chat.message(gone.id).deleted, WITHIN, "the deletion")
        written = person.writes("no entiendo el cargo de marzo")
        ana.post(f"{path}/notes", json={"text": "nota que no sale"})
        _seen_by_agent(ana, path, "cargo de marzo")
        person.edits(written, "no entiendo el cargo de mayo")
        _seen_by_agent(ana, path, "cargo de mayo")
        ana.post(f"{path}/resolve").raise_for_status()
        person.writes("¿y ahora quién responde?")
        person.chat.wait_for("eco: ¿y ahora quién responde?", WITHIN)
    assert "nota que no sale" not in str(person.chat.texts)
    assert not [text for text in person.chat.texts if text.startswith("eco: no entiendo")]


def _seen_by_agent(agent: httpx.Client, path: str, text: str) -> None:
    deadline = time.monotonic() + WITHIN
    while text not in str(agent.get(path).json()["messages"]):
        assert time.monotonic() < deadline, f"the agent never saw {text}"
        time.sleep(0.1)


def test_a_picture_reaches_the_agent_and_can_be_read_without_a_token(polled: Polled) -> None:
    service, world = polled
    person = world.person("Mar")
    with service.agent("Ana") as ana:
        path = _claimed(service, ana, person, "caso-mar")
        content = picture("JPEG", comment=b"calle de nadie 7")
        person.sends_photo(content, caption="mira las luces")
        _seen_by_agent(ana, path, "mira las luces")
        message = next(m for m in ana.get(path).json()["messages"] if m["text"] == "mira las luces")
    url = message["attachments"][0]["url"]
    kept = HTTP.get(service.url + url).content
    assert (opened(kept).format, opened(kept).size) == ("JPEG", opened(content).size)
    assert b"calle" in content and b"calle" not in kept
    assert world.token not in str(message)


def test_a_document_of_the_assistant_comes_after_its_words(polled: Polled) -> None:
    _, world = polled
    person = world.person("Leo")
    person.writes("adjunta mi factura")
    said = person.chat.wait_for("eco: adjunta mi factura", WITHIN)
    world.wait_until(lambda: "document" in person.chat.last.raw, WITHIN, "the document")
    document = person.chat.last.raw["document"]
    assert (document["file_name"], document["mime_type"]) == ("factura-2026-10.pdf", "application/pdf")
    assert document["file_size"] == len(PDF)
    assert person.chat.last.id > said.id


def test_a_long_answer_is_sent_in_parts_and_amended_as_a_whole(polled: Polled) -> None:
    service, world = polled
    person = world.person("Noa")
    with service.agent("Ana") as ana:
        path = _claimed(service, ana, person, "caso-noa")
        long = "\n".join(f"línea {n} " + "😀" * 60 for n in range(40))  # 2,900 characters, but Telegram counts double
        sent = ana.post(f"{path}/messages", json={"text": long, "id": "long"}).json()
        first, last = person.chat.wait_for("línea 0 ", WITHIN), person.chat.wait_for("línea 39", WITHIN)
        assert first.id != last.id
        ana.patch(f"{path}/messages/{sent['seq']}", json={"text": "mejor corto"})
        person.chat.wait_for("mejor corto", WITHIN)
        world.wait_until(lambda: person.chat.message(last.id).deleted, WITHIN, "the second part's deletion")


@pytest.mark.parametrize(("of_other", "expected"), [(True, "no es el tuyo"), (False, "no encuentro ninguna cuenta")])
def test_only_the_own_contact_counts(polled: Polled, of_other: bool, expected: str) -> None:
    _, world = polled
    person, other = world.person("Eva", phone="+34600999111"), world.person("Otra", phone="+34600999222")
    person.shares_contact(other if of_other else None)
    person.chat.wait_for(expected, WITHIN)


def test_a_group_is_told_one_line_and_then_nothing(polled: Polled) -> None:
    _, world = polled
    person = world.person("Gil")
    world.let_bot_read_groups()
    group = world.group("Vecinos", [person], with_bot=True)
    person.writes("¿cuánto debo?", to=group)
    person.writes("¿hola?", to=group)
    world.wait_until(lambda: len(group.from_bot) >= 1, WITHIN, "the one line")
    time.sleep(1.5)
    assert len(group.from_bot) == 1
    assert "privado" in group.from_bot[0].text


def test_an_agent_learns_that_the_customer_blocked_the_bot(polled: Polled) -> None:
    service, world = polled
    person = world.person("Ada")
    with service.agent("Ana") as ana:
        path = _claimed(service, ana, person, "caso-ada")
        person.blocks_bot()
        ana.post(f"{path}/messages", json={"text": "¿sigues ahí?", "id": "b1"})
        _seen_by_agent(ana, path, "ha bloqueado el bot")
        person.unblocks_bot()
        person.writes("perdona, ya estoy")
        person.chat.wait_for("¿sigues ahí?", WITHIN)
    assert len(world.calls("sendMessage", person.chat.id)) <= 12


def test_what_looks_like_a_command_is_just_text(polled: Polled) -> None:
    service, world = polled
    person = world.person("Ivo")
    person.writes("/restart")
    person.chat.wait_for("eco: /restart", WITHIN)
    assert [a["payload"] for a in service.asked() if a["text"] == "/restart"] == [None]


def test_after_the_end_one_press_says_how_it_was(polled: Polled) -> None:
    service, world = polled
    person = world.person("Tea")
    with service.agent("Ana") as ana:
        path = _claimed(service, ana, person, "encuesta")
        ana.post(f"{path}/resolve", json={"outcome": "solved"}).raise_for_status()
        person.chat.wait_for("¿Qué tal te hemos atendido?", WITHIN)
        person.answer_to(person.presses("5"), WITHIN)
        person.chat.wait_for("Nos ayuda a mejorar", WITHIN)
        assert ana.get(path).json()["status"] == "resolved"


def test_a_notice_of_the_place_is_edited_when_the_place_changes(polled: Polled) -> None:
    service, world = polled
    with service.agent("Ana") as ana:
        first, second = world.person("Uno"), world.person("Dos")
        first.writes("primero: quiero hablar con una persona")
        first.chat.wait_for("Tu puesto en la cola", WITHIN)
        second.writes("segundo: quiero hablar con una persona")
        second.chat.wait_for("Tu puesto en la cola", WITHIN)
        before = len(second.chat.from_bot)
        ana.post(f"/handoffs/{_queued(ana, 'primero')['id']}/claim").raise_for_status()
        place = _queued(ana, "segundo")
        deadline = time.monotonic() + 100  # at most once a minute
        while time.monotonic() < deadline and "cola: 1." not in second.chat.from_bot[-1].text:
            time.sleep(1)
        assert "cola: 1." in second.chat.from_bot[-1].text
        assert len(second.chat.from_bot) == before
        ana.post(f"/handoffs/{place['id']}/claim").raise_for_status()
