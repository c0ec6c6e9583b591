"""Which day a customer means, given today. The values are those of the messages' entities. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from actions.backend.calendar_days import add_months

_DAYS_FROM_NOW = re.compile(r"P(\d+)D")
_DAY = re.compile(r"(?:(\d{4})|-)-(\d\d)-(\d\d)")
_DAY_OF_MONTH = re.compile(r"---(\d\d)")
_WEEKDAY = re.compile(r"W-([1-7])")
DAYS_IN_A_WEEK = 7


def day_ahead(value: str, today: date) -> date | None:
    """The next such day from today on; None when there is none."""
    if match := _DAYS_FROM_NOW.fullmatch(value):
        return today + timedelta(days=int(match[1]))
    if match := _WEEKDAY.fullmatch(value):
        ahead = (int(match[1]) - today.isoweekday()) % DAYS_IN_A_WEEK
        return today + timedelta(days=ahead or DAYS_IN_A_WEEK)
    if match := _DAY_OF_MONTH.fullmatch(value):
        this_month = _day(today.year, today.month, int(match[1]))
        next_month = add_months(today.replace(day=1), 1)
        return (
            this_month if this_month and this_month >= today else _day(next_month.year, next_month.month, int(match[1]))
        )
    if match := _DAY.fullmatch(value):
        if match[1]:
            return _day(int(match[1]), int(match[2]), int(match[3]))
        this_year = _day(today.year, int(match[2]), int(match[3]))
        return this_year if this_year and this_year >= today else _day(today.year + 1, int(match[2]), int(match[3]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
