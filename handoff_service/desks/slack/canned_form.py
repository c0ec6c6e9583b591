"""The forms of ready words: what is chosen, or suggested, stands there to be touched up and sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handoff_service.desks.slack.form_blocks import form, option, required, select, text_input
from handoff_service.desks.slack.words import DeskWords
from handoff_service.switchboard.canned import Ready
from handoff_service.switchboard.views import HandoffView

MOST_OPTIONS = 100
LONGEST_TEXT = 3000
PICK = "handoff.canned_pick"
TEXT = "text"  # the input's id goes on with the reply's name: Slack shows a new text only in an input with a new id

Json = dict[str, Any]


def canned_form(words: DeskWords, handoff_id: str, ready: Sequence[Ready], chosen: str | None = None) -> Json:
    """The form with that reply chosen; nothing is, at first, and the agent may as well write."""
    options = [option(each.titles[words.language], each.name) for each in ready[:MOST_OPTIONS]]
    at_hand = {each.name: each.text for each in ready}
    text = at_hand.get(chosen or "", "")[:LONGEST_TEXT]
    blocks = []
    if options:
        picker = {**select(words, options), "action_id": PICK}
        if chosen in at_hand:
            picker["initial_option"] = next(each for each in options if each["value"] == chosen)
        blocks.append(
            {
                "type": "input",
                "block_id": "canned",
                "optional": True,
                "dispatch_action": True,
                "label": {"type": "plain_text", "text": words.say("modal.canned_choice")},
                "element": picker,
            }
        )
    element = text_input(multiline=True, longest=LONGEST_TEXT, initial=text)
    name = f"{TEXT}.{chosen}" if chosen in at_hand else TEXT
    blocks.append(required(name, words.say("modal.canned_text"), element))
    return form(words, "canned", handoff_id, blocks)


def suggestion_form(words: DeskWords, view: HandoffView) -> Json:
    """What the assistant would answer, to be touched up; sent like what was chosen from the ready replies."""
    text = view.suggestion.text if view.suggestion and view.suggestion.text else ""
    element = text_input(multiline=True, longest=LONGEST_TEXT, initial=text[:LONGEST_TEXT])
    return form(words, "canned", view.handoff.id, [required(TEXT, words.say("modal.canned_text"), element)])


def text_of(values: dict[str, str | None]) -> str:
    """What was to be sent."""
    return next((value or "" for name, value in values.items() if name.split(".")[0] == TEXT), "")
