"""What the operator knows about a customer, as plain facts. Money is Decimal in EUR, VAT included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

NOTHING = Decimal("0.00")
SPANISH_VAT = Decimal("21.00")


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
    PENALTY = "penalty"


class PaymentMethod(str, Enum):
    DIRECT_DEBIT = "direct_debit"
    CARD = "card"
    TRANSFER = "transfer"


class PaymentStatus(str, Enum):
    SETTLED = "settled"
    RETURNED = "returned"


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
    """Who it is. `phone` is the number that shows whose the account is, `contact_phone` one to be called at.

    `direct_debit` is the masked account from which bills are taken; None when the customer pays otherwise.
    """

    customer_id: str
    name: str
    locale: str
    phone: str
    postcode: str
    next_bill_on: date
    street: str | None = None
    city: str | None = None
    email: str | None = None
    contact_phone: str | None = None
    direct_debit: str | None = None


@dataclass(frozen=True)
class Tariff:
    """A plan as it is sold: its price per month and what it includes. No data_mb: unlimited, or no mobile data.

    `roaming_mb` is what of the data may be used within the EU; `speed_mb` the fibre's megabits per second.
    """

    code: str
    kind: LineKind
    name: Words
    includes: Words
    price: Decimal
    data_mb: int | None
    roaming_mb: int | None = None
    speed_mb: int | None = None

    @property
    def has_mobile(self) -> bool:
        return self.kind is not LineKind.FIBRE


@dataclass(frozen=True)
class Bonus:
    """Extra data for the running month of one line."""

    code: str
    name: Words
    data_mb: int
    price: Decimal


@dataclass(frozen=True)
class Promotion:
    """A discount on a line until a day."""

    name: Words
    discount: Decimal
    ends_on: date


@dataclass(frozen=True)
class Line:
    """A contracted line. `number` is None where there is no mobile in it.

    `next_tariff` from `next_tariff_on` is a change already asked for, `ends_on` the day of a cancellation.
    `credit` is what is left on a prepaid line; None where bills are sent.
    """

    line_id: str
    kind: LineKind
    number: str | None
    tariff: Tariff
    status: LineStatus
    since: date
    permanence_ends: date | None
    promotion: Promotion | None
    next_tariff: Tariff | None = None
    next_tariff_on: date | None = None
    ends_on: date | None = None
    credit: Decimal | None = None

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
    """A payment of a bill; a returned one settles nothing."""

    bill_number: str
    amount: Decimal
    made_on: date
    method: PaymentMethod = PaymentMethod.DIRECT_DEBIT
    status: PaymentStatus = PaymentStatus.SETTLED


@dataclass(frozen=True)
class Bill:
    """A bill with its lines and the payments made on it. `vat_percent` of VAT is included in every amount."""

    number: str
    period_start: date
    period_end: date
    issued_on: date
    due_on: date
    total: Decimal
    items: tuple[BillItem, ...]
    payments: tuple[Payment, ...]
    vat_percent: Decimal = SPANISH_VAT

    @property
    def outstanding(self) -> Decimal:
        return self.total - sum((payment.amount for payment in self.settled), NOTHING)

    @property
    def settled(self) -> tuple[Payment, ...]:
        return tuple(payment for payment in self.payments if payment.status is PaymentStatus.SETTLED)

    @property
    def paid_on(self) -> date | None:
        """The day of the payment that settled it; None while something is owed."""
        if self.outstanding > 0 or not self.settled:
            return None
        return max(payment.made_on for payment in self.settled)


@dataclass(frozen=True)
class Arrears:
    """What is overdue, what of it is disputed and so no reason to cut a line, and what remains to be paid.

    `cut_on` is the day on which lines are cut if `to_pay` is not paid; None when no cut is planned.
    A line that was cut is back within `back_within_hours` of the payment.
    """

    overdue: Decimal
    disputed: Decimal
    to_pay: Decimal
    cut_on: date | None
    back_within_hours: int


@dataclass(frozen=True)
class Usage:
    """Data used on a mobile line in the running month. `included_mb` is None for unlimited data.

    `past_mb` is what was used in the whole months before, newest first.
    """

    number: str
    used_mb: int
    included_mb: int | None
    renews_on: date
    past_mb: tuple[int, ...] = ()


@dataclass(frozen=True)
class Order:
    order_id: str
    name: Words
    status: OrderStatus
    placed_on: date
    expected_on: date | None


@dataclass(frozen=True)
class NewComplaint:
    """What a customer complains about. `customer_id` is None for somebody who is not identified.

    Of an undue charge, `bill_number` and `disputed` say what is disputed; where neither does, it is the whole of the
    newest bill that is owed.
    """

    text: str
    kind: ComplaintKind
    language: str
    conversation_id: str
    customer_id: str | None
    bill_number: str | None = None
    disputed: Decimal | None = None


@dataclass(frozen=True)
class Complaint:
    """A complaint on file: its code for the customer and the day by which it is answered.

    No line is cut for want of `disputed` while it is open; None where nothing that is owed is disputed.
    """

    code: str
    kind: ComplaintKind
    status: ComplaintStatus
    filed_on: date
    answer_by: date
    disputed: Decimal | None = None
