"""Queries of what customers filed themselves: complaints and requests."""

from __future__ import annotations

import json
import sqlite3
from datetime import date

from actions.backend.cases import CaseKind
from actions.backend.cents import from_cents
from actions.backend.codec import decoded
from actions.backend.demo.requests import KINDS, Asked, Dispute, Request
from actions.backend.model import Complaint, ComplaintKind, ComplaintStatus, Words

OPEN_DISPUTES = """
SELECT customer_id, bill_number, disputed_cents FROM complaints
WHERE customer_id IS NOT NULL AND disputed_cents IS NOT NULL AND status != ?
"""


def read_complaints(
    connection: sqlite3.Connection, customer_id: str | None, conversation_id: str
) -> tuple[Complaint, ...]:
    """The customer's, or those filed by nobody known in this conversation; newest first."""
    if customer_id is None:
        where, values = "customer_id IS NULL AND conversation_id = ?", (conversation_id,)
    else:
        where, values = "customer_id = ?", (customer_id,)
    query = f"SELECT * FROM complaints WHERE {where} ORDER BY filed_on DESC, rowid DESC"  # noqa: S608 - from above
    return tuple(_complaint(row) for row in connection.execute(query, values))


def read_complaint_filed_with(connection: sqlite3.Connection, key: str) -> Complaint | None:
    """The complaint that was filed with this idempotency key."""
    row = connection.execute("SELECT * FROM complaints WHERE idempotency_key = ?", (key,)).fetchone()
    return _complaint(row) if row else None


def read_requests(connection: sqlite3.Connection, customer_id: str) -> tuple[Request, ...]:
    """The customer's, newest first."""
    query = "SELECT * FROM requests WHERE customer_id = ? ORDER BY rowid DESC"
    return tuple(_request(row) for row in connection.execute(query, (customer_id,)))


def read_request_made_with(connection: sqlite3.Connection, customer_id: str, key: str) -> Request | None:
    """The customer's request that was made with this idempotency key."""
    query = "SELECT * FROM requests WHERE idempotency_key = ? AND customer_id = ?"
    row = connection.execute(query, (key, customer_id)).fetchone()
    return _request(row) if row else None


def read_booked_slots(connection: sqlite3.Connection) -> frozenset[str]:
    rows = connection.execute("SELECT slot_id FROM requests WHERE slot_id IS NOT NULL AND is_withdrawn = 0")
    return frozenset(row["slot_id"] for row in rows)


def read_asked(connection: sqlite3.Connection) -> dict[str, Asked]:
    """What every customer asked for and disputes, as the story needs it."""
    requests: dict[str, list[Request]] = {}
    for row in connection.execute("SELECT * FROM requests WHERE is_withdrawn = 0 ORDER BY rowid"):
        requests.setdefault(row["customer_id"], []).append(_request(row))
    disputes: dict[str, list[Dispute]] = {}
    for row in connection.execute(OPEN_DISPUTES, (ComplaintStatus.RESOLVED.value,)):
        dispute = Dispute(row["bill_number"], from_cents(row["disputed_cents"]))
        disputes.setdefault(row["customer_id"], []).append(dispute)
    return {
        customer_id: Asked(tuple(requests.get(customer_id, ())), tuple(disputes.get(customer_id, ())))
        for customer_id in requests.keys() | disputes.keys()
    }


def _request(row: sqlite3.Row) -> Request:
    kind = CaseKind(row["kind"])
    return Request(
        code=row["code"],
        customer_id=row["customer_id"],
        kind=kind,
        wish=decoded(KINDS[kind], json.loads(row["wish"])),
        made_on=date.fromisoformat(row["made_on"]),
        due_on=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        subject=Words(row["subject_es"], row["subject_en"]),
        is_withdrawn=bool(row["is_withdrawn"]),
    )


def _complaint(row: sqlite3.Row) -> Complaint:
    return Complaint(
        code=row["code"],
        kind=ComplaintKind(row["kind"]),
        status=ComplaintStatus(row["status"]),
        filed_on=date.fromisoformat(row["filed_on"]),
        answer_by=date.fromisoformat(row["answer_by"]),
        disputed=None if row["disputed_cents"] is None else from_cents(row["disputed_cents"]),
    )
