"""The service is killed, the assistant fails: nothing is lost, nothing comes twice, everybody is told in time."""

from __future__ import annotations

import asyncio
import subprocess
import time

from tests.doubles.service import Service
from tests.doubles.widget import open_widget
from tests.patience import patient


async def test_what_was_acknowledged_survives_a_kill_and_is_answered_once(killable_service: Service) -> None:
    killable_service.control_assistant(delay=1.0)
    async with open_widget(killable_service.url) as widget:
        await widget.say("¿llega la fibra a mi calle?")
        killable_service.service.kill()
    killable_service.control_assistant(delay=0.0)
    killable_service.restart()
    async with open_widget(killable_service.url, token=widget.token) as again:
        if not again.messages("assistant"):
            await again.message("assistant", seconds=20)
        await again.quiet(3.0)
    texts = [m["text"] for m in again.messages("assistant")]
    assert texts == ["eco: ¿llega la fibra a mi calle?"]
    assert len(again.messages("customer")) == 1


async def test_killed_in_the_middle_of_a_turn_the_same_turn_is_asked_again(killable_service: Service) -> None:
    killable_service.control_assistant(delay=1.5)
    async with open_widget(killable_service.url) as widget:
        await widget.say("una pregunta entera, con todo")
        while not killable_service.asked():
            await asyncio.sleep(0.05)
        killable_service.service.kill()
    killable_service.control_assistant(delay=0.0)
    killable_service.restart()
    async with open_widget(killable_service.url, token=widget.token) as again:
        if not again.messages("assistant"):
            await again.message("assistant", seconds=20)
    assert len({asked["turn_id"] for asked in killable_service.asked()}) == 1
    assert len(killable_service.asked()) == 2


async def test_a_message_whose_ack_was_lost_is_sent_again_and_stored_once(killable_service: Service) -> None:
    async with open_widget(killable_service.url) as widget:
        await widget.say("solo una vez", message_id="lost-ack")
        await widget.message("assistant")
        killable_service.restart()
    async with open_widget(killable_service.url, token=widget.token) as again:
        assert (await again.say("solo una vez", message_id="lost-ack"))["seq"] == 1
        assert not [f for f in await again.quiet(1.0) if f["type"] == "message"]


async def _told_in_time(service: Service, language: str, text: str) -> dict[str, object]:
    async with open_widget(service.url, locale=language) as widget:
        began = time.monotonic()
        await widget.say(text)
        while True:
            told = await widget.message("system", seconds=8.0)
            if "buttons" in told:
                break
        assert time.monotonic() - began < patient(8.0)
        assert told["buttons"][0]["payload"] == "queue.request"
        await widget.say(told["buttons"][0]["title"], payload="queue.request")
        await widget.owner("queue")
        return told


async def test_a_hanging_assistant_is_told_in_time_and_a_person_can_be_had(own_service: Service) -> None:
    own_service.control_assistant(mode="hangs")
    spanish = await _told_in_time(own_service, "es", "¿qué tarifas tenéis?")
    english = await _told_in_time(own_service, "en", "which plans do you have?")
    assert spanish["text"] != english["text"]


async def test_an_assistant_that_says_nothing_is_a_failed_one(own_service: Service) -> None:
    own_service.control_assistant(mode="empty")
    await _told_in_time(own_service, "es", "¿qué tarifas tenéis?")


async def test_without_the_assistant_a_person_can_be_asked_for_in_words(own_service: Service) -> None:
    own_service.assistant.kill()
    async with open_widget(own_service.url) as widget:
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue", seconds=8.0)
    async with open_widget(own_service.url) as other:
        await other.say("¿cuándo vence la factura?")
        await other.message("system", seconds=8.0)
        await other.until(lambda f: f["type"] == "message" and "buttons" in f, seconds=8.0)
        await other.say("sí, por favor")
        await other.owner("queue", seconds=8.0)


async def test_when_the_assistant_comes_back_it_answers_again(own_service: Service) -> None:
    own_service.control_assistant(mode="down")
    async with open_widget(own_service.url) as widget:
        await widget.say("¿cuánto cuesta la fibra?")
        await widget.until(lambda f: f["type"] == "message" and "buttons" in f, seconds=8.0)
        own_service.control_assistant(mode="well")
        await widget.say("¿y ahora, cuánto cuesta?")
        assert (await widget.message("assistant"))["text"] == "eco: ¿y ahora, cuánto cuesta?"


def test_a_second_process_on_the_same_file_refuses_to_start(own_service: Service) -> None:
    import os
    import sys

    environment = {**os.environ, **own_service.environment, "PORT": "0"}
    second = subprocess.run(
        [sys.executable, "-m", "handoff_service"], env=environment, capture_output=True, text=True, timeout=30
    )
    assert second.returncode == 2
    assert "DATABASE_URL" in second.stderr


def test_it_ends_promptly_when_told_to(own_service: Service) -> None:
    began = time.monotonic()
    own_service.service.stop()
    assert time.monotonic() - began < patient(6)
