"""Tells the demo operator's last twelve months as of a day. The same day in, the same story out; no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from actions.backend.calendar_days import first_of_next_month
from actions.backend.cases import PostalAddress
from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.demo.accounts import Person, Told, bill_of, line_of, usage_of
from actions.backend.demo.profiles import PROFILES, ComplaintProfile, OrderProfile, Profile
from actions.backend.demo.requests import Asked
from actions.backend.model import Bill, Complaint, Customer, Line, Order, Usage

NOBODY_ASKED: Mapping[str, Asked] = {}
PROFILE_OF: Mapping[str, Profile] = {profile.customer_id: profile for profile in PROFILES}


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


def tell(
    people: Mapping[str, Person], today: date, terms: ComplaintTerms, asked: Mapping[str, Asked] = NOBODY_ASKED
) -> tuple[Account, ...]:
    """Every account as of `today`, with what customers asked for done."""
    return tuple(
        tell_account(people[profile.customer_id], today, terms, asked.get(profile.customer_id, Asked()))
        for profile in PROFILES
    )


def tell_account(person: Person, today: date, terms: ComplaintTerms, asked: Asked) -> Account:
    """The account of one of the demo's customers."""
    return _account(Told(PROFILE_OF[person.customer_id], person, asked, today), terms)


def _account(told: Told, terms: ComplaintTerms) -> Account:
    profile, today = told.profile, told.today
    bills = tuple(bill_of(told, months_ago) for months_ago in range(profile.bills))
    owes = any(bill.outstanding > told.asked.disputed(bill.number) for bill in bills if bill.due_on < today)
    lines = (line_of(told, index, owes) for index in range(len(profile.lines)))
    return Account(
        customer=_customer(told),
        lines=tuple(line for line in lines if line is not None),
        bills=bills,
        usage=tuple(usage for index in range(len(profile.lines)) for usage in usage_of(told, index)),
        orders=tuple(_order(profile, index, order, today) for index, order in enumerate(profile.orders, start=1)),
        complaints=tuple(_complaint(told.person, filed, today, terms) for filed in profile.complaints),
    )


def _customer(told: Told) -> Customer:
    person, home, asked = told.person, told.profile.home, told.asked
    moved = asked.address() or PostalAddress(home.street, home.postcode, home.city)
    return Customer(
        customer_id=person.customer_id,
        name=person.name,
        locale=person.locale,
        phone=person.phone,
        postcode=moved.postcode,
        next_bill_on=first_of_next_month(told.today),
        street=moved.street,
        city=moved.city,
        email=asked.email() or told.profile.email,
        contact_phone=asked.phone() or person.phone,
        direct_debit=asked.direct_debit() or told.profile.direct_debit,
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
