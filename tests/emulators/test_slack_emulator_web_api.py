"""The emulated Web API through slack-sdk's client: what it keeps and how it reads back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.http import HTTP
from tests.emulators.slack import SlackWorkspace, slack_workspace
from tests.emulators.slack.clock import Clock

METADATA = {"event_type": "handoff", "event_payload": {"id": "m-1"}}
TEXT_BLOCK = [{"type": "section", "text": {"type": "plain_text", "text": "in blocks"}}]


@pytest.fixture
def slack() -> Iterator[SlackWorkspace]:
    with slack_workspace() as workspace:
        yield workspace


@pytest.fixture
def client(slack: SlackWorkspace) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def ana(slack: SlackWorkspace) -> str:
    return slack.add_person("Ana", display_name="ani", email="ana@example.org")


@pytest.fixture
def queue(slack: SlackWorkspace, ana: str) -> str:
    return slack.add_channel("queue", [ana])


async def refusal(call: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        await call
    return dict(caught.value.response.data)


async def test_the_token_says_who_it_is_and_what_it_may(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    answer = await client.auth_test()

    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (slack.bot_user, slack.bot_id, slack.team_id)
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")
    assert (await client.team_info())["team"]["id"] == slack.team_id
    assert (await client.bots_info(bot=slack.bot_id))["bot"]["user_id"] == slack.bot_user


async def test_stamps_rise_and_a_thread_reads_back_in_order(
    slack: SlackWorkspace, client: AsyncWebClient, queue: str, ana: str
) -> None:
    parent = (await client.chat_postMessage(channel=queue, text="card", metadata=METADATA))["ts"]
    stamps = [(await client.chat_postMessage(channel=queue, text=str(n), thread_ts=parent))["ts"] for n in range(5)]
    slack.post(ana, queue, "mine", thread_ts=stamps[2])

    thread = (await client.conversations_replies(channel=queue, ts=parent, include_all_metadata=True))["messages"]
    history = (await client.conversations_history(channel=queue))["messages"]

    assert stamps == sorted(set(stamps), key=float)
    assert [m["text"] for m in thread] == ["card", "0", "1", "2", "3", "4", "mine"]
    assert thread[0]["metadata"] == METADATA and thread[0]["reply_count"] == 6
    assert {m["thread_ts"] for m in thread} == {parent}
    assert thread[-1]["user"] == ana and "bot_id" not in thread[-1] and thread[1]["bot_id"] == slack.bot_id
    assert [m["text"] for m in history] == ["card"] and "metadata" not in history[0]


def test_stamps_rise_even_when_the_clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(clock, "now", lambda: 1_700_000_000.5)

    assert [clock.stamp() for _ in range(3)] == ["1700000000.500000", "1700000000.500001", "1700000000.500002"]


async def test_pages_follow_the_cursor_and_bounds_are_open(client: AsyncWebClient, queue: str) -> None:
    parent = (await client.chat_postMessage(channel=queue, text="card"))["ts"]
    sent = [(await client.chat_postMessage(channel=queue, text=str(n), thread_ts=parent))["ts"] for n in range(7)]

    paged = await client.conversations_replies(channel=queue, ts=parent, limit=3)
    pages = [[m["text"] for m in page["messages"]] async for page in paged]
    after = await client.conversations_replies(channel=queue, ts=parent, oldest=sent[4])
    inclusive = await client.conversations_replies(channel=queue, ts=parent, oldest=sent[4], inclusive=True)
    one = await client.conversations_replies(channel=queue, ts=sent[1])

    assert pages == [["card", "0", "1", "2"], ["card", "3", "4", "5"], ["card", "6"]]
    assert [m["text"] for m in after["messages"]] == ["card", "5", "6"]
    assert [m["text"] for m in inclusive["messages"]] == ["card", "4", "5", "6"]
    assert [m["text"] for m in one["messages"]] == ["1"]


async def test_text_alone_takes_the_blocks_away_and_blocks_alone_leave_no_mark(
    slack: SlackWorkspace, client: AsyncWebClient, queue: str
) -> None:
    ts = (await client.chat_postMessage(channel=queue, text="card", blocks=TEXT_BLOCK, metadata=METADATA))["ts"]

    await client.chat_update(channel=queue, ts=ts, text="new", blocks=TEXT_BLOCK)
    with_blocks = slack.channel_messages(queue)[0]
    await client.chat_update(channel=queue, ts=ts, text="newest")
    with_text = slack.channel_messages(queue)[0]

    assert with_blocks.words == "in blocks" and "edited" not in with_blocks.raw
    assert (with_text.blocks, with_text.words, with_text.metadata) == ([], "newest", METADATA)
    assert with_text.raw["edited"]["user"] == slack.bot_user
    assert [effect["kind"] for effect in slack.effects()] == ["post", "update", "update"]


async def test_what_is_answered_to_leaves_a_tombstone_and_the_rest_is_gone(
    slack: SlackWorkspace, client: AsyncWebClient, queue: str, ana: str
) -> None:
    lonely = (await client.chat_postMessage(channel=queue, text="lonely"))["ts"]
    parent = (await client.chat_postMessage(channel=queue, text="parent"))["ts"]
    slack.post(ana, queue, "answer", thread_ts=parent)

    await client.chat_delete(channel=queue, ts=lonely)
    await client.chat_delete(channel=queue, ts=parent)

    thread = (await client.conversations_replies(channel=queue, ts=parent))["messages"]
    assert (thread[0]["subtype"], thread[0]["user"], thread[1]["text"]) == ("tombstone", "USLACKBOT", "answer")
    assert thread[1]["parent_user_id"] == "USLACKBOT"
    assert [m["ts"] for m in (await client.conversations_history(channel=queue))["messages"]] == [parent]
    for call in (client.chat_delete, client.chat_update):
        extra = {"text": "x"} if call == client.chat_update else {}
        assert (await refusal(call(channel=queue, ts=parent, **extra)))["error"] == "message_not_found"


async def test_people_are_told_apart(slack: SlackWorkspace, client: AsyncWebClient, ana: str) -> None:
    guest = slack.add_person("Gus", guest="single_channel")
    stranger = slack.add_person("Sara", is_stranger=True)
    bot = slack.add_person("Robot", is_bot=True)
    gone = slack.add_person("Eva")
    slack.change_person(gone, deleted=True)

    users = {user: (await client.users_info(user=user))["user"] for user in (ana, guest, stranger, bot, gone)}

    assert users[ana]["profile"] | {"display_name": "ani", "email": "ana@example.org"} == users[ana]["profile"]
    assert users[ana]["tz"] == "Europe/Madrid" and not users[ana]["is_restricted"]
    assert users[guest]["is_restricted"] and users[guest]["is_ultra_restricted"]
    assert users[stranger]["is_stranger"] and users[stranger]["team_id"] != slack.team_id
    assert users[bot]["is_bot"] and users[gone]["deleted"]
    assert (await refusal(client.users_info(user="U0")))["error"] == "user_not_found"


async def test_channels_know_their_members(slack: SlackWorkspace, client: AsyncWebClient, ana: str) -> None:
    people = [slack.add_person(f"P{n}") for n in range(5)]
    busy = slack.add_channel("busy", people)
    secret = slack.add_channel("secret", [ana], kind="private", with_app=False)

    pages = [page["members"] async for page in await client.conversations_members(channel=busy, limit=4)]
    elsewhere = slack.add_channel("elsewhere", [ana], with_app=False)
    listed = await client.users_conversations(types="public_channel,private_channel")
    everything = (await client.conversations_list())["channels"]

    assert pages == [people[:4], [people[4], slack.bot_user]]
    assert [channel["id"] for channel in listed["channels"]] == [busy]
    assert {channel["id"]: channel["is_member"] for channel in everything} == {busy: True, elsewhere: False}
    assert (await client.conversations_info(channel=busy, include_num_members=True))["channel"]["num_members"] == 6
    assert (await refusal(client.conversations_info(channel=secret)))["error"] == "channel_not_found"


def test_reading_methods_ignore_json_bodies_and_nobody_is_served_without_a_token(
    slack: SlackWorkspace, queue: str
) -> None:
    header = {"Authorization": f"Bearer {slack.bot_token}"}
    ignored = HTTP.post(f"{slack.api_url}conversations.info", json={"channel": queue}, headers=header).json()
    taken = HTTP.post(f"{slack.api_url}chat.postMessage", json={"channel": queue, "text": "x"}, headers=header).json()

    assert ignored["error"] == "invalid_arguments" and taken["ok"]
    assert ignored["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    assert HTTP.post(f"{slack.api_url}auth.test").json() == {"ok": False, "error": "not_authed"}


async def test_a_long_text_is_cut_when_posted_and_refused_when_updated(client: AsyncWebClient, queue: str) -> None:
    long = await client.chat_postMessage(channel=queue, text="x" * 40_001)
    too_long = await refusal(client.chat_update(channel=queue, ts=long["ts"], text="x" * 4_001))

    assert long["warning"] == "message_truncated" and len(long["message"]["text"]) == 40_000
    assert too_long["error"] == "msg_too_long"


async def test_a_file_goes_up_in_three_steps_and_comes_down_with_the_token_only(
    slack: SlackWorkspace, client: AsyncWebClient, queue: str
) -> None:
    await client.files_upload_v2(channel=queue, content=b"%PDF bill", filename="bill.pdf", initial_comment="here")
    message = slack.until_card(queue)
    file = (await client.files_info(file=message.raw["files"][0]["id"]))["file"]

    async with httpx.AsyncClient(verify=False, trust_env=False, follow_redirects=True) as browser:
        with_token = await browser.get(file["url_private"], headers={"Authorization": f"Bearer {slack.bot_token}"})
        without = await browser.get(file["url_private"])

    assert (message.subtype, message.text, message.file_names) == ("file_share", "here", ["bill.pdf"])
    assert (with_token.content, with_token.headers["content-type"]) == (b"%PDF bill", "application/pdf")
    assert without.status_code == 200 and "Sign in" in without.text
    assert file["shares"]["public"][queue][0]["ts"] == message.ts
