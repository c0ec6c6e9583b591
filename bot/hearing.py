"""What the judgement hears in a message: its mood, and the signs of needing a person in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.durations import disputed_months, waiting_days
from bot.folding import fold
from bot.history import stems
from bot.phrases import Phrases

RISKS = (
    "fraud",
    "violence",
    "self_harm",
    "health",
    "bereavement",
    "disability",
    "poverty",
    "legal_action",
    "press",
)
MATTERS = ("about_money", "about_network", "about_order", "about_contract")
_OF_MOOD = ("sarcasm",)
_CALM_ENOUGH = 0.45
# How sure it must be that a message is abuse although it has none of the words that trainers look for.
_SURE_WITHOUT_INSULT = 0.8
_LONGEST_TEXT = 1_500
_SURE_ENOUGH = 0.4
# «Haha, ok, goodbye»: what is surely nothing but this, and short, tells nothing grave between the lines.
_MANNERS = frozenset({"greeting", "thanks", "goodbye", "affirm"})
_SURE_OF_MANNERS = 0.9
_WORDS_OF_MANNERS = 8


@dataclass(frozen=True)
class Message:
    """A message as the judgement hears it: `signs` are of data/needs.yml, `mood_signs` of data/frustration.yml."""

    intent: str
    confidence: float
    is_understood: bool
    stems: tuple[str, ...] = ()
    is_button: bool = False
    frustration: float = 0.0
    abuse: float = 0.0
    signs: frozenset[str] = frozenset()
    mood_signs: Mapping[str, float] = field(default_factory=dict)
    waiting_days: float = 0.0
    disputed_months: int = 0
    words: int = 0

    @property
    def clear_abuse(self) -> float:
        """The abuse, but for a mere suspicion: calling somebody abusive who isn't would be an insult itself."""
        return self.abuse if "insult" in self.mood_signs or self.abuse >= _SURE_WITHOUT_INSULT else 0.0

    @property
    def is_sure(self) -> bool:
        """Is it understood well enough to be held to later?"""
        return self.is_understood and self.confidence >= _SURE_ENOUGH

    @property
    def matters(self) -> int:
        """About how many kinds of matters the message is."""
        return sum(matter in self.signs for matter in MATTERS)

    @property
    def calms_down(self) -> bool:
        """Does the customer say that it is all right again?"""
        still = {"unsolved", "corrects", "insists", "asks_person", "contacted_before"}
        if "calms_down" not in self.signs or self.signs & still or "sarcasm" in self.mood_signs:
            return False
        return self.frustration < _CALM_ENOUGH or ("laughs" in self.signs and not self.clear_abuse)


def hear(
    text: str, intent: str, confidence: float, is_understood: bool, parsed: Mapping[str, Any], phrases: Phrases
) -> Message:
    """Hear a written message, with what the pipeline thinks of its `mood` and of what is `told` in it.

    What is told is a guess from other messages: whoever abuses must ask for a person in so many words, and good manners
    hide no danger. The trainers' phrases always count.
    """
    mood, told = parsed.get("mood", {}), parsed.get("told", {})
    text = text[:_LONGEST_TEXT]
    words = fold(text).split()
    abuse = float(mood.get("abuse", 0.0))
    told = set(told).difference(["asks_person"] if abuse >= _SURE_WITHOUT_INSULT else [])
    if intent in _MANNERS and confidence >= _SURE_OF_MANNERS and len(words) <= _WORDS_OF_MANNERS:
        told.difference_update(RISKS)
    signs = told.union(phrases.signs(text))
    return Message(
        intent=intent,
        confidence=confidence,
        is_understood=is_understood,
        stems=stems(text),
        frustration=float(mood.get("frustration", 0.0)),
        abuse=abuse,
        signs=frozenset(signs),
        mood_signs={**{sign: 1.0 for sign in _OF_MOOD if sign in told}, **mood.get("signs", {})},
        waiting_days=waiting_days(words),
        disputed_months=disputed_months(words) if "about_money" in signs else 0,
        words=len(words),
    )


def press(intent: str) -> Message:
    """A pressed button: certain, and without a mood."""
    return Message(intent, 1.0, is_understood=True, is_button=True)
