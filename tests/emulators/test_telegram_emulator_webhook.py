"""Delivery by webhook: the secret, order in each chat, tries until it is taken, and calls in the answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.emulators.telegram import Person, TelegramWorld

Update = dict[str, Any]


@dataclass
class Hook:
    """A bot's webhook; `answer` decides status and body for each update."""

    url: str = ""
    updates: list[Update] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answer: Callable[[Update], tuple[int, bytes]] = lambda update: (200, b"")

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates if "message" in update]

    def handler(self) -> type[BaseHTTPRequestHandler]:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.secrets.append(self.headers["X-Telegram-Bot-Api-Secret-Token"])
                hook.updates.append(update)
                status, body = hook.answer(update)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: Any) -> None:
                return

        return Handler


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    server = ThreadingHTTPServer(("127.0.0.1", 0), hook.handler())
    hook.url = f"http://127.0.0.1:{server.server_address[1]}/telegram/webhook"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield hook
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramWorld]:
    with TelegramWorld.in_thread(seed=11) as world:
        yield world


@pytest.fixture
def world(server: TelegramWorld) -> TelegramWorld:
    server.start_over()
    server.configure(webhook_retry_unit=0.02, webhook_timeout=5)
    return server


@pytest.fixture
def ana(world: TelegramWorld) -> Person:
    return world.person("Ana")


def delivered(world: TelegramWorld) -> bool:
    return not world.updates.pending


def test_updates_come_with_the_secret(world: TelegramWorld, hook: Hook, ana: Person) -> None:
    ana.writes("antes")
    world.as_bot("setWebhook", url=hook.url, secret_token="a-secret_1")
    ana.writes("después")
    world.wait_until(lambda: delivered(world))
    assert hook.texts == ["antes", "después"]
    assert hook.secrets == ["a-secret_1", "a-secret_1"]
    assert [attempt["status"] for attempt in world.updates.deliveries] == [200, 200]


def test_an_update_comes_again_until_it_is_taken_and_holds_up_only_its_own_chat(
    world: TelegramWorld, hook: Hook, ana: Person
) -> None:
    luis = world.person("Luis")

    def answer(update: Update) -> tuple[int, bytes]:
        tries = sum(seen["update_id"] == update["update_id"] for seen in hook.updates)
        return (500, b"") if update["message"]["text"] == "a1" and tries < 4 else (200, b"")

    hook.answer = answer
    world.as_bot("setWebhook", url=hook.url)
    for text in ("a1", "a2"):
        ana.writes(text)
    luis.writes("l1")
    world.wait_until(lambda: delivered(world))
    assert [text for text in hook.texts if text.startswith("a")] == ["a1", "a1", "a1", "a1", "a2"]
    assert hook.texts.index("l1") < hook.texts.index("a2")
    error = world.updates.webhook
    assert error["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


def test_a_press_overtakes_the_messages_of_its_chat(world: TelegramWorld, hook: Hook, ana: Person) -> None:
    ana.starts()
    markup = {"inline_keyboard": [[{"text": "Sí", "callback_data": "/yes"}]]}
    world.as_bot("sendMessage", chat_id=ana.id, text="¿Seguro?", reply_markup=markup)
    let_go = threading.Event()

    def answer(update: Update) -> tuple[int, bytes]:
        if "message" in update:
            let_go.wait(5)
        return 200, b""

    hook.answer = answer
    world.as_bot("setWebhook", url=hook.url)
    ana.presses("Sí")
    world.wait_until(lambda: any("callback_query" in update for update in hook.updates))
    assert len(world.updates.pending) == 1
    let_go.set()
    world.wait_until(lambda: delivered(world))


def test_a_bot_that_is_slow_gets_the_update_a_second_time(world: TelegramWorld, hook: Hook, ana: Person) -> None:
    world.configure(webhook_timeout=0.2)
    hook.answer = lambda update: (time.sleep(0.5 if len(hook.updates) == 1 else 0) or 200, b"")
    world.as_bot("setWebhook", url=hook.url)
    ana.writes("hola")
    world.wait_until(lambda: delivered(world))
    assert hook.texts == ["hola", "hola"]
    assert [attempt["status"] for attempt in world.updates.deliveries] == [None, 200]


def test_a_bot_that_is_away_gets_everything_when_it_is_back(world: TelegramWorld, hook: Hook, ana: Person) -> None:
    world.as_bot("setWebhook", url="http://127.0.0.1:9/nobody")
    ana.writes("hola")
    world.wait_until(lambda: len(world.updates.deliveries) >= 2)
    assert world.updates.webhook["pending_update_count"] == 1
    assert world.updates.webhook["last_error_message"] == "Connection refused"
    world.as_bot("setWebhook", url=hook.url)
    world.wait_until(lambda: delivered(world))
    assert hook.texts == ["hola"]


def test_the_answer_may_hold_one_call(world: TelegramWorld, hook: Hook, ana: Person) -> None:
    call = {"method": "sendMessage", "chat_id": ana.id, "text": "a la primera"}
    hook.answer = lambda update: (200, json.dumps(call).encode())
    world.as_bot("setWebhook", url=hook.url)
    ana.writes("hola")
    ana.chat.wait_for("a la primera")


def test_a_wrong_webhook_is_refused(world: TelegramWorld) -> None:
    for arguments, reason in (
        ({"url": "nonsense"}, "invalid webhook URL specified"),
        ({"url": "https://bot.test/", "secret_token": "with space"}, "secret token contains unallowed characters"),
        ({"url": "https://bot.test/", "secret_token": "x" * 257}, "secret token is too long"),
    ):
        answer = world.as_bot("setWebhook", **arguments)
        assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {reason}")
    world.configure(webhook_needs_https=True)
    assert "An HTTPS URL" in world.as_bot("setWebhook", url="http://bot.test/")["description"]


def test_pending_updates_are_dropped_only_on_demand(world: TelegramWorld, hook: Hook, ana: Person) -> None:
    ana.writes("uno")
    assert world.as_bot("deleteWebhook")["ok"]
    assert world.as_bot("getWebhookInfo")["result"]["pending_update_count"] == 1
    assert world.as_bot("deleteWebhook", drop_pending_updates=True)["ok"]
    assert world.updates.pending == []


def test_only_allowed_kinds_are_delivered(world: TelegramWorld, hook: Hook, ana: Person) -> None:
    world.as_bot("setWebhook", url=hook.url, allowed_updates=["message"], max_connections=1)
    info = world.updates.webhook
    assert (info["allowed_updates"], info["max_connections"], info["url"]) == (["message"], 1, hook.url)
    ana.edits(ana.writes("hola"), "hola!")
    world.wait_until(lambda: delivered(world))
    assert [list(update)[1] for update in hook.updates] == ["message"]


def test_faults_of_delivery_strike_and_are_counted(world: TelegramWorld, hook: Hook, ana: Person) -> None:
    world.updates.hold()
    world.as_bot("setWebhook", url=hook.url)
    for text in ("uno", "dos", "tres"):
        ana.writes(text)
    world.faults.updates_out_of_order(times=1)
    world.faults.duplicate_updates(times=1)
    world.updates.release()
    world.wait_until(lambda: delivered(world))
    assert hook.texts == ["dos", "dos", "uno", "tres"]
    assert (world.faults.fired["out_of_order"], world.faults.fired["duplicate_update"]) == (1, 1)
