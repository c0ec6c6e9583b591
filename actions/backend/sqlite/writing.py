"""Puts the demo operator's story into the tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from actions.backend.cents import to_cents
from actions.backend.demo.story import Account
from actions.backend.demo.tariffs import TARIFFS
from actions.backend.model import Bill, Complaint, Line, NewComplaint

TOLD_KEY = "told:"

# Children before parents, so that no reference is ever left hanging.
REPLACED = ("payments", "bill_items", "bills", "usage", "orders", "lines", "customers", "tariffs", "told")


def replace_story(connection: sqlite3.Connection, accounts: Sequence[Account], as_of: date) -> None:
    """Everything that was told gives way to `accounts`; what customers filed themselves stays."""
    for table in REPLACED:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names above, nobody's input
    connection.execute("DELETE FROM complaints WHERE idempotency_key LIKE ?", (TOLD_KEY + "%",))
    _insert(connection, "told", as_of.isoformat())
    _write_tariffs(connection)
    for account in accounts:
        _write_account(connection, account)


def _write_tariffs(connection: sqlite3.Connection) -> None:
    for position, tariff in enumerate(TARIFFS):
        _insert(
            connection,
            "tariffs",
            tariff.code,
            tariff.kind.value,
            tariff.name.es,
            tariff.name.en,
            tariff.includes.es,
            tariff.includes.en,
            to_cents(tariff.price),
            tariff.data_mb,
            position,
        )


def _write_account(connection: sqlite3.Connection, account: Account) -> None:
    who = account.customer
    _insert(
        connection,
        "customers",
        who.customer_id,
        who.name,
        who.locale,
        who.phone,
        who.postcode,
        who.next_bill_on.isoformat(),
    )
    for line in account.lines:
        _write_line(connection, who.customer_id, line)
    for bill in account.bills:
        _write_bill(connection, who.customer_id, bill)
    for used in account.usage:
        renews_on = used.renews_on.isoformat()
        _insert(connection, "usage", who.customer_id, used.number, used.used_mb, used.included_mb, renews_on)
    for order in account.orders:
        _insert(
            connection,
            "orders",
            order.order_id,
            who.customer_id,
            order.name.es,
            order.name.en,
            order.status.value,
            order.placed_on.isoformat(),
            _iso(order.expected_on),
        )
    _write_complaints(connection, account)


def _write_line(connection: sqlite3.Connection, customer_id: str, line: Line) -> None:
    promotion = line.promotion
    _insert(
        connection,
        "lines",
        line.line_id,
        customer_id,
        line.number,
        line.tariff.code,
        line.status.value,
        line.since.isoformat(),
        _iso(line.permanence_ends),
        promotion and promotion.name.es,
        promotion and promotion.name.en,
        promotion and to_cents(promotion.discount),
        promotion and promotion.ends_on.isoformat(),
    )


def _write_bill(connection: sqlite3.Connection, customer_id: str, bill: Bill) -> None:
    _insert(
        connection,
        "bills",
        bill.number,
        customer_id,
        bill.period_start.isoformat(),
        bill.period_end.isoformat(),
        bill.issued_on.isoformat(),
        bill.due_on.isoformat(),
        to_cents(bill.total),
    )
    for position, item in enumerate(bill.items):
        amount = to_cents(item.amount)
        _insert(connection, "bill_items", bill.number, position, item.kind.value, item.name.es, item.name.en, amount)
    for payment in bill.payments:
        _insert(connection, "payments", bill.number, to_cents(payment.amount), payment.made_on.isoformat())


def _write_complaints(connection: sqlite3.Connection, account: Account) -> None:
    for told in account.complaints:
        new = NewComplaint(told.text, told.complaint.kind, told.language, "", account.customer.customer_id)
        write_complaint(connection, told.complaint, new, TOLD_KEY + told.complaint.code)


def write_complaint(connection: sqlite3.Connection, filed: Complaint, new: NewComplaint, key: str) -> None:
    _insert(
        connection,
        "complaints",
        filed.code,
        key,
        new.customer_id,
        new.conversation_id,
        filed.kind.value,
        filed.status.value,
        new.text,
        new.language,
        filed.filed_on.isoformat(),
        filed.answer_by.isoformat(),
    )


def _insert(connection: sqlite3.Connection, table: str, *values: object) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - our own table names


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
