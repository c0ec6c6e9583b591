"""Where each call of `Backend` goes, what it takes and what it gives. openapi.yml says the same to the other side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.backend.cases import (
    Booking,
    Cancellation,
    CancellationQuote,
    Case,
    ContactChange,
    DirectDebit,
    ExtraData,
    PlanChange,
    PlanChangeQuote,
    TopUp,
)
from actions.backend.model import (
    Arrears,
    Bill,
    Bonus,
    Complaint,
    Customer,
    Line,
    NewComplaint,
    Order,
    Payment,
    Tariff,
    Usage,
)
from actions.backend.network import Appointment, Incident, Slot


@dataclass(frozen=True)
class Phone:
    """A number by which a customer is looked for, in international form."""

    phone: str


@dataclass(frozen=True)
class TextMessage:
    """What is sent to the customer's number on file."""

    text: str


@dataclass(frozen=True)
class Route:
    """One operation. `takes` is the type of the body, `gives` that of the answer; None where there is none."""

    method: str
    path: str
    gives: Any = None
    takes: Any = None
    query: tuple[str, ...] = ()
    is_keyed: bool = False
    """Carries an idempotency key: it may be sent again, and does its work once."""


def _read(path: str, gives: Any, *query: str) -> Route:
    return Route("GET", path, gives, query=query)


def _write(path: str, takes: Any, gives: Any = Case) -> Route:
    return Route("POST", path, gives, takes, is_keyed=True)


CUSTOMER = "/customers/{customer_id}"
LINE = CUSTOMER + "/lines/{line_id}"

ROUTES: Mapping[str, Route] = {
    "check": _read("/health", None),
    "tariffs": _read("/tariffs", tuple[Tariff, ...]),
    "bonuses": _read("/bonuses", tuple[Bonus, ...]),
    "prepaid_amounts": _read("/prepaid-amounts", tuple[Decimal, ...]),
    "incidents": _read("/incidents", tuple[Incident, ...], "postcode"),
    "slots": _read("/slots", tuple[Slot, ...], "postcode"),
    "customer": _read(CUSTOMER, Customer),
    "customer_by_phone": Route("POST", "/customers/by-phone", Customer, Phone),
    "lines": _read(CUSTOMER + "/lines", tuple[Line, ...]),
    "bills": _read(CUSTOMER + "/bills", tuple[Bill, ...], "newest"),
    "payments": _read(CUSTOMER + "/payments", tuple[Payment, ...]),
    "arrears": _read(CUSTOMER + "/arrears", Arrears),
    "usage": _read(CUSTOMER + "/usage", tuple[Usage, ...]),
    "orders": _read(CUSTOMER + "/orders", tuple[Order, ...]),
    "appointments": _read(CUSTOMER + "/appointments", tuple[Appointment, ...]),
    "complaints": _read(CUSTOMER + "/complaints", tuple[Complaint, ...]),
    "cases": _read(CUSTOMER + "/cases", tuple[Case, ...]),
    "complaints_in_conversation": _read("/complaints", tuple[Complaint, ...], "conversation_id"),
    "cases_in_conversation": _read("/cases", tuple[Case, ...], "conversation_id"),
    "plan_change_quote": _read(LINE + "/plan-change-quote", PlanChangeQuote, "tariff_code"),
    "cancellation_quote": _read(LINE + "/cancellation-quote", CancellationQuote),
    "file_complaint": _write("/complaints", NewComplaint, Complaint),
    "change_plan": _write(CUSTOMER + "/plan-changes", PlanChange),
    "add_data": _write(CUSTOMER + "/extra-data", ExtraData),
    "top_up": _write(CUSTOMER + "/top-ups", TopUp),
    "set_direct_debit": _write(CUSTOMER + "/direct-debits", DirectDebit),
    "change_contact": _write(CUSTOMER + "/contact-changes", ContactChange),
    "book_appointment": _write(CUSTOMER + "/appointments", Booking),
    "cancel_line": _write(CUSTOMER + "/cancellations", Cancellation),
    "send_code": Route("POST", CUSTOMER + "/text-messages", None, TextMessage),
}
