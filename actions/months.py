"""Which month a customer means, and which bill that is. Pure.

A month is said as the entity `month` has it: `2026-05`, `--05` of any year, or `-P1M`, counted from now.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from actions.backend.calendar_days import add_months, first_of_month
from actions.backend.model import Bill

NAMED = re.compile(r"(?P<year>\d{4}|-)-(?P<month>0[1-9]|1[0-2])", re.ASCII)
COUNTED = re.compile(r"(?P<sign>-?)P(?P<months>\d{1,2})M", re.ASCII)


def month_meant(said: str, today: date) -> date | None:
    """The first day of the month; one of any year is the latest that is not ahead. None for what is no month."""
    counted = COUNTED.fullmatch(said)
    if counted:
        months = int(counted["months"])
        return add_months(first_of_month(today), -months if counted["sign"] else months)
    named = NAMED.fullmatch(said)
    if named is None:
        return None
    if named["year"] != "-":
        return date(int(named["year"]), int(named["month"]), 1) if int(named["year"]) else None
    this_year = date(today.year, int(named["month"]), 1)
    return this_year if this_year <= today else add_months(this_year, -12)


def bill_of_month(bills: Sequence[Bill], month: date) -> Bill | None:
    """The bill about that month, or else the one issued in it."""
    about = (bill for bill in bills if first_of_month(bill.period_start) == month)
    issued = (bill for bill in bills if first_of_month(bill.issued_on) == month)
    return next(about, None) or next(issued, None)
