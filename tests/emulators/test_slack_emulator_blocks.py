"""Block Kit's limits and the rules of modals, each at its edge: the last that is taken, the first that is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack import SlackWorkspace, slack_workspace

Json = dict[str, Any]


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackWorkspace]:
    with slack_workspace() as workspace:
        yield workspace


@pytest.fixture
async def client(slack: SlackWorkspace) -> AsyncIterator[AsyncWebClient]:
    yield AsyncWebClient(slack.bot_token, base_url=slack.api_url)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, **more}


def select(count: int = 1, text: int = 4, value: int = 4) -> Json:
    options = [{"text": plain("t" * text), "value": f"{n}".rjust(value, "v")} for n in range(count)]
    return {"type": "static_select", "action_id": "s", "options": options}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


MESSAGE_LIMITS: dict[str, tuple[int, Callable[[int], list[Json]], str]] = {
    "blocks": (50, lambda n: [{"type": "divider"}] * n, "/blocks"),
    "section": (3000, lambda n: [section(text=plain("x" * n))], "/blocks/0/text/text"),
    "field": (2000, lambda n: [section(fields=[plain("x" * n)])], "/blocks/0/fields/0/text"),
    "fields": (10, lambda n: [section(fields=[plain("x")] * n)], "/blocks/0/fields"),
    "header": (150, lambda n: [{"type": "header", "text": plain("x" * n)}], "/blocks/0/text/text"),
    "context": (10, lambda n: [{"type": "context", "elements": [plain("x")] * n}], "/blocks/0/elements"),
    "actions": (25, lambda n: actions(*[button() for _ in range(n)]), "/blocks/0/elements"),
    "button text": (75, lambda n: actions(button(text=plain("x" * n))), "/blocks/0/elements/0/text/text"),
    "button value": (2000, lambda n: actions(button(value="x" * n)), "/blocks/0/elements/0/value"),
    "action id": (255, lambda n: actions(button(action_id="x" * n)), "/blocks/0/elements/0/action_id"),
    "block id": (255, lambda n: [section(block_id="x" * n)], "/blocks/0/block_id"),
    "option text": (75, lambda n: actions(select(text=n)), "/blocks/0/elements/0/options/0/text/text"),
    "option value": (150, lambda n: actions(select(value=n)), "/blocks/0/elements/0/options/0/value"),
    "options": (100, lambda n: actions(select(n)), "/blocks/0/elements/0/options"),
}
WRONG_MESSAGES: dict[str, tuple[list[Json], str]] = {
    "twice the same action id": (
        actions(button(action_id="a"), button(action_id="a")),
        '`action_id` "a" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    "twice the same block id": (
        [section(block_id="b"), section(block_id="b")],
        '`block_id` "b" already exists [json-pointer:/blocks/1/block_id]',
    ),
    "a header in mrkdwn": (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "must be one of: plain_text [json-pointer:/blocks/0/text/type]",
    ),
    "an empty text": ([section(text=plain(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "an unknown property": ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    "a text that is no object": ([section(text="x")], "must provide an object [json-pointer:/blocks/0/text]"),
    "no elements": (actions(), "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    "an unknown block": ([{"type": "table-ish"}], "unsupported type: table-ish [json-pointer:/blocks/0/type]"),
    "a wrong style": (
        actions(button(style="green")),
        "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ),
}


def modal(**more: Any) -> Json:
    blocks = [{"type": "input", "label": plain("L"), "element": {"type": "plain_text_input"}}]
    return {"type": "modal", "title": plain("T"), "submit": plain("S"), "blocks": blocks} | more


def labelled(length: int) -> list[Json]:
    return [{"type": "input", "label": plain("x" * length), "element": {"type": "plain_text_input"}}]


VIEW_LIMITS: dict[str, tuple[int, Callable[[int], Json], str]] = {
    "title": (24, lambda n: modal(title=plain("x" * n)), "/view/title/text"),
    "submit": (24, lambda n: modal(submit=plain("x" * n)), "/view/submit/text"),
    "close": (24, lambda n: modal(close=plain("x" * n)), "/view/close/text"),
    "blocks": (100, lambda n: modal(blocks=[{"type": "divider"}] * n), "/view/blocks"),
    "private metadata": (3000, lambda n: modal(private_metadata="x" * n), "/view/private_metadata"),
    "callback id": (255, lambda n: modal(callback_id="x" * n), "/view/callback_id"),
    "label": (2000, lambda n: modal(blocks=labelled(n)), "/view/blocks/0/label/text"),
}


async def refusal(call: Any) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await call
    return dict(caught.value.response.data)


@pytest.mark.parametrize("limit", MESSAGE_LIMITS)
async def test_a_message_is_taken_up_to_its_limits(slack: SlackWorkspace, client: AsyncWebClient, limit: str) -> None:
    channel = slack.add_channel("queue")
    most, blocks, place = MESSAGE_LIMITS[limit]

    await client.chat_postMessage(channel=channel, text="x", blocks=blocks(most))
    answer = await refusal(client.chat_postMessage(channel=channel, text="x", blocks=blocks(most + 1)))

    assert answer["error"] == "invalid_blocks"
    assert any(f"[json-pointer:{place}]" in told for told in answer["errors"]), answer["errors"]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {told}" for told in answer["errors"]]


@pytest.mark.parametrize("wrong", WRONG_MESSAGES)
async def test_a_malformed_message_is_refused(slack: SlackWorkspace, client: AsyncWebClient, wrong: str) -> None:
    blocks, told = WRONG_MESSAGES[wrong]

    answer = await refusal(client.chat_postMessage(channel=slack.add_channel("q"), text="x", blocks=blocks))

    assert (answer["error"], answer["errors"]) == ("invalid_blocks", [told])


async def test_all_texts_of_a_message_together_have_a_limit(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    blocks = [section(text=plain("x" * 3000))] * 5

    answer = await refusal(client.chat_postMessage(channel=slack.add_channel("q"), text="x", blocks=blocks))

    assert answer["error"] == "msg_blocks_too_long"


async def test_the_same_action_id_in_two_blocks_is_fine_and_missing_ids_are_given(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    blocks = actions(button(action_id="a"), button()) + actions(button(action_id="a"))

    answer = await client.chat_postMessage(channel=slack.add_channel("q"), text="x", blocks=blocks)

    stored = answer["message"]["blocks"]
    assert len({block["block_id"] for block in stored}) == 2
    assert stored[0]["elements"][1]["action_id"] and stored[0]["elements"][1]["text"]["emoji"] is True


def trigger(slack: SlackWorkspace) -> str:
    """A fresh trigger: of a press nobody acknowledges."""
    slack.configure(ack_seconds=0.01)
    person = slack.add_person("Ana")
    pressed = slack.slash(person, slack.add_channel("q", [person]), "/desk")
    return str(pressed.payload["trigger_id"])


@pytest.mark.parametrize("limit", VIEW_LIMITS)
async def test_a_view_is_taken_up_to_its_limits(slack: SlackWorkspace, client: AsyncWebClient, limit: str) -> None:
    most, view, place = VIEW_LIMITS[limit]

    await client.views_open(trigger_id=trigger(slack), view=view(most))
    answer = await refusal(client.views_open(trigger_id=trigger(slack), view=view(most + 1)))

    assert answer["error"] == "invalid_arguments"
    assert any(f"[json-pointer:{place}]" in told for told in answer["response_metadata"]["messages"])


async def test_an_input_needs_a_submit_button(slack: SlackWorkspace, client: AsyncWebClient) -> None:
    view = modal()
    del view["submit"]

    answer = await refusal(client.views_open(trigger_id=trigger(slack), view=view))

    assert "must define `submit` to use an `input` block in modals" in answer["response_metadata"]["messages"][0]
