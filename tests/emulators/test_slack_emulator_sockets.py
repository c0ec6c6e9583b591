"""Socket Mode's connections, as slack-sdk's client lives through them; and Slack's signature over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack import SlackWorkspace, slack_process, slack_workspace

SECRET = "signing secret of the test"


@pytest.fixture
def slack() -> Iterator[SlackWorkspace]:
    with slack_workspace(seed=5) as workspace:
        workspace.configure(retry_seconds=[0, 0.1, 0.1])
        yield workspace


@pytest.fixture
def queue(slack: SlackWorkspace) -> str:
    return slack.add_channel("queue", [slack.add_person("Ana")])


@asynccontextmanager
async def connected(slack: SlackWorkspace, **more: Any) -> AsyncIterator[tuple[SocketModeClient, list[str]]]:
    """A client that acknowledges everything, and the texts it got."""
    got: list[str] = []

    async def take(client: SocketModeClient, request: SocketModeRequest) -> None:
        got.append(request.payload["event"].get("text", ""))
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    web_client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    client = SocketModeClient(slack.app_token, web_client=web_client, **more)
    client.socket_mode_request_listeners.append(take)  # type: ignore[arg-type]
    await client.connect()
    await asyncio.to_thread(slack.until_connected)
    try:
        yield client, got
    finally:
        await client.close()


def say(slack: SlackWorkspace, queue: str, text: str) -> None:
    ana = slack.add_person("Ana")
    slack.join(ana, queue)
    slack.post(ana, queue, text)


async def listen(socket: aiohttp.ClientWebSocketResponse, got: list[str]) -> None:
    """Acknowledge and keep what comes."""
    async for message in socket:
        frame = message.json()
        got.append(frame["payload"]["event"]["text"])
        await socket.send_json({"envelope_id": frame["envelope_id"]})


async def test_each_envelope_goes_to_one_connection_and_the_eleventh_is_turned_away(slack: SlackWorkspace) -> None:
    web_client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    robot = slack.add_person("Robot", is_bot=True)
    channel = slack.add_channel("busy", [robot])
    got: list[list[str]] = [[] for _ in range(10)]
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            answer = await web_client.apps_connections_open(app_token=slack.app_token)
            sockets.append(await session.ws_connect(answer["url"]))
        greetings = [await socket.receive_json() for socket in sockets]
        listening = [asyncio.create_task(listen(socket, kept)) for socket, kept in zip(sockets, got, strict=False)]
        for number in range(40):
            await asyncio.to_thread(slack.post, robot, channel, str(number))
        await asyncio.to_thread(slack.until_delivered)
        for task in listening:
            task.cancel()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(answer["url"])

    assert [greeting["type"] for greeting in greetings] == ["hello"] * 10 + ["disconnect"]
    assert [greeting.get("num_connections") for greeting in greetings[:10]] == list(range(1, 11))
    assert greetings[10]["reason"] == "too_many_websockets"
    assert sorted((text for kept in got for text in kept), key=int) == [str(n) for n in range(40)]
    assert len([kept for kept in got if kept]) > 5


async def test_a_refresh_is_announced_and_the_client_comes_back(slack: SlackWorkspace, queue: str) -> None:
    async with connected(slack) as (client, got):
        before = await client.session_id()
        await asyncio.to_thread(slack.refresh_sockets, 0.3)
        await asyncio.to_thread(slack.until, lambda: slack.connections()["opened"] >= 2)
        await asyncio.to_thread(slack.until_connected)
        assert await client.session_id() != before
        say(slack, queue, "hola again")
        await asyncio.to_thread(slack.until_delivered)
        assert got[-1] == "hola again"


async def test_a_killed_connection_is_noticed_and_made_anew(slack: SlackWorkspace, queue: str) -> None:
    async with connected(slack, ping_interval=0.2) as (_, got):
        assert slack.kill_sockets() == 1
        await asyncio.to_thread(slack.until, lambda: slack.connections()["opened"] >= 2)
        say(slack, queue, "hola again")
        await asyncio.to_thread(slack.until_delivered)
        assert got[-1] == "hola again"


async def test_a_silent_connection_answers_no_ping_and_loses_nothing_but_time(
    slack: SlackWorkspace, queue: str
) -> None:
    slack.configure(ack_seconds=1)
    async with connected(slack, ping_interval=0.2) as (_, got):
        slack.silence_sockets()
        say(slack, queue, "into the silence")
        await asyncio.sleep(0.2)
        assert got == []
        slack.silence_sockets(False)
        await asyncio.to_thread(slack.until_delivered)
    assert got[-1] == "into the silence"
    assert any(delivery["reason"] == "timeout" for delivery in slack.deliveries())


async def test_an_acknowledgement_that_comes_late_does_not_count(slack: SlackWorkspace, queue: str) -> None:
    slack.configure(ack_seconds=0.1, retry_seconds=[])
    web_client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    url = (await web_client.apps_connections_open(app_token=slack.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json()
        say(slack, queue, "hola")
        frames = [await socket.receive_json() for _ in range(3)]
        await asyncio.sleep(0.2)
        for frame in frames:
            await socket.send_json({"envelope_id": frame["envelope_id"]})
        await asyncio.to_thread(slack.until, lambda: slack.connections()["late_acks"] == 3)
    assert not any(event["acknowledged"] for event in slack.events())
    assert set(frames[0]) == {
        "envelope_id", "payload", "type", "accepts_response_payload", "retry_attempt", "retry_reason",
    }  # fmt: skip


async def test_over_http_every_request_is_signed_and_repetitions_say_why(slack: SlackWorkspace, queue: str) -> None:
    verifier, seen = SignatureVerifier(SECRET), []
    slack.configure(ack_seconds=1)

    async def events(request: web.Request) -> web.Response:
        body = await request.read()
        assert verifier.is_valid_request(body, dict(request.headers))
        payload = await request.json()
        if payload["type"] == "url_verification":
            return web.Response(text=payload["challenge"])
        seen.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        if len(seen) == 2:
            await asyncio.sleep(1.3)
        no_retry = {"X-Slack-No-Retry": "1"} if len(seen) == 3 else {}
        return web.Response(status=500, headers=no_retry)

    app = web.Application()
    app.router.add_post("/slack/events", events)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        assert await asyncio.to_thread(slack.use_http, base_url, SECRET)
        ana = slack.add_person("Ana")
        slack.subscribe(unsubscribed=["member_joined_channel"])
        slack.join(ana, queue)
        await asyncio.to_thread(slack.until_delivered)
    finally:
        await runner.cleanup()

    assert seen == [(None, None), ("1", "http_error"), ("2", "http_timeout")]
    assert slack.deliveries()[-1]["reason"] == "http_error"


def test_a_workspace_of_its_own_process_has_the_same_ids_for_the_same_seed() -> None:
    with slack_process(seed=9) as one, slack_workspace(seed=9) as other:
        assert (one.add_person("Ana"), one.bot_user) == (other.add_person("Ana"), other.bot_user)
        assert one.base_url != other.base_url
