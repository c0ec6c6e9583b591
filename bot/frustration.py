"""How upset a customer sounds, from 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.folding import fold

# What each sign contributes when it is fully there. They add up the way doubts do: never past 1.
WEIGHTS = {
    "insult": 0.7,
    "anger": 0.6,
    "waiting": 0.4,
    "failed_again": 0.4,
    "shouting": 0.25,
    "exclamation": 0.15,
}
REPETITION_WEIGHT = 0.35
_SAME = 0.6


def frustration(signals: Mapping[str, float], text: str, words_before: Sequence[str]) -> float:
    """Combine the signs in a message with whether the customer had to say the same again."""
    calm = 1.0 - REPETITION_WEIGHT * repetition(text, words_before)
    for name, strength in signals.items():
        calm *= 1.0 - WEIGHTS.get(name, 0.0) * strength
    return round(1.0 - calm, 3)


def repetition(text: str, words_before: Sequence[str]) -> float:
    """1 if the customer says what they said before, by the share of words in common; short words of course repeat."""
    words = set(fold(text).split())
    if len(words) < 3:
        return 0.0
    for earlier in words_before:
        others = set(fold(earlier).split())
        if others and len(words & others) / len(words | others) >= _SAME:
            return 1.0
    return 0.0
