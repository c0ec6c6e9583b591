"""The ends and returns nobody pressed a button for: somebody fell silent, or left, or came back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import handoffs as table
from handoff_service.switchboard import giving_back, handoffs, pauses, staffing
from handoff_service.switchboard.conversations import Conversation
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.rules.handoff import Held, Status
from handoff_service.switchboard.rules.returning import Ended, goes_on
from handoff_service.words import Words

WATCH = "watch"

_LAST = (
    select(table)
    .where(table.c.conversation_id == bindparam("this"))
    .order_by(table.c.opened_at.desc(), table.c.id)
    .limit(1)
)


def release_from_silent(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation) -> Handoff:
    """The agent doesn't answer: back to the queue, with its age."""
    said = words.say("utter_agent_silent", conversation.language)
    data = {"cause": "silence", "from": handoff.agent}
    return handoffs.move(
        tx, words, handoff, conversation, Held(Status.QUEUED), "handoff_released", None, said, data, actor=WATCH
    )


def abandon(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation) -> Handoff:
    """No sign of life of a waiting customer: the place is free, the assistant goes on."""
    said = words.say("utter_abandoned", conversation.language)
    held, kind = Held(Status.ABANDONED), "handoff_abandoned"
    ended = handoffs.move(tx, words, handoff, conversation, held, kind, None, said, actor=WATCH, resolved_at=tx.now)
    pauses.remind(tx, words, conversation.id)
    return ended


def close_without_reply(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation) -> Handoff:
    """The customer doesn't answer the agent: closed, and taken up again when they write."""
    said = words.say("utter_resolved_no_reply", conversation.language, code=handoff.code)
    held = Held(Status.RESOLVED, handoff.agent, handoff.desk)
    data = {"outcome": "no_reply", "topic": None}
    ending = {"resolved_at": tx.now, "outcome": "no_reply"}
    ended = handoffs.move(
        tx, words, handoff, conversation, held, "handoff_resolved", None, said, data, actor=WATCH, **ending
    )
    pauses.remind(tx, words, conversation.id)
    return ended


def to_be_continued(
    tx: Transaction, conversation: Conversation, intent: str | None, confidence: float | None
) -> Handoff | None:
    """The ended handoff that what the customer just wrote goes on with, if it does."""
    if not conversation.was_ever_handed_off:
        return None
    row = tx.connection.execute(_LAST, {"this": conversation.id}).mappings().one_or_none()
    if row is None or row["status"] != Status.RESOLVED.value or row["resolved_at"] is None:
        return None
    last = handoffs.from_row(row)
    topics = frozenset(filter(None, (last.topic, last.about)))
    ended = Ended(row["resolved_at"], last.outcome, topics)
    within = tx.roster.limits.return_within
    if not goes_on(ended, intent, confidence, tx.now, within) or giving_back.was_given_back(tx, last):
        return None
    return last


def take_up_again(tx: Transaction, words: Words, conversation: Conversation, ended: Handoff) -> Handoff:
    """The customer goes on with it: queued again under its code; who knows it has a head start, if they are there."""
    known = ended.agent if ended.agent and not staffing.is_away(tx, ended.agent) else None
    language = conversation.language
    name = "utter_taken_up_with_agent" if known else "utter_taken_up"
    said = words.say(name, language, code=ended.code, agent=known)
    until = tx.now + timedelta(seconds=tx.roster.limits.head_start) if known else None
    values = {
        "resolved_at": None,
        "outcome": None,
        "preferred_agent": known,
        "preferred_until": until,
        "receipt_at": None,
    }
    data = {"by": "customer", "preferred": known}
    tx.connection.execute(update(table).where(table.c.id == ended.id).values(waiting_since=tx.now, rank_at=tx.now))
    return handoffs.move(
        tx,
        words,
        ended,
        conversation,
        Held(Status.QUEUED),
        "handoff_reopened",
        None,
        said,
        data,
        actor="customer",
        **values,
    )
