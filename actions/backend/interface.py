"""The one door to the operator's systems. Calls are synchronous; actions go through `calling.within_time`."""

from __future__ import annotations

from typing import Protocol

from actions.backend.model import Bill, Complaint, Customer, Line, NewComplaint, Order, Tariff, Usage


class BackendUnavailableError(Exception):
    """The operator's system did not answer, or not as agreed: nothing is known and nothing was promised."""


class UnknownCustomerError(Exception):
    """The operator's system answered: there is no such customer."""


class Backend(Protocol):
    """What actions may ask. Any call may raise BackendUnavailableError, those about a customer UnknownCustomerError."""

    def check(self) -> None:
        """Returns when the system answers."""

    def tariffs(self) -> tuple[Tariff, ...]:
        """What is on sale."""

    def customer(self, customer_id: str) -> Customer: ...

    def customer_by_phone(self, phone: str) -> Customer | None:
        """Whose number this is (digits, with or without country code), if it belongs to exactly one customer."""

    def lines(self, customer_id: str) -> tuple[Line, ...]: ...

    def bills(self, customer_id: str, newest: int = 12) -> tuple[Bill, ...]:
        """The newest bills, newest first, and every older one that is still owed."""

    def usage(self, customer_id: str) -> tuple[Usage, ...]:
        """The running month of each mobile line."""

    def orders(self, customer_id: str) -> tuple[Order, ...]:
        """Newest first."""

    def file_complaint(self, complaint: NewComplaint, idempotency_key: str) -> Complaint:
        """Puts a complaint on file. The same key again changes nothing and gives the complaint that was filed."""

    def complaints(self, customer_id: str | None, conversation_id: str) -> tuple[Complaint, ...]:
        """Newest first: the customer's, or with no customer those filed anonymously in this conversation."""

    def send_code(self, customer_id: str, text: str) -> None:
        """Sends this text message, which holds a one-time code, to the customer's number on file."""
