"""Teams with a channel of their own: a case passed on to one stands there, and only there can it be taken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulators.slack import Message, slack_process
from tests.slack.desk import Case, TwoTeamsDesk

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TwoTeamsDesk]:
    with slack_process() as slack:
        running = TwoTeamsDesk(slack, tmp_path)
        try:
            running.start()
            yield running
        finally:
            running.stop()


async def _card_in(case: Case, channel: str, words: str) -> Message:
    def look() -> Message | None:
        return next((m for m in case.slack.cards(channel) if words in m.words), None)

    return await case.until(look, f"a card with {words!r}")


async def test_a_case_passed_on_moves_to_the_channel_of_its_team(desk: TwoTeamsDesk) -> None:
    billing = desk.billing
    async with desk.customer("Berta") as case:
        await case.claimed(desk.ana)
        assert case.api("Ana", "transfer", team="billing").status_code == 200
        card = await _card_in(case, billing, "En espera")
        assert "Equipo: billing" in card.words.replace("*", "")
        code = case.handoff()["code"]
        await _card_in(case, desk.queue, f"{code} espera ahora")
        assert await asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.claim")
        await case.widget.owner("agent")
        await asyncio.to_thread(desk.slack.post, desk.ana, billing, "Sigo yo por aquí", thread_ts=card.ts)
        assert (await case.widget.message("agent"))["text"] == "Sigo yo por aquí"


async def test_what_is_done_in_the_old_thread_still_reaches_the_customer(desk: TwoTeamsDesk) -> None:
    billing = desk.billing
    async with desk.customer("Celia") as case:
        old = await case.claimed(desk.ana)
        corrected = await case.writes(desk.ana, "te llamo el lunes")
        seq = (await case.widget.message("agent", "lunes"))["seq"]
        regretted = await case.writes(desk.ana, "esto era para otra persona")
        slip = (await case.widget.message("agent", "otra persona"))["seq"]
        assert case.api("Ana", "transfer", team="billing").status_code == 200
        await _card_in(case, billing, "En espera")
        await asyncio.to_thread(desk.slack.edit, desk.ana, corrected, "te llamo el martes")
        edited = await case.widget.until(lambda f: f["type"] == "edited" and f["seq"] == seq, 30)
        assert edited["text"] == "te llamo el martes"
        await asyncio.to_thread(desk.slack.delete, desk.ana, regretted)
        assert (await case.widget.until(lambda f: f["type"] == "deleted", 30))["seq"] == slip
        await asyncio.to_thread(desk.slack.post, desk.ana, desk.queue, "¿alguien la ve?", thread_ts=old.ts)
        await case.whispered(desk.ana, "quedó como nota interna")
        assert "¿alguien la ve?" in case.notes()
        card = await _card_in(case, billing, "En espera")
        assert await asyncio.to_thread(desk.slack.press, desk.ana, card, "handoff.claim")
        await case.widget.owner("agent")
        await asyncio.to_thread(desk.slack.post, desk.ana, desk.queue, "ya la llevo yo", thread_ts=old.ts)
        await case.until_reply("ya la llevo yo")
        await case.until(
            lambda: any("ya la llevo yo" in m.words for m in desk.slack.thread(card)[1:]), "the line in the new thread"
        )


async def test_a_case_passed_on_before_its_card_stood_is_posted_once_and_where_it_belongs(desk: TwoTeamsDesk) -> None:
    await asyncio.to_thread(desk.slack.down)
    async with desk.customer("Delia") as case:
        case.api("Ana", "claim").raise_for_status()
        case.api("Ana", "transfer", team="billing").raise_for_status()
        await asyncio.to_thread(desk.slack.up)
        card = await _card_in(case, desk.billing, "En espera")
        code = case.handoff()["code"]
        await case.until(lambda: desk.slack.thread(card)[1:], "what was said before")
        assert not [each for each in desk.slack.cards(desk.queue) if code in each.words]
        assert len([each for each in desk.slack.cards(desk.billing) if code in each.words]) == 1
