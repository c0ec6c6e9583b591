"""Puts the demo operator's story, and what customers file, into the tables."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date

from actions.backend.cases import Booking
from actions.backend.cents import to_cents
from actions.backend.codec import encoded
from actions.backend.demo.requests import Dispute, Request
from actions.backend.demo.story import Account
from actions.backend.demo.tariffs import TARIFFS
from actions.backend.model import Bill, Complaint, Line, NewComplaint, Usage
from actions.backend.sqlite.schema import TOLD_TABLES

TOLD_KEY = "told:"
OF_BILLS = ("payments", "bill_items")
OF_CUSTOMERS = ("bills", "usage", "orders", "lines")
BILLS_OF = "SELECT number FROM bills WHERE customer_id = ?"


def replace_story(connection: sqlite3.Connection, accounts: Sequence[Account], as_of: date) -> None:
    """Everything that was told gives way to `accounts`; what customers filed themselves stays."""
    for table in TOLD_TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names above, nobody's input
    connection.execute("DELETE FROM complaints WHERE idempotency_key LIKE ?", (TOLD_KEY + "%",))
    _insert(connection, "told", as_of.isoformat())
    _write_tariffs(connection)
    for account in accounts:
        _write_facts(connection, account)
        _write_complaints(connection, account)


def replace_account(connection: sqlite3.Connection, account: Account) -> None:
    """The same for one customer, whose complaints on file stay as they are."""
    customer_id = account.customer.customer_id
    for table in OF_BILLS:
        connection.execute(f"DELETE FROM {table} WHERE bill_number IN ({BILLS_OF})", (customer_id,))  # noqa: S608
    for table in OF_CUSTOMERS:
        connection.execute(f"DELETE FROM {table} WHERE customer_id = ?", (customer_id,))  # noqa: S608
    connection.execute("DELETE FROM customers WHERE id = ?", (customer_id,))
    _write_facts(connection, account)


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
            tariff.roaming_mb,
            tariff.speed_mb,
            position,
        )


def _write_facts(connection: sqlite3.Connection, account: Account) -> None:
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
        who.street,
        who.city,
        who.email,
        who.contact_phone,
        who.direct_debit,
    )
    for line in account.lines:
        _write_line(connection, who.customer_id, line)
    for bill in account.bills:
        _write_bill(connection, who.customer_id, bill)
    for used in account.usage:
        _write_usage(connection, who.customer_id, used)
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


def _write_usage(connection: sqlite3.Connection, customer_id: str, used: Usage) -> None:
    past = " ".join(str(month) for month in used.past_mb)
    renews_on = used.renews_on.isoformat()
    _insert(connection, "usage", customer_id, used.number, used.used_mb, used.included_mb, renews_on, past)


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
        line.next_tariff and line.next_tariff.code,
        _iso(line.next_tariff_on),
        _iso(line.ends_on),
        None if line.credit is None else to_cents(line.credit),
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
        _insert(
            connection,
            "payments",
            bill.number,
            to_cents(payment.amount),
            payment.made_on.isoformat(),
            payment.method.value,
            payment.status.value,
        )


def _write_complaints(connection: sqlite3.Connection, account: Account) -> None:
    for told in account.complaints:
        new = NewComplaint(told.text, told.complaint.kind, told.language, "", account.customer.customer_id)
        write_complaint(connection, told.complaint, new, None, TOLD_KEY + told.complaint.code)


def write_complaint(
    connection: sqlite3.Connection, filed: Complaint, new: NewComplaint, dispute: Dispute | None, key: str
) -> None:
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
        dispute and dispute.bill_number,
        dispute and to_cents(dispute.amount),
    )


def write_request(connection: sqlite3.Connection, request: Request, key: str) -> None:
    _insert(
        connection,
        "requests",
        request.code,
        key,
        request.customer_id,
        request.kind.value,
        json.dumps(encoded(request.wish)),
        request.made_on.isoformat(),
        _iso(request.due_on),
        request.subject.es,
        request.subject.en,
        request.wish.slot_id if isinstance(request.wish, Booking) else None,
        int(request.is_withdrawn),
    )


def withdraw_request(connection: sqlite3.Connection, code: str) -> None:
    connection.execute("UPDATE requests SET is_withdrawn = 1 WHERE code = ?", (code,))


def _insert(connection: sqlite3.Connection, table: str, *values: object) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - our own table names


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
