"""What the operator knows about a customer, as plain facts. Money is Decimal in EUR, VAT included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Words:
    """The operator's own name for something, in both languages."""

    es: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.es


class LineKind(str, Enum):
    MOBILE = "mobile"
    FIBRE = "fibre"
    BUNDLE = "bundle"


class LineStatus(str, Enum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class ItemKind(str, Enum):
    PLAN = "plan"
    DISCOUNT = "discount"
    ROAMING = "roaming"
    PREMIUM_SMS = "premium_sms"
    INTERNATIONAL = "international"
    EXTRA_DATA = "extra_data"
    LATE_FEE = "late_fee"


class OrderStatus(str, Enum):
    RECEIVED = "received"
    SCHEDULED = "scheduled"
    SHIPPED = "shipped"
    DONE = "done"


class ComplaintKind(str, Enum):
    GENERAL = "general"
    UNDUE_CHARGE = "undue_charge"


class ComplaintStatus(str, Enum):
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Customer:
    customer_id: str
    name: str
    locale: str
    phone: str
    postcode: str
    next_bill_on: date


@dataclass(frozen=True)
class Tariff:
    """A plan as it is sold: its price per month and what it includes. No data_mb: unlimited, or no mobile data."""

    code: str
    kind: LineKind
    name: Words
    includes: Words
    price: Decimal
    data_mb: int | None


@dataclass(frozen=True)
class Promotion:
    """A discount on a line until a day."""

    name: Words
    discount: Decimal
    ends_on: date


@dataclass(frozen=True)
class Line:
    """A contracted line. `number` is None where there is no mobile in it."""

    line_id: str
    kind: LineKind
    number: str | None
    tariff: Tariff
    status: LineStatus
    since: date
    permanence_ends: date | None
    promotion: Promotion | None

    @property
    def monthly_price(self) -> Decimal:
        """What the line costs a month just now, its promotion taken off."""
        return self.tariff.price - (self.promotion.discount if self.promotion else NOTHING)


@dataclass(frozen=True)
class BillItem:
    kind: ItemKind
    name: Words
    amount: Decimal


@dataclass(frozen=True)
class Payment:
    bill_number: str
    amount: Decimal
    made_on: date


@dataclass(frozen=True)
class Bill:
    """A bill with its lines and the payments made on it."""

    number: str
    period_start: date
    period_end: date
    issued_on: date
    due_on: date
    total: Decimal
    items: tuple[BillItem, ...]
    payments: tuple[Payment, ...]

    @property
    def outstanding(self) -> Decimal:
        return self.total - sum((payment.amount for payment in self.payments), NOTHING)

    @property
    def paid_on(self) -> date | None:
        """The day of the payment that settled it; None while something is owed."""
        if self.outstanding > 0 or not self.payments:
            return None
        return max(payment.made_on for payment in self.payments)


@dataclass(frozen=True)
class Usage:
    """Data used on a mobile line in the running month. `included_mb` is None for unlimited data."""

    number: str
    used_mb: int
    included_mb: int | None
    renews_on: date


@dataclass(frozen=True)
class Order:
    order_id: str
    name: Words
    status: OrderStatus
    placed_on: date
    expected_on: date | None


@dataclass(frozen=True)
class NewComplaint:
    """What a customer complains about. `customer_id` is None for somebody who is not identified."""

    text: str
    kind: ComplaintKind
    language: str
    conversation_id: str
    customer_id: str | None


@dataclass(frozen=True)
class Complaint:
    """A complaint on file: its code for the customer and the day by which it is answered."""

    code: str
    kind: ComplaintKind
    status: ComplaintStatus
    filed_on: date
    answer_by: date
