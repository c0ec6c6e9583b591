"""By when a complaint is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions.backend.calendar_days import add_working_days
from actions.backend.model import ComplaintKind


@dataclass(frozen=True)
class ComplaintTerms:
    """The operator's promise, in working days after the day of filing."""

    general_days: int = 15
    undue_charge_days: int = 5
    holidays: frozenset[date] = frozenset()

    def answer_by(self, kind: ComplaintKind, filed_on: date) -> date:
        days = self.undue_charge_days if kind is ComplaintKind.UNDUE_CHARGE else self.general_days
        return add_working_days(filed_on, days, self.holidays)
