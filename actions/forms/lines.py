"""The customer's lines as options, however one is called: by its number, its last digits, its plan, or what it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actions.account_action import Speaker
from actions.backend.model import Line, LineKind
from actions.forms.options import Option

LAST_DIGITS = 3
SPAIN, SPANISH_DIGITS = "+34", 9


def line_options(lines: Iterable[Line], speaker: Speaker) -> tuple[Option, ...]:
    return tuple(Option(line.line_id, _title(line, speaker), _named(line)) for line in lines)


def line_among(lines: Iterable[Line], line_id: str) -> Line:
    """The line with this id; the ids in slots have been chosen among the same lines."""
    return next(line for line in lines if line.line_id == line_id)


def international(number: str) -> str:
    """The number as messages' entities have it."""
    digits = "".join(filter(str.isdigit, number))
    return (SPAIN if len(digits) == SPANISH_DIGITS else "+") + digits


def _title(line: Line, speaker: Speaker) -> str:
    name = line.tariff.name.in_language(speaker.language)
    return f"{name} · {line.number[-7:]}" if line.number else name


def _named(line: Line) -> frozenset[tuple[str, Any]]:
    services = {
        LineKind.MOBILE: {"mobile"},
        LineKind.FIBRE: {"fibre"},
        LineKind.BUNDLE: {"mobile", "fibre"},
    }[line.kind]
    named: set[tuple[str, Any]] = {("service", service) for service in services} | {("plan", line.tariff.code)}
    if line.number:
        number = international(line.number)
        named |= {("phone_number", number), ("number", int(number[-LAST_DIGITS:]))}
    return frozenset(named)
