"""Amounts, dates and data read naturally in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from actions.wording import data_words, date_words, difference_words, listed, money_words

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("amount", "es", "en"),
    [
        ("45.90", "45,90 €", "€45.90"),
        ("0", "0,00 €", "€0.00"),
        ("1234.5", "1.234,50 €", "€1,234.50"),
        ("-15", "-15,00 €", "-€15.00"),
    ],
)
def test_money(amount: str, es: str, en: str) -> None:
    assert money_words(Decimal(amount), "es") == es
    assert money_words(Decimal(amount), "en") == en


def test_a_difference_always_shows_its_direction() -> None:
    assert difference_words(Decimal("12.40"), "es") == "+12,40 €"
    assert difference_words(Decimal("-12.40"), "en") == "-€12.40"


@pytest.mark.parametrize(
    ("day", "es", "en"),
    [
        (date(2026, 10, 12), "12 de octubre", "12 October"),
        (date(2027, 1, 1), "1 de enero", "1 January"),
        (date(2027, 9, 30), "30 de septiembre de 2027", "30 September 2027"),
        (date(2025, 11, 22), "22 de noviembre de 2025", "22 November 2025"),
    ],
)
def test_a_date_has_its_year_only_when_it_is_far_away(day: date, es: str, en: str) -> None:
    assert date_words(day, "es", TODAY) == es
    assert date_words(day, "en", TODAY) == en


@pytest.mark.parametrize(
    ("megabytes", "es", "en"),
    [
        (0, "0 MB", "0 MB"),
        (640, "640 MB", "640 MB"),
        (12_440, "12,4 GB", "12.4 GB"),
        (30_000, "30 GB", "30 GB"),
        (1_250, "1,3 GB", "1.3 GB"),
        (1_204_500, "1.204,5 GB", "1,204.5 GB"),
    ],
)
def test_data(megabytes: int, es: str, en: str) -> None:
    assert data_words(megabytes, "es") == es
    assert data_words(megabytes, "en") == en


def test_a_list_has_one_entry_a_line() -> None:
    assert listed(["a", "b"]) == "• a\n• b"
