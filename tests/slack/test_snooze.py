"""Laying a case aside in Slack, and going on with it."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.slack.desk import SlackDesk

pytestmark = pytest.mark.timeout(300)


async def test_a_case_is_laid_aside_until_the_customer_writes(desk: SlackDesk) -> None:
    async with desk.customer("Quirina") as case:
        card = await case.claimed(desk.ana)
        assert await asyncio.to_thread(desk.slack.press, desk.luis, card, "handoff.snooze")
        await case.whispered(desk.luis, "La lleva Ana, no tú")
        assert await asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.snooze")
        form = await asyncio.to_thread(desk.slack.until_view, desk.ana)
        assert form.inputs == ["until"]
        values = {"until": int(time.time()) - 60}
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form, values)).acknowledged
        await case.whispered(desk.ana, "ya pasó")
        assert await asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.snooze")
        form = await asyncio.to_thread(desk.slack.until_view, desk.ana)
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form)).acknowledged
        card = await case.card("Aplazada hasta")
        assert "handoff.wake" in card.action_ids and "handoff.snooze" not in card.action_ids
        await case.widget.say("una cosa más")
        await case.said("una cosa más")
        await case.until(lambda: case.handoff()["snoozed_until"] is None, "the end of it")
        await case.until(lambda: "Aplazada" not in (desk.slack.now(card) or card).words, "a card without it")


async def test_when_the_time_is_up_the_thread_says_so(desk: SlackDesk) -> None:
    async with desk.customer("Rita") as case:
        card = await case.claimed(desk.ana)
        assert await asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.snooze")
        form = await asyncio.to_thread(desk.slack.until_view, desk.ana)
        values = {"until": int(time.time()) + 4}
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form, values)).acknowledged
        await case.said("Se acabó el aplazamiento")
        assert await asyncio.to_thread(desk.slack.press_old, desk.ana, card, "handoff.snooze")
        form = await asyncio.to_thread(desk.slack.until_view, desk.ana)
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form)).acknowledged
        card = await case.card("Aplazada hasta")
        assert await asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.wake")
        await case.until(lambda: case.handoff()["snoozed_until"] is None, "its holder going on")
