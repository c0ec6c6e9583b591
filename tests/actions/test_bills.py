"""Where a customer stands, and what changed between two bills."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from actions.backend.model import NOTHING, Bill, BillItem, ItemKind, Payment, Words
from actions.bill_comparison import Change, changes_between
from actions.standing import standing_of

TODAY = date(2026, 11, 22)
PLAN = Words("Marea", "Marea")
DISCOUNT = Words("Descuento", "Discount")
ROAMING = Words("Roaming", "Roaming")


def item(kind: ItemKind, name: Words, amount: str) -> BillItem:
    return BillItem(kind, name, Decimal(amount))


def bill(number: str, due_on: date, *items: BillItem, paid: str = "0") -> Bill:
    total = sum((entry.amount for entry in items), Decimal(0))
    payments: tuple[Payment, ...] = (Payment(number, Decimal(paid), due_on),) if Decimal(paid) else ()
    return Bill(number, due_on, due_on, due_on, due_on, total, items, payments)


FEE = item(ItemKind.PLAN, PLAN, "12.90")


def test_a_bill_is_overdue_only_from_the_day_after_it_was_due() -> None:
    today, yesterday = bill("B", TODAY, FEE), bill("A", date(2026, 11, 21), FEE)
    standing = standing_of([today, yesterday], TODAY)
    assert (standing.overdue, standing.pending, standing.newest) == ((yesterday,), (today,), today)
    assert (standing.debt, standing.to_come) == (Decimal("12.90"), Decimal("12.90"))


def test_a_bill_paid_in_part_owes_the_rest() -> None:
    standing = standing_of([bill("A", date(2026, 10, 1), FEE, paid="10.00")], TODAY)
    assert standing.debt == Decimal("2.90")
    assert standing.overdue[0].paid_on is None


def test_who_has_no_bills_owes_nothing() -> None:
    standing = standing_of([], TODAY)
    assert (standing.debt, standing.to_come) == (NOTHING, NOTHING)
    assert standing.newest is None


def test_changes_are_what_came_what_went_and_what_costs_something_else() -> None:
    before = bill("A", TODAY, FEE, item(ItemKind.DISCOUNT, DISCOUNT, "-5.00"))
    after = bill("B", TODAY, item(ItemKind.PLAN, PLAN, "11.90"), item(ItemKind.ROAMING, ROAMING, "4.00"))
    assert changes_between(before, after) == (
        Change(ItemKind.DISCOUNT, DISCOUNT, Decimal("5.00"), Decimal("0.00")),
        Change(ItemKind.ROAMING, ROAMING, Decimal("4.00"), Decimal("4.00")),
        Change(ItemKind.PLAN, PLAN, Decimal("-1.00"), Decimal("11.90")),
    )


def test_changes_add_up_to_the_difference_even_where_an_entry_stands_twice() -> None:
    before = bill("A", TODAY, FEE, FEE)
    after = bill("B", TODAY, FEE, item(ItemKind.ROAMING, ROAMING, "1.10"), item(ItemKind.ROAMING, ROAMING, "1.20"))
    assert sum(change.difference for change in changes_between(before, after)) == after.total - before.total


def test_equal_bills_have_no_changes() -> None:
    assert changes_between(bill("A", TODAY, FEE), bill("B", TODAY, FEE)) == ()
