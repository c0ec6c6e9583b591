"""What an action may know of the conversation it answers in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker

DEFAULT_LANGUAGE = "es"
TELEGRAM = "telegram"


class NoTurnIdError(Exception):
    """The door named no turn: nothing may be changed, since a repeat could not be told from a new wish."""


def turn_metadata(tracker: Tracker) -> Mapping[str, Any]:
    """What the door says about the turn; empty when it says nothing."""
    metadata = (tracker.latest_message or {}).get("metadata")
    return metadata if isinstance(metadata, Mapping) else {}


def language_of(tracker: Tracker) -> str:
    """The language to answer in: `es` or `en`."""
    return "en" if tracker.slots.get("language") == "en" else DEFAULT_LANGUAGE


def is_on_telegram(tracker: Tracker) -> bool:
    return tracker.slots.get("channel") == TELEGRAM


def idempotency_key(tracker: Tracker, action_name: str) -> str:
    """The key under which this turn changes something in the backend; the same turn again has the same key."""
    turn_id = turn_metadata(tracker).get("turn_id")
    if not isinstance(turn_id, str) or not turn_id:
        raise NoTurnIdError
    return f"{turn_id}:{action_name}"
