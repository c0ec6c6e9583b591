"""Ready replies in Slack: chosen, touched up, sent by the holder and nobody else."""

from __future__ import annotations

import asyncio

import pytest

from tests.emulators.slack import View
from tests.slack.desk import Case, SlackDesk

pytestmark = pytest.mark.timeout(300)


async def _form(case: Case, user: str) -> View:
    assert await asyncio.to_thread(case.slack.press, user, await case.card(), "handoff.canned")
    form = await asyncio.to_thread(case.slack.until_view, user)
    assert form.callback_id == "handoff.canned"
    return form


async def _chosen(case: Case, user: str, name: str) -> View:
    form = await _form(case, user)
    assert await asyncio.to_thread(case.slack.press_in_view, user, form, "handoff.canned_pick", name)

    def text() -> View | None:
        view = case.slack.view(user)
        return view if view and f"text.{name}" in view.inputs else None

    return await case.until(text, "the chosen text in the form")


async def test_a_reply_is_chosen_touched_up_and_sent(desk: SlackDesk) -> None:
    async with desk.customer("Noelia") as case:
        await case.claimed(desk.ana)
        form = await _chosen(case, desk.ana, "greeting")
        field = next(block["element"] for block in form.blocks if block["block_id"] == "text.greeting")
        assert field["initial_value"].startswith("Hola, Noelia, soy Ana, de Alborada.")
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form)).acknowledged
        await case.until_reply("Hola, Noelia, soy Ana")
        assert "(consola)" not in (await case.said("soy Ana, de Alborada")).words
        form = await _chosen(case, desk.ana, "one_moment")
        values = {"text.one_moment": "Dame un minutito"}
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form, values)).acknowledged
        await case.until_reply("Dame un minutito")
        assert len(case.to_customer()) == 2


async def test_only_the_holder_gets_the_form_and_a_late_one_sends_nothing(desk: SlackDesk) -> None:
    async with desk.customer("Otilia") as case:
        await case.claimed(desk.ana)
        assert await asyncio.to_thread(desk.slack.press, desk.luis, await case.card(), "handoff.canned")
        await case.whispered(desk.luis, "La lleva Ana, no tú")
        assert desk.slack.view(desk.luis) is None
        form = await _form(case, desk.ana)
        with desk.service.agent("Ana") as api:
            handoff_id = case.handoff()["id"]
            assert api.post(f"/handoffs/{handoff_id}/transfer", json={"agent": "Luisa"}).status_code == 200
        values = {"text": "llego tarde"}
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form, values)).acknowledged
        await case.whispered(desk.ana, "La lleva Luisa, no tú")
        await case.widget.quiet(1.0)
        assert case.to_customer() == []


async def test_a_card_number_in_the_form_waits_for_a_press_like_any_line(desk: SlackDesk) -> None:
    async with desk.customer("Piedad") as case:
        await case.claimed(desk.ana)
        form = await _form(case, desk.ana)
        values = {"text": "tu tarjeta 4111 1111 1111 1111"}
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form, values)).acknowledged
        question = await case.whispered(desk.ana, "Tu mensaje parece llevar un número de tarjeta")
        assert case.to_customer() == []
        assert await asyncio.to_thread(desk.slack.press, desk.ana, question, "handoff.send_held")
        await case.until_reply("4111 1111 1111 1111")
        await case.said("tu tarjeta")
        assert await asyncio.to_thread(desk.slack.press_old, desk.ana, question, "handoff.send_held")
        await case.whispered(desk.ana, "ya no espera")
        assert len(case.to_customer()) == 1
