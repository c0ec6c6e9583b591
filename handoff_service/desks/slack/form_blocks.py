"""What forms consist of, as Slack wants it."""

from __future__ import annotations

from typing import Any

from handoff_service.desks.slack.words import DeskWords

LONGEST_OPTION = 75
LONGEST_TITLE = 24

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A text without any markup."""
    return {"type": "plain_text", "text": text}


def option(label: str, value: str) -> Json:
    """One thing to choose."""
    return {"text": plain(label[:LONGEST_OPTION]), "value": value[:LONGEST_OPTION]}


def select(words: DeskWords, options: list[Json]) -> Json:
    """A menu of these."""
    return {"type": "static_select", "placeholder": plain(words.say("modal.not_said")), "options": options}


def text_input(*, multiline: bool = False, longest: int, initial: str = "") -> Json:
    """A field to write in."""
    element: Json = {"type": "plain_text_input", "multiline": multiline, "max_length": longest}
    return element | {"initial_value": initial} if initial else element


def optional(name: str, label: str, element: Json, hint: str = "") -> Json:
    """A field that may stay empty; what it holds is found under its name."""
    block: Json = {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": plain(label),
        "element": {**element, "action_id": name},
    }
    return block | {"hint": plain(hint)} if hint else block


def required(name: str, label: str, element: Json, hint: str = "") -> Json:
    """A field that Slack wants filled in."""
    return {**optional(name, label, element, hint), "optional": False}


def form(words: DeskWords, name: str, handoff_id: str, blocks: list[Json]) -> Json:
    """A form about a handoff; its submission is told by its name."""
    return {
        "type": "modal",
        "callback_id": f"handoff.{name}",
        "private_metadata": handoff_id,
        "title": plain(words.say(f"modal.{name}")[:LONGEST_TITLE]),
        "submit": plain(words.say(f"modal.{name}_submit")[:LONGEST_TITLE]),
        "close": plain(words.say("modal.cancel")[:LONGEST_TITLE]),
        "blocks": blocks,
    }
