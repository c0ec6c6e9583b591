"""What was asked before the assistant knew who is asking, so that it need not be asked twice."""

from __future__ import annotations

import time
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

FORM = "identify_form"
CONTACT, CODE, PROOF, QUESTION = "identify_contact", "identify_code", "identify_proof", "identify_question"
REMEMBERED_FOR_S = 1800.0


def remember_question(answer: str) -> list[dict[str, Any]]:
    """Keeps for half an hour that this action, or this form, has yet to be run for whoever turns out to ask."""
    return [SlotSet(QUESTION, {"answer": answer, "at": time.time()})]


def question_of(tracker: Tracker) -> str | None:
    """The name of the action or form that answers what was asked before, while that is still of interest."""
    kept = tracker.slots.get(QUESTION)
    if not isinstance(kept, dict) or not isinstance(kept.get("answer"), str):
        return None
    is_fresh = time.time() - float(kept.get("at") or 0.0) < REMEMBERED_FOR_S
    return str(kept["answer"]) if is_fresh else None


def is_identifying(tracker: Tracker) -> bool:
    """Is the customer saying who they are just now?"""
    return (tracker.active_loop or {}).get("name") == FORM
