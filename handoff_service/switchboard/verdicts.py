"""What agents think of a handoff's timing: one word, changeable, kept for those who train the judgement."""

from __future__ import annotations

from sqlalchemy import update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import handoffs as table
from handoff_service.switchboard import handoffs
from handoff_service.switchboard.conversations import record_event
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.hub import ConversationChanged
from handoff_service.switchboard.rules import handoff as rules
from handoff_service.switchboard.rules.handoff import Agent, Verdict


def judge(tx: Transaction, handoff_id: str, agent: Agent, verdict: Verdict) -> Handoff:
    """Keep this agent's word on it; the last one counts. Raises `HandoffRefused` before anybody took it."""
    handoff, conversation = handoffs.load(tx, handoff_id)
    rules.judge(handoff.held)
    if handoff.verdict == verdict.value:
        return handoff
    tx.connection.execute(update(table).where(table.c.id == handoff_id).values(verdict=verdict.value))
    actor = f"agent:{agent.name}"
    record_event(tx, conversation, "handoff_judged", actor=actor, handoff_id=handoff_id, verdict=verdict.value)
    tx.tell(ConversationChanged(conversation.id))
    return handoffs.load(tx, handoff_id)[0]
