"""Faults in the network, and the technicians who come to a customer's home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from actions.backend.model import LineKind, Words


@dataclass(frozen=True)
class Incident:
    """A fault known in an area. Times are aware; `expected_until` is None while nobody can say."""

    incident_id: str
    kind: LineKind
    name: Words
    postcode: str
    started_at: datetime
    expected_until: datetime | None


@dataclass(frozen=True)
class Slot:
    """A free time for a technician's visit, by the operator's clock."""

    slot_id: str
    day: date
    from_hour: int
    to_hour: int


@dataclass(frozen=True)
class Appointment:
    """A visit that is booked, under its code."""

    code: str
    slot: Slot
