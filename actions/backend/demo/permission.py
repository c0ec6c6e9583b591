"""What the demo operator allows, on which terms, and what it refuses. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from actions.backend.calendar_days import add_months, add_working_days
from actions.backend.cases import (
    Cancellation,
    CancellationQuote,
    ContactChange,
    DirectDebit,
    ExtraData,
    PlanChange,
    PlanChangeQuote,
    PostalAddress,
    Refusal,
    RequestRefusedError,
    TopUp,
)
from actions.backend.demo.tariffs import BONUS_BY_CODE, BY_CODE, PREPAID_AMOUNTS
from actions.backend.iban import InvalidIbanError, masked, normalised
from actions.backend.model import NOTHING, Customer, Line, LineStatus

PENALTY_A_MONTH = Decimal("30.00")
NOTICE_WORKING_DAYS = 2
LONGEST_ENTRY = 120
EMAIL = re.compile(r"[^@\s<>\"',;:\\()]+@[^@\s<>\"',;:\\()]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"\+?\d{9,15}", re.ASCII)
POSTCODE = re.compile(r"\d{5}", re.ASCII)
SPANISH_DIGITS = 9


def line_among(lines: Iterable[Line], line_id: str) -> Line:
    for line in lines:
        if line.line_id == line_id:
            return line
    raise RequestRefusedError(Refusal.UNKNOWN_LINE)


def plan_change_quote(line: Line, tariff_code: str, next_bill_on: date) -> PlanChangeQuote:
    """Plans change with the next bill, between plans of one kind, on a line that is and stays there."""
    tariff = BY_CODE.get(tariff_code)
    if tariff is None:
        raise RequestRefusedError(Refusal.UNKNOWN_TARIFF)
    _refuse(line.ends_on is not None, Refusal.LINE_ENDING)
    _refuse(line.status is LineStatus.SUSPENDED, Refusal.LINE_SUSPENDED)
    _refuse(line.next_tariff is not None and line.next_tariff.code == tariff_code, Refusal.CHANGE_PENDING)
    _refuse(line.next_tariff is None and line.tariff.code == tariff_code, Refusal.SAME_TARIFF)
    _refuse(line.kind is not tariff.kind, Refusal.OTHER_KIND)
    monthly_price = replace(line, tariff=tariff).monthly_price
    return PlanChangeQuote(line.line_id, tariff, next_bill_on, monthly_price, monthly_price - line.monthly_price)


def check_plan_change(change: PlanChange, quote: PlanChangeQuote) -> None:
    _refuse(change.effective_on != quote.effective_on, Refusal.TERMS_CHANGED)


def cancellation_quote(line: Line, today: date, holidays: frozenset[date]) -> CancellationQuote:
    """Two working days' notice; for each month of the minimum term that is left or begun, a third of 90 euros."""
    _refuse(line.ends_on is not None, Refusal.LINE_ENDING)
    effective_on = add_working_days(today, NOTICE_WORKING_DAYS, holidays)
    ends = line.permanence_ends
    months = 0
    while ends is not None and add_months(effective_on, months) < ends:
        months += 1
    return CancellationQuote(
        line_id=line.line_id,
        penalty=months * PENALTY_A_MONTH if months else NOTHING,
        permanence_ends=ends if months else None,
        effective_on=effective_on,
        number_lost=line.number,
    )


def check_cancellation(wish: Cancellation, quote: CancellationQuote) -> None:
    is_as_quoted = (wish.effective_on, wish.penalty) == (quote.effective_on, quote.penalty)
    _refuse(not is_as_quoted, Refusal.TERMS_CHANGED)


def check_extra_data(wish: ExtraData, line: Line) -> None:
    bonus = BONUS_BY_CODE.get(wish.bonus_code)
    if bonus is None:
        raise RequestRefusedError(Refusal.UNKNOWN_BONUS)
    _refuse(line.ends_on is not None, Refusal.LINE_ENDING)
    _refuse(line.status is LineStatus.SUSPENDED, Refusal.LINE_SUSPENDED)
    _refuse(not line.tariff.has_mobile or line.tariff.data_mb is None, Refusal.NO_DATA_LIMIT)
    _refuse(line.credit is not None and line.credit < bonus.price, Refusal.NO_PAYMENT_METHOD)


def check_top_up(wish: TopUp, line: Line, customer: Customer) -> None:
    _refuse(line.credit is None, Refusal.NOT_PREPAID)
    _refuse(line.ends_on is not None, Refusal.LINE_ENDING)
    _refuse(wish.amount not in PREPAID_AMOUNTS, Refusal.AMOUNT_NOT_OFFERED)
    _refuse(customer.direct_debit is None, Refusal.NO_PAYMENT_METHOD)


def kept_debit(wish: DirectDebit) -> DirectDebit:
    """The wish as it is kept: the account masked."""
    try:
        return DirectDebit(masked(normalised(wish.iban)))
    except InvalidIbanError:
        raise RequestRefusedError(Refusal.INVALID_IBAN) from None


def kept_contact(change: ContactChange) -> ContactChange:
    """The change with blanks trimmed and the phone in international form."""
    kept = ContactChange(_kept_address(change.address), _stripped(change.email), _kept_phone(change.phone))
    _refuse(kept == ContactChange(), Refusal.INVALID_CONTACT)
    is_email = kept.email is None or (EMAIL.fullmatch(kept.email) and len(kept.email) <= LONGEST_ENTRY)
    _refuse(not is_email, Refusal.INVALID_CONTACT)
    return kept


def _kept_address(address: PostalAddress | None) -> PostalAddress | None:
    if address is None:
        return None
    street, postcode, city = (" ".join(part.split()) for part in (address.street, address.postcode, address.city))
    fits = 0 < len(street) <= LONGEST_ENTRY and 0 < len(city) <= LONGEST_ENTRY and POSTCODE.fullmatch(postcode)
    _refuse(not fits, Refusal.INVALID_CONTACT)
    return PostalAddress(street, postcode, city)


def _kept_phone(phone: str | None) -> str | None:
    if phone is None:
        return None
    digits = re.sub(r"[\s().\-]", "", phone)
    _refuse(PHONE.fullmatch(digits) is None, Refusal.INVALID_CONTACT)
    if digits.startswith("+"):
        return digits
    return f"+34{digits}" if len(digits) == SPANISH_DIGITS else f"+{digits}"


def _stripped(text: str | None) -> str | None:
    return None if text is None else text.strip()


def _refuse(is_so: bool, reason: Refusal) -> None:
    if is_so:
        raise RequestRefusedError(reason)
