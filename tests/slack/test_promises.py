"""A promise made in Slack at the end of a case, and kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.slack.desk import Case, SlackDesk

pytestmark = pytest.mark.timeout(300)


async def _resolves(case: Case, **values: str) -> None:
    slack, ana = case.slack, case.desk.ana
    assert await asyncio.to_thread(slack.press, ana, await case.card(), "handoff.resolve")
    form = await asyncio.to_thread(slack.until_view, ana)
    assert (await asyncio.to_thread(slack.submit_view, ana, form, values)).acknowledged


async def test_a_promise_is_told_to_the_customer_stands_on_the_card_and_is_kept_by_a_press(desk: SlackDesk) -> None:
    due = datetime.now(UTC).date() + timedelta(days=30)
    async with desk.customer("Sofia") as case:
        await case.claimed(desk.ana)
        await _resolves(case, due=due.isoformat())
        await case.whispered(desk.ana, "Una promesa necesita palabras")
        await _resolves(case, promise="te ingreso 20 € en ES9121000418450200051332")
        await case.whispered(desk.ana, "La promesa parece llevar")
        assert case.handoff()["status"] == "assigned"
        await _resolves(case, promise="te llamo con el resultado", due=due.isoformat())
        await case.widget.message("system", "«te llamo con el resultado», a más tardar")
        card = await case.card("Resuelta")
        assert f"te llamo con el resultado · {due:%d/%m/%Y} (Ana)" in card.words
        assert "handoff.promise_kept" in card.action_ids
        assert await asyncio.to_thread(desk.slack.press, desk.luis, card, "handoff.promise_kept")
        done = await case.card("✓ te llamo")
        assert "handoff.promise_kept" not in done.action_ids
        await case.said("Promesa cumplida")
        assert await asyncio.to_thread(desk.slack.press_old, desk.ana, card, "handoff.promise_kept")
        await case.whispered(desk.ana, "ninguna promesa pendiente")


async def test_a_note_from_the_console_reaches_the_thread_of_a_closed_case(desk: SlackDesk) -> None:
    async with desk.customer("Teresa") as case:
        await case.claimed(desk.ana)
        await _resolves(case)
        await case.card("Resuelta")
        assert case.api("Luis", "notes", text="llamar el martes").status_code == 200
        await case.said("llamar el martes")
        assert len([m for m in desk.slack.thread(await case.card()) if "llamar el martes" in m.words]) == 1
