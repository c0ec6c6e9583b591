"""How well a way of deciding does on labelled conversations. Pure.

GT-T, Golden Transfer within Tolerance, is that of Liu et al., "Time to Transfer: Predicting and Evaluating
Machine-Human Chatting Handoff" (AAAI 2021): a person who comes `d` messages beside the nearest right one scores
exp(-d² / 2T²), with T = 1, 2, 3 for GT-I, II, III and no difference between early and late; nobody where nobody is
needed scores 1, and somebody where nobody is, or nobody where somebody is, scores 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversations import Conversation

URGENT = frozenset({"vulnerable_customer"})
KEPT = frozenset({"refusal", "homonym"})
GOALS: dict[str, float] = {
    "accuracy": 0.85,
    "f1": 0.92,
    "on_time": 0.88,
    "needless": 0.07,
    "gt_1": 0.86,
    "asked": 1.0,
    "urgent": 0.90,
    "kept": 0.90,
}
_AT_MOST = frozenset({"needless"})


@dataclass(frozen=True)
class Came:
    """A conversation, and at which of its messages a person came; None for never."""

    conversation: Conversation
    at: int | None

    @property
    def is_right(self) -> bool:
        """At a right moment, or rightly never?"""
        return self.conversation.is_right(self.at)


def golden_transfer(came: Came, tolerance: int) -> float:
    """GT-T of one conversation."""
    needed = came.conversation.needed
    if needed is None or came.at is None:
        return float(needed is None and came.at is None)
    beside = min(abs(came.at - right) for right in range(needed.not_before, needed.at + 1))
    return math.exp(-(beside**2) / (2 * tolerance**2))


def scores(played: Sequence[Came]) -> dict[str, float]:
    """All figures, each from 0 to 1; what there are no conversations for is left out."""
    needing = [came for came in played if came.conversation.needed]
    others = [came for came in played if not came.conversation.needed]
    called = [came for came in played if came.at is not None]
    right_calls = [came for came in needing if came.at is not None]
    asked = [came for came in needing if came.conversation.kind == "asked_for_person"]
    urgent = [came for came in needing if came.conversation.kind in URGENT]
    kept = [came for came in others if came.conversation.kind in KEPT]
    found = {
        "accuracy": _share([came.is_right for came in played]),
        "f1": _f1(len(right_calls), len(called), len(needing)),
        "on_time": _share([_is_on_time(came) for came in needing]),
        "needless": _share([came.at is not None for came in others]),
        **{f"gt_{t}": _mean([golden_transfer(came, t) for came in played]) for t in (1, 2, 3)},
        "asked": _share([came.is_right for came in asked]),
        "urgent": _share([_is_on_time(came) for came in urgent]),
        "kept": _share([came.is_right for came in kept]),
    }
    return {name: round(value, 3) for name, value in found.items() if value is not None}


def missed(found: Mapping[str, float], goals: Mapping[str, float] = GOALS) -> list[str]:
    """The goals that are not reached."""
    return [
        name
        for name, goal in goals.items()
        if name in found and (found[name] > goal if name in _AT_MOST else found[name] < goal)
    ]


def _is_on_time(came: Came) -> bool:
    needed = came.conversation.needed
    return needed is not None and came.at is not None and came.at <= needed.at


def _f1(right: int, called: int, needing: int) -> float | None:
    return 2 * right / (called + needing) if called + needing else None


def _share(of: Sequence[bool]) -> float | None:
    return sum(of) / len(of) if of else None


def _mean(of: Sequence[float]) -> float | None:
    return sum(of) / len(of) if of else None
