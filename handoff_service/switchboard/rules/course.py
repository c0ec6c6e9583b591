"""The course of a handoff, folded from its events: who owes whom an answer since when, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from handoff_service.switchboard.rules.handoff import Status

Span = tuple[datetime, datetime | None]  # open at the end while it lasts
FIRST, NEXT, RESOLUTION = "first", "next", "resolution"


@dataclass(frozen=True)
class Happened:
    """An event of the record."""

    kind: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """How a handoff stands. `done` and `rungs` hold what the present wait has seen already."""

    status: Status
    opened_at: datetime
    customer_at: datetime  # their last sign of life
    queued_since: datetime | None
    holder: str | None = None
    claimed_at: datetime | None = None
    agent_wrote_at: datetime | None = None
    answered_at: datetime | None = None
    owed_since: datetime | None = None  # the customer waits for a person's words
    snoozed_until: datetime | None = None  # laid aside by its holder until then, or until the customer writes
    first: tuple[Span, ...] = ()
    resolution: tuple[Span, ...] = ()
    warned: frozenset[str] = frozenset()
    breached: Mapping[str, datetime] = field(default_factory=dict)
    rungs: frozenset[str] = frozenset()
    asked: tuple[str, ...] = ()
    done: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether it waits or is held."""
        return self.status in (Status.QUEUED, Status.ASSIGNED)


def course_of(events: Iterable[Happened]) -> Course | None:
    """The course so far; None before it was opened. What is unknown changes nothing."""
    course: Course | None = None
    for event in events:
        if event.kind == "handoff_opened":
            span = ((event.at, None),)
            course = Course(
                Status.QUEUED, event.at, event.at, event.at, owed_since=event.at, first=span, resolution=span
            )
        elif course is not None and event.kind in _STEPS:
            course = _STEPS[event.kind](course, event)
    return course


def _claimed(course: Course, event: Happened) -> Course:
    holder = event.data.get("agent")
    course = _woken(course, event)
    done = course.done - {"agent_reminded"}
    return replace(course, status=Status.ASSIGNED, holder=holder, claimed_at=event.at, queued_since=None, done=done)


def _queued(course: Course, event: Happened) -> Course:
    course = _woken(course, event)
    done = course.done - {"agent_reminded", "customer_reminded", "customer_reassured", "handoff_overflowed"}
    course = _owe(replace(course, done=done), event.at)
    return replace(course, status=Status.QUEUED, holder=None, claimed_at=None, queued_since=event.at)


def _transferred(course: Course, event: Happened) -> Course:
    return _claimed(course, event) if event.data.get("agent") else _queued(course, event)


def _overflowed(course: Course, event: Happened) -> Course:
    return replace(course, done=course.done | {event.kind})


def _customer_wrote(course: Course, event: Happened) -> Course:
    if not course.is_open:
        return course
    done = course.done - {"customer_reminded"}
    course = replace(course, customer_at=event.at, snoozed_until=None, done=done)
    return _resume(_owe(course, event.at), event.at)


def _owe(course: Course, at: datetime) -> Course:
    """From now on the customer waits, unless they do already; a new wait has seen no warning yet."""
    if course.owed_since is not None:
        return course
    breached = {clock: when for clock, when in course.breached.items() if clock != NEXT}
    fresh = {"warned": course.warned - {NEXT}, "rungs": frozenset[str](), "breached": breached}
    return replace(course, owed_since=at, done=course.done - {"agent_reminded"}, **fresh)  # type: ignore[arg-type]


def _agent_replied(course: Course, event: Happened) -> Course:
    if not course.is_open:
        return course
    return replace(
        course,
        agent_wrote_at=event.at,
        answered_at=course.answered_at or event.at,
        owed_since=None,
        first=_ended(course.first, event.at),
        resolution=_ended(course.resolution, event.at),
        rungs=frozenset(),
        done=course.done - {"agent_reminded", "customer_reminded"},
    )


def _snoozed(course: Course, event: Happened) -> Course:
    """Until then nobody owes anything: the clocks stand still."""
    return replace(
        course,
        snoozed_until=datetime.fromisoformat(event.data["until"]),
        owed_since=None,
        first=_ended(course.first, event.at),
        resolution=_ended(course.resolution, event.at),
        rungs=frozenset(),
        done=course.done - {"agent_reminded", "customer_reminded"},
    )


def _woken(course: Course, event: Happened) -> Course:
    """The time is up: it is the holder's turn, and the customer waits for it."""
    if course.snoozed_until is None:
        return course
    return _resume(_owe(replace(course, snoozed_until=None), event.at), event.at)


def _closed(status: Status, course: Course, at: datetime) -> Course:
    return replace(
        course,
        status=status,
        queued_since=None,
        owed_since=None,
        snoozed_until=None,
        first=_ended(course.first, at),
        resolution=_ended(course.resolution, at),
        rungs=frozenset(),
        done=frozenset(),
    )


def _resolved(course: Course, event: Happened) -> Course:
    return _closed(Status.RESOLVED, course, event.at)


def _abandoned(course: Course, event: Happened) -> Course:
    return _closed(Status.ABANDONED, course, event.at)


def _reopened(course: Course, event: Happened) -> Course:
    """By an agent: nobody waits for words yet. By the customer (no agent holds it): they do."""
    course = _resume(course, event.at)
    if event.data.get("agent"):
        return replace(_claimed(course, event), agent_wrote_at=None)
    return replace(_queued(course, event), customer_at=event.at)


def _resume(course: Course, at: datetime) -> Course:
    """The matter is ours again; so is the first answer, if it never came."""
    first = course.first if course.answered_at else _begun(course.first, at)
    return replace(course, first=first, resolution=_begun(course.resolution, at))


def _begun(spans: tuple[Span, ...], at: datetime) -> tuple[Span, ...]:
    return spans if spans and spans[-1][1] is None else (*spans, (at, None))


def _ended(spans: tuple[Span, ...], at: datetime) -> tuple[Span, ...]:
    return (*spans[:-1], (spans[-1][0], at)) if spans and spans[-1][1] is None else spans


def _warned(course: Course, event: Happened) -> Course:
    return replace(course, warned=course.warned | {event.data["clock"]})


def _breached(course: Course, event: Happened) -> Course:
    return replace(course, breached={event.data["clock"]: event.at, **course.breached})


def _escalated(course: Course, event: Happened) -> Course:
    asked = tuple(dict.fromkeys((*course.asked, *event.data.get("asked", ()))))
    return replace(course, rungs=course.rungs | {event.data["rung"]}, asked=asked)


def _noted(course: Course, event: Happened) -> Course:
    return replace(course, done=course.done | {event.kind})


_STEPS = {
    "handoff_claimed": _claimed,
    "handoff_released": _queued,
    "handoff_transferred": _transferred,
    "handoff_overflowed": _overflowed,
    "handoff_resolved": _resolved,
    "handoff_cancelled": _abandoned,
    "handoff_abandoned": _abandoned,
    "handoff_reopened": _reopened,
    "customer_wrote": _customer_wrote,
    "agent_replied": _agent_replied,
    "handoff_snoozed": _snoozed,
    "handoff_woken": _woken,
    "clock_warned": _warned,
    "clock_breached": _breached,
    "handoff_escalated": _escalated,
    "customer_reassured": _noted,
    "agent_reminded": _noted,
    "customer_reminded": _noted,
}
KINDS = ("handoff_opened", *_STEPS)  # of the events that a course is made of
