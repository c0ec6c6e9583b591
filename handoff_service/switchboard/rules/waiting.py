"""An honest range of waiting: what may be expected now, as wide as such expectations were wrong lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

FEW = 10  # below this many promises that can be checked, the usual error is taken
USUAL_ERROR = (0.4, 3.0)  # what came true as a share of what was expected
LOWEST, HIGHEST = 0.05, 0.95  # of the errors seen, the part the range spans
REACTION = 45.0  # seconds, from a free agent's seeing it to taking it
USUAL_HANDLING = 480.0  # seconds, until there are figures of one's own
SHORTEST = (1, 60)
LONGEST = 4 * 3600
STEP = 30  # seconds; finer would pretend to know more than is known


@dataclass(frozen=True)
class Promise:
    """What was expected when somebody began to wait, and how long it really took; seconds."""

    expected: float
    waited: float


@dataclass(frozen=True)
class Figures:
    """A team as it is now. `slots` is how many conversations those present hold at a time, `free` how many more now."""

    slots: int = 0
    free: int = 0
    handling: Sequence[float] = ()  # seconds from taking to ending, of late
    promises: Sequence[Promise] = ()


def expected_wait(position: int, figures: Figures) -> float:
    """Seconds that place `position` (1 is next) is likely to wait: one must end for each who can't be taken now."""
    handling = median(figures.handling) if figures.handling else USUAL_HANDLING
    must_end = max(0, position - figures.free)
    return REACTION + must_end * handling / max(1, figures.slots)


def waiting_range(position: int, figures: Figures) -> tuple[int, int]:
    """Seconds from now, (low, high): the expectation, spread as the latest ones turned out; rounded to half minutes."""
    expected = expected_wait(position, figures)
    errors = sorted(promise.waited / promise.expected for promise in figures.promises if promise.expected > 0)
    low, high = USUAL_ERROR
    if len(errors) >= FEW:
        low, high = _quantile(errors, LOWEST), _quantile(errors, HIGHEST)
    rounded = int(expected * low // STEP * STEP), int(-(-expected * high // STEP) * STEP)
    least = min(max(rounded[0], SHORTEST[0]), LONGEST)
    return least, min(max(rounded[1], least + STEP, SHORTEST[1]), LONGEST + STEP)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest, in proportion."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def came_true(promised: tuple[int, int], waited: float) -> bool:
    """Whether a wait lay within what was promised."""
    return promised[0] <= waited <= promised[1]


def in_minutes(seconds: tuple[int, int]) -> tuple[int, int]:
    """The same range as people say it: whole minutes, at least one, outward."""
    low, high = seconds
    return max(1, low // 60), max(1, low // 60 + 1, -(-high // 60))
