"""What speaks for a person in a conversation's course, each as a number and in a value that a person can read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.hearing import Message
from bot.history import History

# Told once, it stays true until the customer says that it is over.
FACTS = ("contacted_before", "contradiction", "proof", "third_party_line", "undue_demand", "several_matters")
FRUSTRATION_FAMILY = frozenset({
    "frustration", "frustration_rising", "frustration_before", "shouting", "sarcasm", "repeats_question",
    "corrects_answer", "unsolved", "contacted_before", "waiting_days", "turns", "abuse_with_need",
})  # fmt: skip
COMPLEX_FAMILY = frozenset(
    {"disputed_months", "several_matters", "contradiction", "proof", "third_party_line", "undue_demand"}
)
_UPSET = 0.5
_DOUBT = 0.3  # a calm message is seldom felt as wholly calm
_MOST_AGAIN = 3
_TURNS_FREE = 3
_LOOKING_BACK = 3
SMALL_TALK = frozenset({"greeting", "thanks", "goodbye", "affirm", "deny", "cancel", "bot_identity", "out_of_scope"})
_TALK = SMALL_TALK | {"human"}


@dataclass(frozen=True)
class Feature:
    """`amount` is from 0 to about 1 and is what is weighed; `value` is what is shown."""

    amount: float
    value: Any


def features(message: Message, history: History, needs: Mapping[str, float], usual_need: float) -> dict[str, Feature]:
    """The features of the conversation with this message; those that aren't there are left out."""
    found = {
        **_mood(message, history),
        **_again(message, history),
        **_facts(message, history),
        **_topic(message, history, needs, usual_need),
    }
    if message.calms_down:
        found["calms_down"] = Feature(1.0, True)
    if history.has_refused or "refuses_person" in message.signs:
        found["has_refused"] = Feature(1.0, True)
    return {name: feature for name, feature in found.items() if feature.amount > 0}


def topic_of(message: Message, history: History) -> str | None:
    """What the conversation is about: the message's intent, or the last one that was understood and no small talk."""
    if message.is_understood and message.intent not in _TALK:
        return message.intent
    before = [said.intent for said in history.said if said.is_understood and said.intent not in _TALK]
    return before[-1] if before else None


def _mood(message: Message, history: History) -> dict[str, Feature]:
    before = [said.frustration for said in history.said]
    rising = message.frustration - sum(before) / len(before) if before else 0.0
    worst = max(before[-_LOOKING_BACK:], default=0.0)
    is_upset = message.frustration >= _UPSET
    found = {
        "frustration": Feature(_beyond_doubt(message.frustration), round(message.frustration, 2)),
        "frustration_rising": Feature(max(0.0, rising) if is_upset else 0.0, round(rising, 2)),
        "frustration_before": Feature(worst if worst >= _UPSET else 0.0, round(worst, 2)),
    }
    for sign in ("shouting", "sarcasm"):
        found[sign] = Feature(float(message.mood_signs.get(sign, 0.0)), True)
    if message.clear_abuse >= _UPSET:
        found["abuse_with_need"] = Feature(message.abuse, round(message.abuse, 2))
    return found


def _beyond_doubt(frustration: float) -> float:
    return max(0.0, (frustration - _DOUBT) / (1.0 - _DOUBT))


def _again(message: Message, history: History) -> dict[str, Feature]:
    asked = times_asked(message, history)
    corrections = history.corrections + ("corrects" in message.signs)
    unsolved = history.unsolved + ("unsolved" in message.signs)
    failed = history.not_understood + (not message.is_understood)
    return {
        "repeats_question": Feature(min(asked - 1, _MOST_AGAIN) / 2, asked),
        "corrects_answer": Feature(min(corrections, _MOST_AGAIN) / 2, corrections),
        "unsolved": Feature(min(unsolved, _MOST_AGAIN) / 2, unsolved),
        "not_understood_in_a_row": Feature(min(failed, _MOST_AGAIN) / 2, failed),
        "turns": Feature(min(1.0, max(0, history.turns + 1 - _TURNS_FREE) / 5), history.turns + 1),
    }


def times_asked(message: Message, history: History) -> int:
    """How often the customer has asked this, now included; what has no content isn't asked."""
    if message.is_button or not message.stems or message.intent in _TALK:
        return 1
    return history.times_asked(message.stems, message.intent, "insists" in message.signs)


def _facts(message: Message, history: History) -> dict[str, Feature]:
    told = facts_told(message, history)
    found = {fact: Feature(told.get(fact, 0.0), True) for fact in FACTS}
    days, months = told.get("waiting_days", 0.0), told.get("disputed_months", 0.0)
    found["waiting_days"] = Feature(min(1.0, math.log2(1 + days) / 5), _days(days))
    found["disputed_months"] = Feature(min(1.0, months / 3), int(months))
    return found


def facts_told(message: Message, history: History) -> dict[str, float]:
    """The facts of the conversation with this message."""
    now = {fact: 1.0 for fact in FACTS if fact in message.signs}
    if "several_matters" in now and message.matters < 2:
        del now["several_matters"]
    if message.matters >= 3:
        now["several_matters"] = 1.0
    now["waiting_days"] = message.waiting_days
    now["disputed_months"] = float(message.disputed_months)
    names = {*now, *history.facts}
    return {name: max(now.get(name, 0.0), history.facts.get(name, 0.0)) for name in names}


def _topic(message: Message, history: History, needs: Mapping[str, float], usual_need: float) -> dict[str, Feature]:
    topic = topic_of(message, history)
    same = sum(said.intent == topic and said.is_understood for said in history.said) if topic else 0
    found = {"same_topic": Feature(min(same, _MOST_AGAIN) / 2, same + 1)}
    if topic:
        found["intent_needs_person"] = Feature(needs.get(topic, usual_need), topic)
    if "winnable" in message.signs and "just_leaving" not in message.signs:
        found["leaving"] = Feature(1.0, True)
    return found


def _days(days: float) -> float | int:
    return int(days) if days >= 1 else round(days, 1)
