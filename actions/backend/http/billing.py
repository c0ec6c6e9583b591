"""The operator's billing system over HTTP."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote

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
    Refusal,
    RequestRefusedError,
    TopUp,
)
from actions.backend.codec import encoded
from actions.backend.http.connection import Connection
from actions.backend.http.routes import ROUTES, Phone, TextMessage
from actions.backend.iban import InvalidIbanError, masked, normalised
from actions.backend.interface import UnknownCustomerError
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
    Words,
)
from actions.backend.network import Appointment, Incident, Slot
from actions.backend.phones import international


class HttpBackend:
    """Implements `Backend`. Each call is one operation of openapi.yml, whose name it has."""

    def __init__(self, url: str, token: str) -> None:
        self._connection = Connection(url, token)

    def check(self) -> None:
        self._call("check")

    def tariffs(self) -> tuple[Tariff, ...]:
        return self._call("tariffs")

    def bonuses(self) -> tuple[Bonus, ...]:
        return self._call("bonuses")

    def prepaid_amounts(self) -> tuple[Decimal, ...]:
        return self._call("prepaid_amounts")

    def incidents(self, postcode: str) -> tuple[Incident, ...]:
        return self._call("incidents", postcode=postcode)

    def slots(self, postcode: str) -> tuple[Slot, ...]:
        return self._call("slots", postcode=postcode)

    def customer(self, customer_id: str) -> Customer:
        return _with_hidden_account(self._call("customer", customer_id=customer_id))

    def customer_by_phone(self, phone: str) -> Customer | None:
        try:
            return _with_hidden_account(self._call("customer_by_phone", Phone(international(phone))))
        except UnknownCustomerError:
            return None

    def lines(self, customer_id: str) -> tuple[Line, ...]:
        return self._call("lines", customer_id=customer_id)

    def bills(self, customer_id: str, newest: int = 12) -> tuple[Bill, ...]:
        return self._call("bills", customer_id=customer_id, newest=newest)

    def payments(self, customer_id: str) -> tuple[Payment, ...]:
        return self._call("payments", customer_id=customer_id)

    def arrears(self, customer_id: str) -> Arrears:
        return self._call("arrears", customer_id=customer_id)

    def usage(self, customer_id: str) -> tuple[Usage, ...]:
        return self._call("usage", customer_id=customer_id)

    def orders(self, customer_id: str) -> tuple[Order, ...]:
        return self._call("orders", customer_id=customer_id)

    def appointments(self, customer_id: str) -> tuple[Appointment, ...]:
        return self._call("appointments", customer_id=customer_id)

    def complaints(self, customer_id: str | None, conversation_id: str) -> tuple[Complaint, ...]:
        if customer_id is None:
            return self._call("complaints_in_conversation", conversation_id=conversation_id)
        return self._call("complaints", customer_id=customer_id)

    def cases(self, customer_id: str | None, conversation_id: str) -> tuple[Case, ...]:
        if customer_id is None:
            return self._call("cases_in_conversation", conversation_id=conversation_id)
        return self._call("cases", customer_id=customer_id)

    def plan_change_quote(self, customer_id: str, line_id: str, tariff_code: str) -> PlanChangeQuote:
        return self._call("plan_change_quote", customer_id=customer_id, line_id=line_id, tariff_code=tariff_code)

    def cancellation_quote(self, customer_id: str, line_id: str) -> CancellationQuote:
        return self._call("cancellation_quote", customer_id=customer_id, line_id=line_id)

    def file_complaint(self, complaint: NewComplaint, idempotency_key: str) -> Complaint:
        return self._call("file_complaint", complaint, idempotency_key)

    def change_plan(self, customer_id: str, change: PlanChange, idempotency_key: str) -> Case:
        return self._call("change_plan", change, idempotency_key, customer_id=customer_id)

    def add_data(self, customer_id: str, extra: ExtraData, idempotency_key: str) -> Case:
        return self._call("add_data", extra, idempotency_key, customer_id=customer_id)

    def top_up(self, customer_id: str, top_up: TopUp, idempotency_key: str) -> Case:
        return self._call("top_up", top_up, idempotency_key, customer_id=customer_id)

    def set_direct_debit(self, customer_id: str, debit: DirectDebit, idempotency_key: str) -> Case:
        try:
            checked = DirectDebit(normalised(debit.iban))
        except InvalidIbanError:
            raise RequestRefusedError(Refusal.INVALID_IBAN) from None
        case: Case = self._call("set_direct_debit", checked, idempotency_key, customer_id=customer_id)
        return replace(case, subject=Words(_hidden(case.subject.es), _hidden(case.subject.en)))

    def change_contact(self, customer_id: str, change: ContactChange, idempotency_key: str) -> Case:
        return self._call("change_contact", change, idempotency_key, customer_id=customer_id)

    def book_appointment(self, customer_id: str, booking: Booking, idempotency_key: str) -> Case:
        return self._call("book_appointment", booking, idempotency_key, customer_id=customer_id)

    def cancel_line(self, customer_id: str, cancellation: Cancellation, idempotency_key: str) -> Case:
        return self._call("cancel_line", cancellation, idempotency_key, customer_id=customer_id)

    def send_code(self, customer_id: str, text: str) -> None:
        self._call("send_code", TextMessage(text), customer_id=customer_id)

    def _call(self, name: str, body: Any = None, idempotency_key: str | None = None, **values: Any) -> Any:
        route = ROUTES[name]
        query = {key: value for key, value in values.items() if key in route.query}
        path = route.path.format(**{key: quote(str(value), safe="") for key, value in values.items()})
        return self._connection.call(route, path, query, None if body is None else encoded(body), idempotency_key)


def _with_hidden_account(customer: Customer) -> Customer:
    """However the other side shows the account: nobody here sees more than its end."""
    account = customer.direct_debit
    return customer if account is None else replace(customer, direct_debit=_hidden(account))


def _hidden(text: str) -> str:
    try:
        return masked(normalised(text))
    except InvalidIbanError:
        return text
