"""The clocks as pure functions of events and hours: what starts, stops, ends and resumes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_service.switchboard.rules.attention import Need, next_step, plan
from handoff_service.switchboard.rules.calendar import Calendar, Interval
from handoff_service.switchboard.rules.clocks import Clock, ClockState, clocks_of
from handoff_service.switchboard.rules.course import Course, Happened, course_of
from handoff_service.switchboard.rules.roster import AnswerTimes, Limits, Team

MADRID = ZoneInfo("Europe/Madrid")
ALWAYS = Calendar(MADRID)
SPLIT = Calendar(MADRID, ((Interval(540, 840), Interval(960, 1140)),) * 5 + ((), ()), frozenset({date(2027, 3, 19)}))
NIGHTS = Calendar(MADRID, ((Interval(1320, 1800),),) * 7)
TIMES = AnswerTimes(first=15 * 60, next=10 * 60, resolution=3600, warn_at=0.8, supervisor=600)
LIMITS = Limits(answers=TIMES)
START = "2027-03-01T10:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


def course(start: str, *happened: tuple[float, str] | tuple[float, str, dict[str, Any]]) -> Course:
    """Opened at `start`; then each event so many minutes after it."""
    events = [Happened("handoff_opened", at(start))]
    for minutes, kind, *data in happened:
        events.append(Happened(kind, at(start) + timedelta(minutes=minutes), data[0] if data else {}))
    told = course_of(events)
    assert told is not None
    return told


def clock(name: str, told: Course, start: str, minutes: float, calendar: Calendar = ALWAYS) -> Clock:
    now = at(start) + timedelta(minutes=minutes)
    return next(each for each in clocks_of(told, TIMES, calendar, now) if each.name == name)


CLAIM, REPLY = (2, "handoff_claimed", {"agent": "Ana"}), (5, "agent_replied")


@pytest.mark.parametrize(
    ("happened", "now", "name", "spent", "state"),
    [
        ([], 4, "first", 4, "running"),
        ([], 16, "first", 16, "breached"),
        ([CLAIM], 4, "first", 4, "running"),  # a claim is no answer
        ([CLAIM, REPLY], 50, "first", 5, "met"),
        ([CLAIM, (3, "assistant_answered")], 4, "first", 4, "running"),  # nor are a machine's words
        ([CLAIM, (20, "agent_replied")], 50, "first", 20, "breached"),
        ([CLAIM, REPLY], 50, "next", 0, "stopped"),
        ([CLAIM, REPLY, (30, "customer_wrote")], 34, "next", 4, "running"),
        ([CLAIM, REPLY, (30, "customer_wrote"), (33, "customer_wrote")], 34, "next", 4, "running"),
        ([CLAIM, REPLY, (30, "customer_wrote"), (31, "assistant_answered")], 34, "next", 4, "running"),
        ([CLAIM, REPLY, (30, "customer_wrote"), (36, "agent_replied")], 60, "next", 0, "stopped"),
        ([CLAIM, REPLY, (30, "customer_wrote")], 41, "next", 11, "breached"),
        ([CLAIM, REPLY], 50, "resolution", 5, "stopped"),  # the customer owes the answer
        ([CLAIM, REPLY, (30, "customer_wrote")], 40, "resolution", 15, "running"),
        ([CLAIM, REPLY, (30, "customer_wrote"), (40, "handoff_resolved")], 90, "resolution", 15, "met"),
        ([CLAIM, REPLY, (10, "handoff_resolved"), (20, "customer_wrote")], 90, "next", 0, "stopped"),
        ([CLAIM, REPLY, (10, "handoff_resolved"), (60, "handoff_reopened")], 63, "next", 3, "running"),
        ([CLAIM, REPLY, (10, "handoff_resolved"), (60, "handoff_reopened")], 63, "resolution", 8, "running"),
        (
            [CLAIM, REPLY, (10, "handoff_resolved"), (60, "handoff_reopened", {"agent": "Ana"})],
            63,
            "next",
            0,
            "stopped",
        ),
        ([(10, "handoff_cancelled")], 60, "first", 10, "stopped"),
        ([CLAIM, (6, "handoff_resolved"), (60, "handoff_reopened")], 63, "first", 9, "running"),
        ([CLAIM, REPLY, (20, "handoff_released")], 24, "next", 4, "running"),  # somebody has to come back
        ([CLAIM, REPLY, (20, "handoff_transferred", {"agent": "Eva"})], 24, "next", 0, "stopped"),
    ],
)
def test_a_clock_runs_while_a_person_owes_the_answer(
    happened: list[Any], now: float, name: str, spent: float, state: str
) -> None:
    told = clock(name, course(START, *happened), START, now)
    assert (told.spent / 60, told.state.value) == (spent, state)
    assert (told.due_at is not None) is told.is_running


@pytest.mark.parametrize(
    ("calendar", "start", "due"),
    [
        (SPLIT, "2027-03-01T13:50", "2027-03-01T16:05"),  # over lunch
        (SPLIT, "2027-03-05T18:50", "2027-03-08T09:05"),  # over the weekend
        (SPLIT, "2027-03-18T18:50", "2027-03-22T09:05"),  # over a holiday and the weekend
        (SPLIT, "2027-03-01T20:00", "2027-03-02T09:15"),  # came after hours
        (NIGHTS, "2027-03-28T01:50", "2027-03-28T03:05"),  # the clock goes forward
        (NIGHTS, "2027-10-31T02:50", "2027-10-31T02:05"),  # and back: the hour comes again
        (ALWAYS, "2027-03-01T13:50", "2027-03-01T14:05"),
    ],
)
def test_a_first_answer_falls_due_in_working_time(calendar: Calendar, start: str, due: str) -> None:
    told = clock("first", course(start), start, 0, calendar)
    expected = at(due) + (timedelta(hours=1) if due.startswith("2027-10-31") else timedelta())
    assert told.due_at == expected


def test_the_clocks_rest_while_the_team_does() -> None:
    told = clock("first", course("2027-03-01T13:50"), "2027-03-01T13:50", 100, SPLIT)
    assert (told.spent / 60, told.state) == (10, ClockState.RUNNING)


def needs(told: Course, team: Team | None = None) -> dict[str, float]:
    """What is planned, in minutes after the opening."""
    steps = plan(told, team or Team("a", calendar=ALWAYS), LIMITS, told.opened_at)
    return {f"{s.need.value} {s.clock or ''}".strip(): (s.at - told.opened_at).total_seconds() / 60 for s in steps}


def test_the_ladder_warns_breaches_and_asks_once_each() -> None:
    fresh = course(START)
    assert needs(fresh)["warn first"] == 12
    assert needs(fresh)["breach first"] == 15
    warned = course(START, (12, "clock_warned", {"clock": "first"}))
    assert "warn first" not in needs(warned)
    late = course(START, (12, "clock_warned", {"clock": "first"}), (15, "clock_breached", {"clock": "first"}))
    assert needs(late)["ask_supervisor first"] == 25
    assert "breach first" not in needs(late)
    asked = course(
        START,
        (15, "clock_breached", {"clock": "first"}),
        (15, "handoff_escalated", {"rung": "on_call", "asked": ["Eva"]}),
        (25, "handoff_escalated", {"rung": "supervisor", "asked": ["Ana", "Eva"]}),
    )
    assert "ask_supervisor first" not in needs(asked)
    assert asked.asked == ("Eva", "Ana")


def test_a_new_wait_has_seen_no_warning_yet() -> None:
    again = course(
        START,
        CLAIM,
        REPLY,
        (10, "customer_wrote"),
        (18, "clock_warned", {"clock": "next"}),
        (20, "clock_breached", {"clock": "next"}),
        (21, "agent_replied"),
        (40, "customer_wrote"),
    )
    assert needs(again)["warn next"] == 48
    assert needs(again)["breach next"] == 50


def test_silences_end_as_the_limits_say() -> None:
    silent_agent = course(START, CLAIM)
    assert needs(silent_agent)["remind_agent"] == 2 + 5
    assert needs(silent_agent)["release"] == 2 + 20
    silent_customer = course(START, CLAIM, REPLY)
    assert needs(silent_customer)["remind_customer"] == 5 + 120
    assert needs(silent_customer)["close"] == 5 + 24 * 60
    assert "release" not in needs(silent_customer)
    nobody = course(START)
    assert needs(nobody)["reassure"] == 15
    assert needs(nobody)["abandon"] == 24 * 60
    alive = course(START, (60, "customer_wrote"))
    assert needs(alive)["abandon"] == 25 * 60


def test_after_a_long_stop_an_end_goes_before_everything_that_would_have_come_first() -> None:
    told = course(START, CLAIM)
    step = next_step(told, Team("a", calendar=ALWAYS), LIMITS, told.opened_at + timedelta(days=3))
    assert step is not None and step.need is Need.RELEASE


def test_what_has_ended_needs_nothing() -> None:
    assert needs(course(START, CLAIM, REPLY, (9, "handoff_resolved"))) == {}
    assert needs(course(START, (9, "handoff_cancelled"))) == {}


kinds = st.sampled_from(
    [
        ("handoff_claimed", {"agent": "Ana"}),
        ("agent_replied", {}),
        ("customer_wrote", {}),
        ("assistant_answered", {}),
        ("handoff_released", {}),
        ("handoff_resolved", {}),
        ("handoff_reopened", {}),
        ("handoff_reopened", {"agent": "Ana"}),
        ("clock_breached", {"clock": "first"}),
        ("something_unknown", {}),
    ]
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 90), kinds), max_size=25), st.sampled_from([ALWAYS, SPLIT, NIGHTS]))
def test_clocks_never_run_backwards_nor_after_the_end(steps: list[Any], calendar: Calendar) -> None:
    minutes, events = 0, [Happened("handoff_opened", at(START))]
    before: dict[str, float] = {}
    for wait, (kind, data) in steps:
        minutes += wait
        now = at(START) + timedelta(minutes=minutes)
        events.append(Happened(kind, now, data))
        told = course_of(events)
        assert told is not None
        for each in clocks_of(told, TIMES, calendar, now):
            if each.name != "next":
                assert each.spent >= before.get(each.name, 0.0)
                before[each.name] = each.spent
            assert told.is_open or not each.is_running
            later = now + timedelta(days=1)
            frozen = next(c for c in clocks_of(told, TIMES, calendar, later) if c.name == each.name)
            assert each.is_running or frozen.spent == each.spent
