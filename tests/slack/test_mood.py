"""What the card tells of a customer's mood and need, the verdict in one press, and the end of a pause."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.doubles.widget import identity, open_widget
from tests.slack.desk import Case, SlackDesk

pytestmark = pytest.mark.timeout(300)


def _advise(desk: SlackDesk, **answer: Any) -> None:
    desk.service.control_assistant(next_answers=[{"messages": [], **answer}])


async def _press(case: Case, user: str, action: str) -> None:
    assert await asyncio.to_thread(case.slack.press, user, await case.card(), action)


async def test_the_card_says_in_words_why_a_person_is_needed(desk: SlackDesk) -> None:
    signals = [
        {"name": "waiting_days", "value": 2, "weight": 0.2},
        {"name": "repeats_question", "value": 3, "weight": 0.5},
        {"name": "corrects_answer", "value": True, "weight": 0.3},
    ]
    async with open_widget(desk.service.url, identity=identity("C-Olivia", "Olivia")) as widget:
        _advise(
            desk,
            nlu={"intent": "explain_charge", "confidence": 0.9},
            frustration=0.8,
            handoff={"reason": "frustration", "priority": "urgent", "signals": signals},
        )
        await widget.say("por tercera vez: ¿qué es este cargo?")
        await widget.owner("queue")
        case = Case(desk, "Olivia", widget)
        card = await case.card("En espera")
        assert "3.ª vez que pregunta lo mismo · corrige la respuesta · 2 días esperando" in card.words
        assert "muy frustrado" in card.words and "Urgente" in card.words
        assert "Cargo en la factura. «por tercera vez: ¿qué es este cargo?»" in card.words
        await asyncio.to_thread(case.end)


async def test_a_verdict_is_one_press_can_be_changed_and_shows_on_the_card(desk: SlackDesk) -> None:
    async with desk.customer("Petra") as case:
        assert case.api("Ana", "verdict", verdict="right").status_code == 409
        await case.claimed(desk.ana)
        await _press(case, desk.ana, "handoff.verdict.too_early")
        await case.card("✓ Demasiado pronto")
        assert case.handoff()["verdict"] == "too_early"
        assert case.api("Ana", "resolve").status_code == 200
        await case.card("Resuelta")
        await _press(case, desk.luis, "handoff.verdict.right")
        await case.card("✓ A tiempo")
        assert case.handoff()["verdict"] == "right"
        assert case.api("Luis", "verdict", verdict="not_needed").json()["verdict"] == "not_needed"
        await case.card("✓ No hacía falta")
        assert case.api("Luis", "verdict", verdict="late").status_code == 422


async def test_a_pause_is_lifted_from_the_card(desk: SlackDesk) -> None:
    async with open_widget(desk.service.url, identity=identity("C-Quintina", "Quintina")) as widget:
        _advise(desk, abuse=0.9, pause={"seconds": 900, "signals": []})
        await widget.say("#!? y #!?")
        await widget.message("system", "pausa")
        await widget.say("revisar")
        await widget.owner("queue")
        case = Case(desk, "Quintina", widget)
        card = await case.card("En pausa hasta")
        assert "que se revise la pausa por insultos" in card.words and "insulta" in card.words
        await _press(case, desk.marga, "handoff.unpause")
        await widget.message("system", "la ha quitado")
        await case.until(lambda: case.handoff()["paused_until"] is None, "the end of the pause")
        await case.until(lambda: not [m for m in _cards(case) if "En pausa" in m], "a card without it")
        await asyncio.to_thread(case.end)


def _cards(case: Case) -> list[str]:
    return [m.words for m in case.slack.cards(case.desk.queue) if f"{case.name} (" in m.words]
