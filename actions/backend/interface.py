"""The one door to the operator's systems. Calls are synchronous; actions go through `calling.within_time`."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

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


class BackendUnavailableError(Exception):
    """The operator's system did not answer, or not as agreed: nothing is known and nothing was promised."""


class UnknownCustomerError(Exception):
    """The operator's system answered: there is no such customer."""


class Reads(Protocol):
    """What actions may ask. Any call may raise BackendUnavailableError, those about a customer UnknownCustomerError."""

    def check(self) -> None:
        """Returns when the system answers."""

    def tariffs(self) -> tuple[Tariff, ...]:
        """What is on sale."""

    def bonuses(self) -> tuple[Bonus, ...]:
        """The extra data on sale, smallest first."""

    def prepaid_amounts(self) -> tuple[Decimal, ...]:
        """What a prepaid line can be topped up with, smallest first."""

    def incidents(self, postcode: str) -> tuple[Incident, ...]:
        """What is known to be wrong in an area just now, newest first."""

    def slots(self, postcode: str) -> tuple[Slot, ...]:
        """When a technician can come to an area: the free slots of the next two weeks or so, earliest first."""

    def customer(self, customer_id: str) -> Customer: ...

    def customer_by_phone(self, phone: str) -> Customer | None:
        """Whose number this is (digits, with or without country code), if it belongs to exactly one customer."""

    def lines(self, customer_id: str) -> tuple[Line, ...]: ...

    def bills(self, customer_id: str, newest: int = 12) -> tuple[Bill, ...]:
        """The newest bills, newest first, and every older one that is still owed."""

    def payments(self, customer_id: str) -> tuple[Payment, ...]:
        """Payments of the last twelve months, newest first, returned ones too."""

    def arrears(self, customer_id: str) -> Arrears: ...

    def usage(self, customer_id: str) -> tuple[Usage, ...]:
        """The running month of each mobile line."""

    def orders(self, customer_id: str) -> tuple[Order, ...]:
        """Newest first."""

    def appointments(self, customer_id: str) -> tuple[Appointment, ...]:
        """Visits from today on, earliest first."""

    def complaints(self, customer_id: str | None, conversation_id: str) -> tuple[Complaint, ...]:
        """Newest first: the customer's, or with no customer those filed anonymously in this conversation."""

    def cases(self, customer_id: str | None, conversation_id: str) -> tuple[Case, ...]:
        """Requests of every kind, complaints too, newest first; with no customer, as in `complaints`."""

    def plan_change_quote(self, customer_id: str, line_id: str, tariff_code: str) -> PlanChangeQuote:
        """What the change would mean; RequestRefusedError where it cannot be made."""

    def cancellation_quote(self, customer_id: str, line_id: str) -> CancellationQuote:
        """What leaving would cost and mean; RequestRefusedError where the line ends already."""


class Writes(Protocol):
    """What actions may have done. Besides the errors of `Reads`, each may raise RequestRefusedError.

    The same idempotency key again changes nothing and gives what it gave before.
    """

    def file_complaint(self, complaint: NewComplaint, idempotency_key: str) -> Complaint:
        """Puts a complaint on file. One about an undue charge keeps lines from being cut for the disputed sum."""

    def change_plan(self, customer_id: str, change: PlanChange, idempotency_key: str) -> Case: ...

    def add_data(self, customer_id: str, extra: ExtraData, idempotency_key: str) -> Case:
        """A bonus, active at once, on the next bill or off the credit."""

    def top_up(self, customer_id: str, top_up: TopUp, idempotency_key: str) -> Case:
        """Credit, there at once."""

    def set_direct_debit(self, customer_id: str, debit: DirectDebit, idempotency_key: str) -> Case:
        """From the next bill on. Only the masked account is ever shown again."""

    def change_contact(self, customer_id: str, change: ContactChange, idempotency_key: str) -> Case: ...

    def book_appointment(self, customer_id: str, booking: Booking, idempotency_key: str) -> Case:
        """One visit in one slot; SLOT_TAKEN to whoever comes second."""

    def cancel_line(self, customer_id: str, cancellation: Cancellation, idempotency_key: str) -> Case:
        """Ends the line as quoted; TERMS_CHANGED when the quote no longer holds."""

    def send_code(self, customer_id: str, text: str) -> None:
        """Sends this text message, which holds a one-time code, to the customer's number on file."""


class Backend(Reads, Writes, Protocol):
    """The operator's system."""
