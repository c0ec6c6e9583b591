"""Events: their shapes against recorded payloads, and everything that befalls them on their way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack import SlackWorkspace, slack_workspace

Json = dict[str, Any]
OUTER = {
    "token", "team_id", "api_app_id", "event", "type", "event_id", "event_time", "authorizations",
    "is_ext_shared_channel", "event_context",
}  # fmt: skip
IN_CHANNEL = {"type", "text", "ts", "channel", "event_ts", "channel_type"}
CHANGE = {"type", "subtype", "previous_message", "channel", "hidden", "ts", "event_ts", "channel_type"}
# The fields that recorded payloads have (fixtures of Bolt for Python), by what happened.
RECORDED: dict[str, set[str]] = {
    "message": IN_CHANNEL | {"client_msg_id", "user", "team", "blocks"},
    "bot": IN_CHANNEL | {"bot_id", "user", "team", "bot_profile"},
    "bot_message": IN_CHANNEL - {"text"} | {"subtype", "text", "username", "bot_id"},
    "file_share": IN_CHANNEL | {"subtype", "files", "upload", "user", "display_as_bot", "blocks", "client_msg_id"},
    "thread_broadcast": IN_CHANNEL | {"subtype", "user", "thread_ts", "root", "client_msg_id"},
    "message_changed": CHANGE | {"message"},
    "message_deleted": CHANGE | {"deleted_ts"},
    "reaction_added": {"type", "user", "reaction", "item", "item_user", "event_ts"},
    "member_joined_channel": {"type", "user", "channel", "channel_type", "team", "event_ts"},
}


class Listener:
    """A Socket Mode client that keeps what it gets and acknowledges all but what it is told to leave."""

    def __init__(self, slack: SlackWorkspace) -> None:
        web = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        self.client = SocketModeClient(slack.app_token, web_client=web, ping_interval=0.3)
        self.client.socket_mode_request_listeners.append(self._take)
        self.got: list[SocketModeRequest] = []
        self.leave = 0

    async def _take(self, client: SocketModeClient, request: SocketModeRequest) -> None:  # type: ignore[override]
        self.got.append(request)
        if len(self.got) > self.leave:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    @property
    def texts(self) -> list[str]:
        return [request.payload["event"].get("text", "") for request in self.got]


@pytest.fixture
def slack() -> Iterator[SlackWorkspace]:
    with slack_workspace(seed=5) as workspace:
        workspace.configure(retry_seconds=[0, 0.1, 0.1])
        yield workspace


@pytest.fixture
async def app(slack: SlackWorkspace) -> AsyncIterator[Listener]:
    listener = Listener(slack)
    await listener.client.connect()
    await asyncio.to_thread(slack.until_connected)
    yield listener
    await listener.client.close()


@pytest.fixture
def ana(slack: SlackWorkspace) -> str:
    return slack.add_person("Ana")


@pytest.fixture
def queue(slack: SlackWorkspace, ana: str) -> str:
    return slack.add_channel("queue", [ana])


def happen(slack: SlackWorkspace, ana: str, queue: str) -> dict[str, Json]:
    """Everything that can happen in a channel; gives each event's outer payload by its name."""
    robot = slack.add_person("Robot", is_bot=True)
    slack.join(robot, queue)
    first = slack.post(ana, queue, "hola")
    slack.post(ana, queue, "for all", thread_ts=first.ts, broadcast=True)
    slack.post(ana, queue, "my bill", files={"bill.pdf": b"%PDF"})
    slack.post(robot, queue, "beep")
    slack.post(robot, queue, "boop", as_classic_bot=True)
    slack.react(ana, first, "eyes")
    second = slack.post(ana, queue, "to be changed")
    slack.edit(ana, second, "changed")
    slack.delete(ana, second)
    named: dict[str, Json] = {}
    for record in slack.events():
        event = record["payload"]["event"]
        named[event.get("subtype") or ("bot" if event.get("bot_id") else event["type"])] = record["payload"]
    return named


def test_events_have_the_fields_of_recorded_ones(slack: SlackWorkspace, ana: str, queue: str) -> None:
    payloads = happen(slack, ana, queue)

    for name, fields in RECORDED.items():
        assert set(payloads[name]) >= OUTER
        assert set(payloads[name]["event"]) >= fields, name
    changed, deleted = payloads["message_changed"]["event"], payloads["message_deleted"]["event"]
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("changed", "to be changed")
    assert changed["message"]["edited"]["user"] == ana and changed["message"]["ts"] == deleted["deleted_ts"]
    assert payloads["thread_broadcast"]["event"]["root"]["text"] == "hola"
    assert "user" not in payloads["bot_message"]["event"]
    assert payloads["channel_join"]["event"]["text"].endswith("has joined the channel")
    assert payloads["file_share"]["event"]["files"][0]["url_private"].startswith(slack.base_url)


def test_a_deleted_parent_is_announced_as_a_change(slack: SlackWorkspace, ana: str, queue: str) -> None:
    parent = slack.post(ana, queue, "parent")
    slack.post(ana, queue, "answer", thread_ts=parent.ts)
    slack.delete(ana, parent)

    event = slack.events()[-1]["payload"]["event"]
    assert (event["subtype"], event["message"]["subtype"]) == ("message_changed", "tombstone")
    assert event["previous_message"]["text"] == "parent"


def test_the_app_hears_only_of_channels_it_is_in_and_of_mentions_twice(slack: SlackWorkspace, ana: str) -> None:
    inside, outside = slack.add_channel("inside", [ana]), slack.add_channel("outside", [ana], with_app=False)
    slack.post(ana, outside, "not for the app")
    slack.post(ana, inside, f"<@{slack.bot_user}> hola")

    types = [event["type"] for event in slack.events()]
    assert types == ["message", "app_mention"]


async def test_an_event_left_alone_comes_back_marked_and_is_done_when_acknowledged(
    slack: SlackWorkspace, app: Listener, ana: str, queue: str
) -> None:
    slack.configure(ack_seconds=1)
    app.leave = 2
    slack.post(ana, queue, "hola")
    await asyncio.to_thread(slack.until_delivered)

    assert [(r.retry_attempt, r.retry_reason) for r in app.got] == [(0, ""), (1, "timeout"), (2, "timeout")]
    assert len({r.payload["event_id"] for r in app.got}) == 1 and len({r.envelope_id for r in app.got}) == 3
    assert slack.events()[0]["acknowledged"] and slack.events()[0]["attempts"] == 3


async def test_without_a_connection_the_repetition_is_the_only_delivery(
    slack: SlackWorkspace, ana: str, queue: str
) -> None:
    slack.configure(retry_seconds=[0, 1.5, 0.1])
    slack.post(ana, queue, "hola")
    listener = Listener(slack)
    await listener.client.connect()
    await asyncio.to_thread(slack.until_delivered)
    await listener.client.close()

    assert [(r.retry_attempt, r.retry_reason) for r in listener.got] == [(2, "connection_failed")]


async def test_events_are_doubled_delayed_dropped_and_only_retried(
    slack: SlackWorkspace, app: Listener, ana: str, queue: str
) -> None:
    slack.fault_events("duplicate", copies=3, times=1)
    slack.fault_events("only_retry", after=1, times=1)
    slack.fault_events("drop", after=2, times=1)
    slack.fault_events("delay", after=3, times=1, seconds=0.5)
    for text in ("thrice", "retried", "never", "late", "last"):
        slack.post(ana, queue, text)
    await asyncio.to_thread(slack.until_delivered)

    assert app.texts == ["thrice", "thrice", "thrice", "retried", "last", "late"]
    assert [r.retry_attempt for r in app.got] == [0, 0, 0, 1, 0, 0]
    assert [e["dropped"] for e in slack.events()] == ["", "", "fault", "", ""]
    assert [m.text for m in slack.channel_messages(queue)] == ["thrice", "retried", "never", "late", "last"]
    assert {name: n for name, n in slack.faults_fired().items() if " " not in name} == {
        "duplicate": 1, "only_retry": 1, "drop": 1, "delay": 1,
    }  # fmt: skip
    slack.redeliver(slack.events()[2]["event_id"], retry=True)
    await asyncio.to_thread(slack.until_delivered)
    assert (app.texts[-1], app.got[-1].retry_attempt) == ("never", 1)


async def test_jitter_mixes_the_order(slack: SlackWorkspace, app: Listener, ana: str, queue: str) -> None:
    slack.fault_events("jitter", seconds=0.3)
    for number in range(20):
        slack.post(ana, queue, str(number))
    await asyncio.to_thread(slack.until_delivered)

    assert sorted(app.texts, key=int) == [str(n) for n in range(20)] != app.texts


async def test_events_of_an_outage_are_dropped_or_held_and_of_switched_off_types_never_sent(
    slack: SlackWorkspace, app: Listener, ana: str, queue: str
) -> None:
    slack.configure(retry_seconds=[1, 2, 4])
    slack.down()
    slack.post(ana, queue, "lost")
    slack.down(events="held")
    slack.post(ana, queue, "kept")
    slack.up()
    await asyncio.to_thread(slack.until_connected)
    await asyncio.to_thread(slack.until_delivered)
    slack.subscribe(unsubscribed=["message"])
    slack.post(ana, queue, "unheard")

    assert app.texts == ["kept"]
    assert [e["dropped"] for e in slack.events()] == ["outage", "", "unsubscribed"]
