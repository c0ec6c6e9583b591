"""When an agent is shown what the assistant would say, and when the conversation may be the assistant's again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handoff_service.switchboard.rules.handoff import Reason, Signals, may_be_surveyed
from handoff_service.switchboard.rules.returning import COURTESIES

ROUTINE_IN_A_ROW = 2  # calm matters that the assistant settles alone, one after the other


@dataclass(frozen=True)
class Read:
    """How the assistant understood what the customer wrote while a person was wanted or there."""

    intent: str | None
    is_routine: bool


def routine_in_a_row(read: Sequence[Read]) -> int:
    """How many of the customer's latest matters were routine; `read` is newest first, and a greeting is no matter."""
    count = 0
    for each in read:
        if each.is_routine:
            count += 1
        elif each.intent not in COURTESIES:
            break
    return count


def offers_return(read: Sequence[Read], reason: Reason, signals: Signals) -> bool:
    """Whether only routine is left. Whoever came with something delicate is never given to a machine unasked."""
    newest_is_routine = bool(read) and read[0].is_routine
    return newest_is_routine and may_be_surveyed(reason, signals) and routine_in_a_row(read) >= ROUTINE_IN_A_ROW
