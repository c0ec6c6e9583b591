"""Files: an URL to upload to, then the share, whose message appears a moment after the answer."""

from __future__ import annotations

import asyncio
from typing import Any

from .. import talk
from ..calls import Call, Json, method
from ..channels import Channel
from ..errors import SlackError
from ..files import StoredFile
from ..messages import Message
from ..workspace import Workspace


@method("files.getUploadURLExternal", "files:write", takes_json=False)
def upload_url(call: Call) -> Json:
    length = call.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments")
    file, url = call.ws.files.reserve(call.required("filename"), length, call.ws.app.bot_user_id)
    return {"upload_url": url, "file_id": file.id}


@method("files.completeUploadExternal", "files:write")
def complete_upload(call: Call) -> Json:
    files = _uploaded(call)
    if call.text("channel_id"):
        channel = _target(call)
        comment, thread_ts = call.text("initial_comment"), call.text("thread_ts")
        if thread_ts and call.ws.messages.get(channel.id, thread_ts) is None:
            raise SlackError("invalid_arguments")
        loop = asyncio.get_running_loop()
        loop.call_later(call.ws.settings.share_seconds, share, call.ws, channel, files, comment, thread_ts)
    return {"files": [call.ws.files.as_json(file) for file in files]}


@method("files.info", "files:read", takes_json=False)
def info(call: Call) -> Json:
    file = call.ws.files.get(call.required("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    return {"file": call.ws.files.as_json(file, True), "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.delete", "files:write")
def delete_file(call: Call) -> Json:
    file = call.ws.files.get(call.required("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    call.ws.files.remove(file)
    call.ws.journal.note("delete", call.method, body={"file": file.id})
    return {}


def share(ws: Workspace, channel: Channel, files: list[StoredFile], text: str, thread_ts: str) -> Message:
    """Post the message that carries the app's files."""
    app = ws.app
    message = Message(
        channel.id, ws.clock.stamp(), app.bot_user_id, text, ws.team_id, subtype="file_share", thread_ts=thread_ts,
        bot_id=app.bot_id, app_id=app.id, bot_profile=app.bot_profile(),
        files=[ws.files.as_json(file) for file in files],
    )  # fmt: skip
    for file in files:
        place = {"ts": message.ts, "channel_name": channel.name} | ({"thread_ts": thread_ts} if thread_ts else {})
        file.shares.setdefault(channel.kind, {})[channel.id] = [place]
    talk.post(ws, channel, message)
    body = message.as_json(True)
    ws.journal.note("post", "files.completeUploadExternal", channel=channel.id, ts=message.ts, body=body)
    return message


def _target(call: Call) -> Channel:
    channel = call.ws.channels.get(call.text("channel_id"))
    if channel is None:
        raise SlackError("channel_not_found")
    if not call.ws.app_sees(channel):
        raise SlackError("not_in_channel" if channel.kind == "public" else "channel_not_found")
    return channel


def _uploaded(call: Call) -> list[StoredFile]:
    listed: Any = call.parsed("files", "invalid_arguments")
    if not isinstance(listed, list) or not listed:
        raise SlackError("invalid_arguments")
    files = []
    for entry in listed:
        file = call.ws.files.get(str(entry.get("id", ""))) if isinstance(entry, dict) else None
        if file is None or file.content is None:
            raise SlackError("file_not_found")
        file.complete, file.title = True, str(entry.get("title") or file.name)
        files.append(file)
    return files
