"""Months and working days."""

from __future__ import annotations

from datetime import date

from actions.backend.calendar_days import add_months, add_working_days
from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.model import ComplaintKind

SATURDAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 23)


def test_a_month_later_is_the_same_day_or_the_last_one() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 1), 2) == date(2027, 1, 1)
    assert add_months(date(2026, 1, 15), -13) == date(2024, 12, 15)


def test_working_days_start_the_day_after_and_leave_weekends_out() -> None:
    assert add_working_days(MONDAY, 5) == date(2026, 11, 30)
    assert add_working_days(SATURDAY, 1) == MONDAY


def test_holidays_do_not_count() -> None:
    assert add_working_days(SATURDAY, 1, frozenset({MONDAY})) == date(2026, 11, 24)


def test_an_undue_charge_is_answered_within_five_working_days_and_anything_else_within_fifteen() -> None:
    terms = ComplaintTerms()
    assert terms.answer_by(ComplaintKind.UNDUE_CHARGE, MONDAY) == date(2026, 11, 30)
    assert terms.answer_by(ComplaintKind.GENERAL, MONDAY) == date(2026, 12, 14)
