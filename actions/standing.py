"""Where a customer stands with the bills. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actions.backend.model import NOTHING, Bill


@dataclass(frozen=True)
class Standing:
    """Bills past their day and bills still to come due, oldest first; and the newest bill, if there is any."""

    overdue: tuple[Bill, ...]
    pending: tuple[Bill, ...]
    newest: Bill | None

    @property
    def debt(self) -> Decimal:
        """What should have been paid by now."""
        return _owed(self.overdue)

    @property
    def to_come(self) -> Decimal:
        """What will be charged on bills already issued."""
        return _owed(self.pending)


def standing_of(bills: Sequence[Bill], today: date) -> Standing:
    """A bill is overdue from the day after it was due."""
    owed = sorted((bill for bill in bills if bill.outstanding > 0), key=lambda bill: bill.due_on)
    return Standing(
        overdue=tuple(bill for bill in owed if bill.due_on < today),
        pending=tuple(bill for bill in owed if bill.due_on >= today),
        newest=max(bills, key=lambda bill: bill.issued_on, default=None),
    )


def _owed(bills: Iterable[Bill]) -> Decimal:
    return sum((bill.outstanding for bill in bills), NOTHING)
