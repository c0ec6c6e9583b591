"""One demo customer's lines, bills and use as of a day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from actions.backend.calendar_days import add_months, first_of_month, first_of_next_month, last_of_month
from actions.backend.demo.profiles import LineProfile, Profile
from actions.backend.demo.requests import Asked
from actions.backend.demo.tariffs import BY_CODE
from actions.backend.model import (
    NOTHING,
    Bill,
    BillItem,
    ItemKind,
    Line,
    LineKind,
    LineStatus,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Promotion,
    Usage,
    Words,
)

DIRECT_DEBIT_DAY = 5
FIBRE_PERMANENCE_MONTHS = 3
PAST_MONTHS_OF_USE = 3
LONGEST_MONTH = 31
# How much of a whole month's data was used in the months before, in percent.
PAST_SHARES = (100, 92, 107)


@dataclass(frozen=True)
class Person:
    """Who a demo customer is, as demo_customers.json has it."""

    customer_id: str
    name: str
    locale: str
    phone: str


@dataclass(frozen=True)
class Told:
    """What the story knows of one customer on the day it is told."""

    profile: Profile
    person: Person
    asked: Asked
    today: date

    def line_id(self, index: int) -> str:
        return f"{self.profile.customer_id}-{index + 1}"

    def tariff_code(self, index: int, day: date) -> str:
        return self.asked.tariff_of(self.line_id(index), self.profile.lines[index].tariff, day)


def line_of(told: Told, index: int, owes: bool) -> Line | None:
    """A line; None once its cancellation has taken effect."""
    profile, line_id = told.profile.lines[index], told.line_id(index)
    leaving = told.asked.cancellation_of(line_id)
    if leaving and leaving.effective_on <= told.today:
        return None
    tariff = BY_CODE[told.tariff_code(index, told.today)]
    ahead = told.asked.change_ahead(line_id, told.today)
    is_other = ahead is not None and ahead.tariff_code != tariff.code
    since = add_months(first_of_month(told.today), -profile.since_months)
    return Line(
        line_id=line_id,
        kind=tariff.kind,
        number=profile.number,
        tariff=tariff,
        status=LineStatus.SUSPENDED if profile.suspended and owes else LineStatus.ACTIVE,
        since=since,
        permanence_ends=None if tariff.kind is LineKind.MOBILE else add_months(since, FIBRE_PERMANENCE_MONTHS),
        promotion=_promotion(profile, told.today),
        next_tariff=BY_CODE[ahead.tariff_code] if ahead and is_other else None,
        next_tariff_on=ahead.effective_on if ahead and is_other else None,
        ends_on=leaving.effective_on if leaving else None,
        credit=None if profile.credit is None else told.asked.credit_of(line_id, profile.credit),
    )


def _promotion(line: LineProfile, today: date) -> Promotion | None:
    promotion = line.promotion
    if promotion is None or promotion.ends_in_months < 0:
        return None
    ends_on = add_months(first_of_next_month(today), promotion.ends_in_months) - timedelta(days=1)
    return Promotion(promotion.name, promotion.discount, ends_on)


def bill_of(told: Told, months_ago: int) -> Bill:
    """The bill of a past month, issued on the first of the next."""
    issued_on = add_months(first_of_month(told.today), -months_ago)
    by_debit = told.profile.direct_debit is not None or told.asked.direct_debit(until=issued_on) is not None
    due_on = issued_on.replace(day=DIRECT_DEBIT_DAY) if by_debit else last_of_month(issued_on)
    period_start = add_months(issued_on, -1)
    items = _items(told, months_ago, period_start, issued_on - timedelta(days=1))
    number = f"F{issued_on:%y%m}-{told.profile.customer_id[2:]}"
    total = sum((item.amount for item in items), NOTHING)
    return Bill(
        number=number,
        period_start=period_start,
        period_end=issued_on - timedelta(days=1),
        issued_on=issued_on,
        due_on=due_on,
        total=total,
        items=items,
        payments=_payments(told, number, total, due_on, by_debit, is_unpaid=months_ago in told.profile.unpaid),
    )


def _payments(
    told: Told, number: str, total: Decimal, due_on: date, by_debit: bool, is_unpaid: bool
) -> tuple[Payment, ...]:
    """The bank pays on the day, or sends the bill back; other customers pay by card, or not at all."""
    if due_on >= told.today or (is_unpaid and not by_debit):
        return ()
    method = PaymentMethod.DIRECT_DEBIT if by_debit else PaymentMethod.CARD
    status = PaymentStatus.RETURNED if is_unpaid else PaymentStatus.SETTLED
    return (Payment(number, total, due_on, method, status),)


def _items(told: Told, months_ago: int, start: date, end: date) -> tuple[BillItem, ...]:
    of_lines = (
        item for index in range(len(told.profile.lines)) for item in _line_items(told, index, months_ago, start, end)
    )
    return (*of_lines, *told.profile.extras.get(months_ago, ()))


def _line_items(told: Told, index: int, months_ago: int, start: date, end: date) -> list[BillItem]:
    """What a line cost in a month in which it was there."""
    line, line_id = told.profile.lines[index], told.line_id(index)
    leaving = told.asked.cancellation_of(line_id)
    if months_ago >= line.since_months or line.credit is not None or (leaving and leaving.effective_on <= start):
        return []
    items = _regular_items(line, told.tariff_code(index, start), months_ago)
    for bonus in told.asked.extra_data(line_id, start, end):
        items.append(BillItem(ItemKind.EXTRA_DATA, _of_line(bonus.name, line), bonus.price))
    if leaving and leaving.penalty and leaving.effective_on <= end:
        name = Words("Penalización por permanencia", "Minimum term penalty")
        items.append(BillItem(ItemKind.PENALTY, name, leaving.penalty))
    return items


def _regular_items(line: LineProfile, tariff_code: str, months_ago: int) -> list[BillItem]:
    """The line's fee and discount."""
    tariff = BY_CODE[tariff_code]
    fee = BillItem(ItemKind.PLAN, _of_line(tariff.name, line), tariff.price)
    promotion = line.promotion
    if promotion is None or -months_ago > promotion.ends_in_months:
        return [fee]
    return [fee, BillItem(ItemKind.DISCOUNT, promotion.name, -promotion.discount)]


def _of_line(name: Words, line: LineProfile) -> Words:
    whose = f" ({line.number})" if line.number else ""
    return Words(name.es + whose, name.en + whose)


def usage_of(told: Told, index: int) -> tuple[Usage, ...]:
    """The running month of a mobile line, none for one that has no number or has ended."""
    line, today = told.profile.lines[index], told.today
    leaving = told.asked.cancellation_of(told.line_id(index))
    if line.number is None or (leaving and leaving.effective_on <= today):
        return ()
    included = BY_CODE[told.tariff_code(index, today)].data_mb
    extra = sum(bonus.data_mb for bonus in told.asked.extra_data(told.line_id(index), first_of_month(today), today))
    used = line.mb_from_start + line.mb_a_day * today.day
    return (
        Usage(
            number=line.number,
            used_mb=used if included is None else min(used, included),
            included_mb=None if included is None else included + extra,
            renews_on=first_of_next_month(today),
            past_mb=_past_use(line, included),
        ),
    )


def _past_use(line: LineProfile, included: int | None) -> tuple[int, ...]:
    whole_month = line.mb_from_start + line.mb_a_day * LONGEST_MONTH
    used = tuple(whole_month * share // 100 for share in PAST_SHARES[: min(line.since_months, PAST_MONTHS_OF_USE)])
    return used if included is None else tuple(min(month, included) for month in used)
