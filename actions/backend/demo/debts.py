"""What keeps a customer's lines from being cut, and when they are. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from actions.backend.calendar_days import add_months
from actions.backend.demo.requests import Asked, Dispute
from actions.backend.model import NOTHING, Arrears, Bill, ComplaintKind, Line, LineStatus, NewComplaint

DAY_OF_CUTS = 20
BACK_WITHIN_HOURS = 24


def arrears_of(bills: Sequence[Bill], lines: Sequence[Line], asked: Asked, today: date) -> Arrears:
    """A bill is overdue from the day after it was due. Lines are cut on the 20th, those that are not cut already."""
    overdue = [bill for bill in bills if bill.outstanding > 0 and bill.due_on < today]
    disputed = sum((min(bill.outstanding, asked.disputed(bill.number)) for bill in overdue), NOTHING)
    total = sum((bill.outstanding for bill in overdue), NOTHING)
    can_be_cut = any(line.status is LineStatus.ACTIVE for line in lines)
    is_cut = any(line.status is LineStatus.SUSPENDED for line in lines)
    is_threatened = total > disputed and can_be_cut and not is_cut
    return Arrears(total, disputed, total - disputed, _next_cut(today) if is_threatened else None, BACK_WITHIN_HOURS)


def dispute_of(complaint: NewComplaint, bills: Sequence[Bill], asked: Asked) -> Dispute | None:
    """What of the sums owed a complaint disputes; None when it disputes none.

    The bill named, or else the newest owed and not disputed yet; of it the sum named, or else all.
    """
    if complaint.kind is not ComplaintKind.UNDUE_CHARGE or complaint.customer_id is None:
        return None
    for bill in sorted(bills, key=lambda bill: bill.issued_on, reverse=True):
        left = bill.outstanding - asked.disputed(bill.number)
        if left > 0 and complaint.bill_number in (None, bill.number):
            return Dispute(bill.number, _disputed(complaint.disputed, left))
    return None


def _disputed(named: Decimal | None, left: Decimal) -> Decimal:
    return left if named is None or named <= 0 else min(named, left)


def _next_cut(today: date) -> date:
    this_month = today.replace(day=DAY_OF_CUTS)
    return this_month if today < this_month else add_months(this_month, 1)
