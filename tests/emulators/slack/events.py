"""Events in the shapes in which Slack sends them (recorded payloads: the Bolt and Java SDKs' fixtures)."""

from __future__ import annotations

from typing import Any

from .channels import Channel
from .messages import Message
from .workspace import Workspace

Json = dict[str, Any]


def event_callback(ws: Workspace, event: Json, event_id: str) -> Json:
    """The outer envelope's payload around one event."""
    channel = event.get("channel") or event.get("item", {}).get("channel") or ""
    shared = channel in ws.channels and ws.channels[channel].shared
    return {
        "token": ws.app.verification_token,
        "team_id": ws.team_id,
        "context_team_id": ws.team_id,
        "context_enterprise_id": None,
        "api_app_id": ws.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(float(event["event_ts"])),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": ws.team_id,
                "user_id": ws.app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event['type']}-{ws.team_id}-{channel}",
    }


def posted(ws: Workspace, channel: Channel, message: Message) -> Json:
    event = ws.messages.as_json(message)
    for figure in ("reply_count", "reply_users", "reply_users_count", "latest_reply", "is_locked", "subscribed"):
        event.pop(figure, None)
    if message.subtype == "thread_broadcast":
        parent = ws.messages.get(channel.id, message.thread_ts)
        event |= {"root": ws.messages.as_json(parent)} if parent else {}
    return event | {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.event_type}


def changed(ws: Workspace, channel: Channel, message: Json, before: Json) -> Json:
    stamp = ws.clock.stamp()
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": message | {"source_team": ws.team_id, "user_team": ws.team_id},
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "ts": stamp,
        "event_ts": stamp,
        "channel_type": channel.event_type,
    }


def deleted(ws: Workspace, channel: Channel, before: Json) -> Json:
    stamp = ws.clock.stamp()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": before["ts"],
        "ts": stamp,
        "event_ts": stamp,
        "channel_type": channel.event_type,
    }


def mentioned(channel: Channel, event: Json) -> Json:
    """The `app_mention` that comes beside the message."""
    kept = ("user", "text", "ts", "client_msg_id", "team", "thread_ts", "parent_user_id", "blocks", "files")
    mention = {"type": "app_mention"} | {name: event[name] for name in kept if name in event}
    return mention | {"channel": channel.id, "event_ts": event["ts"]}


def reacted(ws: Workspace, kind: str, user: str, reaction: str, message: Message) -> Json:
    return {
        "type": kind,
        "user": user,
        "reaction": reaction,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": ws.clock.stamp(),
    }


def member(ws: Workspace, kind: str, user: str, channel: Channel, inviter: str = "") -> Json:
    letter = "G" if channel.kind == "private" else "C"
    event: Json = {"type": kind, "user": user, "channel": channel.id, "channel_type": letter, "team": ws.team_id}
    return event | ({"inviter": inviter} if inviter else {}) | {"event_ts": ws.clock.stamp()}


def home_opened(ws: Workspace, user: str, channel: Channel) -> Json:
    home = ws.views.home(user)
    event: Json = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home"}
    return event | ({"view": home.body} if home else {}) | {"event_ts": ws.clock.stamp()}
