"""The emulated Slack held against a second implementation: Bolt for Python, over sockets and over signed HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack import Message, NotPossible, SlackWorkspace, slack_workspace

SECRET = "signing secret of the test"
EVERYTHING_HERE = dict.fromkeys(("events_api", "interactive", "slash_commands"), "/slack/events")
CARD: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "A customer waits"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "close", "value": "h1", "text": {"type": "plain_text", "text": "Close"}}
        ],
    },
]
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "closing",
    "title": {"type": "plain_text", "text": "Close it"},
    "submit": {"type": "plain_text", "text": "Close"},
    "private_metadata": "h1",
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "outcome",
            "label": {"type": "plain_text", "text": "Outcome"},
            "element": {
                "type": "static_select",
                "action_id": "choice",
                "options": [
                    {"text": {"type": "plain_text", "text": "Solved"}, "value": "solved"},
                    {"text": {"type": "plain_text", "text": "Not solved"}, "value": "unsolved"},
                ],
            },
        },
    ],
}


@pytest.fixture
def slack() -> Iterator[SlackWorkspace]:
    with slack_workspace() as workspace:
        yield workspace


@pytest.fixture
def ana(slack: SlackWorkspace) -> str:
    return slack.add_person("Ana", display_name="ana")


@pytest.fixture
def queue(slack: SlackWorkspace, ana: str) -> str:
    return slack.add_channel("queue", [ana])


def desk_app(slack: SlackWorkspace) -> AsyncApp:
    """A small desk in Bolt: a card on «help», a modal on its button, an update when it is submitted, a command."""
    app = AsyncApp(client=AsyncWebClient(slack.bot_token, base_url=slack.api_url), signing_secret=SECRET)
    cards: dict[str, tuple[str, str]] = {}

    @app.message("help")
    async def show_card(message: dict[str, Any], say: AsyncSay) -> None:
        await say(text="A customer waits", blocks=CARD, thread_ts=message.get("thread_ts"))

    @app.action("close")
    async def open_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await ack()
        cards[body["actions"][0]["value"]] = (body["channel"]["id"], body["message"]["ts"])
        await respond(text="the form is open", response_type="ephemeral", replace_original=False)

    @app.view("closing")
    async def take_form(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient) -> None:
        why = view["state"]["values"]["why"]["text"]["value"]
        outcome = view["state"]["values"]["outcome"]["choice"]["selected_option"]["value"]
        if len(why) < 5:
            await ack(response_action="errors", errors={"why": "say more"})
            return
        await ack()
        channel, ts = cards[view["private_metadata"]]
        await client.chat_update(channel=channel, ts=ts, text=f"Closed: {outcome}", blocks=[])

    @app.command("/desk")
    async def answer_command(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(f"nothing waits for {command['text']}")

    return app


@asynccontextmanager
async def over_sockets(app: AsyncApp, slack: SlackWorkspace) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()
    await asyncio.to_thread(slack.until_connected)
    try:
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def over_http(app: AsyncApp, slack: SlackWorkspace) -> AsyncIterator[None]:
    runner = web.AppRunner(app.web_app(path="/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    assert await asyncio.to_thread(slack.use_http, base_url, SECRET, EVERYTHING_HERE)
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.fixture(params=[over_sockets, over_http], ids=["sockets", "http"])
async def desk(request: pytest.FixtureRequest, slack: SlackWorkspace) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(request.param(desk_app(slack), slack))
        yield


async def card_for(slack: SlackWorkspace, ana: str, queue: str) -> Message:
    await asyncio.to_thread(slack.post, ana, queue, "help")
    return await asyncio.to_thread(slack.until_card, queue, "A customer waits")


@pytest.mark.usefixtures("desk")
async def test_an_app_shows_a_card_opens_a_modal_and_takes_what_is_filled_in(
    slack: SlackWorkspace, ana: str, queue: str
) -> None:
    card = await card_for(slack, ana, queue)
    assert card.action_ids == ["close"]

    pressed = await asyncio.to_thread(slack.press, ana, card, "close")
    form = await asyncio.to_thread(slack.until_view, ana)
    refused = await asyncio.to_thread(slack.submit_view, ana, form, {"why": "bye", "outcome": "solved"})
    taken = await asyncio.to_thread(slack.submit_view, ana, form, {"why": "bill explained", "outcome": "solved"})

    assert pressed.acknowledged
    assert (form.callback_id, form.title, form.inputs) == ("closing", "Close it", ["why", "outcome"])
    assert refused.errors == {"why": "say more"}
    assert taken.acknowledged and taken.view is None and slack.view(ana) is None
    closed = await asyncio.to_thread(slack.until_card, queue, "Closed: solved")
    assert closed.ts == card.ts and closed.action_ids == []
    assert [hint.text for hint in slack.ephemerals(ana, queue)] == ["the form is open"]


@pytest.mark.usefixtures("desk")
async def test_a_command_is_answered_to_the_one_who_typed_it(slack: SlackWorkspace, ana: str, queue: str) -> None:
    answer = await asyncio.to_thread(slack.slash, ana, queue, "/desk", "ana")

    assert answer.acknowledged
    assert [hint.text for hint in slack.ephemerals(ana, queue)] == ["nothing waits for ana"]
    assert slack.channel_messages(queue) == []


@pytest.mark.usefixtures("desk")
async def test_what_the_screen_does_not_offer_cannot_be_done(slack: SlackWorkspace, ana: str, queue: str) -> None:
    card = await card_for(slack, ana, queue)
    await asyncio.to_thread(slack.press, ana, card, "close")
    form = await asyncio.to_thread(slack.until_view, ana)

    with pytest.raises(NotPossible, match="nothing with the action id claim"):
        slack.press(ana, card, "claim")
    with pytest.raises(NotPossible, match="required field why"):
        slack.submit_view(ana, form, {"outcome": "solved"})
    with pytest.raises(NotPossible, match="'other' cannot be chosen"):
        slack.submit_view(ana, form, {"why": "no reason", "outcome": "other"})
    with pytest.raises(NotPossible, match="has no view"):
        slack.submit_view(slack.add_person("Berta"), form, {})


@pytest.mark.usefixtures("desk")
async def test_a_button_of_an_old_screen_still_reaches_the_app(slack: SlackWorkspace, ana: str, queue: str) -> None:
    card = await card_for(slack, ana, queue)
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    await client.chat_update(channel=queue, ts=card.ts, text="taken by somebody else")

    with pytest.raises(NotPossible):
        slack.press(ana, card, "close")
    pressed = await asyncio.to_thread(slack.press_old, ana, card, "close")

    assert pressed.acknowledged
    assert pressed.payload["message"]["blocks"][1]["elements"][0]["action_id"] == "close"


@pytest.mark.parametrize("connect", [over_sockets, over_http], ids=["sockets", "http"])
async def test_an_event_comes_again_when_it_is_not_acknowledged_but_a_press_never(
    slack: SlackWorkspace, ana: str, queue: str, connect: Any
) -> None:
    slack.configure(ack_seconds=0.3, retry_seconds=[0, 0.1, 0.2])
    app, seen = desk_app(slack), []

    @app.middleware
    async def too_slow(body: dict[str, Any], next_: Any) -> None:
        seen.append(body["type"])
        await asyncio.sleep(0.5)
        await next_()

    async with connect(app, slack):
        message = await asyncio.to_thread(slack.post, ana, queue, "nothing for anybody")
        await asyncio.to_thread(slack.until_delivered)
        lost = await asyncio.to_thread(slack.slash, ana, queue, "/desk", "")
        await asyncio.sleep(1)

    event = next(e for e in slack.events() if e["payload"]["event"]["ts"] == message.ts)
    assert event["attempts"] == 4 and not event["acknowledged"]
    assert seen.count("event_callback") == 4
    marks = [d["retry_attempt"] for d in slack.deliveries() if d["event_id"] == event["event_id"]]
    assert marks == [0, 1, 2, 3]
    assert not lost.acknowledged
    assert len([d for d in slack.deliveries() if d["family"] == "slash_commands"]) == 1
