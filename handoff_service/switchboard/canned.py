"""What an agent can send at once: the canned replies of a handoff's team, filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handoff_service.store.database import Transaction
from handoff_service.switchboard import views
from handoff_service.switchboard.rules.canned import CannedReply, fill
from handoff_service.switchboard.rules.handoff import Agent


@dataclass(frozen=True)
class Canned:
    """The trainers' replies, and the operator's name that stands in them."""

    replies: Sequence[CannedReply] = ()
    operator: str = ""


@dataclass(frozen=True)
class Ready:
    """A reply as it would be sent now, in the conversation's language."""

    name: str
    titles: Mapping[str, str]
    text: str


def for_handoff(tx: Transaction, canned: Canned, handoff_id: str, agent: Agent) -> list[Ready]:
    """Those that fit this handoff, as this agent would send them; raises `NoSuchHandoff`."""
    view = views.one_handoff(tx, handoff_id)
    language = views.language_of(tx, view.handoff.conversation_id)
    values = {"name": view.customer.name, "agent": agent.name, "code": view.handoff.code, "operator": canned.operator}
    teams = frozenset(tx.roster.teams)
    return [
        Ready(reply.name, reply.titles, fill(reply.texts[language], values))
        for reply in canned.replies
        if reply.is_for(view.handoff.team, teams)
    ]
