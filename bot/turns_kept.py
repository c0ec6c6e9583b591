"""How much of a conversation Rasa remembers: its slots, the form it is in, and its last turns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    DEFAULT_SLOT_NAMES,
    REQUESTED_SLOT,
)
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

TURNS_KEPT = 4
# Shortening costs a replay, so it is done once for several turns.
TURNS_BEFORE_SHORTENING = 6


def shortened(events: Sequence[Event], conversation_id: str, slots: Iterable[Slot]) -> list[Event]:
    """The same conversation without its older turns, in the state in which those left it."""
    ends = [i for i, event in enumerate(events) if _is_listening(event)]
    if len(ends) <= TURNS_BEFORE_SHORTENING:
        return list(events)
    cut = ends[-(TURNS_KEPT + 1)] + 1
    before = DialogueStateTracker.from_events(conversation_id, list(events[:cut]), slots)
    return _prelude(before) + list(events[cut:])


def _is_listening(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _prelude(tracker: DialogueStateTracker) -> list[Event]:
    """The shortest history that leads to the tracker's slots and form."""
    at = tracker.events[-1].timestamp
    events: list[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at),
        SessionStarted(timestamp=at),
    ]
    for slot in tracker.slots.values():
        if slot.name not in DEFAULT_SLOT_NAMES and slot.value != slot.initial_value:
            events.append(SlotSet(slot.name, slot.value, timestamp=at))
    form = tracker.active_loop_name
    if form:
        events += [
            ActionExecuted(form, timestamp=at),
            ActiveLoop(form, timestamp=at),
            SlotSet(REQUESTED_SLOT, tracker.get_slot(REQUESTED_SLOT), timestamp=at),
        ]
    events.append(ActionExecuted(ACTION_LISTEN_NAME, timestamp=at))
    return events
