"""getUpdates: numbers, confirmation, long polls, one poller at a time, and what expires."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.emulators.telegram import Person, TelegramWorld

Update = dict[str, Any]


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramWorld]:
    with TelegramWorld.in_thread(seed=3) as world:
        yield world


@pytest.fixture
def world(server: TelegramWorld) -> TelegramWorld:
    server.start_over()
    return server


@pytest.fixture
def ana(world: TelegramWorld) -> Person:
    return world.person("Ana", last_name="Ruiz", username="ana_r", language="es")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as executor:
        yield executor


def updates(world: TelegramWorld, **arguments: Any) -> list[Update]:
    body = world.as_bot("getUpdates", **arguments)
    assert body["ok"], body
    result: list[Update] = body["result"]
    return result


def test_a_command_comes_in_the_shape_of_a_recorded_update(world: TelegramWorld, ana: Person) -> None:
    ana.starts("factura_7")
    (update,) = updates(world)
    date = update["message"]["date"]
    assert abs(date - time.time()) < 5
    assert update == {
        "update_id": update["update_id"],
        "message": {
            "message_id": 1,
            "from": {
                "id": ana.id,
                "is_bot": False,
                "first_name": "Ana",
                "last_name": "Ruiz",
                "username": "ana_r",
                "language_code": "es",
            },
            "chat": {
                "id": ana.id,
                "first_name": "Ana",
                "last_name": "Ruiz",
                "username": "ana_r",
                "type": "private",
            },
            "date": date,
            "text": "/start factura_7",
            "entities": [{"offset": 0, "length": 6, "type": "bot_command"}],
        },
    }


def test_updates_come_again_until_a_higher_offset_confirms_them(world: TelegramWorld, ana: Person) -> None:
    for text in ("uno", "dos", "tres"):
        ana.writes(text)
    first, second, third = updates(world)
    assert [second["update_id"], third["update_id"]] == [first["update_id"] + 1, first["update_id"] + 2]
    assert updates(world) == [first, second, third]
    assert updates(world, offset=second["update_id"], limit=1) == [second]
    assert updates(world) == [second, third]
    assert updates(world, offset=-1) == [third]
    assert updates(world) == [third]
    assert updates(world, offset=third["update_id"] + 1) == []
    assert world.updates.pending == []


def test_a_long_poll_returns_as_soon_as_there_is_something(
    world: TelegramWorld, ana: Person, threads: ThreadPoolExecutor
) -> None:
    poll = threads.submit(updates, world, timeout=30)
    world.wait_until(lambda: world.updates.is_polling)
    ana.writes("hola")
    assert [update["message"]["text"] for update in poll.result(5)] == ["hola"]
    assert not world.updates.is_polling


def test_a_long_poll_ends_empty_after_its_time(world: TelegramWorld) -> None:
    started = time.monotonic()
    assert updates(world, timeout=1) == []
    assert 0.9 < time.monotonic() - started < 5


def test_a_second_poller_ends_the_first_with_409(
    world: TelegramWorld, ana: Person, threads: ThreadPoolExecutor
) -> None:
    first: Future[Any] = threads.submit(world.as_bot, "getUpdates", timeout=30)
    world.wait_until(lambda: world.updates.is_polling)
    second: Future[Any] = threads.submit(world.as_bot, "getUpdates", timeout=30)
    answer = first.result(5)
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
    ana.writes("hola")
    assert len(second.result(5)["result"]) == 1


def test_polling_is_refused_while_a_webhook_is_set(world: TelegramWorld, threads: ThreadPoolExecutor) -> None:
    poll: Future[Any] = threads.submit(world.as_bot, "getUpdates", timeout=30)
    world.wait_until(lambda: world.updates.is_polling)
    assert world.as_bot("setWebhook", url="http://127.0.0.1:9/hook")["description"] == "Webhook was set"
    assert poll.result(5)["description"] == "Conflict: terminated by setWebhook request"
    refused = world.as_bot("getUpdates")
    assert refused["error_code"] == 409 and "while webhook is active" in refused["description"]
    assert world.as_bot("deleteWebhook")["description"] == "Webhook was deleted"
    assert world.as_bot("deleteWebhook")["description"] == "Webhook is already deleted"
    assert updates(world) == []


def test_only_allowed_kinds_are_queued_from_then_on(world: TelegramWorld, ana: Person) -> None:
    updates(world, allowed_updates=["edited_message"])
    message = ana.writes("hola")
    ana.edits(message, "hola!")
    (update,) = updates(world)
    assert update["edited_message"]["text"] == "hola!" and update["edited_message"]["message_id"] == message.id
    updates(world, allowed_updates=[])
    ana.writes("otra")
    assert [list(update)[1] for update in updates(world)] == ["edited_message", "message"]


def test_a_message_waits_a_day_and_a_press_150_seconds(world: TelegramWorld, ana: Person) -> None:
    ana.starts()
    markup = {"inline_keyboard": [[{"text": "Sí", "callback_data": "/yes"}]]}
    world.as_bot("sendMessage", chat_id=ana.id, text="¿Seguro?", reply_markup=markup)
    press = ana.presses("Sí")
    assert [list(update)[1] for update in updates(world)] == ["message", "callback_query"]
    world.clock.advance(151)
    assert [list(update)[1] for update in updates(world)] == ["message"]
    late = world.as_bot("answerCallbackQuery", callback_query_id=press.id)
    assert (late["error_code"], late["description"]) == (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    world.clock.advance(86_400)
    assert updates(world) == []


def test_what_was_written_while_the_bot_was_away_comes_with_its_old_date(world: TelegramWorld, ana: Person) -> None:
    ana.writes("ayer", age=23 * 3600)
    ana.writes("anteayer", age=25 * 3600)
    (update,) = updates(world)
    assert update["message"]["text"] == "ayer"
    assert abs(time.time() - 23 * 3600 - update["message"]["date"]) < 5


def test_updates_pile_up_while_they_are_held_back(world: TelegramWorld, ana: Person) -> None:
    world.updates.hold()
    ana.writes("hola")
    assert updates(world) == []
    world.updates.release()
    assert len(updates(world)) == 1


def test_after_a_week_of_silence_numbers_may_go_back(world: TelegramWorld, ana: Person) -> None:
    ana.writes("antes")
    (before,) = updates(world)
    offset = before["update_id"] + 1
    assert updates(world, offset=offset) == []
    world.updates.renumber(1_000)
    ana.writes("después")
    # An offset far beyond the last number confirms nothing and reads from the start.
    assert [update["update_id"] for update in updates(world, offset=offset)] == [1_000]
    assert [update["update_id"] for update in updates(world, offset=offset)] == [1_000]
    assert updates(world, offset=1_001) == []


def test_an_update_of_an_unknown_kind_comes_as_it_is(world: TelegramWorld) -> None:
    number = world.updates.push({"brand_new_thing": {"x": 1}})
    assert updates(world) == [{"update_id": number, "brand_new_thing": {"x": 1}}]


def test_hasty_pollers_wait_and_get_one_update_at_a_time_where_timing_is_real(
    world: TelegramWorld, ana: Person
) -> None:
    world.configure(real_poll_timing=True)
    ana.writes("uno")
    ana.writes("dos")
    assert len(updates(world)) == 2
    assert len(updates(world)) == 1
