"""What was asked before the assistant knew who is asking, so that it need not be asked twice."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.conversation import turn_metadata

FORM = "identify_form"
CONTACT, CODE, PROOF, QUESTION = "identify_contact", "identify_code", "identify_proof", "identify_question"
REMEMBERED_FOR_S = 1800.0


@dataclass(frozen=True)
class Question:
    """Which action or form answers it, and the message as it was understood."""

    answer: str
    message: Mapping[str, Any]

    def asked_again(self, tracker: Tracker) -> Tracker:
        """The conversation as if the message had come in this turn: its words, this turn's metadata."""
        again = tracker.copy()
        again.latest_message = {**self.message, "metadata": turn_metadata(tracker)}
        return again


def remember_question(answer: str, tracker: Tracker) -> list[dict[str, Any]]:
    """Keeps for half an hour that this action, or this form, has yet to be run for whoever turns out to ask."""
    latest = tracker.latest_message or {}
    message = {name: latest.get(name) for name in ("text", "intent", "entities")}
    return [SlotSet(QUESTION, {"answer": answer, "at": time.time(), "message": message})]


def question_of(tracker: Tracker) -> Question | None:
    """What was asked before, while that is still of interest."""
    kept = tracker.slots.get(QUESTION)
    if not isinstance(kept, dict) or not isinstance(kept.get("answer"), str):
        return None
    if time.time() - float(kept.get("at") or 0.0) >= REMEMBERED_FOR_S:
        return None
    return Question(kept["answer"], kept.get("message") or {})


def is_identifying(tracker: Tracker) -> bool:
    """Is the customer saying who they are just now?"""
    return (tracker.active_loop or {}).get("name") == FORM
