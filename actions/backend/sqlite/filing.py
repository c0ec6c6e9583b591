"""Turns wishes into requests on file: on today's terms, once per idempotency key. All inside one transaction."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import date

from actions.backend.cases import (
    Booking,
    Cancellation,
    CaseKind,
    ContactChange,
    DirectDebit,
    ExtraData,
    PlanChange,
    Refusal,
    RequestRefusedError,
    TopUp,
)
from actions.backend.demo import permission
from actions.backend.demo.network import postcode_of, slot_of, slots_at
from actions.backend.demo.requests import KINDS, Request, Wish
from actions.backend.demo.tariffs import BONUS_BY_CODE
from actions.backend.model import Customer, Line, Words
from actions.backend.sqlite.filed import read_booked_slots, read_requests
from actions.backend.sqlite.reading import read_lines
from actions.backend.sqlite.writing import withdraw_request, write_request

# Without letters and digits that are mistaken for one another when read aloud.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6
VISIT = Words("Visita del técnico", "Technician's visit")
CONTACT = {
    "address": Words("dirección", "address"),
    "email": Words("correo electrónico", "e-mail"),
    "phone": Words("teléfono de contacto", "contact phone"),
}


def new_code(letter: str) -> str:
    """«R-…» for a complaint, «G-…» for a request."""
    return f"{letter}-" + "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


@dataclass(frozen=True)
class Filing:
    """One wish of one customer, on the terms of one day. RequestRefusedError where it is not granted."""

    connection: sqlite3.Connection
    customer: Customer
    today: date
    holidays: frozenset[date]

    def file(self, wish: Wish, key: str) -> Request:
        kept, due_on, subject = self._granted(wish)
        kind = next(kind for kind, wishes in KINDS.items() if isinstance(kept, wishes))
        code = new_code("G")
        request = Request(code, self.customer.customer_id, kind, kept, self.today, due_on, subject)
        write_request(self.connection, request, key)
        return request

    def _granted(self, wish: Wish) -> tuple[Wish, date | None, Words]:
        """The wish as it is kept, the day it takes effect if that is not now, and what it is called."""
        if isinstance(wish, Booking):
            return self._booked(wish)
        if isinstance(wish, DirectDebit):
            debit = permission.kept_debit(wish)
            return debit, None, Words(f"Domiciliación en {debit.iban}", f"Direct debit from {debit.iban}")
        if isinstance(wish, ContactChange):
            change = permission.kept_contact(wish)
            return change, None, _changed(change)
        due_on, subject = self._granted_on(self._line(wish.line_id), wish)
        return wish, due_on, subject

    def _granted_on(self, line: Line, wish: PlanChange | Cancellation | ExtraData | TopUp) -> tuple[date | None, Words]:
        """The same of a wish about one line."""
        if isinstance(wish, PlanChange):
            change = permission.plan_change_quote(line, wish.tariff_code, self.customer.next_bill_on)
            permission.check_plan_change(wish, change)
            plan = change.tariff.name
            return change.effective_on, Words(f"Cambio a {plan.es}", f"Change to {plan.en}")
        if isinstance(wish, Cancellation):
            permission.check_cancellation(wish, permission.cancellation_quote(line, self.today, self.holidays))
            return wish.effective_on, _of_line(line, "Baja", "Cancellation")
        if isinstance(wish, ExtraData):
            permission.check_extra_data(wish, line)
            return None, BONUS_BY_CODE[wish.bonus_code].name
        permission.check_top_up(wish, line, self.customer)
        return None, _of_line(line, "Recarga", "Top-up")

    def _booked(self, booking: Booking) -> tuple[Wish, date, Words]:
        postcode = postcode_of(booking.slot_id)
        offered = slots_at(postcode, self.today, self.holidays) if postcode else ()
        if booking.slot_id not in {slot.slot_id for slot in offered}:
            raise RequestRefusedError(Refusal.UNKNOWN_SLOT)
        if booking.slot_id in read_booked_slots(self.connection):
            raise RequestRefusedError(Refusal.SLOT_TAKEN)
        if booking.replaces is not None:
            withdraw_request(self.connection, self._open_appointment(booking.replaces))
        return booking, slot_of(booking.slot_id).day, VISIT

    def _open_appointment(self, code: str) -> str:
        for request in read_requests(self.connection, self.customer.customer_id):
            is_open = request.kind is CaseKind.APPOINTMENT and not request.is_withdrawn
            if request.code == code and is_open and request.due_on and request.due_on > self.today:
                return code
        raise RequestRefusedError(Refusal.UNKNOWN_APPOINTMENT)

    def _line(self, line_id: str) -> Line:
        return permission.line_among(read_lines(self.connection, self.customer.customer_id), line_id)


def _of_line(line: Line, what_es: str, what_en: str) -> Words:
    """What is done, and to which line: by its number, or by its plan where it has none."""
    name = Words(line.number, line.number) if line.number else line.tariff.name
    return Words(f"{what_es} de {name.es}", f"{what_en} of {name.en}")


def _changed(change: ContactChange) -> Words:
    names = [words for field, words in CONTACT.items() if getattr(change, field) is not None]
    es, en = ", ".join(name.es for name in names), ", ".join(name.en for name in names)
    return Words(f"Cambio de {es}", f"Change of {en}")
