"""Saying who one is with a code, from the anonymous question to its answer: real Rasa, actions and service."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from tests.doubles.http import HTTP
from tests.doubles.widget import Widget, open_widget
from tests.e2e.conftest import System
from tests.patience import patient

pytestmark = pytest.mark.timeout(900)

FIGURE = re.compile(r"\d+,\d\d\s?€")
CODE = re.compile(r"\b\d{6}\b")


async def ask(widget: Widget, text: str, payload: str | None = None) -> list[dict[str, Any]]:
    """Everything the assistant says to this, until it has been quiet for a moment."""
    await widget.say(text, payload)
    first = await widget.message("assistant")
    more = [f for f in await widget.quiet(0.7) if f["type"] == "message" and f["author"] == "assistant"]
    return [first, *more]


def words(said: list[dict[str, Any]]) -> str:
    return "\n".join(message["text"] for message in said)


def customer(system: System, place: int) -> dict[str, Any]:
    found: dict[str, Any] = HTTP.get(f"{system.url}/demo/config").json()["customers"][place]
    return found


def texts_to(system: System, phone: str) -> list[str]:
    """The demo's text messages to this number, newest first."""
    texts = HTTP.get(f"{system.url}/demo/texts").json()["texts"]
    return [text["text"] for text in texts if text["to"].endswith(phone[-3:])]


async def code_for(system: System, phone: str, before: int = 0) -> str:
    async with asyncio.timeout(patient(10)):
        while len(texts := texts_to(system, phone)) <= before:
            await asyncio.sleep(0.1)
    found = CODE.search(texts[0])
    assert found
    return found.group()


async def test_an_anonymous_question_is_answered_once_the_code_is_right(system: System) -> None:
    mateo = customer(system, 1)
    async with open_widget(system.url) as widget:
        offered = await ask(widget, "¿cuánto debo?")
        assert not FIGURE.search(words(offered))
        button = next(b for m in offered for b in m.get("buttons", ()) if b["payload"] == "/identify")
        assert "teléfono" in words(await ask(widget, button["title"], button["payload"]))
        assert "SMS" in words(await ask(widget, f"es el {mateo['phone'][3:6]} {mateo['phone'][6:]}"))
        code = await code_for(system, mateo["phone"])
        assert "intentos" in words(await ask(widget, "000000" if code != "000000" else "111111"))
        assert "12,90" in words(await ask(widget, "¿qué tarifas hay?")), "a question aside is answered"
        answered = words(await ask(widget, f"{code[:3]} {code[3:]}"))
        assert mateo["name"].split()[0] in answered
        assert FIGURE.search(answered), "the question of before is answered without asking again"
        assert FIGURE.search(words(await ask(widget, "¿cuánto debo?")))
        with system.agent() as agent:
            known = agent.get(f"/conversations/{widget.conversation_id}").json()["customer"]
    assert known == {"id": mateo["id"], "name": mateo["name"], "verified": True}
    logs = system.log.read_text()
    assert code not in logs
    assert mateo["phone"][-9:] not in logs


async def test_five_wrong_codes_are_five_and_no_person_is_called(system: System) -> None:
    carmen = customer(system, 2)
    async with open_widget(system.url, locale="en") as widget:
        await ask(widget, "I want to identify myself")
        await ask(widget, carmen["phone"])
        code = await code_for(system, carmen["phone"])
        wrong = [f"{(int(code) + i) % 10**6:06d}" for i in range(1, 6)]
        said = [words(await ask(widget, guess)) for guess in wrong]
        assert all("tries left" in answer or "one try left" in answer for answer in said[:4])
        assert "no longer works" in said[4]
        assert carmen["name"].split()[0] not in words(await ask(widget, code))
        assert not [f for f in widget.frames if f["type"] == "owner" and f["owner"] != "assistant"]


async def test_nobody_learns_whether_a_number_is_known(system: System) -> None:
    known, unknown = customer(system, 3)["phone"], "+34611222333"
    said = []
    for phone in (known, unknown):
        async with open_widget(system.url) as widget:
            asked = [await ask(widget, "quiero identificarme"), await ask(widget, phone)]
            asked += [await ask(widget, "no me llegó el código"), await ask(widget, "123456")]
            said.append([words(answer) for answer in asked])
    assert said[0] == said[1]


async def test_leaving_and_a_digression_work_as_in_any_form(system: System) -> None:
    async with open_widget(system.url) as widget:
        await ask(widget, "quiero identificarme")
        aside = words(await ask(widget, "¿a qué hora abre la tienda?"))
        assert "teléfono" in aside, "the question that is open is asked again"
        assert "lo dejamos" in words(await ask(widget, "cancela"))
