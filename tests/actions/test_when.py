"""Which day a customer means."""

from __future__ import annotations

from datetime import date

import pytest

from actions.when import day_ahead

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("P0D", date(2026, 11, 22)),
        ("P1D", date(2026, 11, 23)),
        ("W-2", date(2026, 11, 24)),
        ("W-7", date(2026, 11, 29)),
        ("---24", date(2026, 11, 24)),
        ("---05", date(2026, 12, 5)),
        ("--12-01", date(2026, 12, 1)),
        ("--01-07", date(2027, 1, 7)),
        ("2026-12-24", date(2026, 12, 24)),
        ("2026-02-30", None),
        ("---31", date(2026, 12, 31)),
        ("mañana", None),
    ],
)
def test_a_day_is_the_next_such_day_from_today_on(value: str, day: date | None) -> None:
    assert day_ahead(value, SUNDAY) == day
