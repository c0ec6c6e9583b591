"""Telegram and we fail each other: nothing lost, at most one repetition where an answer was lost, order kept."""

from __future__ import annotations

import time

from tests.doubles.http import HTTP
from tests.doubles.service import Service
from tests.emulators.telegram.client import TelegramWorld

Running = tuple[Service, TelegramWorld]
WITHIN = 25.0


def test_updates_and_answers_survive_kills_and_come_once(own: Running) -> None:
    service, world = own
    person = world.person("Rosa")
    person.writes("primera pregunta completa")
    service.service.kill()
    person.writes("segunda pregunta completa")
    service.restart()
    person.chat.wait_for("segunda pregunta", WITHIN)
    time.sleep(2)
    echoes = [text for text in person.chat.texts if text.startswith("eco")]
    assert sum("primera pregunta" in text for text in echoes) == 1
    assert sum("segunda pregunta" in text for text in echoes) == 1


def test_duplicate_updates_are_recognised(own: Running) -> None:
    service, world = own
    world.faults.duplicate_updates()
    person = world.person("Rosa")
    person.writes("antes de nada, un saludo")  # what was confirmed already is what comes again
    person.chat.wait_for("eco: antes de nada", WITHIN)
    person.writes("una vez y basta ya")
    person.chat.wait_for("eco: una vez y basta ya", WITHIN)
    time.sleep(2)
    assert world.faults.fired["duplicate_update"] >= 1
    assert sum(text.startswith("eco") for text in person.chat.texts) == 2
    assert len(service.asked()) == 2


def test_a_429_is_waited_out_and_a_5xx_tried_again(own: Running) -> None:
    _, world = own
    person = world.person("Rosa")
    world.faults.too_many_requests(retry_after=1, methods=["sendMessage"], times=2)
    world.faults.server_error(502, methods=["sendMessage"], times=1)
    person.writes("una pregunta de prueba")
    person.chat.wait_for("eco: una pregunta de prueba", WITHIN)
    assert world.faults.fired["too_many_requests"] == 2
    texts = [message.text for message in person.chat.from_bot]
    assert len(texts) == len(set(texts)) == 2


def test_a_lost_answer_means_one_repetition_at_most_and_never_a_loss(own: Running) -> None:
    _service, world = own
    person = world.person("Rosa")
    world.faults.lost_answer(methods=["sendMessage"], times=1)
    person.writes("una pregunta de prueba")
    person.chat.wait_for("eco: una pregunta de prueba", WITHIN)
    time.sleep(1)
    counts = [person.chat.texts.count(text) for text in {m.text for m in person.chat.from_bot}]
    assert world.faults.fired["lost_answer"] == 1
    assert sorted(counts) in ([1, 1], [1, 2])


def test_a_chat_whose_sender_was_killed_is_told_again_at_once(own: Running) -> None:
    service, world = own
    person = world.person("Rosa")
    world.faults.slow_answer(seconds=20, methods=["sendMessage"], times=1)
    person.writes("una pregunta de prueba")
    world.wait_until(lambda: bool(world.calls("sendMessage")), WITHIN, "the first sending")
    service.restart()
    person.chat.wait_for("eco: una pregunta de prueba", WITHIN)


def test_deaths_while_sending_never_use_up_the_repetition(own: Running) -> None:
    service, world = own
    person = world.person("Rosa")
    world.faults.slow(seconds=30, methods=["sendMessage"], times=2)  # begun twice, and carried out too late to matter
    person.writes("una pregunta de prueba")
    for begun in (1, 2):
        world.wait_until(lambda: len(world.calls("sendMessage")) >= begun, WITHIN, "a sending")  # noqa: B023
        service.restart()
    person.chat.wait_for("eco: una pregunta de prueba", WITHIN)


def test_while_telegram_swallows_everything_nothing_counts_as_sent(own: Running) -> None:
    _, world = own
    person = world.person("Rosa")
    person.writes("una pregunta de prueba")
    person.chat.wait_for("eco: una pregunta de prueba", WITHIN)
    world.faults.black_hole(seconds=0.3)
    world.wait_until(lambda: world.faults.fired["black_hole"] > 0, WITHIN, "the first swallowed call")
    person.writes("otra pregunta durante el corte")
    time.sleep(8)
    world.faults.clear()
    person.chat.wait_for("eco: otra pregunta durante el corte", WITHIN)


def test_a_webhook_needs_its_secret_and_works(hooked: Running) -> None:
    service, world = hooked
    forged = HTTP.post(f"{service.url}/telegram/webhook", json={"update_id": 1, "message": {}})
    assert forged.status_code == 401
    person = world.person("Rosa")
    world.wait_until(lambda: bool(world.updates.webhook.get("url")), WITHIN, "the webhook")
    person.writes("por el webhook, una pregunta")
    person.chat.wait_for("eco: por el webhook", WITHIN)


def test_a_stuck_poll_is_given_up(own: Running) -> None:
    _, world = own
    person = world.person("Rosa")
    world.faults.reset(methods=["getUpdates"], times=3)
    person.writes("tras el corte, una pregunta")
    person.chat.wait_for("eco: tras el corte", WITHIN)


def test_no_log_holds_the_token_or_a_word_of_anybody(own: Running, capfd) -> None:  # type: ignore[no-untyped-def]
    _service, world = own
    person = world.person("Rosa")
    person.writes("palabra-secreta-xyz en la pregunta")
    person.chat.wait_for("palabra-secreta-xyz", WITHIN)
    logged = "".join(capfd.readouterr())
    assert world.token not in logged
    assert "palabra-secreta-xyz" not in logged
