"""Queries of the embedded backend and what their rows mean."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date

from actions.backend.cents import from_cents
from actions.backend.model import (
    Bill,
    BillItem,
    Complaint,
    ComplaintKind,
    ComplaintStatus,
    Customer,
    ItemKind,
    Line,
    LineKind,
    LineStatus,
    Order,
    OrderStatus,
    Payment,
    Promotion,
    Tariff,
    Usage,
    Words,
)

LINES = """
SELECT lines.*, kind, name_es, name_en, includes_es, includes_en, price_cents, data_mb, code
FROM lines JOIN tariffs ON tariffs.code = tariff_code WHERE customer_id = ? ORDER BY id
"""
ITEMS = """
SELECT bill_items.* FROM bill_items JOIN bills ON bills.number = bill_number
WHERE customer_id = ? ORDER BY bill_number, position
"""
PAYMENTS = """
SELECT payments.* FROM payments JOIN bills ON bills.number = bill_number WHERE customer_id = ? ORDER BY made_on
"""

COUNTRY_CODE = "34"
DIGITS_WITHOUT_COUNTRY = 9


def read_customer(connection: sqlite3.Connection, customer_id: str) -> Customer | None:
    row = connection.execute("SELECT * FROM customers WHERE id = ?", (customer_id,)).fetchone()
    if row is None:
        return None
    next_bill_on = date.fromisoformat(row["next_bill_on"])
    return Customer(row["id"], row["name"], row["locale"], row["phone"], row["postcode"], next_bill_on)


def read_customer_by_phone(connection: sqlite3.Connection, phone: str) -> Customer | None:
    """Numbers are compared whole, country code included; a number without one is taken for a Spanish one."""
    digits = "".join(character for character in phone if character.isdigit())
    if len(digits) == DIGITS_WITHOUT_COUNTRY:
        digits = COUNTRY_CODE + digits
    row = connection.execute("SELECT id FROM customers WHERE phone = ?", (f"+{digits}",)).fetchone()
    return None if row is None else read_customer(connection, row["id"])


def read_tariffs(connection: sqlite3.Connection) -> tuple[Tariff, ...]:
    return tuple(_tariff(row) for row in connection.execute("SELECT * FROM tariffs ORDER BY position"))


def read_lines(connection: sqlite3.Connection, customer_id: str) -> tuple[Line, ...]:
    return tuple(_line(row) for row in connection.execute(LINES, (customer_id,)))


def read_bills(connection: sqlite3.Connection, customer_id: str) -> tuple[Bill, ...]:
    """Every bill with its lines and payments, newest first."""
    items: defaultdict[str, list[BillItem]] = defaultdict(list)
    for row in connection.execute(ITEMS, (customer_id,)):
        items[row["bill_number"]].append(
            BillItem(ItemKind(row["kind"]), Words(row["name_es"], row["name_en"]), from_cents(row["amount_cents"]))
        )
    payments: defaultdict[str, list[Payment]] = defaultdict(list)
    for row in connection.execute(PAYMENTS, (customer_id,)):
        made_on = date.fromisoformat(row["made_on"])
        payments[row["bill_number"]].append(Payment(row["bill_number"], from_cents(row["amount_cents"]), made_on))
    bills = connection.execute("SELECT * FROM bills WHERE customer_id = ? ORDER BY issued_on DESC", (customer_id,))
    return tuple(_bill(row, tuple(items[row["number"]]), tuple(payments[row["number"]])) for row in bills)


def read_usage(connection: sqlite3.Connection, customer_id: str) -> tuple[Usage, ...]:
    rows = connection.execute("SELECT * FROM usage WHERE customer_id = ? ORDER BY number", (customer_id,))
    return tuple(
        Usage(row["number"], row["used_mb"], row["included_mb"], date.fromisoformat(row["renews_on"])) for row in rows
    )


def read_orders(connection: sqlite3.Connection, customer_id: str) -> tuple[Order, ...]:
    rows = connection.execute("SELECT * FROM orders WHERE customer_id = ? ORDER BY placed_on DESC", (customer_id,))
    return tuple(
        Order(
            row["id"],
            Words(row["name_es"], row["name_en"]),
            OrderStatus(row["status"]),
            date.fromisoformat(row["placed_on"]),
            _day(row["expected_on"]),
        )
        for row in rows
    )


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


def _complaint(row: sqlite3.Row) -> Complaint:
    return Complaint(
        code=row["code"],
        kind=ComplaintKind(row["kind"]),
        status=ComplaintStatus(row["status"]),
        filed_on=date.fromisoformat(row["filed_on"]),
        answer_by=date.fromisoformat(row["answer_by"]),
    )


def _tariff(row: sqlite3.Row) -> Tariff:
    return Tariff(
        code=row["code"],
        kind=LineKind(row["kind"]),
        name=Words(row["name_es"], row["name_en"]),
        includes=Words(row["includes_es"], row["includes_en"]),
        price=from_cents(row["price_cents"]),
        data_mb=row["data_mb"],
    )


def _line(row: sqlite3.Row) -> Line:
    tariff = _tariff(row)
    return Line(
        line_id=row["id"],
        kind=tariff.kind,
        number=row["number"],
        tariff=tariff,
        status=LineStatus(row["status"]),
        since=date.fromisoformat(row["since"]),
        permanence_ends=_day(row["permanence_ends"]),
        promotion=_promotion(row),
    )


def _promotion(row: sqlite3.Row) -> Promotion | None:
    if row["promotion_cents"] is None:
        return None
    name = Words(row["promotion_es"], row["promotion_en"])
    return Promotion(name, from_cents(row["promotion_cents"]), date.fromisoformat(row["promotion_ends"]))


def _bill(row: sqlite3.Row, items: tuple[BillItem, ...], payments: tuple[Payment, ...]) -> Bill:
    return Bill(
        number=row["number"],
        period_start=date.fromisoformat(row["period_start"]),
        period_end=date.fromisoformat(row["period_end"]),
        issued_on=date.fromisoformat(row["issued_on"]),
        due_on=date.fromisoformat(row["due_on"]),
        total=from_cents(row["total_cents"]),
        items=items,
        payments=payments,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
