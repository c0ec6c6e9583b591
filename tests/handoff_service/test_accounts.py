"""Whoever takes a verified customer's case sees the plan and the debt; of anybody else nothing is looked up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from handoff_service.switchboard import accounts
from tests.doubles.service import Service
from tests.doubles.widget import Widget, identity, open_widget

LUCIA = {"plan": {"es": "Fibra 600", "en": "Fibre 600"}, "debt": {"es": "24,90 €", "en": "€24.90"}}
SECONDS = 30


async def _handoff(service: Service, widget: Widget, seconds: float = SECONDS) -> dict[str, Any]:
    """The widget's handoff, as soon as it tells an account, or else after these seconds."""
    with service.agent("Ana") as ana:
        for _ in range(int(seconds / 0.2)):
            listed = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
            mine: dict[str, Any] = next(h for h in listed if h["conversation_id"] == widget.conversation_id)
            if mine["account"]:
                break
            await asyncio.sleep(0.2)
    return mine


async def _ask(widget: Widget) -> None:
    await widget.say("quiero hablar con una persona")
    await widget.owner("queue")


async def test_plan_and_debt_of_a_verified_customer_stand_on_the_case(service: Service) -> None:
    service.control_assistant(accounts={"C-account": LUCIA})
    async with open_widget(service.url, identity=identity("C-account", "Lucía")) as widget:
        await _ask(widget)
        assert (await _handoff(service, widget))["account"] == LUCIA
        assert "24,90" not in str(widget.messages("system")) + str(widget.messages("assistant"))


async def test_of_who_is_not_verified_or_not_known_nothing_is_told(service: Service) -> None:
    service.control_assistant(accounts={"C-account": LUCIA})
    async with open_widget(service.url) as widget:
        await _ask(widget)
        assert (await _handoff(service, widget, 2))["account"] is None
    async with open_widget(service.url, identity=identity("C-unheard-of", "Otra")) as widget:
        await _ask(widget)
        assert (await _handoff(service, widget, 2))["account"] is None


@pytest.mark.timeout(180)
async def test_a_system_that_was_away_is_asked_again(service: Service) -> None:
    service.control_assistant(accounts=None)
    async with open_widget(service.url, identity=identity("C-later", "Lucía")) as widget:
        await _ask(widget)
        assert (await _handoff(service, widget, 2))["account"] is None
        service.control_assistant(accounts={"C-later": LUCIA})
        assert (await _handoff(service, widget, accounts.LOOK_EVERY + SECONDS))["account"] == LUCIA


async def test_one_that_cannot_be_looked_up_holds_up_nobody(service: Service) -> None:
    service.control_assistant(accounts={"C-broken": {"neither": "plan nor debt"}, "C-behind": LUCIA})
    async with (
        open_widget(service.url, identity=identity("C-broken", "Bruno")) as broken,
        open_widget(service.url, identity=identity("C-behind", "Lucía")) as behind,
    ):
        await _ask(broken)
        await _ask(behind)
        assert (await _handoff(service, behind))["account"] == LUCIA
        assert (await _handoff(service, broken, 1))["account"] is None
