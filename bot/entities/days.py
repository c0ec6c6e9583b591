"""Months, days and parts of a day.

Values need no calendar, so that whoever knows today's date works out the day. They are written as in XML Schema
(`2026-05`, `--05` for a month of any year, `2026-05-12`, `--05-12`, `---12` for a day of any month), as ISO 8601
durations from now (`-P1M` last month, `P1D` tomorrow), or as ISO weekdays to come (`W-2` Tuesday).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.entities.found import Found

_MONTHS = {
    1: "enero|january|ene|jan", 2: "febrero|february|feb", 3: "marzo|march", 4: "abril|april|abr|apr", 5: "mayo",
    6: "junio|june|jun", 7: "julio|july|jul", 8: "agosto|august|aug", 9: "septiembre|setiembre|september|sept|sep",
    10: "octubre|october|oct", 11: "noviembre|november|nov", 12: "diciembre|december|dic|dec",
}  # fmt: skip
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names.split("|")} | {"may": 5}
_WEEKDAYS = {
    1: "lunes|monday", 2: "martes|tuesday", 3: "miercoles|wednesday", 4: "jueves|thursday", 5: "viernes|friday",
    6: "sabado|saturday", 7: "domingo|sunday",
}  # fmt: skip
_WEEKDAY_OF = {name: number for number, names in _WEEKDAYS.items() for name in names.split("|")}
_COUNTS = {"un": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "three": 3, "cuatro": 4, "four": 4}

_NAMED = "|".join(sorted((name for name in _MONTH_OF if name != "may"), key=len, reverse=True))
_YEAR = r"(?:\s+(?:de\s+|del\s+|of\s+)?(?P<year>20\d\d))?"
# "may" is mostly a verb, but not beside these.
_MAY = (
    r"(?:(?<=of )|(?<=for )|(?<=from )|(?<=since )|(?<=the )|(?<=in )|(?<=last ))may"
    r"|may(?='s|\s+(?:bill|invoice|one|20))"
)
_MONTH = re.compile(rf"\b(?P<month>{_NAMED}|{_MAY})\b{_YEAR}")
_ANY_MONTH = "|".join([_NAMED, "may"])
_DAY_MONTH = re.compile(
    rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:de\s+|of\s+)?(?P<month>{_ANY_MONTH})\b{_YEAR}"
    rf"|\b(?P<month2>{_ANY_MONTH})\s+(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\s*(?:€|eur|gb|gig))"
)
_FIGURES = re.compile(
    r"\b(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"
    r"|(?<![\d/.-])(?P<day>[0-3]?\d)(?P<sep>[/-])(?P<month>[01]?\d)(?:(?P=sep)(?P<year>20\d\d|\d\d))?(?![\d/-])"
)
_DAY_ONLY = re.compile(r"\b(?:dia\s+(?P<day>[0-3]?\d)|(?P<day2>[0-3]?\d)(?:st|nd|rd|th))\b")
_RELATIVE_MONTH = re.compile(
    r"\b(?:(?P<last>(?:el\s+)?mes\s+(?:pasado|anterior)|(?:last|previous)\s+month|la\s+anterior|the\s+(?:one\s+before|"
    r"previous\s+one))|(?P<this>este\s+mes|this\s+month)|(?P<next>mes\s+que\s+viene|(?:proximo|siguiente)\s+mes|"
    r"next\s+month)|hace\s+(?P<ago>\d{1,2}|un|dos|tres|cuatro)\s+mes(?:es)?|"
    r"(?P<ago2>\d{1,2}|one|two|three|four)\s+months?\s+ago)\b"
)
_RELATIVE_DAY = re.compile(
    r"\b(?:(?P<after>pasado\s+manana|day\s+after\s+tomorrow)|(?P<today>hoy|today)|"
    r"(?P<tomorrow>tomorrow|(?<!la\s)(?<!de\s)(?<!esta\s)manana)|"
    rf"(?P<weekday>{'|'.join(_WEEKDAY_OF)}))\b"
)
_DAYPART = re.compile(
    r"\b(?:(?P<morning>(?:por|de|a|en)\s+la\s+manana|temprano|mornings?)|"
    r"(?P<afternoon>(?:por|de|a|en)\s+la\s+tarde|afternoons?|evenings?))\b"
)
_SEEN_FROM_NOW = re.compile("mes|month|anterior|before|previous")
_DIGIT = re.compile(r"\d")
_MONTHS_IN_A_YEAR, _DAYS_IN_A_MONTH = 12, 31


def dates(text: str) -> Iterator[Found]:
    """Days: of a month, by figures, or seen from today."""
    yield from _days_in_figures(text) if _DIGIT.search(text) else ()
    for match in _RELATIVE_DAY.finditer(text):
        fixed = {"today": "P0D", "tomorrow": "P1D", "after": "P2D"}
        value = fixed.get(match.lastgroup or "") or f"W-{_WEEKDAY_OF[match['weekday']]}"
        yield Found("date", value, match.start(), match.end())


def _days_in_figures(text: str) -> Iterator[Found]:
    for match in _DAY_MONTH.finditer(text):
        month = _MONTH_OF[match["month"] or match["month2"]]
        yield from _day(match, int(match["day"] or match["day2"]), month, match["year"])
    for match in _FIGURES.finditer(text):
        if match["y"]:
            yield from _day(match, int(match["d"]), int(match["m"]), match["y"])
        else:
            year = match["year"]
            yield from _day(match, int(match["day"]), int(match["month"]), f"20{year[-2:]}" if year else None)
    for match in _DAY_ONLY.finditer(text):
        day = int(match["day"] or match["day2"])
        if 1 <= day <= _DAYS_IN_A_MONTH:
            yield Found("date", f"---{day:02}", match.start(), match.end())


def months(text: str) -> Iterator[Found]:
    """Months, by name or seen from this one."""
    for match in _MONTH.finditer(text):
        number = f"{_MONTH_OF[match['month']]:02}"
        value = f"{match['year']}-{number}" if match["year"] else f"--{number}"
        yield Found("month", value, match.start(), match.end())
    for match in _RELATIVE_MONTH.finditer(text) if _SEEN_FROM_NOW.search(text) else ():
        yield Found("month", _months_from_now(match), match.start(), match.end())


def dayparts(text: str) -> Iterator[Found]:
    """`morning` or `afternoon`."""
    for match in _DAYPART.finditer(text):
        yield Found("daypart", match.lastgroup or "", match.start(), match.end())


def _day(match: re.Match[str], day: int, month: int, year: str | None) -> Iterator[Found]:
    if 1 <= day <= _DAYS_IN_A_MONTH and 1 <= month <= _MONTHS_IN_A_YEAR:
        yield Found("date", f"{year or '-'}-{month:02}-{day:02}", match.start(), match.end())


def _months_from_now(match: re.Match[str]) -> str:
    ago = match["ago"] or match["ago2"]
    if ago:
        return f"-P{_COUNTS.get(ago) or int(ago)}M"
    return "-P1M" if match["last"] else "P1M" if match["next"] else "P0M"
