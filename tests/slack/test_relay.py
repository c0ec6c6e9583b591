"""The main job with Slack as the desk: card, claim, both ways, resolve."""

from __future__ import annotations

import asyncio

import pytest

from tests.slack.desk import SlackDesk

pytestmark = pytest.mark.timeout(300)
VERDICTS = [f"handoff.verdict.{verdict}" for verdict in ("too_early", "right", "too_late", "not_needed")]


async def test_a_case_goes_from_card_to_claim_both_ways_and_to_its_end(desk: SlackDesk) -> None:
    async with desk.customer("Marta") as case:
        card = await case.card("En espera")
        assert "Pidió hablar con una persona" in card.words
        assert card.action_ids == ["handoff.claim"]
        so_far = await case.said("quiero hablar con una persona")
        assert "La conversación hasta ahora" in so_far.words
        card = await case.claimed(desk.ana)
        assert "Ana" in card.words
        buttons = [f"handoff.{name}" for name in ("resolve", "canned", "snooze", "transfer", "release")]
        assert card.action_ids == [*buttons, *VERDICTS]
        line = await case.writes(desk.ana, "Hola Marta, soy Ana. ¿En qué te ayudo?")
        reply = await case.widget.message("agent")
        assert (reply["name"], reply["text"]) == ("Ana", "Hola Marta, soy Ana. ¿En qué te ayudo?")
        await case.reacted(line, "white_check_mark")
        await case.widget.say("no me funciona la fibra")
        await case.said("no me funciona la fibra")
        assert await asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.resolve")
        form = await asyncio.to_thread(desk.slack.until_view, desk.ana)
        assert (form.callback_id, form.inputs) == ("handoff.resolve", ["outcome", "topic", "promise", "due", "note"])
        values = {"outcome": "solved", "topic": "internet_fault", "note": "router cambiado"}
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form, values)).acknowledged
        await case.widget.owner("assistant")
        card = await case.card("Resuelta")
        assert card.action_ids == ["handoff.reopen", *VERDICTS]
        handoff = case.handoff()
        assert (handoff["status"], handoff["outcome"], handoff["topic"]) == ("resolved", "solved", "internet_fault")
        assert "router cambiado" in case.notes()
        assert "router cambiado" not in str(case.widget.frames)
        await case.widget.say("¿y ahora?")
        assert (await case.widget.message("assistant"))["text"] == "eco: ¿y ahora?"
    assert len([m for m in desk.slack.cards(desk.queue) if "Marta (" in m.words]) == 1
