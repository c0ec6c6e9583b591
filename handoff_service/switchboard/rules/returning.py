"""A message after the end: does it go on with the matter, or is it a new one?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff_service.switchboard.rules.routing import NO_TOPIC

SURE = 0.5  # confidence from which the assistant's reading counts
FRESH = timedelta(hours=1)  # so long after the end, words that are no matter of their own belong to the old one
COURTESIES = frozenset({"thanks", "goodbye", "greeting", "affirm", "deny", "bot_identity"})


@dataclass(frozen=True)
class Ended:
    """A handoff that is over: when, how, and what it was about."""

    ended_at: datetime
    outcome: str | None
    topics: frozenset[str]


def goes_on(ended: Ended, intent: str | None, confidence: float | None, now: datetime, within: float) -> bool:
    """Whether what the customer writes now continues what has ended. `within` in seconds; thanks reopen nothing."""
    age = now - ended.ended_at
    if ended.outcome == "spam" or age > timedelta(seconds=within) or intent in COURTESIES:
        return False
    is_understood = intent is not None and (confidence is None or confidence >= SURE)
    if is_understood and intent not in NO_TOPIC:
        return intent in ended.topics
    return age <= FRESH and (intent == "human" or not is_understood)
