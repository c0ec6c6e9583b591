"""An honest range of waiting, from how long others waited lately."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles

FEW = 5  # below this many recent waits they say nothing yet
USUAL = (60.0, 300.0)  # seconds, told until there are figures of one's own
SHORTEST = (30, 60)
STEP = 30  # seconds; finer would pretend to know more than is known


def waiting_range(position: int, recent_waits: Sequence[float]) -> tuple[int, int]:
    """Seconds from now, (low, high), for this place in the queue (1 is next).

    The middle half of the recent waits, moved by the place in the queue; rounded outward to half minutes.
    """
    low, high = USUAL
    if len(recent_waits) >= FEW:
        low, _, high = quantiles(recent_waits, n=4)
    low, high = low * (1 + (position - 1) / 2), high * (1 + (position - 1) / 2)
    rounded = int(low // STEP * STEP), int(-(-high // STEP) * STEP)
    return max(rounded[0], SHORTEST[0]), max(rounded[1], rounded[0] + STEP, SHORTEST[1])


def in_minutes(seconds: tuple[int, int]) -> tuple[int, int]:
    """The same range as people say it: whole minutes, at least one, outward."""
    low, high = seconds
    return max(1, low // 60), max(1, low // 60 + 1, -(-high // 60))
