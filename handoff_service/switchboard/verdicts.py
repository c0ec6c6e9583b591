"""What agents think of a handoff's timing: one word, changeable, kept for those who train the judgement."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import handoffs as table
from handoff_service.store.tables import messages
from handoff_service.switchboard import conversations, handoffs
from handoff_service.switchboard.conversations import record_event
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.hub import ConversationChanged
from handoff_service.switchboard.rules import handoff as rules
from handoff_service.switchboard.rules.handoff import Agent, Verdict
from handoff_service.switchboard.rules.labelled import Judged
from handoff_service.switchboard.rules.redaction import redacted

MOST_TURNS = 30


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


def judged(tx: Transaction, since: datetime | None = None) -> list[Judged]:
    """All handoffs with a verdict, oldest first, as far as the customer wrote anything before them."""
    query = select(table).where(table.c.verdict.is_not(None)).order_by(table.c.opened_at, table.c.id)
    if since is not None:
        query = query.where(table.c.opened_at >= since)
    rows = tx.connection.execute(query).mappings().all()
    found = [_judged(tx, handoffs.from_row(row)) for row in rows]
    return [each for each in found if each.turns]


def _judged(tx: Transaction, handoff: Handoff) -> Judged:
    name = conversations.customer_name(tx, handoff.customer_id)
    turns = [redacted(text, [name] if name else []) for text in _turns(tx, handoff)]
    return Judged(handoff.id, handoff.language, handoff.reason.value, Verdict(handoff.verdict or ""), turns)


def _turns(tx: Transaction, handoff: Handoff) -> list[str]:
    """What the customer said between the handoff before and this one, as the assistant was asked: turn by turn."""
    mine = messages.c.conversation_id == handoff.conversation_id
    opening = select(func.min(messages.c.seq)).where(mine, messages.c.handoff_id == handoff.id)
    end = tx.connection.execute(opening).scalar() or 0
    before = select(func.max(messages.c.seq)).where(mine, messages.c.handoff_id.is_not(None), messages.c.seq < end)
    start = tx.connection.execute(before).scalar() or 0
    query = (
        select(messages.c.seq, messages.c.turn_id, messages.c.text)
        .where(mine, messages.c.seq > start, messages.c.seq < end)
        .where(messages.c.author == "customer", messages.c.deleted_at.is_(None), messages.c.text != "")
        .order_by(messages.c.seq)
    )
    turns: dict[object, list[str]] = {}
    for seq, turn_id, text in tx.connection.execute(query):
        turns.setdefault(turn_id or seq, []).append(text)
    return ["\n".join(texts) for texts in turns.values()][-MOST_TURNS:]
