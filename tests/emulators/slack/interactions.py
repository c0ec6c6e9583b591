"""What Slack tells the app when somebody presses, submits, closes or types a command."""

from __future__ import annotations

from typing import Any

from .channels import Channel
from .form_values import state_now
from .messages import Message
from .view_stacks import OpenView
from .workspace import Workspace

Json = dict[str, Any]


def message_action(
    ws: Workspace, user: str, channel: Channel, message: Message, shown: Json, action: Json, ephemeral: bool
) -> Json:
    """`block_actions` from a message; `shown` is the message as the person's screen had it."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    url = ws.response_urls.give(channel.id, user, "actions", message.ts, ephemeral, message.thread_ts)
    payload = _who(ws, user, "block_actions") | {
        "container": container,
        "trigger_id": ws.triggers.give(user),
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name},
        "message": shown,
        "state": {"values": state_now(shown.get("blocks", []), action)},
        "response_url": url,
        "actions": [action],
    }
    if ephemeral:
        del payload["message"]
    return payload


def view_action(ws: Workspace, user: str, view: OpenView, action: Json) -> Json:
    """`block_actions` from a modal or the App Home."""
    return _who(ws, user, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": ws.triggers.give(user, view.id),
        "enterprise": None,
        "is_enterprise_install": False,
        "view": view.body | {"state": {"values": state_now(view.body["blocks"], action)}},
        "actions": [action],
    }


def view_submission(ws: Workspace, user: str, view: OpenView, values: Json) -> Json:
    return _who(ws, user, "view_submission") | {
        "trigger_id": ws.triggers.give(user, view.id),
        "view": view.body | {"state": {"values": values}},
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }


def view_closed(ws: Workspace, user: str, view: OpenView, cleared: bool) -> Json:
    return _who(ws, user, "view_closed") | {
        "view": view.body,
        "is_cleared": cleared,
        "is_enterprise_install": False,
        "enterprise": None,
    }


def slash_command(ws: Workspace, user: str, channel: Channel, command: str, text: str) -> Json:
    return {
        "token": ws.app.verification_token,
        "team_id": ws.team_id,
        "team_domain": ws.app.team_domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.kind == "im" else channel.name,
        "user_id": user,
        "user_name": ws.people[user].name,
        "command": command,
        "text": text,
        "api_app_id": ws.app.id,
        "is_enterprise_install": "false",
        "response_url": ws.response_urls.give(channel.id, user, "commands"),
        "trigger_id": ws.triggers.give(user),
    }


def action_of(ws: Workspace, block_id: str, element: Json, chosen: Json) -> Json:
    """The entry in `actions`: the element's id and label, and what was chosen in it."""
    action: Json = {"action_id": element["action_id"], "block_id": block_id, "type": element["type"]}
    kept = ("text", "value", "style", "placeholder") if element["type"] == "button" else ("placeholder",)
    action |= {name: element[name] for name in kept if name in element}
    return action | chosen | {"action_ts": ws.clock.stamp()}


def _who(ws: Workspace, user: str, kind: str) -> Json:
    person = ws.people[user]
    return {
        "type": kind,
        "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team_id},
        "api_app_id": ws.app.id,
        "token": ws.app.verification_token,
        "team": {"id": ws.team_id, "domain": ws.app.team_domain},
    }
