"""What the assistant would answer, on the card: sent or touched up by the holder's press, and never by itself."""

from __future__ import annotations

import asyncio

import pytest

from tests.slack.desk import SlackDesk

pytestmark = pytest.mark.timeout(300)
WORDS = "En la Unión Europea usas tus datos como en casa."


async def test_a_suggestion_is_sent_as_it_is_in_one_press(desk: SlackDesk) -> None:
    async with desk.customer("Sabina") as case:
        await case.claimed(desk.ana)
        await case.widget.say("¿se paga el roaming en Portugal?")
        card = await case.card("El asistente respondería")
        assert WORDS in card.words
        assert case.to_customer() == []
        assert await asyncio.to_thread(desk.slack.press, desk.luis, card, "handoff.suggestion_send")
        await case.whispered(desk.luis, "La lleva Ana, no tú")
        assert await asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.suggestion_send")
        await case.until_reply(WORDS)
        await case.said(WORDS)
        shown = await case.until(
            lambda: (now := desk.slack.now(card)) and "handoff.suggestion_send" not in now.action_ids and now,
            "a card without it",
        )
        assert "respondería" not in shown.words
        assert await asyncio.to_thread(desk.slack.press_old, desk.ana, card, "handoff.suggestion_send")
        await case.whispered(desk.ana, "Esa sugerencia ya no encaja")
        assert case.to_customer() == [WORDS]


async def test_it_is_touched_up_first_and_what_remains_is_given_back(desk: SlackDesk) -> None:
    async with desk.customer("Tadeo") as case:
        await case.claimed(desk.ana)
        await case.widget.say("¿y el roaming?")
        card = await case.card("El asistente respondería")
        assert await asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.suggestion_edit")
        form = await asyncio.to_thread(desk.slack.until_view, desk.ana)
        assert form.blocks[0]["element"]["initial_value"] == WORDS
        values = {"text": f"Claro, Tadeo. {WORDS}"}
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form, values)).acknowledged
        await case.until_reply("Claro, Tadeo.")
        await case.widget.say("gracias, ¿y cuánto debo?")
        card = await case.card("Lo que queda es rutina")
        assert "handoff.suggestion_send" not in card.action_ids
        assert await asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.give_back")
        await case.widget.message("assistant", "eco: gracias, ¿y cuánto debo?", 20)
        await case.card("Resuelta")
