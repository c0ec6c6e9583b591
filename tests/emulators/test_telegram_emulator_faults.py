"""Faults and limits: what the bot suffers, whether the call had its effect, and how often it struck."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.emulators.telegram import Person, TelegramWorld


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramWorld]:
    with TelegramWorld.in_thread(seed=13) as world:
        yield world


@pytest.fixture
def world(server: TelegramWorld) -> TelegramWorld:
    server.start_over()
    return server


@pytest.fixture
def ana(world: TelegramWorld) -> Person:
    ana = world.person("Ana")
    ana.starts()
    return ana


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(verify=False, trust_env=False, timeout=5) as client:
        yield client


def send(world: TelegramWorld, http: httpx.Client, chat: int, text: str = "hola") -> httpx.Response:
    return http.post(f"{world.base_url}{world.token}/sendMessage", json={"chat_id": chat, "text": text})


def sent(person: Person) -> int:
    return len(person.chat.from_bot)


def test_too_many_requests_say_how_long_to_wait(world: TelegramWorld, http: httpx.Client, ana: Person) -> None:
    world.faults.too_many_requests(7, methods=["sendMessage"], times=2)
    for _ in range(2):
        answer = send(world, http, ana.id)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
        assert answer.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        }
    assert send(world, http, ana.id).status_code == 200
    assert (sent(ana), world.faults.fired["too_many_requests"]) == (1, 2)


def test_servers_fail_in_json_or_as_a_page(world: TelegramWorld, http: httpx.Client, ana: Person) -> None:
    world.faults.server_error(500, times=1)
    world.faults.server_error(502, times=1)
    first, second = send(world, http, ana.id), send(world, http, ana.id)
    assert (first.status_code, first.json()["description"]) == (500, "Internal Server Error")
    assert (second.status_code, second.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert (sent(ana), world.faults.fired["server_error"]) == (0, 2)


def test_any_refusal_can_be_had(world: TelegramWorld, http: httpx.Client, ana: Person) -> None:
    luis = world.person("Luis")
    luis.starts()
    world.faults.refused(403, "Forbidden: user is deactivated", chats=[ana.id])
    assert send(world, http, ana.id).json()["description"] == "Forbidden: user is deactivated"
    assert send(world, http, luis.id).status_code == 200


def test_a_reset_leaves_nothing_behind_and_a_lost_answer_does(
    world: TelegramWorld, http: httpx.Client, ana: Person
) -> None:
    world.faults.reset(times=1, methods=["sendMessage"])
    with pytest.raises(httpx.ReadError):
        send(world, http, ana.id, "nunca")
    world.faults.lost_answer(times=1, methods=["sendMessage"])
    with pytest.raises(httpx.ReadError):
        send(world, http, ana.id, "llegó")
    assert [message.text for message in ana.chat.from_bot] == ["llegó"]
    reset, lost = world.calls("sendMessage")
    assert (reset.fault, reset.carried_out, reset.status) == ("reset", False, None)
    assert (lost.fault, lost.carried_out, lost.status) == ("lost_answer", True, None)
    assert (world.faults.fired["reset"], world.faults.fired["lost_answer"]) == (1, 1)


def test_half_an_answer_is_no_answer(world: TelegramWorld, http: httpx.Client, ana: Person) -> None:
    world.faults.cut_answer(times=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        send(world, http, ana.id)
    assert sent(ana) == 1


def test_a_black_hole_answers_never(world: TelegramWorld, http: httpx.Client, ana: Person) -> None:
    world.faults.black_hole(methods=["sendMessage"], times=1)
    with pytest.raises(httpx.ReadTimeout):
        http.post(f"{world.base_url}{world.token}/sendMessage", json={"chat_id": ana.id, "text": "x"}, timeout=0.3)
    assert sent(ana) == 0
    (call,) = world.calls("sendMessage")
    assert (call.fault, call.finished_at) == ("black_hole", None)


def test_what_is_slow_is_carried_out_even_if_nobody_waits(
    world: TelegramWorld, http: httpx.Client, ana: Person
) -> None:
    world.faults.slow(3, times=1)
    with pytest.raises(httpx.ReadTimeout):
        http.post(f"{world.base_url}{world.token}/sendMessage", json={"chat_id": ana.id, "text": "x"}, timeout=0.2)
    assert sent(ana) == 0
    ana.chat.wait_for("x")
    world.faults.slow_answer(0.5, times=1)
    with pytest.raises(httpx.ReadTimeout):
        http.post(f"{world.base_url}{world.token}/sendMessage", json={"chat_id": ana.id, "text": "y"}, timeout=0.2)
    assert sent(ana) == 2


def test_rules_skip_strike_by_chance_and_end(world: TelegramWorld, http: httpx.Client, ana: Person) -> None:
    world.faults.server_error(502, skip=2, times=1)
    assert [send(world, http, ana.id).status_code for _ in range(4)] == [200, 200, 502, 200]
    world.faults.server_error(503, chance=0.5)
    statuses = [send(world, http, ana.id).status_code for _ in range(40)]
    assert 8 <= statuses.count(503) <= 32
    world.faults.clear()
    assert send(world, http, ana.id).status_code == 200
    assert world.faults.fired["server_error"] == 1 + statuses.count(503)


def test_the_same_seed_brings_the_same_faults(world: TelegramWorld, http: httpx.Client) -> None:
    def run() -> list[int]:
        world.start_over()
        ana = world.person("Ana")
        ana.starts()
        world.faults.server_error(502, chance=0.4)
        return [send(world, http, ana.id).status_code for _ in range(30)]

    assert run() == run()


def test_a_poller_can_be_disturbed_stuck_and_served_wrongly(world: TelegramWorld, ana: Person) -> None:
    world.faults.other_poller(times=1)
    answer = world.as_bot("getUpdates")
    assert (answer["error_code"], answer["description"].split(";")[0]) == (
        409,
        "Conflict: terminated by other getUpdates request",
    )
    world.faults.stuck_poll(seconds=0.3, times=1)
    started = time.monotonic()
    with pytest.raises(httpx.HTTPError):
        world.as_bot("getUpdates", timeout=0)
    assert time.monotonic() - started > 0.25

    def poll(**arguments: Any) -> list[str]:
        return [update["message"]["text"] for update in world.as_bot("getUpdates", **arguments)["result"]]

    numbers = [world.updates.pending[0]["update_id"]]
    for text in ("uno", "dos"):
        ana.writes(text)
    world.faults.updates_out_of_order(times=1)
    assert poll(offset=numbers[0] + 1) == ["dos", "uno"]
    world.faults.duplicate_updates(times=1)
    assert poll(offset=numbers[0] + 2) == ["uno", "dos"]
    fired = world.faults.fired
    assert [fired[kind] for kind in ("conflict", "black_hole", "out_of_order", "duplicate_update")] == [1, 1, 1, 1]


def test_limits_are_off_until_they_are_wanted(world: TelegramWorld, http: httpx.Client, ana: Person) -> None:
    assert {send(world, http, ana.id).status_code for _ in range(40)} == {200}


def test_a_chat_takes_one_message_a_second(world: TelegramWorld, http: httpx.Client, ana: Person) -> None:
    luis = world.person("Luis")
    luis.starts()
    world.clock.stand_still()
    world.limits.turn_on()
    assert send(world, http, ana.id).status_code == 200
    refused = send(world, http, ana.id)
    assert (refused.status_code, refused.json()["parameters"]) == (429, {"retry_after": 1})
    assert send(world, http, luis.id).status_code == 200
    assert world.as_bot("sendChatAction", chat_id=ana.id, action="typing")["ok"]
    world.clock.advance(1)
    assert send(world, http, ana.id).status_code == 200
    assert world.faults.fired["flood_limit"] == 1


def test_thirty_messages_a_second_in_all_and_twenty_a_minute_to_a_group(
    world: TelegramWorld, http: httpx.Client, ana: Person
) -> None:
    people = [world.person(f"Persona {number}") for number in range(40)]
    for person in people:
        person.starts()
    world.clock.stand_still()
    world.limits.turn_on()
    statuses = [send(world, http, person.id).status_code for person in people]
    assert statuses == [200] * 30 + [429] * 10
    group = world.group("Familia", [ana], with_bot=True)
    statuses = []
    for _ in range(22):
        world.clock.advance(0.1)
        statuses.append(send(world, http, group.id).status_code)
    assert statuses == [200] * 20 + [429] * 2


def test_downloads_fail_too(world: TelegramWorld, http: httpx.Client, ana: Person) -> None:
    document = ana.sends_document().raw["document"]["file_id"]
    path = world.as_bot("getFile", file_id=document)["result"]["file_path"]
    world.faults.server_error(502, methods=["file"], times=1)
    assert http.get(f"{world.base_file_url}{world.token}/{path}").status_code == 502
    assert http.get(f"{world.base_file_url}{world.token}/{path}").status_code == 200
