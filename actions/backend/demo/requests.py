"""What demo customers asked for themselves, and what that makes of their accounts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from actions.backend.cases import (
    Booking,
    Cancellation,
    Case,
    CaseKind,
    CaseStatus,
    ContactChange,
    DirectDebit,
    ExtraData,
    PlanChange,
    PostalAddress,
    TopUp,
)
from actions.backend.demo.tariffs import BONUS_BY_CODE
from actions.backend.model import NOTHING, Bonus, Words

Wish = PlanChange | ExtraData | TopUp | DirectDebit | ContactChange | Booking | Cancellation
AnyWish = TypeVar("AnyWish", PlanChange, ExtraData, TopUp, DirectDebit, ContactChange, Booking, Cancellation)

KINDS: Mapping[CaseKind, type] = {
    CaseKind.PLAN_CHANGE: PlanChange,
    CaseKind.EXTRA_DATA: ExtraData,
    CaseKind.TOP_UP: TopUp,
    CaseKind.DIRECT_DEBIT: DirectDebit,
    CaseKind.CONTACT_CHANGE: ContactChange,
    CaseKind.APPOINTMENT: Booking,
    CaseKind.CANCELLATION: Cancellation,
}


@dataclass(frozen=True)
class Request:
    """A wish on file. Of a bank account it holds the masked one."""

    code: str
    customer_id: str
    kind: CaseKind
    wish: Wish
    made_on: date
    due_on: date | None
    subject: Words
    is_withdrawn: bool = False

    def as_case(self, today: date) -> Case:
        return Case(self.code, self.kind, self._status(today), self.made_on, self.due_on, self.subject)

    def _status(self, today: date) -> CaseStatus:
        if self.is_withdrawn:
            return CaseStatus.WITHDRAWN
        lies_ahead = self.due_on is not None and self.due_on > today
        still_to_come = self.kind is CaseKind.APPOINTMENT and self.due_on == today
        return CaseStatus.SCHEDULED if lies_ahead or still_to_come else CaseStatus.DONE


@dataclass(frozen=True)
class Dispute:
    """How much of a bill is disputed by a complaint that is open."""

    bill_number: str
    amount: Decimal


@dataclass(frozen=True)
class Asked:
    """Everything that one customer asked for, oldest first."""

    requests: tuple[Request, ...] = ()
    disputes: tuple[Dispute, ...] = ()

    def tariff_of(self, line_id: str, told: str, day: date) -> str:
        """The code of the line's plan on a day: as it was told, unless it was changed by then."""
        changes = self._plan_changes(line_id)
        return next((change.tariff_code for change in reversed(changes) if change.effective_on <= day), told)

    def change_ahead(self, line_id: str, today: date) -> PlanChange | None:
        """The plan change still to come."""
        changes = self._plan_changes(line_id)
        return changes[-1] if changes and changes[-1].effective_on > today else None

    def cancellation_of(self, line_id: str) -> Cancellation | None:
        cancellations = (wish for _, wish in self._of(Cancellation) if wish.line_id == line_id)
        return next(cancellations, None)

    def extra_data(self, line_id: str, start: date, end: date) -> tuple[Bonus, ...]:
        """The bonuses added from `start` to `end`."""
        return tuple(
            BONUS_BY_CODE[wish.bonus_code]
            for request, wish in self._of(ExtraData)
            if wish.line_id == line_id and start <= request.made_on <= end
        )

    def credit_of(self, line_id: str, told: Decimal) -> Decimal:
        """What is left on a prepaid line: top-ups come in, extra data goes out."""
        topped_up = sum((wish.amount for _, wish in self._of(TopUp) if wish.line_id == line_id), NOTHING)
        spent = sum((bonus.price for bonus in self.extra_data(line_id, date.min, date.max)), NOTHING)
        return told + topped_up - spent

    def direct_debit(self, until: date = date.max) -> str | None:
        """The masked account that was last given before a day."""
        accounts = [wish.iban for request, wish in self._of(DirectDebit) if request.made_on < until]
        return accounts[-1] if accounts else None

    def address(self) -> PostalAddress | None:
        return next((wish.address for wish in self._contact_changes() if wish.address), None)

    def email(self) -> str | None:
        return next((wish.email for wish in self._contact_changes() if wish.email), None)

    def phone(self) -> str | None:
        return next((wish.phone for wish in self._contact_changes() if wish.phone), None)

    def disputed(self, bill_number: str) -> Decimal:
        return sum((dispute.amount for dispute in self.disputes if dispute.bill_number == bill_number), NOTHING)

    def _plan_changes(self, line_id: str) -> list[PlanChange]:
        return [wish for _, wish in self._of(PlanChange) if wish.line_id == line_id]

    def _contact_changes(self) -> Sequence[ContactChange]:
        return [wish for _, wish in reversed(self._of(ContactChange))]

    def _of(self, kind: type[AnyWish]) -> list[tuple[Request, AnyWish]]:
        return [(request, request.wish) for request in self.requests if isinstance(request.wish, kind)]
