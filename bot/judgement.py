"""Does this conversation need a person? A pure function over its course; no Rasa, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HUMAN = "human"
# How sure the classifier must be that a person is wanted. Inside a form the words are probably an answer to it.
SURE_OF_HUMAN = 0.45
SURE_OF_HUMAN_IN_FORM = 0.6
NOT_UNDERSTOOD_IN_A_ROW = 2
ASKED_IN_VAIN = 3


@dataclass(frozen=True)
class Course:
    """What there is to judge by: the customer's message, and how the conversation has gone."""

    guess: str
    confidence: float
    is_understood: bool
    is_in_form: bool
    not_understood_before: int = 0
    frustration: float | None = None


@dataclass(frozen=True)
class Signal:
    """One reason among those that spoke for a person, and how much it weighed."""

    name: str
    value: Any
    weight: float


@dataclass(frozen=True)
class Judgement:
    """A person is needed, and why."""

    reason: str
    signals: tuple[Signal, ...]

    def as_json(self) -> dict[str, Any]:
        """The judgement in the protocol's words."""
        return {"reason": self.reason, "signals": [vars(signal) for signal in self.signals]}


def judge(course: Course) -> Judgement | None:
    """Judge a message before anything is done about it; None means that the assistant goes on."""
    if _asks_for_person(course):
        return Judgement("asked_for_person", (Signal("asked_for_person", True, 1.0),))
    in_a_row = course.not_understood_before + 1
    if not course.is_understood and not course.is_in_form and in_a_row >= NOT_UNDERSTOOD_IN_A_ROW:
        return _not_understood(Signal("not_understood_in_a_row", in_a_row, 1.0))
    return None


def judge_form(asked_in_vain: int) -> Judgement | None:
    """Judge a form after it took the message: `asked_in_vain` is how often it put its question without getting on."""
    if asked_in_vain >= ASKED_IN_VAIN:
        return _not_understood(Signal("asked_in_vain", asked_in_vain, 1.0))
    return None


def _asks_for_person(course: Course) -> bool:
    sure = SURE_OF_HUMAN_IN_FORM if course.is_in_form else SURE_OF_HUMAN
    return course.guess == HUMAN and course.confidence >= sure


def _not_understood(signal: Signal) -> Judgement:
    return Judgement("not_understood", (signal,))
