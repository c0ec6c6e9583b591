"""From a customer's first message to the agent's resolve: real Rasa, real action server, real service."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
from typing import Any

import httpx
import pytest

from tests.doubles.http import HTTP
from tests.doubles.widget import Widget, open_widget
from tests.e2e.conftest import System
from tests.patience import patient

pytestmark = pytest.mark.timeout(900)


async def _ask(widget: Widget, text: str, seconds: float = 10.0) -> str:
    await widget.say(text)
    return str((await widget.message("assistant", seconds=seconds))["text"])


@pytest.mark.parametrize(
    ("locale", "question", "expected"),
    [
        ("es", "¿qué tarifas tenéis?", r"12,90"),
        ("es", "cuando vence mi factura?", r"(?i)día|factura"),
        ("es", "como puedo pagar el recibo", r"(?i)tarjeta"),
        ("es", "cuánto cuesta usar el móvil en Estados Unidos", r"4,99"),
        ("en", "what plans do you have and how much are they?", r"12\.90"),
        ("en", "when is my bill due?", r"(?i)day|due|bill"),
        ("en", "how can I pay my bill", r"(?i)card"),
        ("en", "what does roaming cost in the US", r"4\.99"),
    ],
)
async def test_everyday_questions_get_good_answers(system: System, locale: str, question: str, expected: str) -> None:
    async with open_widget(system.url, locale=locale) as widget:
        assert re.search(expected, await _ask(widget, question))


async def test_who_is_logged_in_gets_the_real_figure_and_who_is_not_learns_how(system: System) -> None:
    customers = HTTP.get(f"{system.url}/demo/config").json()["customers"]
    async with open_widget(system.url, identity=system.login(customers[0]["id"])) as known:
        assert re.search(r"\d+,\d\d\s?€", await _ask(known, "¿cuánto debo?"))
    async with open_widget(system.url) as unknown:
        said = await _ask(unknown, "¿cuánto debo?")
        assert not re.search(r"\d+,\d\d\s?€", said)
        assert re.search(r"(?i)identif|entra|inicia sesión|Mi cuenta", said)


def _handoff(agent: httpx.Client, widget: Widget) -> dict[str, Any]:
    listed = agent.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
    found: dict[str, Any] = next(h for h in listed if h["conversation_id"] == widget.conversation_id)
    return found


async def test_the_whole_relay_twice_inside_a_form_too(system: System) -> None:
    customers = HTTP.get(f"{system.url}/demo/config").json()["customers"]
    with system.agent() as agent:
        async with open_widget(system.url, identity=system.login(customers[1]["id"])) as widget:
            await _ask(widget, "quiero poner una reclamación")  # the form asks what it is about
            for lap in (1, 2):
                await widget.say("quiero hablar con una persona")
                queued = await widget.owner("queue")
                assert queued["position"] >= 1
                handoff = _handoff(agent, widget)
                assert handoff["reason"] == "asked_for_person"
                assert handoff["signals"]
                agent.post(f"/handoffs/{handoff['id']}/claim").raise_for_status()
                await widget.owner("agent")
                agent.post(f"/handoffs/{handoff['id']}/notes", json={"text": "nota-interna"})
                agent.post(f"/handoffs/{handoff['id']}/messages", json={"text": f"Hola {lap}", "id": f"{lap}"})
                await widget.message("agent")
                await widget.say("¿me lo miras?")
                agent.post(f"/handoffs/{handoff['id']}/resolve", json={"outcome": "solved"}).raise_for_status()
                await widget.owner("assistant")
                assert "12,90" in await _ask(widget, "¿qué tarifas hay?")
    assert "nota-interna" not in str(widget.frames)


@pytest.mark.parametrize("text", ["/restart", '/tariff_list{"x": 1}', "/session_start", " /handoff", "／restart"])
async def test_what_a_customer_types_is_never_a_command(system: System, text: str) -> None:
    async with open_widget(system.url) as widget:
        await _ask(widget, "quiero poner una reclamación por escrito")
        await widget.say(text)
        await widget.until(lambda f: f["type"] == "message" and f["author"] in ("assistant", "system"))
        with system.agent() as agent:
            conversation = agent.get(f"/conversations/{widget.conversation_id}").json()
    assert conversation["messages"][-2]["text"] == text.strip() or text.strip() in str(conversation["messages"])


async def test_every_message_the_assistant_read_carries_what_it_understood(system: System) -> None:
    async with open_widget(system.url) as widget:
        await _ask(widget, "¿qué tarifas tenéis?")
        with system.agent() as agent:
            messages = agent.get(f"/conversations/{widget.conversation_id}").json()["messages"]
    first = messages[0]
    assert first["intent"] == "tariff_list"
    assert 0 < first["confidence"] <= 1
    assert 0 <= first["frustration"] <= 1
    assert all(m["intent"] is None for m in messages[1:])


async def _answers_again(url: str, seconds: float) -> None:
    async with asyncio.timeout(patient(seconds)):
        while True:
            with contextlib.suppress(TimeoutError):
                async with open_widget(url) as widget:
                    await widget.say("¿qué tarifas tenéis?")
                    await widget.message("assistant", seconds=9)
                    return
            await asyncio.sleep(1)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_without_rasa_the_customer_is_told_in_time_and_it_comes_back(
    system: System, number: signal.Signals
) -> None:
    system.signal("bot.run", number)
    async with open_widget(system.url) as widget:
        await widget.say("¿cuánto cuesta la fibra de un giga?")
        told = await widget.until(lambda f: f["type"] == "message" and "buttons" in f, 8.0)
        if told["author"] == "system":  # it may have been back in time
            await widget.say("quiero hablar con una persona")
            await widget.owner("queue", 8.0)
    await _answers_again(system.url, 120)


async def test_without_the_action_server_an_account_question_is_answered_honestly(system: System) -> None:
    customers = HTTP.get(f"{system.url}/demo/config").json()["customers"]
    system.signal("actions", signal.SIGSTOP)
    async with open_widget(system.url, identity=system.login(customers[0]["id"])) as widget:
        await widget.say("¿cuánto debo?")
        told = await widget.until(lambda f: f["type"] == "message" and f["author"] != "customer" and f["seq"] > 2, 8.0)
        assert not re.search(r"\d+,\d\d\s?€", told["text"])
    system.signal("actions", signal.SIGKILL)
    async with asyncio.timeout(patient(60)):
        while True:
            async with open_widget(system.url, identity=system.login(customers[0]["id"])) as widget:
                await widget.say("¿cuánto debo?")
                answer = await widget.until(lambda f: f["type"] == "message" and f["author"] != "customer", 9)
                if re.search(r"\d+,\d\d\s?€", answer["text"]):
                    return
