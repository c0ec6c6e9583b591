"""Reactions the app adds and takes away."""

from __future__ import annotations

import re

from .. import talk
from ..calls import Call, Json, method
from ..channels import Channel
from ..errors import SlackError
from ..messages import Message

NAME = re.compile(r"[\w+'-]{1,100}(::skin-tone-[2-6])?")


@method("reactions.add", "reactions:write")
def add(call: Call) -> Json:
    channel, message, name = _target(call)
    if not talk.react(call.ws, channel, message, call.ws.app.bot_user_id, name):
        raise SlackError("already_reacted")
    _note(call, channel, message, name)
    return {}


@method("reactions.remove", "reactions:write")
def remove(call: Call) -> Json:
    channel, message, name = _target(call)
    if not talk.unreact(call.ws, channel, message, call.ws.app.bot_user_id, name):
        raise SlackError("no_reaction")
    _note(call, channel, message, name)
    return {}


def _target(call: Call) -> tuple[Channel, Message, str]:
    name = call.required("name").strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    channel = call.joined_channel()
    return channel, call.message(channel, "timestamp"), name


def _note(call: Call, channel: Channel, message: Message, name: str) -> None:
    body = {"name": name, "removed": call.method == "reactions.remove"}
    call.ws.journal.note("reaction", call.method, channel=channel.id, ts=message.ts, body=body)
