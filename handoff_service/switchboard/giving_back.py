"""Giving a conversation back to the assistant: what a person was needed for is done, and what is left is routine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import events, messages
from handoff_service.switchboard import audit, conversations, handoffs, pauses, staffing, suggestions
from handoff_service.switchboard.audit import Action
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.hub import TurnWanted
from handoff_service.switchboard.rules import handoff as rules
from handoff_service.switchboard.rules.handoff import Agent
from handoff_service.words import Words

OUTCOME = "solved"


def give_back(tx: Transaction, words: Words, handoff_id: str, agent: Agent) -> Handoff:
    """End it, by its holder; what the customer wrote and nobody answered is the assistant's to answer now.

    Nobody is asked how it was: the conversation goes on.
    """
    handoff, conversation = handoffs.load(tx, handoff_id)
    held = rules.resolve(handoff.held, agent)
    audit.record(tx, agent, Action.RESOLVED, f"handoff:{handoff_id}")
    left_open = suggestions.open_messages(tx, handoff)
    staffing.seen(tx, agent)
    said = words.say("utter_given_back", conversation.language, agent=agent.name, code=handoff.code)
    data = {"outcome": OUTCOME, "topic": handoff.about, "given_back": True}
    ending: dict[str, Any] = {"resolved_at": tx.now, "outcome": OUTCOME, "topic": handoff.about}
    ended = handoffs.move(tx, words, handoff, conversation, held, "handoff_resolved", agent, said, data, **ending)
    pauses.remind(tx, words, conversation.id)
    if conversations.load(tx, conversation.id).assistant_answers and left_open:
        mine = (messages.c.conversation_id == conversation.id, messages.c.seq.in_(left_open))
        tx.connection.execute(update(messages).where(*mine).values(awaits_assistant=True))
        tx.tell(TurnWanted(conversation.id))
    return ended


def was_given_back(tx: Transaction, ended: Handoff) -> bool:
    """Whether it ended so: then what follows is the assistant's, whatever it is about."""
    query = (
        select(events.c.data)
        .where(events.c.conversation_id == ended.conversation_id, events.c.at >= ended.resolved_at)
        .where(events.c.handoff_id == ended.id, events.c.kind == "handoff_resolved")
        .order_by(events.c.id.desc())
        .limit(1)
    )
    data = tx.connection.execute(query).scalar_one_or_none()
    return bool(data and data.get("given_back"))
