"""What can be made to go wrong with calls of the Web API, seen from outside and counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack import SlackWorkspace, slack_workspace

METHOD = "chat.postMessage"


@pytest.fixture
def slack() -> Iterator[SlackWorkspace]:
    with slack_workspace(seed=7) as workspace:
        yield workspace


@pytest.fixture
def queue(slack: SlackWorkspace) -> str:
    return slack.add_channel("queue")


def client_of(slack: SlackWorkspace, *retries: Any, timeout: int = 5) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, timeout=timeout, retry_handlers=list(retries))


async def post(slack: SlackWorkspace, queue: str, text: str = "x", timeout: int = 5) -> Any:
    return await client_of(slack, timeout=timeout).chat_postMessage(channel=queue, text=text)


def texts(slack: SlackWorkspace, queue: str) -> list[str]:
    return [message.text for message in slack.channel_messages(queue)]


async def test_a_refusal_for_haste_carries_the_header_it_was_told_to(slack: SlackWorkspace, queue: str) -> None:
    seen = []
    for retry_after in ("7", "soon", None):
        slack.fault(METHOD, "ratelimited", retry_after=retry_after, times=1)
        with pytest.raises(SlackApiError) as caught:
            await post(slack, queue)
        answer = caught.value.response
        seen.append((answer.status_code, answer["error"], answer.headers.get("Retry-After")))
        slack.clear_faults()

    assert seen == [(429, "ratelimited", "7"), (429, "ratelimited", "soon"), (429, "ratelimited", None)]
    assert texts(slack, queue) == [] and slack.faults_fired()["ratelimited"] == 3


async def test_a_broken_server_answers_pages_or_nothing_of_use(slack: SlackWorkspace, queue: str) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {slack.bot_token}"}) as session:

        async def asked() -> tuple[int, str]:
            data = {"channel": queue, "text": "x"}
            async with session.post(f"{slack.api_url}{METHOD}", data=data) as answer:
                return answer.status, (await answer.text())[:15]

        slack.fault(METHOD, "server_error", status=500, times=1)
        slack.fault(METHOD, "html", status=200, times=1)
        slack.fault(METHOD, "error", error="fatal_error", times=1)

        assert await asked() == (500, "upstream connec")
        assert await asked() == (200, "<!DOCTYPE html>")
        assert await asked() == (200, '{"ok": false, "')
        assert (await asked())[1].startswith('{"ok": true')
    assert [r["fault"] for r in slack.requests(METHOD)] == ["server_error", "html", "error", ""]


@pytest.mark.parametrize(
    ("kind", "seconds", "error", "landed"),
    [
        ("reset", 0, aiohttp.ClientConnectionError, 0),
        ("black_hole", 0, asyncio.TimeoutError, 0),
        ("slow", 2, asyncio.TimeoutError, 1),
        ("late_landing", 1, aiohttp.ClientConnectionError, 1),
        ("lost_reply", 0, aiohttp.ClientConnectionError, 1),
        ("lost_reply", 5, asyncio.TimeoutError, 1),
    ],
)
async def test_without_an_answer_the_post_landed_or_did_not(
    slack: SlackWorkspace, queue: str, kind: Any, seconds: float, error: type[Exception], landed: int
) -> None:
    slack.fault(METHOD, kind, seconds=seconds, times=1)
    with pytest.raises(error):
        await post(slack, queue, "perhaps", timeout=1)
    at_once = texts(slack, queue)
    await asyncio.sleep(1.5)

    assert at_once == (["perhaps"] if kind == "lost_reply" else [])
    assert texts(slack, queue) == ["perhaps"] * landed
    assert slack.requests(METHOD)[0]["landed"] == bool(landed)
    await post(slack, queue, "the next one")
    assert texts(slack, queue)[-1] == "the next one"


async def test_a_retry_handler_posts_twice_where_the_answer_was_lost(slack: SlackWorkspace, queue: str) -> None:
    slack.fault(METHOD, "lost_reply", times=1)

    await client_of(slack, AsyncConnectionErrorRetryHandler()).chat_postMessage(channel=queue, text="twice")

    assert texts(slack, queue) == ["twice", "twice"]


async def test_the_dice_are_fair_and_the_same_for_the_same_seed(slack: SlackWorkspace, queue: str) -> None:
    async def struck() -> list[str]:
        begin = len(slack.requests("auth.test"))
        for _ in range(60):
            try:
                await client_of(slack).auth_test()
            except SlackApiError:
                continue
        return [request["fault"] for request in slack.requests("auth.test")[begin:]]

    slack.fault("auth.*", "error", probability=0.3, after=10)
    slack.reseed(3)
    first = await struck()
    slack.clear_faults()
    slack.fault("auth.*", "error", probability=0.3, after=10)
    slack.reseed(3)

    assert first == await struck()
    assert first[:10] == [""] * 10 and 5 <= first.count("error") <= 25
    assert slack.faults_fired()["auth.* error"] == 2 * first.count("error")


async def test_the_platform_down_resets_and_in_a_black_hole_keeps_silent(slack: SlackWorkspace, queue: str) -> None:
    slack.down()
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(slack, queue)
    slack.black_hole()
    with pytest.raises(asyncio.TimeoutError):
        await post(slack, queue, timeout=1)
    slack.up()
    await post(slack, queue, "back")

    assert texts(slack, queue) == ["back"]
    assert slack.faults_fired() == {"platform down": 1, "platform black_hole": 1}


async def test_one_post_a_second_and_channel_passes(slack: SlackWorkspace) -> None:
    slack.configure(enforce_rate_limits=True)
    first, second = slack.add_channel("first"), slack.add_channel("second")
    await post(slack, first)
    await post(slack, second)
    with pytest.raises(SlackApiError) as caught:
        await post(slack, first)
    waited = time.monotonic()
    await asyncio.sleep(float(caught.value.response.headers["Retry-After"]))
    await post(slack, first)

    assert caught.value.response["error"] == "ratelimited"
    assert time.monotonic() - waited < 2 and slack.faults_fired() == {"rate limit": 1}


async def test_a_distributed_app_reads_history_once_a_minute_and_little_at_a_time(
    slack: SlackWorkspace, queue: str
) -> None:
    for number in range(17):
        await post(slack, queue, str(number))
    slack.configure(enforce_rate_limits=True, distributed_app=True)
    client = client_of(slack)

    page = await client.conversations_history(channel=queue, limit=100)
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_history(channel=queue)

    assert len(page["messages"]) == 15 and page["has_more"]
    assert 55 <= int(caught.value.response.headers["Retry-After"]) <= 60
