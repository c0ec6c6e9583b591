"""What an agent promised a customer: which days may be promised, and when the agent is reminded."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from handoff_service.switchboard.rules.calendar import Calendar, next_opening

FARTHEST = timedelta(days=366)
AT_LEAST = timedelta(hours=2)  # between a promise and its reminder
DAYS_BACK = 14  # in which an open day is looked for


def may_be_promised(due: date | None, today: date) -> bool:
    """Whether it is a day to come, within a year; or none."""
    return due is None or today <= due <= today + FARTHEST


def reminder_at(calendar: Calendar, due: date, made_at: datetime) -> datetime:
    """When the team opens on that day or, where it doesn't, on the last open day before; two hours ahead at least."""
    earliest = made_at + AT_LEAST
    for days in range(DAYS_BACK):
        midnight = datetime.combine(due - timedelta(days=days), time(), calendar.timezone)
        opening = next_opening(calendar, midnight)
        if opening is not None and opening.astimezone(calendar.timezone).date() == midnight.date():
            return max(opening, earliest)
    return max(datetime.combine(due, time(), calendar.timezone), earliest)
