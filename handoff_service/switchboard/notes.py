"""Notes between colleagues: another type than a message, in a table of their own, with no path to a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import notes
from handoff_service.switchboard.conversations import Conversation, record_event
from handoff_service.switchboard.hub import ConversationChanged
from handoff_service.switchboard.rules.handoff import Agent


@dataclass(frozen=True)
class Note:
    """A colleague's remark. It has no number among the messages, since no customer ever sees it."""

    id: int
    handoff_id: str
    agent: str
    text: str
    after_seq: int
    sent_at: datetime


_COLUMNS = [notes.c[name] for name in Note.__dataclass_fields__]


class SameIdOtherText(Exception):
    """This id was used already, for other words."""


def write_note(
    tx: Transaction, conversation: Conversation, handoff_id: str, agent: Agent, text: str, client_id: str | None = None
) -> Note:
    """Keep this remark with the case, behind the message that was the last when it was written.

    The same `client_id` of the same agent again gives the kept note; `SameIdOtherText` where that has another text.
    """
    before = _by_client_id(tx, handoff_id, agent, client_id) if client_id is not None else None
    if before is not None:
        if before.text != text:
            raise SameIdOtherText
        return before
    row = tx.connection.execute(
        insert(notes)
        .values(
            handoff_id=handoff_id,
            conversation_id=conversation.id,
            agent=agent.name,
            text=text,
            client_id=client_id,
            after_seq=conversation.last_seq,
            sent_at=tx.now,
        )
        .returning(*_COLUMNS)
    ).mappings()
    record_event(tx, conversation, "note_written", actor=f"agent:{agent.name}", handoff_id=handoff_id)
    tx.tell(ConversationChanged(conversation.id))
    return Note(**row.one())


def _by_client_id(tx: Transaction, handoff_id: str, agent: Agent, client_id: str) -> Note | None:
    query = select(*_COLUMNS).where(
        notes.c.handoff_id == handoff_id, notes.c.agent == agent.name, notes.c.client_id == client_id
    )
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else Note(**row)


def notes_since(tx: Transaction, conversation_id: str, note_id: int) -> list[Note]:
    """The notes of a conversation after this one, in order."""
    query = (
        select(*_COLUMNS).where(notes.c.conversation_id == conversation_id, notes.c.id > note_id).order_by(notes.c.id)
    )
    return [Note(**row) for row in tx.connection.execute(query).mappings()]


def notes_behind(tx: Transaction, conversation_id: str, first: int, before: int | None) -> list[Note]:
    """The notes that stand behind the messages from `first` to the one before `before` (None: to the end), in order."""
    query = select(*_COLUMNS).where(notes.c.conversation_id == conversation_id, notes.c.after_seq >= first)
    if before is not None:
        query = query.where(notes.c.after_seq < before)
    return [Note(*row) for row in tx.connection.execute(query.order_by(notes.c.after_seq, notes.c.id))]


def reword_note(tx: Transaction, note_id: int, text: str) -> None:
    """Replace a note's wording; its writer corrected it."""
    row = tx.connection.execute(
        update(notes).where(notes.c.id == note_id).values(text=text).returning(notes.c.conversation_id)
    ).scalar_one_or_none()
    if row is not None:
        tx.tell(ConversationChanged(row))
