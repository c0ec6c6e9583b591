"""How a customer is told that a person comes: words that fit the reason, an apology once, the priority as advised."""

from __future__ import annotations

from typing import Any

import pytest

from handoff_service.switchboard.rules.handoff import Priority, Reason, may_be_surveyed, telling_signals
from handoff_service.words import load_words
from tests.doubles.service import Service
from tests.doubles.widget import Widget, open_widget

WORDS = load_words("Alborada")


def _advise(service: Service, reason: str, *signals: tuple[str, Any, float], **more: Any) -> None:
    listed = [{"name": name, "value": value, "weight": weight} for name, value, weight in signals]
    advised = {"reason": reason, "signals": listed, **more}
    service.control_assistant(next_answers=[{"messages": [], "frustration": 0.8, "handoff": advised}])


async def _announced(widget: Widget, text: str = "llevo días así") -> str:
    await widget.say(text)
    await widget.owner("queue")
    return str(widget.messages("system")[-1]["text"]).splitlines()[0]


def _variants(name: str, language: str = "es") -> set[str]:
    return {text.format(operator="Alborada") for text in WORDS.sentences[name, language]}


async def test_the_priority_is_the_assistants_where_it_is_a_known_one(service: Service) -> None:
    with service.agent("Ana") as ana:
        for advised, expected in (("urgent", "urgent"), ("normal", "normal"), ("sky-high", "high"), (None, "high")):
            async with open_widget(service.url) as widget:
                _advise(service, "frustration", ("waiting_days", 2, 0.6), priority=advised)
                await _announced(widget)
            listed = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
            handoff = next(h for h in listed if h["conversation_id"] == widget.conversation_id)
            assert handoff["priority"] == expected
            assert handoff["signals"][0]["words"] == {"es": "2 días esperando", "en": "waiting for 2 days"}
            assert handoff["mood"] == {"level": "angry", "frustration": 0.8, "abuse": 0.0, "rising": False}


async def test_who_announced_legal_steps_is_not_asked_how_it_was(service: Service) -> None:
    with service.agent("Ana") as ana:
        for signal, surveys in (("legal_action", 0), ("waiting_days", 1)):
            async with open_widget(service.url) as widget:
                _advise(service, "complaint", (signal, True, 1.0))
                await _announced(widget)
                listed = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
                handoff = next(h for h in listed if h["conversation_id"] == widget.conversation_id)
                ana.post(f"/handoffs/{handoff['id']}/claim").raise_for_status()
                ana.post(f"/handoffs/{handoff['id']}/resolve", json={"outcome": "solved"}).raise_for_status()
                await widget.owner("assistant")
                await widget.quiet(0.5)
            asked = [m for m in widget.messages("system") if "survey." in str(m.get("buttons"))]
            assert len(asked) == surveys


async def test_frustration_is_apologised_for_once_in_a_conversation(service: Service) -> None:
    async with open_widget(service.url) as widget:
        _advise(service, "frustration")
        assert await _announced(widget) in _variants("utter_queue_frustration")
        await widget.say("cancelar")
        await widget.owner("assistant")
        _advise(service, "frustration")
        assert await _announced(widget) in _variants("utter_queue_frustration_again")


@pytest.mark.parametrize(
    ("reason", "signals", "name"),
    [
        ("vulnerable_customer", [("bereavement", True, 0.9)], "utter_queue_bereavement"),
        ("vulnerable_customer", [("poverty", True, 0.3), ("fraud", True, 0.7)], "utter_queue_fraud"),
        ("vulnerable_customer", [("something_new", True, 1.0)], "utter_queue_vulnerable_customer"),
        ("leaving", [("fraud", True, 0.1)], "utter_queue_leaving"),
        ("complex_case", [("disputed_months", 3, 0.5)], "utter_queue_complex_case"),
    ],
)
async def test_the_words_fit_the_reason(service: Service, reason: str, signals: Any, name: str) -> None:
    async with open_widget(service.url) as widget:
        _advise(service, reason, *signals)
        assert await _announced(widget) in _variants(name)


def test_every_delicate_matter_and_every_reason_has_words_in_both_languages() -> None:
    for reason in Reason:
        assert WORDS.knows(f"utter_queue_{reason.value}")
    assert len(_variants("utter_queue_frustration")) >= 3
    for kind in (
        "bereavement",
        "fraud",
        "health",
        "disability",
        "violence",
        "self_harm",
        "poverty",
        "legal_action",
        "appeal",
    ):
        assert telling_signals(Reason.VULNERABLE_CUSTOMER, [{"name": kind}]) == [kind]
        assert _variants(f"utter_queue_{kind}", "en")


def test_nobody_in_a_delicate_situation_is_asked_how_it_went() -> None:
    assert not may_be_surveyed(Reason.VULNERABLE_CUSTOMER, [])
    assert not may_be_surveyed(Reason.COMPLAINT, [{"name": "legal_action"}])
    assert may_be_surveyed(Reason.FRUSTRATION, [{"name": "waiting_days", "value": 2}])


def test_every_priority_is_one_that_the_queue_orders_by() -> None:
    assert sorted(Priority, key=lambda p: -p.urgency) == [Priority.URGENT, Priority.HIGH, Priority.NORMAL]
