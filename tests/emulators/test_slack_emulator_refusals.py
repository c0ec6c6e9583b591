"""What the emulated Web API refuses, by the names Slack gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack import SlackWorkspace, slack_workspace


@pytest.fixture
def slack() -> Iterator[SlackWorkspace]:
    with slack_workspace() as workspace:
        yield workspace


@pytest.fixture
def client(slack: SlackWorkspace) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def ana(slack: SlackWorkspace) -> str:
    return slack.add_person("Ana")


@pytest.fixture
def queue(slack: SlackWorkspace, ana: str) -> str:
    return slack.add_channel("queue", [ana])


async def refusal(call: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        await call
    return dict(caught.value.response.data)


Calls = Callable[[AsyncWebClient, str, str], Any]
REFUSALS: dict[str, Calls] = {
    "no_text": lambda c, queue, other: c.chat_postMessage(channel=queue, text=""),
    "channel_not_found": lambda c, queue, other: c.chat_postMessage(channel="C0", text="x"),
    "thread_not_found": lambda c, queue, other: c.chat_postMessage(channel=queue, text="x", thread_ts="1.0"),
    "invalid_thread_ts": lambda c, queue, other: c.chat_postMessage(channel=queue, text="x", thread_ts="0"),
    "message_not_found": lambda c, queue, other: c.chat_update(channel=queue, ts="1.0", text="x"),
    "cant_update_message": lambda c, queue, other: c.chat_update(channel=queue, ts=other, text="x"),
    "cant_delete_message": lambda c, queue, other: c.chat_delete(channel=queue, ts=other),
    "user_not_in_channel": lambda c, queue, other: c.chat_postEphemeral(channel=queue, user="U0", text="x"),
    "invalid_metadata_format": lambda c, queue, other: c.chat_postMessage(
        channel=queue, text="x", metadata={"event_type": "x"}
    ),
    "invalid_blocks_format": lambda c, queue, other: c.chat_postMessage(channel=queue, text="x", blocks="not json"),
    "invalid_name": lambda c, queue, other: c.reactions_add(channel=queue, timestamp=other, name="no such!"),
    "no_reaction": lambda c, queue, other: c.reactions_remove(channel=queue, timestamp=other, name="eyes"),
    "invalid_cursor": lambda c, queue, other: c.conversations_history(channel=queue, cursor="x"),
    "invalid_ts_oldest": lambda c, queue, other: c.conversations_history(channel=queue, oldest="yesterday"),
    "file_not_found": lambda c, queue, other: c.files_info(file="F0"),
    "unknown_method": lambda c, queue, other: c.api_call("chat.shout"),
}


@pytest.mark.filterwarnings("ignore:The top-level `text`")
@pytest.mark.parametrize("error", REFUSALS)
async def test_a_wrong_call_is_refused_by_its_name(
    slack: SlackWorkspace, client: AsyncWebClient, queue: str, ana: str, error: str
) -> None:
    other = slack.post(ana, queue, "of somebody else").ts

    answer = await refusal(REFUSALS[error](client, queue, other))

    assert (answer["ok"], answer["error"]) == (False, error)
    assert slack.requests()[-1]["error"] == error and not slack.requests()[-1]["landed"]


async def test_tokens_and_scopes_are_checked(slack: SlackWorkspace, client: AsyncWebClient, queue: str) -> None:
    def with_token(token: str) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=slack.api_url)

    assert (await refusal(with_token("xoxb-wrong").auth_test()))["error"] == "invalid_auth"
    assert (await refusal(with_token(slack.app_token).team_info()))["error"] == "not_allowed_token_type"
    assert (await refusal(client.apps_connections_open(app_token=slack.bot_token)))["error"] == "not_allowed_token_type"

    slack.take_scope("chat:write")
    answer = await refusal(client.chat_postMessage(channel=queue, text="x"))
    assert answer["error"] == "missing_scope" and answer["needed"] == "chat:write"
    assert "users:read" in answer["provided"]

    slack.kill_token("account_inactive")
    assert (await refusal(client.auth_test()))["error"] == "account_inactive"


async def test_the_bot_writes_only_where_it_is(slack: SlackWorkspace, client: AsyncWebClient, ana: str) -> None:
    elsewhere = slack.add_channel("elsewhere", [ana], with_app=False)
    hidden = slack.add_channel("hidden", [ana], kind="private", with_app=False)
    old = slack.add_channel("old", [ana])
    slack.archive(old)

    errors = [(await refusal(client.chat_postMessage(channel=c, text="x")))["error"] for c in (elsewhere, hidden, old)]
    await client.conversations_join(channel=elsewhere)
    await client.chat_postMessage(channel=elsewhere, text="now I am in")
    direct = await client.chat_postMessage(channel=ana, text="to you alone")

    assert errors == ["not_in_channel", "channel_not_found", "is_archived"]
    assert direct["channel"].startswith("D")


async def test_a_reply_to_a_thread_that_is_gone_is_refused_or_vanishes(
    slack: SlackWorkspace, client: AsyncWebClient, queue: str, ana: str
) -> None:
    gone = slack.post(ana, queue, "soon gone")
    slack.delete(ana, gone)

    refused = await refusal(client.chat_postMessage(channel=queue, text="x", thread_ts=gone.ts))
    slack.configure(refuse_orphans=False)
    accepted = await client.chat_postMessage(channel=queue, text="x", thread_ts=gone.ts)

    assert refused["error"] == "thread_not_found" and accepted["ok"]
    assert slack.channel_messages(queue) == []


async def test_a_bot_may_be_kept_from_reading_threads_of_channels(
    slack: SlackWorkspace, client: AsyncWebClient, queue: str, ana: str
) -> None:
    slack.configure(bots_read_threads=False)
    message = slack.post(ana, queue, "hola")

    assert (await refusal(client.conversations_replies(channel=queue, ts=message.ts)))["error"] == (
        "not_allowed_token_type"
    )
