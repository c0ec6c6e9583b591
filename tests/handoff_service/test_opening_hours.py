"""Opening hours: split shifts, holidays, midnight, both changes of the clock, exceptions, time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_service.switchboard.rules.calendar import (
    ALWAYS,
    Calendar,
    Interval,
    after_working,
    is_open,
    next_opening,
    working_seconds,
)

MADRID, MEXICO = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Mexico_City")
SPLIT = (Interval(9 * 60, 14 * 60), Interval(16 * 60, 19 * 60))
NIGHT = (Interval(22 * 60, 30 * 60),)  # until six the next morning
WEEK = ((SPLIT,) * 5) + ((), ())
SHOP = Calendar(MADRID, WEEK, frozenset({date(2027, 1, 6)}), {date(2027, 1, 9): (Interval(600, 720),)})
GUARD = Calendar(MADRID, (NIGHT,) * 7)


def local(text: str, zone: ZoneInfo = MADRID, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("calendar", "at", "opens"),
    [
        (SHOP, "2027-01-04T09:00", "2027-01-04T09:00"),  # the first minute is open
        (SHOP, "2027-01-04T08:59:59", "2027-01-04T09:00"),
        (SHOP, "2027-01-04T14:00", "2027-01-04T16:00"),  # the last is not: lunch
        (SHOP, "2027-01-04T18:59:59", "2027-01-04T18:59:59"),
        (SHOP, "2027-01-04T19:00", "2027-01-05T09:00"),
        (SHOP, "2027-01-05T20:00", "2027-01-07T09:00"),  # over Epiphany
        (SHOP, "2027-01-08T20:00", "2027-01-09T10:00"),  # a Saturday that is worked
        (SHOP, "2027-01-09T12:00", "2027-01-11T09:00"),
        (GUARD, "2027-03-02T03:00", "2027-03-02T03:00"),  # began the evening before
        (GUARD, "2027-03-02T06:00", "2027-03-02T22:00"),
        (GUARD, "2027-03-28T02:30", "2027-03-28T03:30"),  # a time the clock skips: open, whatever it is called
    ],
)
def test_somebody_comes_back_when_the_hours_say_so(calendar: Calendar, at: str, opens: str) -> None:
    assert next_opening(calendar, local(at)) == local(opens)
    assert is_open(calendar, local(at)) is (at == opens or at == "2027-03-28T02:30")


@pytest.mark.parametrize(
    ("calendar", "since", "until", "hours"),
    [
        (SHOP, "2027-01-04T08:00", "2027-01-04T20:00", 8),
        (SHOP, "2027-01-04T13:00", "2027-01-04T17:00", 2),
        (SHOP, "2027-01-05T18:00", "2027-01-07T10:00", 2),
        (SHOP, "2027-01-09T00:00", "2027-01-11T00:00", 2),
        (SHOP, "2027-01-04T20:00", "2027-01-05T08:00", 0),
        (GUARD, "2027-03-27T22:00", "2027-03-28T06:00", 7),  # the night of the lost hour
        (GUARD, "2027-10-30T22:00", "2027-10-31T06:00", 9),  # the night of the hour that comes twice
        (Calendar(MADRID), "2027-03-28T00:00", "2027-03-29T00:00", 23),
        (Calendar(MADRID, ALWAYS, frozenset({date(2027, 1, 6)})), "2027-01-05T12:00", "2027-01-07T12:00", 24),
    ],
)
def test_only_working_time_counts(calendar: Calendar, since: str, until: str, hours: float) -> None:
    assert working_seconds(calendar, local(since), local(until)) == hours * 3600


@pytest.mark.parametrize(
    ("calendar", "since", "hours", "until"),
    [
        (SHOP, "2027-01-04T13:00", 2, "2027-01-04T17:00"),
        (SHOP, "2027-01-05T18:30", 1, "2027-01-07T09:30"),
        (SHOP, "2027-01-04T20:00", 0, "2027-01-05T09:00"),
        (GUARD, "2027-03-28T01:00", 2, "2027-03-28T04:00"),
        (Calendar(MADRID), "2027-01-04T20:00", 5, "2027-01-05T01:00"),
    ],
)
def test_a_limit_falls_due_in_working_time(calendar: Calendar, since: str, hours: float, until: str) -> None:
    assert after_working(calendar, local(since), hours * 3600) == local(until)


def test_a_shift_into_the_hour_that_comes_twice_has_both() -> None:
    early = Calendar(MADRID, ((Interval(60, 150),),) * 7)  # 1:00–2:30
    assert working_seconds(early, local("2027-10-31T00:00"), local("2027-10-31T12:00")) == 2.5 * 3600
    assert is_open(early, local("2027-10-31T02:29", fold=1))
    assert not is_open(early, local("2027-10-31T02:30", fold=1))


def test_a_shift_into_the_hour_that_is_skipped_ends_with_it() -> None:
    early = Calendar(MADRID, ((Interval(60, 150),),) * 7)
    assert working_seconds(early, local("2027-03-28T00:00"), local("2027-03-28T12:00")) == 3600


def test_the_same_hours_are_others_elsewhere() -> None:
    mexican = Calendar(MEXICO, WEEK)
    assert next_opening(mexican, local("2027-01-04T09:00")) == local("2027-01-04T09:00", MEXICO)
    assert not is_open(mexican, local("2027-01-04T09:00"))


def test_who_never_opens_never_comes_back() -> None:
    never = Calendar(MADRID, ((),) * 7)
    assert next_opening(never, local("2027-01-04T09:00")) is None
    assert after_working(never, local("2027-01-04T09:00"), 60) is None
    assert not is_open(never, local("2027-01-04T09:00"))


instants = st.integers(0, 365 * 86_400).map(lambda s: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
calendars = st.sampled_from([SHOP, GUARD, Calendar(MADRID), Calendar(MEXICO, WEEK)])


@settings(deadline=None)
@given(calendars, instants, st.integers(1, 200_000))
def test_when_a_limit_falls_due_exactly_that_much_has_been_worked(calendar: Calendar, since: datetime, s: int) -> None:
    due = after_working(calendar, since, s)
    assert due is not None
    assert working_seconds(calendar, since, due) == s


@settings(deadline=None)
@given(calendars, instants, st.integers(0, 500_000), st.integers(0, 500_000))
def test_working_time_adds_up(calendar: Calendar, since: datetime, first: int, second: int) -> None:
    middle = since + timedelta(seconds=first)
    end = middle + timedelta(seconds=second)
    parts = working_seconds(calendar, since, middle) + working_seconds(calendar, middle, end)
    assert working_seconds(calendar, since, end) == pytest.approx(parts)
