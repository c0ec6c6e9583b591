"""Who may press what, and what happens when somebody else does."""

from __future__ import annotations

import asyncio

import pytest

from tests.slack.desk import Case, SlackDesk

pytestmark = pytest.mark.timeout(300)


async def _press(case: Case, user: str, action: str) -> None:
    assert await asyncio.to_thread(case.slack.press, user, await case.card(), action)


async def test_only_the_holder_resolves_and_releases_and_others_are_told_privately(desk: SlackDesk) -> None:
    async with desk.customer("Berta") as case:
        await case.claimed(desk.ana)
        for action in ("handoff.resolve", "handoff.release"):
            await _press(case, desk.luis, action)
            await case.whispered(desk.luis, "La lleva Ana, no tú")
        assert desk.slack.view(desk.luis) is None
        assert case.handoff()["agent"] == {"name": "Ana", "desk": "slack"}
        assert not [m for m in desk.slack.thread(await case.card()) if "no tú" in m.words]
        await _press(case, desk.ana, "handoff.release")
        await case.widget.owner("queue")
        assert (await case.card("En espera")).action_ids == ["handoff.claim"]


async def test_guests_and_strangers_to_the_channel_cannot_claim(desk: SlackDesk) -> None:
    async with desk.customer("Celia") as case:
        for user in (desk.guest, desk.outsider):
            await _press(case, user, "handoff.claim")
        await case.whispered(desk.guest, "Solo pueden atender")
        await case.until(lambda: desk.slack.effects("response"), "an answer to somebody outside the channel")
        assert case.handoff()["status"] == "queued"


async def test_a_stale_button_changes_nothing_and_says_so(desk: SlackDesk) -> None:
    async with desk.customer("Delia") as case:
        old = await case.card("En espera")
        await case.claimed(desk.ana)
        assert await asyncio.to_thread(desk.slack.press_old, desk.luis, old, "handoff.claim")
        await case.whispered(desk.luis, "La lleva Ana. Nada ha cambiado")
        assert case.api("Ana", "resolve").status_code == 200
        await case.card("Resuelta")
        assert await asyncio.to_thread(desk.slack.press_old, desk.luis, old, "handoff.claim")
        await case.whispered(desk.luis, "ya está cerrado")
        assert case.handoff()["status"] == "resolved"


async def test_of_a_claim_in_slack_and_one_in_the_console_at_once_exactly_one_wins(desk: SlackDesk) -> None:
    async with desk.customer("Elena") as case:
        card = await case.card("En espera")
        handoff_id = case.handoff()["id"]
        with desk.service.agent("Luis") as api:
            pressed, answered = await asyncio.gather(
                asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.claim"),
                asyncio.to_thread(api.post, f"/handoffs/{handoff_id}/claim"),
            )
        assert pressed
        await case.widget.owner("agent")
        holder = case.handoff()["agent"]["name"]
        if answered.status_code == 200:
            assert holder == "Luis"
            await case.whispered(desk.ana, "La lleva Luis")
        else:
            assert (answered.status_code, holder) == (409, "Ana")
            assert answered.json()["agent"] == {"name": "Ana", "desk": "slack"}
        assert holder in (await case.card("En curso")).words


async def test_the_same_person_is_one_agent_in_slack_and_in_the_console(desk: SlackDesk) -> None:
    async with desk.customer("Fabia") as case:
        await case.claimed(desk.ana)
        assert case.api("Ana", "messages", text="sigo desde la consola", id="c1").status_code == 200
        await case.widget.message("agent", "sigo desde la consola")
        assert "(consola)" in (await case.said("sigo desde la consola")).words
        assert case.api("Luis", "messages", text="yo también", id="c1").status_code == 409


async def test_a_case_is_passed_on_to_a_colleague_and_to_the_queue(desk: SlackDesk) -> None:
    async with desk.customer("Gloria") as case:
        await case.claimed(desk.ana)
        await _press(case, desk.luis, "handoff.transfer")
        await case.whispered(desk.luis, "La lleva Ana, no tú")
        await _press(case, desk.ana, "handoff.transfer")
        form = await asyncio.to_thread(desk.slack.until_view, desk.ana)
        assert form.callback_id == "handoff.transfer"
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.ana, form, {"agent": "Luisa"})).acknowledged
        await case.until(lambda: case.handoff()["agent"] == {"name": "Luisa", "desk": "slack"}, "Luisa's case")
        await _press(case, desk.marga, "handoff.transfer")  # a supervisor may move what others hold
        form = await asyncio.to_thread(desk.slack.until_view, desk.marga)
        assert (await asyncio.to_thread(desk.slack.submit_view, desk.marga, form, {"team": "general"})).acknowledged
        await case.until(lambda: case.handoff()["status"] == "queued", "the queue")


async def test_an_ended_case_is_reopened_by_whoever_presses(desk: SlackDesk) -> None:
    async with desk.customer("Hilda") as case:
        await case.claimed(desk.ana)
        assert case.api("Ana", "resolve").status_code == 200
        await case.card("Resuelta")
        line = await case.writes(desk.ana, "¿sigue ahí?")
        await case.whispered(desk.ana, "NO salió")
        await case.reacted(line, "warning")
        await _press(case, desk.luis, "handoff.reopen")
        await case.until(lambda: case.handoff()["agent"] == {"name": "Luisa", "desk": "slack"}, "the reopened case")
        await case.writes(desk.luis, "retomo tu caso")
        await case.widget.message("agent", "retomo tu caso")
        assert case.to_customer() == ["retomo tu caso"]


async def test_the_command_lists_the_open_cases_to_whoever_asks(desk: SlackDesk) -> None:
    async with desk.customer("Irene") as case:
        code = case.handoff()["code"]
        assert await asyncio.to_thread(desk.slack.slash, desk.luis, desk.queue, "/relevo")
        assert "En espera" in (await case.whispered(desk.luis, code)).words
