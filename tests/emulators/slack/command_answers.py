"""What the app shows by answering a command or by a response URL."""

from __future__ import annotations

from typing import Any

from . import talk
from .block_forms import completed
from .block_rules import MESSAGE_BLOCKS, problems_of_blocks
from .errors import SlackError
from .messages import Message
from .response_urls import ResponseUrl
from .workspace import Ephemeral, Workspace

Json = dict[str, Any]


def answer_command(ws: Workspace, user: str, channel_id: str, response: Any) -> None:
    """Show what came with the acknowledgement of a command, if anything."""
    body = {"text": response} if isinstance(response, str) and response else response
    if isinstance(body, dict) and (body.get("text") or body.get("blocks")):
        _show(ws, ResponseUrl(channel_id, user, 0.0), body)


def answer_url(ws: Workspace, secret: str, body: Json) -> None:
    """Do what was posted to a response URL, or refuse it."""
    url = ws.response_urls.use(secret)
    ws.journal.note("response", "response_url", channel=url.channel, ts=url.message_ts, user=url.user, body=body)
    if body.get("delete_original"):
        _delete_original(ws, url)
    elif body.get("replace_original") and url.message_ts:
        _replace_original(ws, url, body)
    else:
        _show(ws, url, body)


def _show(ws: Workspace, url: ResponseUrl, body: Json) -> None:
    message = _message(ws, url, body)
    if body.get("thread_ts"):
        message.thread_ts = str(body["thread_ts"])
    if body.get("response_type") == "in_channel":
        talk.post(ws, ws.channel(url.channel), message)
        ws.journal.note("post", "response", channel=url.channel, ts=message.ts, body=message.as_json(True))
        return
    ws.ephemerals[message.ts] = Ephemeral(message, url.user)
    ws.journal.note(
        "ephemeral", "response", channel=url.channel, ts=message.ts, user=url.user, body=message.as_json(True)
    )


def _replace_original(ws: Workspace, url: ResponseUrl, body: Json) -> None:
    made = _message(ws, url, body)
    if url.ephemeral:
        original = ws.ephemerals[url.message_ts].message
        original.text, original.blocks = made.text, made.blocks
        return
    found = ws.messages.get(url.channel, url.message_ts)
    if found is None:
        raise SlackError("message_not_found")

    def apply(message: Message) -> None:
        message.text, message.blocks = made.text, made.blocks

    talk.change(ws, ws.channel(url.channel), found, apply)
    ws.journal.note("update", "response", channel=url.channel, ts=found.ts, body=found.as_json(True))


def _delete_original(ws: Workspace, url: ResponseUrl) -> None:
    if url.ephemeral:
        ws.ephemerals.pop(url.message_ts, None)
        return
    found = ws.messages.get(url.channel, url.message_ts)
    if found is None:
        raise SlackError("message_not_found")
    talk.remove(ws, ws.channel(url.channel), found)
    ws.journal.note("delete", "response", channel=url.channel, ts=url.message_ts, body={})


def _message(ws: Workspace, url: ResponseUrl, body: Json) -> Message:
    blocks = body.get("blocks") or []
    if problems_of_blocks(blocks, "/blocks", MESSAGE_BLOCKS):
        raise SlackError("invalid_blocks")
    if not body.get("text") and not blocks:
        raise SlackError("no_text")
    app = ws.app
    return Message(
        url.channel, ws.clock.stamp(), app.bot_user_id, str(body.get("text") or ""), ws.team_id,
        blocks=completed(blocks, ws.ids), bot_id=app.bot_id, app_id=app.id, bot_profile=app.bot_profile(),
    )  # fmt: skip
