"""Reads what a handoff's summary tells from the record: the conversation since the last time a person had it."""

from __future__ import annotations

from sqlalchemy import func, select

from handoff_service.store.database import Transaction
from handoff_service.store.tables import handoffs, messages
from handoff_service.switchboard import conversations
from handoff_service.switchboard.conversations import Conversation
from handoff_service.switchboard.rules.mood import LATEST, Mood, mood_of
from handoff_service.switchboard.rules.summary import Line, Told, summarise
from handoff_service.words import Words

MOST_LINES = 60


def summary(tx: Transaction, words: Words, conversation: Conversation, is_appeal: bool) -> str:
    """Three lines about the conversation as it is now, in the language of the desk."""
    verified = conversations.verified_customer(tx, conversation.id)
    told = Told(
        name=conversations.customer_name(tx, conversation.customer_id),
        is_verified=verified is not None,
        channel=conversation.channel,
        language=conversation.language,
        lines=_lines(tx, conversation.id),
        failed_turns=conversation.failed_turns,
        mood=mood(tx, conversation.id),
        is_appeal=is_appeal,
    )
    return summarise(told, words.case)


def mood(tx: Transaction, conversation_id: str, ended_handoff: str | None = None) -> Mood | None:
    """How the customer sounds by their latest messages that the assistant read; or did when that handoff ended."""
    query = (
        select(messages.c.frustration, messages.c.abuse)
        .where(messages.c.conversation_id == conversation_id, messages.c.author == "customer")
        .where(messages.c.frustration.is_not(None) | messages.c.abuse.is_not(None))
        .order_by(messages.c.seq.desc())
        .limit(LATEST)
    )
    if ended_handoff is not None:
        end = select(func.max(messages.c.seq)).where(messages.c.handoff_id == ended_handoff)
        mine = messages.c.conversation_id == conversation_id
        query = query.where(messages.c.seq <= end.where(mine).scalar_subquery())
    return mood_of([(frustration, abuse) for frustration, abuse in tx.connection.execute(query)][::-1])


def _lines(tx: Transaction, conversation_id: str) -> list[Line]:
    mine = messages.c.conversation_id == conversation_id
    cases = select(handoffs.c.id).where(handoffs.c.conversation_id == conversation_id)
    last_case = select(func.max(messages.c.seq)).where(mine, messages.c.handoff_id.in_(cases))
    after = tx.connection.execute(last_case).scalar() or 0
    columns = (messages.c.author, messages.c.text, messages.c.intent, messages.c.confidence)
    query = (
        select(*columns, messages.c.payload, messages.c.attachments)
        .where(mine, messages.c.seq > after, messages.c.deleted_at.is_(None), messages.c.author != "system")
        .order_by(messages.c.seq.desc())
        .limit(MOST_LINES)
    )
    rows = tx.connection.execute(query).all()[::-1]
    return [
        Line(row.author, row.text, row.intent or _pressed(row.payload), row.confidence, bool(row.attachments))
        for row in rows
    ]


def _pressed(payload: str | None) -> str | None:
    """The topic of a button, `/refund` or `/refund{"slot": 1}`."""
    return payload[1:].partition("{")[0] if payload and payload.startswith("/") else None
