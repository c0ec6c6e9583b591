"""The demo operator's backend: a SQLite file that fills itself at first use and keeps up with the calendar."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, tzinfo
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from actions.backend.calendar_days import add_months
from actions.backend.cases import (
    Booking,
    Cancellation,
    CancellationQuote,
    Case,
    CaseKind,
    CaseStatus,
    ContactChange,
    DirectDebit,
    ExtraData,
    PlanChange,
    PlanChangeQuote,
    TopUp,
)
from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.demo import permission
from actions.backend.demo.accounts import Person
from actions.backend.demo.debts import arrears_of, dispute_of
from actions.backend.demo.network import incidents_at, slot_of, slots_at
from actions.backend.demo.requests import Asked, Wish
from actions.backend.demo.story import tell, tell_account
from actions.backend.demo.tariffs import BONUSES, PREPAID_AMOUNTS
from actions.backend.demo.texts import DemoTexts
from actions.backend.interface import UnknownCustomerError
from actions.backend.model import (
    Arrears,
    Bill,
    Bonus,
    Complaint,
    ComplaintStatus,
    Customer,
    Line,
    NewComplaint,
    Order,
    Payment,
    Tariff,
    Usage,
    Words,
)
from actions.backend.network import Appointment, Incident, Slot
from actions.backend.sqlite import filed, reading
from actions.backend.sqlite.connection import connected, transaction
from actions.backend.sqlite.filing import Filing, new_code
from actions.backend.sqlite.writing import replace_account, replace_story, write_complaint

DEMO_CUSTOMERS = Path(__file__).resolve().parent.parent / "demo_customers.json"
MONTHS_OF_PAYMENTS = 12
COMPLAINT = Words("Reclamación", "Complaint")
OPERATOR_ZONE = ZoneInfo("Europe/Madrid")


def read_people(path: Path = DEMO_CUSTOMERS) -> dict[str, Person]:
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {entry["id"]: Person(entry["id"], entry["name"], entry["locale"], entry["phone"]) for entry in entries}


class EmbeddedBackend:
    """Implements `Backend`. Any number of threads and processes may use the same file."""

    def __init__(
        self, path: Path, terms: ComplaintTerms, today: Callable[[], date], zone: tzinfo = OPERATOR_ZONE
    ) -> None:
        self._path = path
        self._terms = terms
        self._today = today
        self._zone = zone
        self._people = read_people()
        self.texts = DemoTexts()

    def check(self) -> None:
        with self._current():
            return

    def tariffs(self) -> tuple[Tariff, ...]:
        with self._snapshot() as connection:
            return reading.read_tariffs(connection)

    def bonuses(self) -> tuple[Bonus, ...]:
        return BONUSES

    def prepaid_amounts(self) -> tuple[Decimal, ...]:
        return PREPAID_AMOUNTS

    def incidents(self, postcode: str) -> tuple[Incident, ...]:
        return incidents_at(postcode, self._today(), self._zone)

    def slots(self, postcode: str) -> tuple[Slot, ...]:
        with self._snapshot() as connection:
            booked = filed.read_booked_slots(connection)
        offered = slots_at(postcode, self._today(), self._terms.holidays)
        return tuple(slot for slot in offered if slot.slot_id not in booked)

    def customer(self, customer_id: str) -> Customer:
        with self._account(customer_id) as (_, customer):
            return customer

    def customer_by_phone(self, phone: str) -> Customer | None:
        with self._snapshot() as connection:
            return reading.read_customer_by_phone(connection, phone)

    def lines(self, customer_id: str) -> tuple[Line, ...]:
        with self._account(customer_id) as (connection, _):
            return reading.read_lines(connection, customer_id)

    def bills(self, customer_id: str, newest: int = 12) -> tuple[Bill, ...]:
        with self._account(customer_id) as (connection, _):
            bills = reading.read_bills(connection, customer_id)
        return bills[:newest] + tuple(bill for bill in bills[newest:] if bill.outstanding > 0)

    def payments(self, customer_id: str) -> tuple[Payment, ...]:
        since = add_months(self._today(), -MONTHS_OF_PAYMENTS)
        with self._account(customer_id) as (connection, _):
            bills = reading.read_bills(connection, customer_id)
        recent = (payment for bill in bills for payment in bill.payments if payment.made_on >= since)
        return tuple(sorted(recent, key=lambda payment: payment.made_on, reverse=True))

    def arrears(self, customer_id: str) -> Arrears:
        with self._account(customer_id) as (connection, _):
            bills = reading.read_bills(connection, customer_id)
            lines = reading.read_lines(connection, customer_id)
            asked = filed.read_asked(connection).get(customer_id, Asked())
        return arrears_of(bills, lines, asked, self._today())

    def usage(self, customer_id: str) -> tuple[Usage, ...]:
        with self._account(customer_id) as (connection, _):
            return reading.read_usage(connection, customer_id)

    def orders(self, customer_id: str) -> tuple[Order, ...]:
        with self._account(customer_id) as (connection, _):
            return reading.read_orders(connection, customer_id)

    def appointments(self, customer_id: str) -> tuple[Appointment, ...]:
        with self._account(customer_id) as (connection, _):
            requests = filed.read_requests(connection, customer_id)
        booked = (
            Appointment(request.code, slot_of(request.wish.slot_id))
            for request in requests
            if isinstance(request.wish, Booking) and not request.is_withdrawn
        )
        ahead = (appointment for appointment in booked if appointment.slot.day >= self._today())
        return tuple(sorted(ahead, key=lambda appointment: (appointment.slot.day, appointment.slot.from_hour)))

    def complaints(self, customer_id: str | None, conversation_id: str) -> tuple[Complaint, ...]:
        with self._snapshot() as connection:
            return filed.read_complaints(connection, customer_id, conversation_id)

    def cases(self, customer_id: str | None, conversation_id: str) -> tuple[Case, ...]:
        with self._snapshot() as connection:
            complaints = filed.read_complaints(connection, customer_id, conversation_id)
            requests = filed.read_requests(connection, customer_id) if customer_id else ()
        cases = [*(request.as_case(self._today()) for request in requests), *map(_case_of, complaints)]
        return tuple(sorted(cases, key=lambda case: case.opened_on, reverse=True))

    def plan_change_quote(self, customer_id: str, line_id: str, tariff_code: str) -> PlanChangeQuote:
        with self._account(customer_id) as (connection, customer):
            line = permission.line_among(reading.read_lines(connection, customer_id), line_id)
        return permission.plan_change_quote(line, tariff_code, customer.next_bill_on)

    def cancellation_quote(self, customer_id: str, line_id: str) -> CancellationQuote:
        with self._account(customer_id) as (connection, _):
            line = permission.line_among(reading.read_lines(connection, customer_id), line_id)
        return permission.cancellation_quote(line, self._today(), self._terms.holidays)

    def change_plan(self, customer_id: str, change: PlanChange, idempotency_key: str) -> Case:
        return self._request(customer_id, change, idempotency_key)

    def add_data(self, customer_id: str, extra: ExtraData, idempotency_key: str) -> Case:
        return self._request(customer_id, extra, idempotency_key)

    def top_up(self, customer_id: str, top_up: TopUp, idempotency_key: str) -> Case:
        return self._request(customer_id, top_up, idempotency_key)

    def set_direct_debit(self, customer_id: str, debit: DirectDebit, idempotency_key: str) -> Case:
        return self._request(customer_id, debit, idempotency_key)

    def change_contact(self, customer_id: str, change: ContactChange, idempotency_key: str) -> Case:
        return self._request(customer_id, change, idempotency_key)

    def book_appointment(self, customer_id: str, booking: Booking, idempotency_key: str) -> Case:
        return self._request(customer_id, booking, idempotency_key)

    def cancel_line(self, customer_id: str, cancellation: Cancellation, idempotency_key: str) -> Case:
        return self._request(customer_id, cancellation, idempotency_key)

    def file_complaint(self, complaint: NewComplaint, idempotency_key: str) -> Complaint:
        with self._current() as connection, transaction(connection):
            known = filed.read_complaint_filed_with(connection, idempotency_key)
            return known or self._file(connection, complaint, idempotency_key)

    def send_code(self, customer_id: str, text: str) -> None:
        self.texts.send(self.customer(customer_id).phone, text)

    def _file(self, connection: sqlite3.Connection, complaint: NewComplaint, key: str) -> Complaint:
        filed_on = self._today()
        customer_id = complaint.customer_id or ""
        asked = filed.read_asked(connection).get(customer_id, Asked())
        dispute = dispute_of(complaint, reading.read_bills(connection, customer_id), asked)
        answered = Complaint(
            code=new_code("R"),
            kind=complaint.kind,
            status=ComplaintStatus.RECEIVED,
            filed_on=filed_on,
            answer_by=self._terms.answer_by(complaint.kind, filed_on),
            disputed=dispute and dispute.amount,
        )
        write_complaint(connection, answered, complaint, dispute, key)
        if dispute is not None:
            self._tell_anew(connection, customer_id)
        return answered

    def _request(self, customer_id: str, wish: Wish, key: str) -> Case:
        """Files the wish and tells the story with it, together."""
        today = self._today()
        with self._current() as connection, transaction(connection):
            request = filed.read_request_made_with(connection, customer_id, key)
            if request is None:
                customer = reading.read_customer(connection, customer_id)
                if customer is None:
                    raise UnknownCustomerError
                request = Filing(connection, customer, today, self._terms.holidays).file(wish, key)
                self._tell_anew(connection, customer_id)
        return request.as_case(today)

    @contextmanager
    def _account(self, customer_id: str) -> Iterator[tuple[sqlite3.Connection, Customer]]:
        with self._snapshot() as connection:
            customer = reading.read_customer(connection, customer_id)
            if customer is None:
                raise UnknownCustomerError
            yield connection, customer

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the story, whatever others write meanwhile."""
        with self._current() as connection:
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def _current(self) -> Iterator[sqlite3.Connection]:
        """A connection to tables that tell the story as of today."""
        with connected(self._path) as connection:
            if _told(connection) != self._today():
                with transaction(connection):
                    if _told(connection) != self._today():  # unless another process was faster
                        self._tell(connection)
            yield connection

    def _tell_anew(self, connection: sqlite3.Connection, customer_id: str) -> None:
        """The account of a customer for whom something has just been filed."""
        asked = filed.read_asked(connection).get(customer_id, Asked())
        replace_account(connection, tell_account(self._people[customer_id], self._today(), self._terms, asked))

    def _tell(self, connection: sqlite3.Connection) -> None:
        today = self._today()
        replace_story(connection, tell(self._people, today, self._terms, filed.read_asked(connection)), today)


def _told(connection: sqlite3.Connection) -> date | None:
    row = connection.execute("SELECT as_of FROM told").fetchone()
    return date.fromisoformat(row["as_of"]) if row else None


def _case_of(complaint: Complaint) -> Case:
    status = CaseStatus(complaint.status.value)
    return Case(complaint.code, CaseKind.COMPLAINT, status, complaint.filed_on, complaint.answer_by, COMPLAINT)
