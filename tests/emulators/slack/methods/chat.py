"""Posting, updating, deleting."""

from __future__ import annotations

import re
from typing import Any

from .. import talk
from ..block_forms import completed, texts_of
from ..block_rules import MESSAGE_BLOCKS, problems_of_blocks
from ..calls import Call, method
from ..channels import Channel
from ..errors import SlackError
from ..messages import Message
from ..workspace import Ephemeral

Json = dict[str, Any]
STAMP = re.compile(r"\d+\.\d+")
LONGEST_POST, LONGEST_UPDATE, LONGEST_BLOCKS = 40_000, 4_000, 13_200


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Json:
    channel = _postable(call)
    message = _composed(call, channel)
    warnings = ["message_truncated"] if len(message.text) > LONGEST_POST else []
    message.text = message.text[:LONGEST_POST]
    talk.post(call.ws, channel, message)
    call.ws.journal.note(
        "post", call.method, channel=channel.id, ts=message.ts, user=message.user, body=message.as_json(True)
    )
    answer: Json = {"channel": channel.id, "ts": message.ts, "message": call.ws.messages.as_json(message, True)}
    return answer | ({"warning": warnings[0], "response_metadata": {"warnings": warnings}} if warnings else {})


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Json:
    channel = _postable(call)
    user = call.required("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = _composed(call, channel)
    call.ws.ephemerals[message.ts] = Ephemeral(message, user)
    call.ws.journal.note(
        "ephemeral", call.method, channel=channel.id, ts=message.ts, user=user, body=message.as_json(True)
    )
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def update_message(call: Call) -> Json:
    """Text alone takes the blocks away; neither leaves both; only text is marked as edited."""
    channel = _postable(call)
    message = call.message(channel)
    if message.bot_id != call.ws.app.bot_id:
        raise SlackError("cant_update_message")
    blocks, metadata = _blocks(call), _metadata(call)
    text = call.args.get("text")
    if text is None and not any(call.has(name) for name in ("blocks", "attachments", "metadata")):
        raise SlackError("no_text")
    if text is not None and len(str(text)) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")

    def apply(updated: Message) -> None:
        if call.has("blocks"):
            updated.blocks = blocks
        elif text is not None:
            updated.blocks = []
            updated.edited = {"user": call.ws.app.bot_user_id, "ts": call.ws.clock.stamp()}
        if text is not None:
            updated.text = str(text)
        if call.has("attachments"):
            updated.attachments = call.parsed("attachments", "invalid_attachments") or []
        if metadata is not None:
            updated.metadata = metadata or None

    talk.change(call.ws, channel, message, apply)
    call.ws.journal.note(
        "update", call.method, channel=channel.id, ts=message.ts, user=message.user, body=message.as_json(True)
    )
    shown = call.ws.messages.as_json(message, True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


@method("chat.delete", "chat:write")
def delete_message(call: Call) -> Json:
    channel = _postable(call)
    message = call.message(channel)
    if message.bot_id != call.ws.app.bot_id:
        raise SlackError("cant_delete_message")
    body = message.as_json(True)
    talk.remove(call.ws, channel, message)
    call.ws.journal.note("delete", call.method, channel=channel.id, ts=message.ts, user=message.user, body=body)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", takes_json=False)
def permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"https://{call.ws.app.team_domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _postable(call: Call) -> Channel:
    """Where the bot may write; a user's id stands for the direct messages with them."""
    asked = call.text("channel")
    if call.method == "chat.postMessage" and asked in call.ws.people:
        return call.ws.direct_channel(asked)
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived")
    if not call.ws.app_sees(channel) and "chat:write.public" not in call.token.scopes:
        raise SlackError("not_in_channel")
    return channel


def _composed(call: Call, channel: Channel) -> Message:
    blocks = _blocks(call)
    attachments = call.parsed("attachments", "invalid_attachments") or []
    text = call.text("text")
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    app = call.ws.app
    message = Message(
        channel.id, call.ws.clock.stamp(), app.bot_user_id, text, call.ws.team_id,
        blocks=blocks, attachments=attachments, bot_id=app.bot_id, app_id=app.id, bot_profile=app.bot_profile(),
        metadata=_metadata(call) or None,
    )  # fmt: skip
    if call.text("username"):
        call.need("chat:write.customize")
        message.subtype, message.username = "bot_message", call.text("username")
    _thread(call, channel, message)
    return message


def _thread(call: Call, channel: Channel, message: Message) -> None:
    """Put it into its thread; the stamp of a reply leads to the thread of that reply."""
    asked = call.text("thread_ts")
    if not asked:
        return
    if not STAMP.fullmatch(asked):
        told = {"messages": [f"[ERROR] {asked} is not a valid thread_ts"]}
        raise SlackError("invalid_thread_ts", response_metadata=told)
    parent = call.ws.messages.get(channel.id, asked)
    if parent is None and call.ws.settings.refuse_orphans:
        raise SlackError("thread_not_found")
    message.thread_ts = (parent.thread_ts or parent.ts) if parent else asked
    if call.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"


def _blocks(call: Call) -> list[Json]:
    blocks = call.parsed("blocks", "invalid_blocks_format")
    if blocks is None or blocks == []:
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = problems_of_blocks(blocks, "/blocks", MESSAGE_BLOCKS)
    if problems:
        told = [f"[ERROR] {problem}" for problem in problems]
        raise SlackError("invalid_blocks", errors=problems, response_metadata={"messages": told})
    if sum(map(len, texts_of(blocks))) > LONGEST_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return completed(blocks, call.ws.ids)


def _metadata(call: Call) -> Json | None:
    metadata = call.parsed("metadata", "invalid_metadata_format")
    if metadata is None or metadata == {}:
        return metadata  # type: ignore[no-any-return]
    shape = isinstance(metadata, dict) and set(metadata) <= {"event_type", "event_payload", "entities"}
    if not shape or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return metadata  # type: ignore[no-any-return]
