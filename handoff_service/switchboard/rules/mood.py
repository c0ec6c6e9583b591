"""The customer's mood, from what the assistant made of their messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LATEST = 4  # messages that the mood of now is told by
TENSE, ANGRY, ABUSIVE = 0.35, 0.65, 0.5
RISE = 0.2  # from the first to the last of them


class Level(StrEnum):
    """How agents are told."""

    CALM = "calm"
    TENSE = "tense"
    ANGRY = "angry"
    ABUSIVE = "abusive"


@dataclass(frozen=True)
class Mood:
    """`frustration` and `abuse` from 0 to 1: the worst of the latest messages; one polite word hides nothing."""

    level: Level
    frustration: float
    abuse: float
    is_rising: bool


def mood_of(estimates: Sequence[tuple[float | None, float | None]]) -> Mood | None:
    """The mood by (frustration, abuse) of each message, oldest first; None where the assistant read none of them."""
    latest = [(f or 0.0, a or 0.0) for f, a in estimates if f is not None or a is not None][-LATEST:]
    if not latest:
        return None
    frustration, abuse = max(f for f, _ in latest), max(a for _, a in latest)
    return Mood(_level(frustration, abuse), frustration, abuse, latest[-1][0] - latest[0][0] >= RISE)


def _level(frustration: float, abuse: float) -> Level:
    if abuse >= ABUSIVE:
        return Level.ABUSIVE
    if frustration >= ANGRY:
        return Level.ANGRY
    return Level.TENSE if frustration >= TENSE else Level.CALM
