"""What Slack tells us, cut down to what the desk needs; all else is not ours and never stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from handoff_service.desks.slack.mrkdwn import emoji_in

LONGEST_COMMAND = 200  # characters
SAID = frozenset({None, "", "file_share", "thread_broadcast"})  # subtypes that carry a person's words

Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """What somebody wrote below a card. `edited_ts` is the edit's stamp where it was edited."""

    channel: str
    thread_ts: str
    ts: str
    user: str
    text: str
    files: list[Json] = field(default_factory=list)
    emoji: dict[str, str] = field(default_factory=dict)
    edited_ts: str | None = None


def line_of(channel: str, message: Json) -> Line | None:
    """A person's words in a thread; None for everything else: bots, joins, the card itself."""
    thread_ts, ts, user = message.get("thread_ts"), message.get("ts"), message.get("user")
    is_said = message.get("subtype") in SAID and not message.get("bot_id") and not message.get("hidden")
    if not (thread_ts and ts and user and channel) or thread_ts == ts or not is_said:
        return None
    return Line(
        channel=channel,
        thread_ts=str(thread_ts),
        ts=str(ts),
        user=str(user),
        text=str(message.get("text") or ""),
        files=[_file(each) for each in message.get("files") or () if isinstance(each, dict)],
        emoji=emoji_in(message.get("blocks")),
        edited_ts=(message.get("edited") or {}).get("ts"),
    )


def _file(told: Json) -> Json:
    url = told.get("url_private_download") or told.get("url_private") or ""
    size = told.get("size")
    return {"name": str(told.get("name") or "file"), "url": str(url), "size": size if isinstance(size, int) else 0}


def of_event(payload: Json) -> Json | None:
    """The inbox's record of an Events API payload, or None where it is none of ours."""
    event = payload.get("event")
    if isinstance(event, dict) and event.get("type") == "app_home_opened":
        return _of_home(event, payload.get("team_id"))
    if not isinstance(event, dict) or event.get("type") != "message":
        return None
    channel, team = str(event.get("channel") or ""), payload.get("team_id")
    if event.get("subtype") == "message_changed":
        return _of_change(channel, team, event)
    if event.get("subtype") == "message_deleted":
        return _of_deletion(channel, team, event)
    line = line_of(channel, event)
    if line is None:
        return None
    return {"kind": "line", "team": team, "moment": line.ts, **vars(line)}


def _of_home(event: Json, team: Any) -> Json | None:
    """Somebody opened the app's home; its messages tab is none of ours."""
    if event.get("tab") != "home" or not event.get("user"):
        return None
    return {"kind": "home", "team": team, "user": str(event["user"]), "handoff": ""}


def _of_change(channel: str, team: Any, event: Json) -> Json | None:
    message = event.get("message") or {}
    if message.get("subtype") == "tombstone":
        return _of_deletion(channel, team, event)
    line = line_of(channel, message)
    before = event.get("previous_message") or {}
    if line is None or (line.edited_ts is None and message.get("text") == before.get("text")):
        return None  # a link was unfurled, a thread was followed: nobody changed any words
    moment = str(event.get("event_ts") or line.edited_ts or line.ts)
    return {"kind": "line", "team": team, "moment": moment, **vars(line), "edited_ts": line.edited_ts or moment}


def _of_deletion(channel: str, team: Any, event: Json) -> Json | None:
    before = event.get("previous_message") or {}
    thread_ts, ts = before.get("thread_ts"), event.get("deleted_ts") or before.get("ts")
    if not thread_ts or not ts or thread_ts == ts or before.get("bot_id"):
        return None
    where = {"channel": channel, "thread_ts": str(thread_ts), "ts": str(ts), "user": str(before.get("user") or "")}
    return {"kind": "deletion", "team": team, "moment": str(event.get("event_ts") or ts), **where}


def of_interaction(payload: Json) -> Json | None:
    """The inbox's record of a press or a submitted form."""
    who = {"team": (payload.get("team") or {}).get("id"), "user": str((payload.get("user") or {}).get("id") or "")}
    if payload.get("type") == "view_submission":
        return _of_form(payload.get("view") or {}, who)
    actions = payload.get("actions") or []
    if payload.get("type") != "block_actions" or not actions:
        return None
    action, container = actions[0], payload.get("container") or {}
    if not str(action.get("action_id") or "").startswith("handoff."):
        return None
    value, view = str(action.get("value") or ""), payload.get("view") or {}
    chosen = (action.get("selected_option") or {}).get("value")
    return {
        "kind": "press",
        **who,
        "verb": str(action["action_id"]).removeprefix("handoff."),
        "handoff": value.split(" ")[0] or str(view.get("private_metadata") or ""),
        "value": value,
        "chosen": None if chosen is None else str(chosen),
        "view_id": str(view.get("id") or ""),
        "is_home": view.get("type") == "home",
        "channel": str(container.get("channel_id") or (payload.get("channel") or {}).get("id") or ""),
        "thread_ts": container.get("thread_ts"),
        "moment": str(action.get("action_ts") or ""),
        "response_url": str(payload.get("response_url") or ""),
    }


def _of_form(view: Json, who: Json) -> Json | None:
    name = str(view.get("callback_id") or "")
    if not name.startswith("handoff."):
        return None
    blocks = (view.get("state") or {}).get("values") or {}
    values = {block: _chosen(inputs.get(block) or {}) for block, inputs in blocks.items() if isinstance(inputs, dict)}
    form = name.removeprefix("handoff.")
    return {"kind": "form", **who, "verb": form, "handoff": str(view.get("private_metadata") or ""), "values": values}


def _chosen(entry: Json) -> str | None:
    """What was typed or chosen in an input."""
    option = entry.get("selected_option") or {}
    picked = entry.get("selected_date") or entry.get("selected_date_time") or entry.get("selected_user")
    value = entry.get("value") or option.get("value") or picked
    return str(value) if value else None


def of_command(form: Json) -> Json | None:
    """The inbox's record of a slash command."""
    if not form.get("command") or not form.get("user_id"):
        return None
    return {
        "kind": "command",
        "team": form.get("team_id"),
        "user": str(form["user_id"]),
        "handoff": "",
        "text": str(form.get("text") or "")[:LONGEST_COMMAND],
        "channel": str(form.get("channel_id") or ""),
        "response_url": str(form.get("response_url") or ""),
    }
