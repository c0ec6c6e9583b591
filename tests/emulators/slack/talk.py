"""Saying, correcting, taking back and reacting, by whomever: changes the workspace and tells the app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import events
from .channels import Channel
from .messages import Message
from .workspace import Workspace

Json = dict[str, Any]
TOMBSTONE = "This message was deleted."


def post(ws: Workspace, channel: Channel, message: Message) -> Message:
    """Put a message where it belongs and tell the app."""
    ws.messages.add(message)
    event = events.posted(ws, channel, message)
    _tell(ws, channel, event)
    if f"<@{ws.app.bot_user_id}>" in message.text and message.user != ws.app.bot_user_id and channel.kind != "im":
        _tell(ws, channel, events.mentioned(channel, event))
    return message


def change(ws: Workspace, channel: Channel, message: Message, apply: Callable[[Message], None]) -> None:
    """Change a message in place and tell the app what it is now and was before."""
    before = ws.messages.as_json(message)
    apply(message)
    after = ws.messages.as_json(message)
    if after != before:
        _tell(ws, channel, events.changed(ws, channel, after, before))


def edit(ws: Workspace, channel: Channel, message: Message, text: str, blocks: list[Json]) -> None:
    """A person's edit: marked as edited."""

    def apply(edited: Message) -> None:
        edited.text, edited.blocks = text, blocks
        edited.edited = {"user": edited.user, "ts": ws.clock.stamp()}

    change(ws, channel, message, apply)


def remove(ws: Workspace, channel: Channel, message: Message) -> None:
    """Delete a message; what others have answered to leaves a tombstone, which Slack announces as a change."""
    if not ws.messages.replies(channel.id, message.ts):
        before = ws.messages.as_json(message)
        ws.messages.remove(channel.id, message.ts)
        _tell(ws, channel, events.deleted(ws, channel, before))
        return

    def bury(parent: Message) -> None:
        parent.subtype, parent.text, parent.thread_ts = "tombstone", TOMBSTONE, parent.ts
        parent.blocks, parent.attachments, parent.files, parent.metadata = [], [], [], None

    change(ws, channel, message, bury)


def react(ws: Workspace, channel: Channel, message: Message, user: str, name: str) -> bool:
    """False where this person has reacted with it already."""
    users = message.reactions.setdefault(name, [])
    if user in users:
        return False
    users.append(user)
    _tell(ws, channel, events.reacted(ws, "reaction_added", user, name, message))
    return True


def unreact(ws: Workspace, channel: Channel, message: Message, user: str, name: str) -> bool:
    """False where there was no such reaction."""
    users = message.reactions.get(name, [])
    if user not in users:
        return False
    users.remove(user)
    _tell(ws, channel, events.reacted(ws, "reaction_removed", user, name, message))
    return True


def join(ws: Workspace, channel: Channel, user: str, inviter: str = "") -> None:
    """Make somebody a member; Slack also writes it into the channel."""
    if user in channel.members:
        return
    channel.members.append(user)
    _tell(ws, channel, events.member(ws, "member_joined_channel", user, channel, inviter))
    text = f"<@{user}> has joined the channel"
    post(ws, channel, Message(channel.id, ws.clock.stamp(), user, text, ws.team_id, subtype="channel_join"))


def leave(ws: Workspace, channel: Channel, user: str) -> None:
    if user not in channel.members:
        return
    channel.members.remove(user)
    _tell(ws, channel, events.member(ws, "member_left_channel", user, channel))


def _tell(ws: Workspace, channel: Channel, event: Json) -> None:
    if ws.app_sees(channel):
        ws.emit(event)
