"""What a customer may ask to be done, what it would mean, and what becomes of it. Money is Decimal, VAT included."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from actions.backend.model import Tariff, Words


class Refusal(str, Enum):
    """Why the operator does not do what was asked. Nothing has changed then."""

    UNKNOWN_LINE = "unknown_line"
    LINE_ENDING = "line_ending"
    LINE_SUSPENDED = "line_suspended"
    UNKNOWN_TARIFF = "unknown_tariff"
    SAME_TARIFF = "same_tariff"
    OTHER_KIND = "other_kind"
    CHANGE_PENDING = "change_pending"
    TERMS_CHANGED = "terms_changed"
    UNKNOWN_BONUS = "unknown_bonus"
    NO_DATA_LIMIT = "no_data_limit"
    NOT_PREPAID = "not_prepaid"
    AMOUNT_NOT_OFFERED = "amount_not_offered"
    NO_PAYMENT_METHOD = "no_payment_method"
    INVALID_IBAN = "invalid_iban"
    INVALID_CONTACT = "invalid_contact"
    UNKNOWN_SLOT = "unknown_slot"
    SLOT_TAKEN = "slot_taken"
    UNKNOWN_APPOINTMENT = "unknown_appointment"


class RequestRefusedError(Exception):
    """The operator's system answered: it does not do this, for `reason`."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class CaseKind(str, Enum):
    COMPLAINT = "complaint"
    PLAN_CHANGE = "plan_change"
    EXTRA_DATA = "extra_data"
    TOP_UP = "top_up"
    DIRECT_DEBIT = "direct_debit"
    CONTACT_CHANGE = "contact_change"
    APPOINTMENT = "appointment"
    CANCELLATION = "cancellation"


class CaseStatus(str, Enum):
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    DONE = "done"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Case:
    """Anything the customer asked for, under the code they were given.

    `due_on` is the day by which a complaint is answered, or on which a change takes effect or a technician comes.
    """

    code: str
    kind: CaseKind
    status: CaseStatus
    opened_on: date
    due_on: date | None
    subject: Words


@dataclass(frozen=True)
class PlanChangeQuote:
    """What a plan change would mean. `monthly_price` is what the line costs then, its promotion taken off."""

    line_id: str
    tariff: Tariff
    effective_on: date
    monthly_price: Decimal
    difference: Decimal
    """Per month against today's price; negative when it gets cheaper."""


@dataclass(frozen=True)
class CancellationQuote:
    """What leaving costs and means. `number_lost` is None where there is no number, or none that would be lost."""

    line_id: str
    penalty: Decimal
    permanence_ends: date | None
    effective_on: date
    number_lost: str | None


@dataclass(frozen=True)
class PlanChange:
    """As quoted: `effective_on` is the quote's."""

    line_id: str
    tariff_code: str
    effective_on: date


@dataclass(frozen=True)
class ExtraData:
    """A bonus of the catalogue for a line's running month."""

    line_id: str
    bonus_code: str


@dataclass(frozen=True)
class TopUp:
    """Credit for a prepaid line, charged to the account on file."""

    line_id: str
    amount: Decimal


@dataclass(frozen=True)
class DirectDebit:
    """The account from which bills are taken, in any spelling of an IBAN."""

    iban: str = field(repr=False)


@dataclass(frozen=True)
class PostalAddress:
    street: str
    postcode: str
    city: str


@dataclass(frozen=True)
class ContactChange:
    """Only what is given changes. The phone is one to be called at; whose an account is, is never shown by it."""

    address: PostalAddress | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Booking:
    """A technician in one of the slots offered. `replaces` is the code of the appointment this one moves."""

    slot_id: str
    replaces: str | None = None


@dataclass(frozen=True)
class Cancellation:
    """As quoted: who leaves has been told this day and this penalty."""

    line_id: str
    effective_on: date
    penalty: Decimal
