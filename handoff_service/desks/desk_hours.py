"""The opening hours and holidays of DESK_FILE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from handoff_service.desks.desk_nodes import Nodes
from handoff_service.switchboard.rules.calendar import ALWAYS, DAY, Calendar, Interval
from handoff_service.switchboard.rules.text import fold

YEARS = range(2020, 2061)  # whose holidays are known
WEEKDAYS = (
    ("monday", "mon", "lunes"),
    ("tuesday", "tue", "martes"),
    ("wednesday", "wed", "miercoles"),
    ("thursday", "thu", "jueves"),
    ("friday", "fri", "viernes"),
    ("saturday", "sat", "sabado"),
    ("sunday", "sun", "domingo"),
)
CLOSED = ("closed", "cerrado", "")
_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
Week = tuple[tuple[Interval, ...], ...]
Exceptions = Mapping[date, tuple[Interval, ...]]


@dataclass(frozen=True)
class Hours:
    """A team's hours as they stand in the file; always open without any."""

    week: Week = ALWAYS
    exceptions: Exceptions = field(default_factory=dict)

    def calendar(self, timezone: ZoneInfo, closed: frozenset[date]) -> Calendar:
        """With the holidays, which bind only those who close at all."""
        return Calendar(timezone, self.week, frozenset() if self.week == ALWAYS else closed, self.exceptions)


@dataclass(frozen=True)
class HoursReading:
    """Reads `hours`, `holidays` and `timezone`."""

    nodes: Nodes

    def timezone(self, node: yaml.Node) -> ZoneInfo:
        """A time zone by its name."""
        value = self.nodes.scalar(node)
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise self.nodes.wrong(node, f"`{value}` is no time zone", "Write one like Europe/Madrid") from None

    def holidays(self, node: yaml.Node) -> frozenset[date]:
        """The public holidays of a country or region, and further days."""
        known = ("country", "region", "extra")
        found = self.nodes.mapping(node, "`holidays`", known)
        if "region" in found and "country" not in found:
            raise self.nodes.wrong(
                found["region"][0], "`region` stands without a `country`", "Write country: ES above it"
            )
        days = self._public(found) if "country" in found else frozenset()
        extra = self.nodes.listed(found["extra"][1]) if "extra" in found else []
        return days | {self._date(each) for each in extra}

    def _public(self, found: dict[str, tuple[yaml.Node, yaml.Node]]) -> frozenset[date]:
        country_node = found["country"][1]
        country = self.nodes.scalar(country_node).upper()
        import holidays  # its countries take longer to load than the rest of the desk's file to read

        regions: Any = holidays.list_supported_countries().get(country)
        if regions is None:
            raise self.nodes.wrong(country_node, f"`{country}` is no country", "Write its two letters, like ES or MX")
        region = None
        if "region" in found:
            region = self.nodes.scalar(found["region"][1])
            if region not in regions:
                remedy = f"Known are {', '.join(regions)}" if regions else f"{country} has none; take the line away"
                raise self.nodes.wrong(found["region"][1], f"`{region}` is no region of {country}", remedy)
        return frozenset(holidays.country_holidays(country, subdiv=region, years=YEARS))

    def hours(self, node: yaml.Node, team: str) -> Hours:
        """`always`, or weekdays with their intervals and dates that differ."""
        if isinstance(node, yaml.ScalarNode) and self.nodes.scalar(node) in ("always", "siempre"):
            return Hours()
        week: list[tuple[Interval, ...]] = [()] * 7
        exceptions: dict[date, tuple[Interval, ...]] = {}
        taken: dict[int, str] = {}
        for key, (key_node, value) in self.nodes.mapping(node, f"the hours of `{team}`").items():
            if key == "exceptions":
                for day, (day_node, hours) in self.nodes.mapping(value, "`exceptions`").items():
                    exceptions[self._date(day_node)] = self._intervals(hours, day)
                continue
            for weekday in self._weekdays(key, key_node):
                if weekday in taken:
                    remedy = "Put all its intervals on one line, like 9:00-14:00, 16:00-19:00"
                    raise self.nodes.wrong(key_node, f"`{key}` has hours already in `{taken[weekday]}`", remedy)
                taken[weekday] = key
                week[weekday] = self._intervals(value, key)
        if not any(week):
            remedy = "Write a line like mon-fri: 9:00-18:00, or hours: always"
            raise self.nodes.wrong(node, f"`{team}` never opens", remedy)
        return Hours(tuple(week), exceptions)

    def _weekdays(self, key: str, node: yaml.Node) -> list[int]:
        """One weekday, or all from one to another (`mon-fri`)."""
        found = [i for part in key.split("-") for i, names in enumerate(WEEKDAYS) if fold(part) in names]
        if len(found) != key.count("-") + 1 or len(found) > 2:
            raise self.nodes.wrong(node, f"`{key}` is no weekday", "Write one like monday, mon-fri, or exceptions")
        first, last = found[0], found[-1]
        return list(range(first, last + 1)) if first <= last else [*range(first, 7), *range(last + 1)]

    def _intervals(self, node: yaml.Node, day: str) -> tuple[Interval, ...]:
        found: list[Interval] = []
        for each in self.nodes.listed(node):
            for part in self.nodes.scalar(each).split(","):
                if part.strip() not in CLOSED:
                    found.append(self._interval(part.strip(), each))
        found.sort()
        if any(later.start < earlier.end for earlier, later in pairwise(found)):
            raise self.nodes.wrong(node, f"the intervals of `{day}` overlap", "Let one end before the next begins")
        return tuple(found)

    def _interval(self, text: str, node: yaml.Node) -> Interval:
        match = _INTERVAL.fullmatch(text)
        numbers = [int(number) for number in match.groups()] if match else [99, 0, 0, 0]
        start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
        if start >= DAY or end > DAY or numbers[1] > 59 or numbers[3] > 59 or start == end:
            remedy = "Write it like 9:00-14:00; 22:00-6:00 goes on past midnight; closed for none"
            raise self.nodes.wrong(node, f"`{text}` is no interval", remedy)
        return Interval(start, end if end > start else end + DAY)

    def _date(self, node: yaml.Node) -> date:
        value = self.nodes.scalar(node)
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.nodes.wrong(node, f"`{value}` is no date", "Write it like 2027-12-24") from None
