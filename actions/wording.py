"""Amounts, dates and data in the customer's language. Pure; sentences stand in data/."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

# fmt: off
MONTHS_ES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
WEEKDAYS_ES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# fmt: on
DAYS_BEFORE_THE_YEAR_IS_SAID = 180
MB_IN_GB = 1000
LONGEST_WAIT_IN_SECONDS = 60
BULLET = "• "


def money_words(amount: Decimal, language: str) -> str:
    """«1.045,90 €» or "€1,045.90"; a negative amount with its sign in front."""
    sign = "-" if amount < 0 else ""
    figures = f"{abs(amount):,.2f}"
    if language == "en":
        return f"{sign}€{figures}"
    return f"{sign}{_spanish_figures(figures)} €"


def difference_words(amount: Decimal, language: str) -> str:
    """Like money_words, with a plus in front of an increase."""
    return ("+" if amount > 0 else "") + money_words(amount, language)


def date_words(day: date, language: str, today: date) -> str:
    """«12 de octubre» or "12 October", with the year when it is far enough away to be mistaken."""
    with_year = abs((day - today).days) > DAYS_BEFORE_THE_YEAR_IS_SAID
    if language == "en":
        return f"{day.day} {MONTHS_EN[day.month - 1]}" + (f" {day.year}" if with_year else "")
    return f"{day.day} de {MONTHS_ES[day.month - 1]}" + (f" de {day.year}" if with_year else "")


def wait_words(seconds: float, language: str) -> str:
    """«40 segundos» or "12 minutes": rounded up, so that it is surely over by then."""
    if seconds <= LONGEST_WAIT_IN_SECONDS:
        tens = math.ceil(seconds / 10) * 10
        return f"{tens} seconds" if language == "en" else f"{tens} segundos"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} minutes" if language == "en" else f"{minutes} minutos"


def full_date_words(day: date, language: str) -> str:
    """«12 de octubre de 2026» or "12 October 2026"."""
    return date_words(day, language, today=date.min)


def month_words(day: date, language: str) -> str:
    """«octubre de 2026» or "October 2026"."""
    if language == "en":
        return f"{MONTHS_EN[day.month - 1]} {day.year}"
    return f"{MONTHS_ES[day.month - 1]} de {day.year}"


def number_words(number: Decimal, language: str) -> str:
    """«10,5» or "10.5", without zeros at the end."""
    figures = f"{number:,.2f}".rstrip("0").rstrip(".")
    return figures if language == "en" else _spanish_figures(figures)


def weekday_words(day: date, language: str) -> str:
    """«martes» or "Tuesday"."""
    return (WEEKDAYS_EN if language == "en" else WEEKDAYS_ES)[day.weekday()]


def hours_words(from_hour: int, to_hour: int, language: str) -> str:
    """«de 9 a 11 h» or "between 9:00 and 11:00"."""
    if language == "en":
        return f"between {from_hour}:00 and {to_hour}:00"
    return f"de {from_hour} a {to_hour} h"


def moment_words(moment: datetime, language: str, today: date) -> str:
    """«hoy a las 14:00», «el 12 de octubre a las 9:30»; in English "today at 14:00"."""
    hour = f"{moment:%H:%M}"
    days = (moment.date() - today).days
    if language == "en":
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
        return f"{near or 'on ' + date_words(moment.date(), language, today)} at {hour}"
    near = {0: "hoy", 1: "mañana", -1: "ayer"}.get(days)
    return f"{near or 'el ' + date_words(moment.date(), language, today)} a las {hour}"


def data_words(megabytes: int | None, language: str) -> str:
    """«12,4 GB», «30 GB» or «640 MB»; without a limit «datos ilimitados»."""
    if megabytes is None:
        return "unlimited data" if language == "en" else "datos ilimitados"
    if megabytes < MB_IN_GB:
        return f"{megabytes} MB"
    gigabytes = (Decimal(megabytes) / MB_IN_GB).quantize(Decimal("0.1"), ROUND_HALF_UP)
    figures = f"{gigabytes:,.1f}"
    if figures.endswith(".0"):
        figures = figures[:-2]
    return f"{figures if language == 'en' else _spanish_figures(figures)} GB"


def listed(entries: Iterable[str]) -> str:
    """One entry a line, each behind a bullet."""
    return "\n".join(BULLET + entry for entry in entries)


def _spanish_figures(figures: str) -> str:
    return figures.translate(str.maketrans(",.", ".,"))
