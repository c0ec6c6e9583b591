"""Reading a conversation's course out of Rasa's tracker, for the judgement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.hearing import Message
from bot.history import History
from bot.judgement import Course
from bot.protocol import Understanding

FALLBACK = "nlu_fallback"
UTTER_FALLBACK = "utter_fallback"
UTTER_CLARIFY = "utter_clarify"
HISTORY = "history"
RANKING_LENGTH = 5
CONTEXT_SLOTS = frozenset({"language", "operator", "customer_name", "verified", "channel", HISTORY})
_NOT_UNDERSTOOD = frozenset({UTTER_FALLBACK, UTTER_CLARIFY})


def understanding(parse_data: dict[str, Any]) -> Understanding:
    """The classifier's best guess, also where it did not dare to act on it."""
    ranking = [
        [entry["name"], round(entry["confidence"], 4)]
        for entry in parse_data.get("intent_ranking", [])
        if entry["name"] != FALLBACK
    ][:RANKING_LENGTH]
    intent = parse_data["intent"]
    name, confidence = ranking[0] if ranking else (intent["name"], intent["confidence"])
    return Understanding(name, confidence, ranking)


def history_of(tracker: DialogueStateTracker) -> History:
    """What is remembered for the judgement."""
    stored = tracker.get_slot(HISTORY)
    return History.from_json(stored if isinstance(stored, dict) else None)


def course_of(tracker: DialogueStateTracker, message: Message) -> Course:
    """The course up to and including the message that has just been understood, which the tracker doesn't have yet."""
    return Course(
        message=message,
        history=history_of(tracker),
        is_in_form=tracker.active_loop_name is not None,
        not_understood_before=_not_understood_in_a_row(list(tracker.events)),
    )


def intents_before(tracker: DialogueStateTracker) -> list[str | None]:
    """What the customer wanted in the turns that are remembered, oldest first."""
    return [message.intent_name for message in _messages(tracker)]


def asked_in_vain(events: Sequence[Event]) -> int:
    """How many of the customer's last messages left the form asking for the very slot it had asked for before.

    A message that the form declined and that another rule answered doesn't count: that was a question in between.
    Nor does one that the form took something from: a code that was mistyped was understood.
    """
    in_vain = 0
    for turn in reversed(_turns(events)):
        asked = [event.value for event in turn if isinstance(event, SlotSet) and event.key == REQUESTED_SLOT]
        was_aside = any(isinstance(event, ActionExecutionRejected) for event in turn) and _is_understood(turn[0])
        if was_aside or _has_taken_something(turn):
            continue
        before = _requested_before(events, turn[0])
        if not asked or asked[-1] is None or asked[-1] != before:
            break
        in_vain += 1
    return in_vain


def _has_taken_something(turn: Sequence[Event]) -> bool:
    """Did a form fill a slot, and keep it? What is known of the customer is set at the next turn and is no answer."""
    left = {event.key: event.value for event in turn if isinstance(event, SlotSet)}
    return any(value is not None and key not in {REQUESTED_SLOT, *CONTEXT_SLOTS} for key, value in left.items())


def _messages(tracker: DialogueStateTracker) -> list[UserUttered]:
    return [event for event in tracker.events if isinstance(event, UserUttered)]


def _not_understood_in_a_row(events: Sequence[Event]) -> int:
    """In how many turns, up to the last, the assistant said that it had not understood, or not for sure."""
    count = 0
    for turn in reversed(_turns(events)):
        if not any(isinstance(event, ActionExecuted) and event.action_name in _NOT_UNDERSTOOD for event in turn):
            break
        count += 1
    return count


def _is_understood(message: Event) -> bool:
    return isinstance(message, UserUttered) and message.intent_name != FALLBACK


def _turns(events: Sequence[Event]) -> list[list[Event]]:
    """The events by turn, each beginning with the customer's message."""
    turns: list[list[Event]] = []
    for event in events:
        if isinstance(event, UserUttered):
            turns.append([event])
        elif turns:
            turns[-1].append(event)
    return turns


def _requested_before(events: Sequence[Event], message: Event) -> Any:
    requested = None
    for event in events:
        if event is message:
            break
        if isinstance(event, SlotSet) and event.key == REQUESTED_SLOT:
            requested = event.value
    return requested
