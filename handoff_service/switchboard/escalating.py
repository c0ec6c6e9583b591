"""The ladder: the team, then who is on call, then a supervisor. Whoever was asked is named in the events and a note."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from handoff_service.store.database import Transaction
from handoff_service.switchboard.conversations import Conversation, record_event
from handoff_service.switchboard.notes import write_note
from handoff_service.switchboard.rules.handoff import Agent

if TYPE_CHECKING:
    from handoff_service.switchboard.handoffs import Handoff

WATCH = Agent("Relevo", desk="relevo")
# Notes for agents, in both their languages.
ASKED = {
    "team": "🔔 Plazo a punto de vencer. Aviso a: {names}. · Almost late. Asked: {names}.",
    "on_call": "🔔🔔 Aviso a la guardia: {names}. · Asked those on call: {names}.",
    "supervisor": "🔔🔔🔔 Fuera de plazo. Aviso a supervisión: {names}. · Late. Asked the supervisors: {names}.",
}


class Rung(StrEnum):
    """A rung of the ladder."""

    TEAM = "team"
    ON_CALL = "on_call"
    SUPERVISOR = "supervisor"


def people_of(tx: Transaction, handoff: Handoff, rung: Rung) -> tuple[str, ...]:
    """Whom this rung asks: the holder or else the team; those on call; the supervisors."""
    team = tx.roster.team(handoff.team)
    if rung is Rung.ON_CALL:
        return team.on_call
    if rung is Rung.SUPERVISOR:
        return tx.roster.supervisors
    return (handoff.agent,) if handoff.agent else team.members or (team.name,)


def ask(tx: Transaction, handoff: Handoff, conversation: Conversation, rung: Rung, clock: str | None) -> bool:
    """Ask the people of this rung; False if it has none."""
    names = people_of(tx, handoff, rung)
    if not names:
        return False
    asked = list(names)
    about = {"rung": rung.value, "asked": asked, "clock": clock}
    record_event(tx, conversation, "handoff_escalated", actor="watch", handoff_id=handoff.id, **about)
    write_note(tx, conversation, handoff.id, WATCH, ASKED[rung.value].format(names=", ".join(asked)))
    return True
