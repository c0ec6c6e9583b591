"""Repeated abuse: a pause with an end and an appeal, never for who has a person, and never for good."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from handoff_service.switchboard.rules import pause as rules
from handoff_service.switchboard.rules.handoff import Owner
from tests.doubles.http import HTTP
from tests.doubles.service import Service
from tests.doubles.widget import Widget, open_widget

Frame = dict[str, Any]


def _advise_pause(service: Service, seconds: float = 900) -> None:
    pause = {"seconds": seconds, "signals": [{"name": "abuse", "value": 0.9, "weight": 1.0}]}
    service.control_assistant(next_answers=[{"messages": [], "abuse": 0.9, "pause": pause}])


async def _pause(service: Service, widget: Widget, seconds: float = 900) -> Frame:
    """The system's message about the pause that this widget is put on."""
    _advise_pause(service, seconds)
    await widget.say("#!? y #!?")
    return await widget.message("system", "pausa", 15)


def _handoff(agent: httpx.Client, widget: Widget) -> Frame:
    listed = agent.get("/handoffs").json()["handoffs"]
    found: Frame = next(h for h in listed if h["conversation_id"] == widget.conversation_id)
    return found


async def test_a_pause_says_until_when_and_how_to_appeal_and_stores_nothing_meanwhile(service: Service) -> None:
    async with open_widget(service.url) as widget:
        told = await _pause(service, widget)
        assert "15 min" in told["text"] and "revisar" in told["text"]
        assert [b["payload"] for b in told["buttons"]] == ["pause.appeal"]
        paused = await widget.until(lambda f: f["type"] == "owner" and "paused_until" in f)
        error = await widget.say("otro insulto")
        assert (error["type"], error["code"], error["until"]) == ("error", "paused", paused["paused_until"])
        until = datetime.fromisoformat(error["until"])
        assert timedelta(minutes=14) < until - datetime.now(UTC) <= timedelta(minutes=15)
    async with open_widget(service.url, greet=False) as again:
        welcome = await again.hello(token=widget.token)
        assert "otro insulto" not in str(welcome["messages"])
        assert (await again.owner("assistant"))["paused_until"] == error["until"]
        with service.agent("Ana") as ana:
            conversation = ana.get(f"/conversations/{widget.conversation_id}").json()
    assert conversation["messages"][0]["abuse"] == 0.9
    assert conversation["messages"][0]["frustration"] == 0.25
    assert conversation["paused_until"] == error["until"]
    assert conversation["handoffs"] == []


async def test_after_its_end_everything_works_as_before(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await _pause(service, widget, seconds=1.5)
        assert (await widget.say("ya"))["code"] == "paused"
        await asyncio.sleep(1.6)
        assert (await widget.say("¿qué tarifas hay?"))["type"] == "ack"
        assert (await widget.message("assistant"))["text"] == "eco: ¿qué tarifas hay?"


@pytest.mark.parametrize(
    "appeal",
    [
        {"text": "Que lo revise alguien", "payload": "pause.appeal"},
        {"text": "Que lo revise alguien"},
        {"text": "quiero apelar"},
        {"text": "I'd like to appeal"},
        {"text": "quiero hablar con una persona"},
    ],
)
async def test_an_appeal_brings_a_person_although_paused(service: Service, appeal: dict[str, str]) -> None:
    with service.agent("Ana") as ana:
        async with open_widget(service.url) as widget:
            await _pause(service, widget)
            assert (await widget.say(**appeal))["type"] == "ack"
            queued = await widget.owner("queue")
            assert "paused_until" not in queued
            notice = widget.messages("system")[-1]
            assert [b["payload"] for b in notice["buttons"]] == ["queue.cancel"]
            handoff = _handoff(ana, widget)
            assert (handoff["reason"], handoff["signals"][0]["name"]) == ("complaint", "appeal")
            assert (await widget.say("seguir con el asistente"))["code"] == "paused"
            assert (await widget.say("no era para ti"))["type"] == "ack"
            ana.post(f"/handoffs/{handoff['id']}/claim").raise_for_status()
            ana.post(f"/handoffs/{handoff['id']}/messages", json={"text": "Hola, soy Ana", "id": "1"})
            await widget.message("agent", "Hola, soy Ana")
            assert (await widget.say("hola, Ana"))["type"] == "ack"
            ana.post(f"/handoffs/{handoff['id']}/resolve").raise_for_status()
            assert "en pausa hasta" in (await widget.message("system", "pausa"))["text"]
            assert (await widget.say("¿sigues?"))["code"] == "paused"


async def test_a_person_lifts_the_pause_and_the_customer_is_told(service: Service) -> None:
    with service.agent("Ana") as ana:
        async with open_widget(service.url) as widget:
            await _pause(service, widget)
            await widget.say("revisar")
            await widget.owner("queue")
            handoff = _handoff(ana, widget)
            assert handoff["paused_until"] is not None
            lifted = ana.post(f"/handoffs/{handoff['id']}/unpause")
            assert (lifted.status_code, lifted.json()["paused_until"]) == (200, None)
            await widget.message("system", "la ha quitado")
            await widget.say("cancelar")
            await widget.owner("assistant")
            assert (await widget.say("hola otra vez"))["type"] == "ack"
            await widget.message("assistant", "hola otra vez")
        async with open_widget(service.url) as other:
            await _pause(service, other)
            for _ in range(2):
                assert ana.delete(f"/conversations/{other.conversation_id}/pause").status_code == 204
            assert (await other.say("gracias"))["type"] == "ack"
            await other.message("assistant", "gracias")
        assert len([m for m in other.messages("system") if "la ha quitado" in m["text"]]) == 1
        assert ana.delete("/conversations/none/pause").status_code == 404


async def test_who_waits_for_a_person_is_never_paused(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        await widget.say("Seguir con el asistente", payload="queue.continue")
        _advise_pause(service)
        await widget.say("#!?")
        assert "Conservas tu sitio" in (await widget.message("system", "insultos"))["text"]
        assert (await widget.say("vale, perdona"))["type"] == "ack"
        await widget.message("assistant", "vale, perdona")


async def test_a_need_counts_more_than_a_pause(service: Service) -> None:
    handoff = {"reason": "complex_case", "signals": [{"name": "abuse_with_need", "value": 0.8, "weight": 1.0}]}
    service.control_assistant(next_answers=[{"messages": [], "handoff": handoff, "pause": {"seconds": 900}}])
    async with open_widget(service.url) as widget:
        await widget.say("panda de inútiles, me habéis cobrado dos veces")
        await widget.owner("queue")
        assert (await widget.say("devolvédmelo"))["type"] == "ack"


async def test_no_file_is_taken_while_paused(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await _pause(service, widget)
        headers = {"Authorization": f"Bearer {widget.token}"}
        files = {"file": ("a.txt", b"words", "text/plain")}
        answer = HTTP.post(f"{service.url}/v1/widget/files", headers=headers, files=files)
        assert answer.status_code == 423


NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("owner", list(Owner))
def test_only_between_customer_and_assistant_does_a_pause_hold(owner: Owner) -> None:
    until = NOW + timedelta(minutes=1)
    assert rules.in_force(until, owner, NOW) == (until if owner is Owner.ASSISTANT else None)
    assert rules.in_force(NOW, owner, NOW) is None


def test_no_pause_is_endless_and_its_minutes_are_never_too_few() -> None:
    assert rules.end_of(NOW, 1e12) == NOW + timedelta(days=1)
    assert rules.end_of(NOW, 900) == NOW + timedelta(minutes=15)
    assert [rules.minutes_left(NOW + timedelta(seconds=s), NOW) for s in (1, 60, 61, 900)] == [1, 1, 2, 15]
