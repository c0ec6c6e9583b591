"""Faults and technicians of the demo operator as of a day. The same day in, the same out."""

from __future__ import annotations

import re
import zlib
from datetime import date, datetime, time, timedelta, tzinfo

from actions.backend.calendar_days import add_working_days
from actions.backend.model import LineKind, Words
from actions.backend.network import Incident, Slot

POSTCODE = re.compile(r"\d{5}", re.ASCII)
SLOT_ID = re.compile(r"(\d{5})-\d{8}-\d{4}", re.ASCII)
WINDOWS = ((9, 11), (11, 13), (16, 18), (18, 20))
FIRST_VISIT_AFTER_WORKING_DAYS = 2
DAYS_OFFERED = 10
TAKEN_ONE_IN = 3


def incidents_at(postcode: str, today: date, zone: tzinfo) -> tuple[Incident, ...]:
    """An outage of the fibre in Seville since this morning, weak mobile coverage in Marbella since yesterday."""
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)
    known = (
        Incident(
            incident_id=f"I-{today:%y%m%d}-1",
            kind=LineKind.FIBRE,
            name=Words("Corte de fibra por una obra en la calle", "Fibre cut by roadworks"),
            postcode="41004",
            started_at=datetime.combine(today, time(0, 10), zone),
            expected_until=datetime.combine(tomorrow, time(14, 0), zone),
        ),
        Incident(
            incident_id=f"I-{yesterday:%y%m%d}-2",
            kind=LineKind.MOBILE,
            name=Words("Avería en una antena: móvil con poca cobertura", "Mast fault: weak mobile signal"),
            postcode="29602",
            started_at=datetime.combine(yesterday, time(19, 40), zone),
            expected_until=None,
        ),
    )
    return tuple(incident for incident in known if incident.postcode == postcode)


def slots_at(postcode: str, today: date, holidays: frozenset[date] = frozenset()) -> tuple[Slot, ...]:
    """The times at which a technician has no other work in an area, earliest first."""
    if not POSTCODE.fullmatch(postcode):
        return ()
    days = (add_working_days(today, FIRST_VISIT_AFTER_WORKING_DAYS + ahead, holidays) for ahead in range(DAYS_OFFERED))
    slots = (
        Slot(f"{postcode}-{day:%Y%m%d}-{start:02}{end:02}", day, start, end) for day in days for start, end in WINDOWS
    )
    return tuple(slot for slot in slots if zlib.crc32(slot.slot_id.encode()) % TAKEN_ONE_IN)


def slot_of(slot_id: str) -> Slot:
    """The slot with an id that was once offered."""
    _, day, hours = slot_id.split("-")
    day_of_visit = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    return Slot(slot_id, day_of_visit, int(hours[:2]), int(hours[2:]))


def postcode_of(slot_id: str) -> str | None:
    match = SLOT_ID.fullmatch(slot_id)
    return match[1] if match else None
