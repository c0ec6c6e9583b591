"""What Slack may do wrong, and what must not come of it."""

from __future__ import annotations

import asyncio

import pytest

from tests.slack.desk import SlackDesk

pytestmark = pytest.mark.timeout(300)
GRACE_AND_MORE = 2.0


async def test_a_lost_answer_does_not_make_a_second_post(desk: SlackDesk) -> None:
    desk.slack.fault("chat.postMessage", "lost_reply", times=1)
    async with desk.customer("Paula") as case:  # the card's own answer is lost
        card = await case.claimed(desk.ana)
        desk.slack.fault("chat.postMessage", "lost_reply", times=1)
        await case.widget.say("primera línea perdida")
        await case.said("primera línea perdida")
        await case.widget.say("segunda línea")
        await case.said("segunda línea")
        thread = desk.slack.thread(card)
        assert len([m for m in thread if "primera línea perdida" in m.words]) == 1
        assert len([c for c in desk.slack.cards(desk.queue) if "Paula (" in c.words]) == 1
    assert desk.slack.faults_fired()["lost_reply"] >= 2


async def test_a_post_that_lands_late_is_waited_for(desk: SlackDesk) -> None:
    async with desk.customer("Quima") as case:
        card = await case.claimed(desk.ana)
        desk.slack.fault("chat.postMessage", "late_landing", seconds=0.6, times=1)
        await case.widget.say("llega tarde")
        await case.said("llega tarde")
        await asyncio.sleep(2.5)
        assert len([m for m in desk.slack.thread(card) if "llega tarde" in m.words]) == 1


async def test_repeated_and_shuffled_events_are_relayed_once_and_in_order(desk: SlackDesk) -> None:
    async with desk.customer("Rocío") as case:
        card = await case.claimed(desk.ana)
        desk.slack.fault_events("duplicate", "message", copies=3, seconds=0.2)
        desk.slack.fault_events("jitter", "message", seconds=0.12)
        lines = [f"línea {number}" for number in range(12)]

        def write() -> None:
            for line in lines:
                desk.slack.post(desk.ana, desk.queue, line, thread_ts=card.ts)

        await asyncio.to_thread(write)
        await case.widget.message("agent", lines[-1], 20)
        await case.widget.quiet(1.5)
        assert case.to_customer() == lines


async def test_what_slack_never_delivers_is_read_from_the_history(desk: SlackDesk) -> None:
    async with desk.customer("Sara") as case:
        await case.claimed(desk.ana)
        desk.slack.fault_events("drop", "message")
        await case.writes(desk.ana, "¿me lees?")
        await case.writes(desk.ana, "segunda")
        await case.widget.message("agent", "segunda", 20)
        assert case.to_customer() == ["¿me lees?", "segunda"]


async def test_slack_down_for_a_while_is_drained_in_one_merged_post(desk: SlackDesk) -> None:
    async with desk.customer("Tania") as case:
        card = await case.claimed(desk.ana)
        before = len(desk.slack.thread(card))
        await asyncio.to_thread(desk.slack.down)
        try:
            for number in range(6):
                assert (await case.widget.say(f"durante la caída {number}"))["type"] == "ack"
            await asyncio.sleep(3)
        finally:
            await asyncio.to_thread(desk.slack.up)
        await case.said("durante la caída 5")
        await asyncio.sleep(GRACE_AND_MORE)
        new = desk.slack.thread(card)[before:]
        assert sum(m.words.count("durante la caída") for m in new) == 6
        assert len([m for m in new if "durante la caída" in m.words]) <= 2
        await case.writes(desk.ana, "ya estoy de vuelta")
        await case.widget.message("agent", "de vuelta", 30)


async def test_being_told_to_wait_loses_nothing_and_makes_no_busy_loop(desk: SlackDesk) -> None:
    async with desk.customer("Úrsula") as case:
        await case.claimed(desk.ana)
        calls = len(desk.slack.requests("chat.postMessage"))
        desk.slack.fault("chat.postMessage", "ratelimited", retry_after="2", times=2)
        await case.widget.say("con paciencia")
        await case.said("con paciencia")
        assert len(desk.slack.requests("chat.postMessage")) - calls <= 4


async def test_what_only_a_person_can_mend_is_named_and_never_hammered(desk: SlackDesk) -> None:
    async with desk.customer("Vera") as case:
        await case.claimed(desk.ana)
        calls = len(desk.slack.requests("chat.postMessage"))
        desk.slack.fault("chat.postMessage", "error", error="is_archived")
        await case.widget.say("¿hay alguien?")
        ready = desk.service.agent("Ana")
        url = f"{desk.service.url}/readyz"
        await case.until(lambda: ready.get(url).json()["parts"]["slack"] == "is_archived", "the trouble's name")
        await asyncio.sleep(2)
        assert len(desk.slack.requests("chat.postMessage")) - calls <= 3
        desk.slack.clear_faults()
        assert (await case.widget.say("sigo aquí"))["type"] == "ack"
        assert "sigo aquí" in (await case.said("¿hay alguien?")).words
        await case.until(lambda: ready.get(url).json()["parts"]["slack"] == "ok", "recovery")
        ready.close()


async def test_a_kill_in_between_loses_and_doubles_nothing(desk: SlackDesk) -> None:
    async with desk.customer("Wanda") as case:
        card = await case.claimed(desk.ana)
        desk.slack.fault("chat.postMessage", "lost_reply", seconds=5, times=1)
        await case.widget.say("justo antes del golpe")
        await case.said("justo antes del golpe")  # it stands in Slack, and its answer never comes
        desk.slack.fault_events("drop", "message", times=1)
        await case.writes(desk.ana, "respuesta perdida en el golpe")
        await asyncio.to_thread(desk.restart)
        async with desk.customer_again("Wanda", case.widget.token) as again:
            await again.until_reply("respuesta perdida en el golpe")
            await again.widget.say("después del golpe")
            await again.said("después del golpe")
            words = "\n".join(m.words for m in desk.slack.thread(card))
            assert words.count("justo antes del golpe") == 1
            assert words.count("después del golpe") == 1
            assert again.to_customer().count("respuesta perdida en el golpe") == 1
