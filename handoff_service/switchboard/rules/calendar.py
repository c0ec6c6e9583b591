"""Opening hours: when somebody is there, when somebody comes back, and how much of a span is working time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 24 * 60  # minutes
FARTHEST = 400  # days that are looked through for an opening
SECOND = timedelta(seconds=1)
INSTANTS_AT_HAND = 4096  # of opening hours, looked up again and again


@dataclass(frozen=True, order=True)
class Interval:
    """Open from `start` to `end`, in minutes of the wall clock since midnight; `end` may lie in the next day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < DAY and self.start < self.end <= self.start + DAY):
            raise ValueError(f"no interval of a day: {self.start}–{self.end}")


WHOLE_DAY = (Interval(0, DAY),)
ALWAYS = (WHOLE_DAY,) * 7


@dataclass(frozen=True)
class Calendar:
    """A team's hours. An exception goes before a holiday, a holiday before the week (Monday first)."""

    timezone: ZoneInfo
    week: tuple[tuple[Interval, ...], ...] = ALWAYS
    holidays: frozenset[date] = frozenset()
    exceptions: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)

    @property
    def never_closes(self) -> bool:
        """Whether somebody is there at every instant."""
        return self.week == ALWAYS and not self.holidays and not self.exceptions

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """The hours that begin on this day."""
        if day in self.exceptions:
            return self.exceptions[day]
        return () if day in self.holidays else self.week[day.weekday()]


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether somebody is there at this instant."""
    return next_opening(calendar, at) == at


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """The first instant from `at` on at which somebody is there (`at` itself if open); None within `FARTHEST` days."""
    for start, end in _openings(calendar, at):
        if end > at:
            return max(start, at)
    return None


def working_seconds(calendar: Calendar, since: datetime, until: datetime) -> float:
    """How many seconds between the two instants somebody was there."""
    total = 0.0
    for start, end in _openings(calendar, since):
        if start >= until:
            break
        total += max(0.0, (min(end, until) - max(start, since)).total_seconds())
    return total


def after_working(calendar: Calendar, since: datetime, seconds: float) -> datetime | None:
    """The instant at which so many seconds of working time have gone by; None if that is too far away."""
    left = timedelta(seconds=max(0.0, seconds))
    for start, end in _openings(calendar, since):
        begins = max(start, since)
        if end - begins >= left and end > since:
            return begins + left
        left -= max(timedelta(), end - begins)
    return None


def _openings(calendar: Calendar, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Spans in UTC, in order, without overlap; those that touch are one."""
    if calendar.never_closes:
        yield at - timedelta(days=1), at + timedelta(days=FARTHEST)
        return
    first = at.astimezone(calendar.timezone).date() - timedelta(days=1)
    pending: tuple[datetime, datetime] | None = None
    for offset in range(FARTHEST):
        day = first + timedelta(days=offset)
        for interval in sorted(calendar.intervals(day)):
            start, end = (interval.start, 0), (interval.end, 1)
            span = (_instant(calendar.timezone, day, *start), _instant(calendar.timezone, day, *end))
            if pending is not None and span[0] <= pending[1]:
                pending = (pending[0], max(pending[1], span[1]))
                continue
            if pending is not None:
                yield pending
            pending = span
    if pending is not None:
        yield pending


@lru_cache(maxsize=INSTANTS_AT_HAND)
def _instant(timezone: ZoneInfo, day: date, minutes: int, fold: int) -> datetime:
    """A wall-clock time in UTC. Of an hour that comes twice a shift has both: it starts in the first (fold 0) and ends
    in the second (fold 1). A time that the clock skips is the moment of the change."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    early, late = (wall.replace(tzinfo=timezone, fold=f).astimezone(UTC) for f in (0, 1))
    if early <= late:
        return late if fold else early
    return _moment_of_change(timezone, late, early)


def _moment_of_change(timezone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    offset = after.astimezone(timezone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) / 2
        if middle.astimezone(timezone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
