"""Triggers, stacked modals, the App Home and response URLs, as long as Slack lets them live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.http import HTTP
from tests.emulators.slack import Acknowledged, SlackWorkspace, slack_workspace

Json = dict[str, Any]
BUTTON = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
    }
]


def modal(name: str, **more: Any) -> Json:
    title = {"type": "plain_text", "text": name}
    return {"type": "modal", "callback_id": name, "title": title, "submit": title, "blocks": BUTTON} | more


class App:
    """An app on a raw Socket Mode client: acknowledges everything, with what `answers` says."""

    def __init__(self, slack: SlackWorkspace) -> None:
        self.web = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        self.client = SocketModeClient(slack.app_token, web_client=self.web)
        self.client.socket_mode_request_listeners.append(self._take)
        self.answers: list[Json] = []
        self.payloads: list[Json] = []

    async def _take(self, client: SocketModeClient, request: SocketModeRequest) -> None:  # type: ignore[override]
        self.payloads.append(request.payload)
        answer = self.answers.pop(0) if self.answers and request.type == "interactive" else None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))


@pytest.fixture
def slack() -> Iterator[SlackWorkspace]:
    with slack_workspace() as workspace:
        yield workspace


@pytest.fixture
async def app(slack: SlackWorkspace) -> AsyncIterator[App]:
    app = App(slack)
    await app.client.connect()
    await asyncio.to_thread(slack.until_connected)
    yield app
    await app.client.close()


@pytest.fixture
def ana(slack: SlackWorkspace) -> str:
    return slack.add_person("Ana")


@pytest.fixture
def queue(slack: SlackWorkspace, ana: str) -> str:
    return slack.add_channel("queue", [ana])


async def press(slack: SlackWorkspace, app: App, ana: str, queue: str, **more: Any) -> Acknowledged:
    """Press the button of a new card of the app's."""
    await app.web.chat_postMessage(channel=queue, text="card", blocks=BUTTON, **more)
    return await asyncio.to_thread(slack.press, ana, slack.channel_messages(queue)[-1], "go")


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_trigger_works_once_and_not_for_long(slack: SlackWorkspace, app: App, ana: str, queue: str) -> None:
    slack.configure(trigger_seconds=1.5)
    first = (await press(slack, app, ana, queue)).payload["trigger_id"]
    second = (await press(slack, app, ana, queue)).payload["trigger_id"]
    await app.web.views_open(trigger_id=second, view=modal("opened"))

    assert await error_of(app.web.views_open(trigger_id=second, view=modal("again"))) == "exchanged_trigger_id"
    await asyncio.sleep(1.6)
    assert await error_of(app.web.views_open(trigger_id=first, view=modal("late"))) == "expired_trigger_id"
    assert await error_of(app.web.views_open(trigger_id="made up", view=modal("x"))) == "invalid_trigger_id"


async def test_modals_are_stacked_up_to_three_and_closed_from_the_top(
    slack: SlackWorkspace, app: App, ana: str, queue: str
) -> None:
    await app.web.views_open(trigger_id=(await press(slack, app, ana, queue)).payload["trigger_id"], view=modal("one"))
    for name in ("two", "three"):
        view = await asyncio.to_thread(slack.until_view, ana)
        pressed = await asyncio.to_thread(slack.press_in_view, ana, view, "go")
        assert pressed.payload["container"] == {"type": "view", "view_id": view.id}
        await app.web.views_push(trigger_id=pressed.payload["trigger_id"], view=modal(name, notify_on_close=True))
    top = slack.until_view(ana)
    pressed = await asyncio.to_thread(slack.press_in_view, ana, top, "go")

    pushed = app.web.views_push(trigger_id=pressed.payload["trigger_id"], view=modal("four"))
    assert await error_of(pushed) == "push_limit_reached"
    await asyncio.to_thread(slack.close_view, ana, top)
    left = slack.until_view(ana)
    assert (top.title, left.title, left.raw["previous_view_id"]) == ("three", "two", left.raw["root_view_id"])
    assert app.payloads[-1]["type"] == "view_closed" and app.payloads[-1]["is_cleared"] is False


async def test_the_answer_to_a_submission_decides_what_comes_next(
    slack: SlackWorkspace, app: App, ana: str, queue: str
) -> None:
    await app.web.views_open(trigger_id=(await press(slack, app, ana, queue)).payload["trigger_id"], view=modal("one"))
    app.answers = [
        {"response_action": "update", "view": modal("changed")},
        {"response_action": "push", "view": modal("above")},
        {"response_action": "errors", "errors": {"nowhere": "wrong"}},
        {"response_action": "clear"},
    ]
    shown = []
    for _ in range(4):
        submitted = await asyncio.to_thread(slack.submit_view, ana, slack.until_view(ana))
        shown.append((submitted.view.title if submitted.view else None, submitted.shown[:28]))

    trouble = "We had some trouble connecti"
    assert shown == [("changed", ""), ("above", ""), ("above", trouble), (None, "")]


async def test_views_are_updated_by_id_and_guarded_by_their_hash(
    slack: SlackWorkspace, app: App, ana: str, queue: str
) -> None:
    pressed = await press(slack, app, ana, queue)
    opened = (await app.web.views_open(trigger_id=pressed.payload["trigger_id"], view=modal("one")))["view"]
    updated = await app.web.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("two"))

    assert slack.until_view(ana).title == "two" and updated["view"]["id"] == opened["id"]
    stale = app.web.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("three"))
    assert await error_of(stale) == "hash_conflict"
    await asyncio.to_thread(slack.close_view, ana, slack.until_view(ana))
    assert await error_of(app.web.views_update(view_id=opened["id"], view=modal("late"))) == "not_found"


async def test_the_home_is_published_and_opened(slack: SlackWorkspace, app: App, ana: str) -> None:
    await app.web.views_publish(user_id=ana, view={"type": "home", "blocks": BUTTON})
    home = slack.home(ana)
    assert home is not None
    await asyncio.to_thread(slack.open_home, ana)
    pressed = await asyncio.to_thread(slack.press_in_view, ana, home, "go")

    opened = next(p["event"] for p in app.payloads if p.get("event", {}).get("type") == "app_home_opened")
    assert (opened["user"], opened["tab"], opened["view"]["id"]) == (ana, "home", home.id)
    assert pressed.payload["view"]["type"] == "home" and pressed.acknowledged


async def test_a_response_url_serves_five_times(slack: SlackWorkspace, app: App, ana: str, queue: str) -> None:
    url = (await press(slack, app, ana, queue)).payload["response_url"]

    async def respond(**body: Any) -> tuple[int, str]:
        answer = await asyncio.to_thread(HTTP.post, url, json=body)
        return answer.status_code, answer.text

    assert await respond(text="hint") == (200, "ok")
    assert await respond(text="replaced", replace_original=True) == (200, "ok")
    assert await respond(text="for all", response_type="in_channel") == (200, "ok")
    assert (await respond())[0] == 400
    assert await respond(delete_original=True) == (200, "ok")
    assert (await respond(text="one too many"))[0] == 404
    assert [message.text for message in slack.ephemerals(ana)] == ["hint"]
    assert [message.text for message in slack.channel_messages(queue)] == ["for all"]
    assert [effect["body"]["text"] for effect in slack.effects("update")] == ["replaced"]


async def test_an_ephemeral_is_pressed_by_its_reader_only(
    slack: SlackWorkspace, app: App, ana: str, queue: str
) -> None:
    await app.web.chat_postEphemeral(channel=queue, user=ana, text="only you", blocks=BUTTON)
    hint = slack.ephemerals(ana)[0]
    pressed = await asyncio.to_thread(slack.press, ana, hint, "go")

    assert pressed.payload["container"]["is_ephemeral"] is True and "message" not in pressed.payload
    with pytest.raises(AssertionError, match="only the one it was for"):
        slack.press(slack.add_person("Berta"), hint, "go")
    assert slack.channel_messages(queue) == []
