"""Dates of bills and deadlines. Working days are Monday to Friday, less the holidays given."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

SATURDAY = 5


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def first_of_next_month(day: date) -> date:
    return add_months(first_of_month(day), 1)


def last_of_month(day: date) -> date:
    return first_of_next_month(day) - timedelta(days=1)


def add_working_days(day: date, count: int, holidays: AbstractSet[date] = frozenset()) -> date:
    """The last day of a period of `count` working days that starts the day after `day`."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and day not in holidays:
            count -= 1
    return day
