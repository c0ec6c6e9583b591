"""A backend that answers what a test gives it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date

from actions.backend.cases import Case, CaseKind, CaseStatus
from actions.backend.model import (
    NOTHING,
    Arrears,
    Bill,
    Complaint,
    Customer,
    Line,
    NewComplaint,
    Order,
    Tariff,
    Usage,
    Words,
)
from actions.backend.network import Appointment, Slot

COMPLAINT = Words("Reclamación", "Complaint")


@dataclass
class FakeBackend:
    """Implements `Backend` for one customer. `delay_s` makes every answer slow."""

    given_lines: tuple[Line, ...] = ()
    given_bills: tuple[Bill, ...] = ()
    given_usage: tuple[Usage, ...] = ()
    given_orders: tuple[Order, ...] = ()
    given_complaints: tuple[Complaint, ...] = ()
    delay_s: float = 0.0
    sent_codes: list[tuple[str, str]] = field(default_factory=list)

    def check(self) -> None:
        time.sleep(self.delay_s)

    def tariffs(self) -> tuple[Tariff, ...]:
        self.check()
        return tuple(line.tariff for line in self.given_lines)

    def customer(self, customer_id: str) -> Customer:
        self.check()
        return Customer(customer_id, "Lucía", "es", "+34600001001", "28013", date(2026, 12, 1))

    def lines(self, customer_id: str) -> tuple[Line, ...]:
        self.check()
        return self.given_lines

    def bills(self, customer_id: str, newest: int = 12) -> tuple[Bill, ...]:
        self.check()
        return self.given_bills[:newest]

    def usage(self, customer_id: str) -> tuple[Usage, ...]:
        self.check()
        return self.given_usage

    def orders(self, customer_id: str) -> tuple[Order, ...]:
        self.check()
        return self.given_orders

    def arrears(self, customer_id: str) -> Arrears:
        self.check()
        owed = sum((bill.outstanding for bill in self.given_bills), NOTHING)
        return Arrears(owed, NOTHING, owed, None, 24)

    def slots(self, postcode: str) -> tuple[Slot, ...]:
        self.check()
        return ()

    def appointments(self, customer_id: str) -> tuple[Appointment, ...]:
        self.check()
        return ()

    def cases(self, customer_id: str | None, conversation_id: str) -> tuple[Case, ...]:
        self.check()
        return tuple(
            Case(told.code, CaseKind.COMPLAINT, CaseStatus(told.status.value), told.filed_on, told.answer_by, COMPLAINT)
            for told in self.given_complaints
        )

    def file_complaint(self, complaint: NewComplaint, idempotency_key: str) -> Complaint:
        raise AssertionError("nothing is filed in these tests")

    def complaints(self, customer_id: str | None, conversation_id: str) -> tuple[Complaint, ...]:
        self.check()
        return self.given_complaints

    def send_code(self, customer_id: str, text: str) -> None:
        self.check()
        self.sent_codes.append((customer_id, text))
