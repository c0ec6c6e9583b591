"""Queries of what the story told, and what their rows mean."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from actions.backend.cents import from_cents
from actions.backend.model import (
    Bill,
    BillItem,
    Customer,
    ItemKind,
    Line,
    LineKind,
    LineStatus,
    Order,
    OrderStatus,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Promotion,
    Tariff,
    Usage,
    Words,
)
from actions.backend.phones import international

LINES = """
SELECT * FROM lines WHERE customer_id = ? ORDER BY id
"""
ITEMS = """
SELECT bill_items.* FROM bill_items JOIN bills ON bills.number = bill_number
WHERE customer_id = ? ORDER BY bill_number, position
"""
PAYMENTS = """
SELECT payments.* FROM payments JOIN bills ON bills.number = bill_number WHERE customer_id = ? ORDER BY made_on
"""


def read_customer(connection: sqlite3.Connection, customer_id: str) -> Customer | None:
    row = connection.execute("SELECT * FROM customers WHERE id = ?", (customer_id,)).fetchone()
    if row is None:
        return None
    next_bill_on = date.fromisoformat(row["next_bill_on"])
    return Customer(
        customer_id=row["id"],
        name=row["name"],
        locale=row["locale"],
        phone=row["phone"],
        postcode=row["postcode"],
        next_bill_on=next_bill_on,
        street=row["street"],
        city=row["city"],
        email=row["email"],
        contact_phone=row["contact_phone"],
        direct_debit=row["direct_debit"],
    )


def read_customer_by_phone(connection: sqlite3.Connection, phone: str) -> Customer | None:
    """Numbers are compared whole, country code included; a number without one is taken for a Spanish one."""
    row = connection.execute("SELECT id FROM customers WHERE phone = ?", (international(phone),)).fetchone()
    return None if row is None else read_customer(connection, row["id"])


def read_tariffs(connection: sqlite3.Connection) -> tuple[Tariff, ...]:
    return tuple(_tariff(row) for row in connection.execute("SELECT * FROM tariffs ORDER BY position"))


def read_lines(connection: sqlite3.Connection, customer_id: str) -> tuple[Line, ...]:
    by_code = {tariff.code: tariff for tariff in read_tariffs(connection)}
    return tuple(_line(row, by_code) for row in connection.execute(LINES, (customer_id,)))


def read_bills(connection: sqlite3.Connection, customer_id: str) -> tuple[Bill, ...]:
    """Every bill with its lines and payments, newest first."""
    items: defaultdict[str, list[BillItem]] = defaultdict(list)
    for row in connection.execute(ITEMS, (customer_id,)):
        items[row["bill_number"]].append(
            BillItem(ItemKind(row["kind"]), Words(row["name_es"], row["name_en"]), from_cents(row["amount_cents"]))
        )
    payments: defaultdict[str, list[Payment]] = defaultdict(list)
    for row in connection.execute(PAYMENTS, (customer_id,)):
        payments[row["bill_number"]].append(_payment(row))
    bills = connection.execute("SELECT * FROM bills WHERE customer_id = ? ORDER BY issued_on DESC", (customer_id,))
    return tuple(_bill(row, tuple(items[row["number"]]), tuple(payments[row["number"]])) for row in bills)


def read_usage(connection: sqlite3.Connection, customer_id: str) -> tuple[Usage, ...]:
    rows = connection.execute("SELECT * FROM usage WHERE customer_id = ? ORDER BY number", (customer_id,))
    return tuple(
        Usage(
            number=row["number"],
            used_mb=row["used_mb"],
            included_mb=row["included_mb"],
            renews_on=date.fromisoformat(row["renews_on"]),
            past_mb=tuple(int(month) for month in row["past_mb"].split()),
        )
        for row in rows
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


def _tariff(row: sqlite3.Row) -> Tariff:
    return Tariff(
        code=row["code"],
        kind=LineKind(row["kind"]),
        name=Words(row["name_es"], row["name_en"]),
        includes=Words(row["includes_es"], row["includes_en"]),
        price=from_cents(row["price_cents"]),
        data_mb=row["data_mb"],
        roaming_mb=row["roaming_mb"],
        speed_mb=row["speed_mb"],
    )


def _line(row: sqlite3.Row, by_code: Mapping[str, Tariff]) -> Line:
    tariff = by_code[row["tariff_code"]]
    return Line(
        line_id=row["id"],
        kind=tariff.kind,
        number=row["number"],
        tariff=tariff,
        status=LineStatus(row["status"]),
        since=date.fromisoformat(row["since"]),
        permanence_ends=_day(row["permanence_ends"]),
        promotion=_promotion(row),
        next_tariff=by_code.get(row["next_tariff_code"]),
        next_tariff_on=_day(row["next_tariff_on"]),
        ends_on=_day(row["ends_on"]),
        credit=None if row["credit_cents"] is None else from_cents(row["credit_cents"]),
    )


def _promotion(row: sqlite3.Row) -> Promotion | None:
    if row["promotion_cents"] is None:
        return None
    name = Words(row["promotion_es"], row["promotion_en"])
    return Promotion(name, from_cents(row["promotion_cents"]), date.fromisoformat(row["promotion_ends"]))


def _payment(row: sqlite3.Row) -> Payment:
    return Payment(
        bill_number=row["bill_number"],
        amount=from_cents(row["amount_cents"]),
        made_on=date.fromisoformat(row["made_on"]),
        method=PaymentMethod(row["method"]),
        status=PaymentStatus(row["status"]),
    )


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
