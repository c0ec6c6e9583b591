"""The demo operator's backend: a SQLite file that fills itself at first use and keeps up with the calendar."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.demo.story import Person, tell
from actions.backend.demo.texts import DemoTexts
from actions.backend.interface import UnknownCustomerError
from actions.backend.model import Bill, Complaint, ComplaintStatus, Customer, Line, NewComplaint, Order, Tariff, Usage
from actions.backend.sqlite import reading
from actions.backend.sqlite.connection import connected, transaction
from actions.backend.sqlite.writing import replace_story, write_complaint

DEMO_CUSTOMERS = Path(__file__).resolve().parent.parent / "demo_customers.json"

# Without letters and digits that are mistaken for one another when read aloud.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6


def read_people(path: Path = DEMO_CUSTOMERS) -> dict[str, Person]:
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {entry["id"]: Person(entry["id"], entry["name"], entry["locale"], entry["phone"]) for entry in entries}


class EmbeddedBackend:
    """Implements `Backend`. Any number of threads and processes may use the same file."""

    def __init__(self, path: Path, terms: ComplaintTerms, today: Callable[[], date]) -> None:
        self._path = path
        self._terms = terms
        self._today = today
        self._people = read_people()
        self.texts = DemoTexts()

    def check(self) -> None:
        with self._current():
            return

    def tariffs(self) -> tuple[Tariff, ...]:
        with self._current() as connection:
            return reading.read_tariffs(connection)

    def customer(self, customer_id: str) -> Customer:
        with self._account(customer_id) as (_, customer):
            return customer

    def customer_by_phone(self, phone: str) -> Customer | None:
        with self._current() as connection:
            return reading.read_customer_by_phone(connection, phone)

    def lines(self, customer_id: str) -> tuple[Line, ...]:
        with self._account(customer_id) as (connection, _):
            return reading.read_lines(connection, customer_id)

    def bills(self, customer_id: str, newest: int = 12) -> tuple[Bill, ...]:
        with self._account(customer_id) as (connection, _):
            bills = reading.read_bills(connection, customer_id)
        return bills[:newest] + tuple(bill for bill in bills[newest:] if bill.outstanding > 0)

    def usage(self, customer_id: str) -> tuple[Usage, ...]:
        with self._account(customer_id) as (connection, _):
            return reading.read_usage(connection, customer_id)

    def orders(self, customer_id: str) -> tuple[Order, ...]:
        with self._account(customer_id) as (connection, _):
            return reading.read_orders(connection, customer_id)

    def complaints(self, customer_id: str | None, conversation_id: str) -> tuple[Complaint, ...]:
        with self._current() as connection:
            return reading.read_complaints(connection, customer_id, conversation_id)

    def file_complaint(self, complaint: NewComplaint, idempotency_key: str) -> Complaint:
        with self._current() as connection, transaction(connection):
            filed = reading.read_complaint_filed_with(connection, idempotency_key)
            return filed or self._file(connection, complaint, idempotency_key)

    def send_code(self, customer_id: str, text: str) -> None:
        self.texts.send(self.customer(customer_id).phone, text)

    def _file(self, connection: sqlite3.Connection, complaint: NewComplaint, key: str) -> Complaint:
        filed_on = self._today()
        filed = Complaint(
            code=_new_code(),
            kind=complaint.kind,
            status=ComplaintStatus.RECEIVED,
            filed_on=filed_on,
            answer_by=self._terms.answer_by(complaint.kind, filed_on),
        )
        write_complaint(connection, filed, complaint, key)
        return filed

    @contextmanager
    def _account(self, customer_id: str) -> Iterator[tuple[sqlite3.Connection, Customer]]:
        with self._current() as connection:
            customer = reading.read_customer(connection, customer_id)
            if customer is None:
                raise UnknownCustomerError
            yield connection, customer

    @contextmanager
    def _current(self) -> Iterator[sqlite3.Connection]:
        """A connection to tables that tell the story as of today."""
        today = self._today()
        with connected(self._path) as connection:
            if _told(connection) != today:
                with transaction(connection):
                    self._tell(connection, today)
            yield connection

    def _tell(self, connection: sqlite3.Connection, today: date) -> None:
        if _told(connection) != today:  # unless another process was faster
            replace_story(connection, tell(self._people, today, self._terms), today)


def _told(connection: sqlite3.Connection) -> date | None:
    row = connection.execute("SELECT as_of FROM told").fetchone()
    return date.fromisoformat(row["as_of"]) if row else None


def _new_code() -> str:
    return "R-" + "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
