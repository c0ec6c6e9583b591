"""What a handoff needs by itself, and when: warnings, reminders, and the ends nobody has pressed a button for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handoff_service.switchboard.rules.calendar import Calendar, after_working
from handoff_service.switchboard.rules.clocks import clocks_of
from handoff_service.switchboard.rules.course import Course
from handoff_service.switchboard.rules.handoff import Status
from handoff_service.switchboard.rules.roster import Limits, Team


class Need(StrEnum):
    """What is to be done. The first three end or move the handoff and make the others of that moment pointless."""

    ABANDON = "abandon"
    CLOSE = "close"
    RELEASE = "release"
    OVERFLOW = "overflow"
    BREACH = "breach"
    WARN = "warn"
    ASK_SUPERVISOR = "ask_supervisor"
    REASSURE = "reassure"
    REMIND_AGENT = "remind_agent"
    REMIND_CUSTOMER = "remind_customer"
    WAKE = "wake"


@dataclass(frozen=True)
class Step:
    """One thing to do at that time; `clock` where a clock is the cause."""

    need: Need
    at: datetime
    clock: str | None = None


ENDINGS = (Need.ABANDON, Need.CLOSE, Need.RELEASE)


def next_step(course: Course, team: Team, limits: Limits, now: datetime) -> Step | None:
    """What is to be done next, now or later; None if nothing will be. Of what is due, an ending goes first."""
    steps = sorted(plan(course, team, limits, now), key=lambda step: step.at)
    due = [step for step in steps if step.at <= now]
    ending = next((step for step in due if step.need in ENDINGS), None)
    return ending or next(iter(steps), None)


def plan(course: Course, team: Team, limits: Limits, now: datetime) -> Iterator[Step]:
    """All steps that are still to come as things stand, in no order."""
    if not course.is_open:
        return
    if course.snoozed_until is not None:
        yield Step(Need.WAKE, course.snoozed_until)
        return
    yield from _of_clocks(course, team.calendar, limits, now)
    wanted = _while_waiting(course, team, limits) if course.status is Status.QUEUED else _while_held(course, limits)
    for need, since, seconds, mark in wanted:
        if seconds is None or mark in course.done:
            continue
        at = after_working(team.calendar, since, seconds)
        if at is not None:
            yield Step(need, at)


Wanted = tuple[Need, datetime, float | None, str]


def _while_waiting(course: Course, team: Team, limits: Limits) -> Iterator[Wanted]:
    since = course.queued_since or course.opened_at
    yield Need.REASSURE, since, limits.reassure, "customer_reassured"
    if team.overflow is not None:
        yield Need.OVERFLOW, since, limits.overflow, "handoff_overflowed"
    yield Need.ABANDON, max(course.customer_at, since), limits.abandon, ""


def _while_held(course: Course, limits: Limits) -> Iterator[Wanted]:
    if course.owed_since is not None:
        since = max(course.owed_since, course.claimed_at or course.owed_since)
        yield Need.REMIND_AGENT, since, limits.agent_reminder, "agent_reminded"
        yield Need.RELEASE, since, limits.agent_silence, ""
    elif course.agent_wrote_at is not None:
        since = max(course.agent_wrote_at, course.claimed_at or course.agent_wrote_at)
        yield Need.REMIND_CUSTOMER, since, limits.customer_reminder, "customer_reminded"
        yield Need.CLOSE, since, limits.customer_silence, ""


def _of_clocks(course: Course, calendar: Calendar, limits: Limits, now: datetime) -> Iterator[Step]:
    for clock in clocks_of(course, limits.answers, calendar, now):
        if not clock.is_running:
            continue
        breached_at = course.breached.get(clock.name)
        if clock.warn_at is not None and clock.name not in course.warned and breached_at is None:
            yield Step(Need.WARN, clock.warn_at, clock.name)
        if clock.due_at is not None and breached_at is None:
            yield Step(Need.BREACH, clock.due_at, clock.name)
        if breached_at is not None and "supervisor" not in course.rungs:
            at = after_working(calendar, breached_at, limits.answers.supervisor)
            if at is not None:
                yield Step(Need.ASK_SUPERVISOR, at, clock.name)
