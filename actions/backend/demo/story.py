"""Tells the demo operator's last twelve months as of a day. The same day in, the same story out; no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from actions.backend.calendar_days import add_months
from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.demo.profiles import PROFILES, ComplaintProfile, LineProfile, OrderProfile, Profile
from actions.backend.demo.tariffs import BY_CODE
from actions.backend.model import (
    NOTHING,
    Bill,
    BillItem,
    Complaint,
    Customer,
    ItemKind,
    Line,
    LineKind,
    LineStatus,
    Order,
    Payment,
    Promotion,
    Usage,
    Words,
)

DIRECT_DEBIT_DAY = 5
FIBRE_PERMANENCE_MONTHS = 3


@dataclass(frozen=True)
class Person:
    """Who a demo customer is, as demo_customers.json has it."""

    customer_id: str
    name: str
    locale: str
    phone: str


@dataclass(frozen=True)
class FiledComplaint:
    text: str
    language: str
    complaint: Complaint


@dataclass(frozen=True)
class Account:
    """All that the operator knows about one customer."""

    customer: Customer
    lines: tuple[Line, ...]
    bills: tuple[Bill, ...]
    usage: tuple[Usage, ...]
    orders: tuple[Order, ...]
    complaints: tuple[FiledComplaint, ...]


def tell(people: Mapping[str, Person], today: date, terms: ComplaintTerms) -> tuple[Account, ...]:
    """Every account as of `today`."""
    return tuple(_account(profile, people[profile.customer_id], today, terms) for profile in PROFILES)


def _account(profile: Profile, person: Person, today: date, terms: ComplaintTerms) -> Account:
    customer = Customer(
        customer_id=person.customer_id,
        name=person.name,
        locale=person.locale,
        phone=person.phone,
        postcode=profile.postcode,
        next_bill_on=_first_of_next_month(today),
    )
    return Account(
        customer=customer,
        lines=tuple(_line(profile, index, line, today) for index, line in enumerate(profile.lines, start=1)),
        bills=tuple(_bill(profile, months_ago, today) for months_ago in range(profile.bills)),
        usage=tuple(_usage(line, line.number, today) for line in profile.lines if line.number),
        orders=tuple(_order(profile, index, order, today) for index, order in enumerate(profile.orders, start=1)),
        complaints=tuple(_complaint(person, told, today, terms) for told in profile.complaints),
    )


def _line(profile: Profile, index: int, line: LineProfile, today: date) -> Line:
    tariff = BY_CODE[line.tariff]
    since = add_months(_first_of_month(today), -line.since_months)
    return Line(
        line_id=f"{profile.customer_id}-{index}",
        kind=tariff.kind,
        number=line.number,
        tariff=tariff,
        status=LineStatus.SUSPENDED if line.suspended else LineStatus.ACTIVE,
        since=since,
        permanence_ends=None if tariff.kind is LineKind.MOBILE else add_months(since, FIBRE_PERMANENCE_MONTHS),
        promotion=_promotion(line, today),
    )


def _promotion(line: LineProfile, today: date) -> Promotion | None:
    promotion = line.promotion
    if promotion is None or promotion.ends_in_months < 0:
        return None
    ends_on = add_months(_first_of_next_month(today), promotion.ends_in_months) - timedelta(days=1)
    return Promotion(promotion.name, promotion.discount, ends_on)


def _bill(profile: Profile, months_ago: int, today: date) -> Bill:
    """The bill of a past month, issued on the first of the next."""
    issued_on = add_months(_first_of_month(today), -months_ago)
    due_on = issued_on.replace(day=DIRECT_DEBIT_DAY) if profile.has_direct_debit else _last_of_month(issued_on)
    items = _items(profile, months_ago)
    total = sum((item.amount for item in items), NOTHING)
    number = f"F{issued_on:%y%m}-{profile.customer_id[2:]}"
    is_paid = due_on < today and months_ago not in profile.unpaid
    return Bill(
        number=number,
        period_start=add_months(issued_on, -1),
        period_end=issued_on - timedelta(days=1),
        issued_on=issued_on,
        due_on=due_on,
        total=total,
        items=items,
        payments=(Payment(number, total, due_on),) if is_paid else (),
    )


def _items(profile: Profile, months_ago: int) -> tuple[BillItem, ...]:
    regular = (item for line in profile.lines for item in _regular_items(line, months_ago))
    return (*regular, *profile.extras.get(months_ago, ()))


def _regular_items(line: LineProfile, months_ago: int) -> tuple[BillItem, ...]:
    """The line's fee and discount, for a month in which the line was there."""
    if months_ago >= line.since_months:
        return ()
    tariff = BY_CODE[line.tariff]
    whose = f" ({line.number})" if line.number else ""
    fee = BillItem(ItemKind.PLAN, Words(tariff.name.es + whose, tariff.name.en + whose), tariff.price)
    promotion = line.promotion
    if promotion is None or -months_ago > promotion.ends_in_months:
        return (fee,)
    return fee, BillItem(ItemKind.DISCOUNT, promotion.name, -promotion.discount)


def _usage(line: LineProfile, number: str, today: date) -> Usage:
    included = BY_CODE[line.tariff].data_mb
    used = line.mb_from_start + line.mb_a_day * today.day
    return Usage(
        number=number,
        used_mb=used if included is None else min(used, included),
        included_mb=included,
        renews_on=_first_of_next_month(today),
    )


def _order(profile: Profile, index: int, order: OrderProfile, today: date) -> Order:
    in_days = order.expected_in_days
    return Order(
        order_id=f"P-{profile.customer_id[2:]}{index}",
        name=order.name,
        status=order.status,
        placed_on=today - timedelta(days=order.placed_days_ago),
        expected_on=None if in_days is None else today + timedelta(days=in_days),
    )


def _complaint(person: Person, told: ComplaintProfile, today: date, terms: ComplaintTerms) -> FiledComplaint:
    filed_on = today - timedelta(days=told.filed_days_ago)
    complaint = Complaint(told.code, told.kind, told.status, filed_on, terms.answer_by(told.kind, filed_on))
    return FiledComplaint(told.text, person.locale, complaint)


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _first_of_next_month(day: date) -> date:
    return add_months(_first_of_month(day), 1)


def _last_of_month(day: date) -> date:
    return _first_of_next_month(day) - timedelta(days=1)
