"""The clocks of a handoff: first answer, next answer, resolution. Pure functions of its course and the hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handoff_service.switchboard.rules.calendar import Calendar, after_working, working_seconds
from handoff_service.switchboard.rules.course import FIRST, NEXT, RESOLUTION, Course, Span
from handoff_service.switchboard.rules.roster import AnswerTimes


class ClockState(StrEnum):
    """How a clock stands. `stopped`: the customer owes the answer, or it has ended without one."""

    RUNNING = "running"
    STOPPED = "stopped"
    MET = "met"
    BREACHED = "breached"


@dataclass(frozen=True)
class Clock:
    """Seconds of working time: the limit, what is spent; and when it falls due, while it runs."""

    name: str
    limit: float
    spent: float
    is_running: bool
    state: ClockState
    warn_at: datetime | None
    due_at: datetime | None


def clocks_of(course: Course, times: AnswerTimes, calendar: Calendar, now: datetime) -> tuple[Clock, ...]:
    """All clocks for which there is a limit."""
    waits_again = course.answered_at is not None and course.owed_since is not None and course.is_open
    awaited: tuple[Span, ...] = ((course.owed_since, None),) if waits_again and course.owed_since else ()
    kept = [
        (FIRST, times.first, course.first, course.answered_at is not None),
        (NEXT, times.next, awaited, False),
        (RESOLUTION, times.resolution, course.resolution, not course.is_open),
    ]
    return tuple(
        _clock(name, limit, spans, is_met, times.warn_at, calendar, now)
        for name, limit, spans, is_met in kept
        if limit is not None
    )


def _clock(
    name: str, limit: float, spans: tuple[Span, ...], is_met: bool, warn_at: float, calendar: Calendar, now: datetime
) -> Clock:
    before = sum(working_seconds(calendar, start, end) for start, end in spans if end is not None)
    running = next((start for start, end in spans if end is None), None)
    spent = before + (working_seconds(calendar, running, now) if running is not None else 0.0)
    warn = due = None
    if running is not None:
        warn = after_working(calendar, running, warn_at * limit - before)
        due = after_working(calendar, running, limit - before)
    state = ClockState.RUNNING if running is not None else ClockState.MET if is_met else ClockState.STOPPED
    if spent > limit or (due is not None and due <= now):
        state = ClockState.BREACHED
    return Clock(name, limit, spent, running is not None, state, warn, due)
