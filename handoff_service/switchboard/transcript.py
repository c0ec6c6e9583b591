"""The transcript: the only place that writes what a customer can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import conversations, messages
from handoff_service.switchboard.conversations import Conversation, StaleEpoch, change, record_event
from handoff_service.switchboard.hub import ConversationChanged
from handoff_service.switchboard.rules.buttons import Button

Attachment = dict[str, str]  # {"id", "name", "mime"}
RECENT_OFFERS = 20  # messages back in which a button of ours still works


@dataclass(frozen=True)
class Message:
    """One message as everybody sees it."""

    conversation_id: str
    seq: int
    author: str
    name: str | None
    text: str
    buttons: Sequence[Button] | None
    attachments: Sequence[Attachment] | None
    client_id: str | None
    handoff_id: str | None
    intent: str | None
    confidence: float | None
    frustration: float | None
    abuse: float | None
    sent_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    revision: int
    turn_id: str | None = None  # the assistant's turn that read it, or of which it is the answer


_COLUMNS = [messages.c[name] for name in Message.__dataclass_fields__]


def _from_row(row: RowMapping) -> Message:
    return Message(**row)


def say(
    tx: Transaction,
    conversation: Conversation,
    author: str,
    text: str,
    *,
    name: str | None = None,
    buttons: Sequence[Button] | None = None,
    attachments: Sequence[Attachment] | None = None,
    client_id: str | None = None,
    handoff_id: str | None = None,
    turn_id: str | None = None,
) -> Message:
    """Say this to the customer under the epoch in which it was decided; raises `StaleEpoch` if that is over.

    The check stands inside the write: no reply, reminder or timer gets past a change of owner.
    """
    seq = _next_seq(tx, conversation.id, epoch=conversation.epoch)
    return _write(
        tx,
        conversation_id=conversation.id,
        seq=seq,
        author=author,
        name=name,
        text=text,
        buttons=list(buttons) if buttons else None,
        attachments=list(attachments) if attachments else None,
        client_id=client_id,
        handoff_id=handoff_id,
        turn_id=turn_id,
        awaits_assistant=False,
    )


def record(
    tx: Transaction,
    conversation: Conversation,
    text: str,
    *,
    payload: str | None,
    client_id: str,
    awaits: bool,
    attachments: Sequence[Attachment] = (),
) -> Message:
    """Write down what the customer said. A customer may always speak, whoever owns the conversation."""
    return _write(
        tx,
        conversation_id=conversation.id,
        seq=_next_seq(tx, conversation.id),
        author="customer",
        text=text,
        payload=payload,
        client_id=client_id,
        awaits_assistant=awaits,
        attachments=list(attachments) or None,
    )


def _next_seq(tx: Transaction, conversation_id: str, epoch: int | None = None) -> int:
    statement = update(conversations).where(conversations.c.id == conversation_id)
    if epoch is not None:
        statement = statement.where(conversations.c.epoch == epoch)
    seq = tx.connection.execute(
        statement.values(last_seq=conversations.c.last_seq + 1).returning(conversations.c.last_seq)
    ).scalar_one_or_none()
    if seq is None:
        raise StaleEpoch
    return int(seq)


def _write(tx: Transaction, **values: Any) -> Message:
    row = tx.connection.execute(
        insert(messages).values(sent_at=tx.now, revision=0, **values).returning(*_COLUMNS)
    ).mappings()
    message = _from_row(row.one())
    tx.tell(ConversationChanged(message.conversation_id))
    return message


def by_client_id(tx: Transaction, conversation_id: str, author: str, client_id: str) -> Message | None:
    """The message its sender gave this id, if it is stored already."""
    query = select(*_COLUMNS).where(
        messages.c.conversation_id == conversation_id,
        messages.c.author == author,
        messages.c.client_id == client_id,
    )
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else _from_row(row)


def by_seq(tx: Transaction, conversation_id: str, seq: int) -> Message | None:
    """The message with this number."""
    query = select(*_COLUMNS).where(messages.c.conversation_id == conversation_id, messages.c.seq == seq)
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else _from_row(row)


def since(tx: Transaction, conversation_id: str, seq: int, revision: int = 0) -> list[Message]:
    """All messages after `seq`, and all earlier ones corrected or deleted after `revision`, in order."""
    mine = messages.c.conversation_id == conversation_id
    later = select(*_COLUMNS).where(mine, messages.c.seq > seq)
    amended = select(*_COLUMNS).where(mine, messages.c.revision > revision)
    # Two ranges of two indexes; one condition with an "or" would look at the whole conversation each time.
    rows = tx.connection.execute(later.union_all(amended)).mappings()
    found = {row["seq"]: _from_row(row) for row in rows}
    return [found[number] for number in sorted(found)]


def next_amended(tx: Transaction, conversation_id: str, revision: int) -> Message | None:
    """The first correction or deletion after this revision."""
    query = (
        select(*_COLUMNS)
        .where(messages.c.conversation_id == conversation_id, messages.c.revision > revision)
        .order_by(messages.c.revision)
        .limit(1)
    )
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else _from_row(row)


def offered_buttons(tx: Transaction, conversation_id: str) -> list[Sequence[Button]]:
    """The buttons of the last messages that were not the customer's, newest message first; [] for one without."""
    query = (
        select(messages.c.buttons)
        .where(messages.c.conversation_id == conversation_id, messages.c.author != "customer")
        .order_by(messages.c.seq.desc())
        .limit(RECENT_OFFERS)
    )
    return [buttons or [] for buttons in tx.connection.execute(query).scalars()]


def correct(tx: Transaction, conversation: Conversation, message: Message, text: str, actor: str) -> None:
    """Replace the wording of a message that was sent."""
    revision = conversation.revision + 1
    _amend(tx, message, text=text, edited_at=tx.now, revision=revision)
    changed = change(tx, conversation.id, revision=revision)
    record_event(tx, changed, "message_corrected", actor=actor, handoff_id=message.handoff_id, seq=message.seq)


def restate(tx: Transaction, conversation: Conversation, message: Message, text: str) -> None:
    """Bring a standing notice of the switchboard up to date: the same message, other figures. Raises `StaleEpoch`."""
    revision = conversation.revision + 1
    current = update(conversations).where(
        conversations.c.id == conversation.id, conversations.c.epoch == conversation.epoch
    )
    if tx.connection.execute(current.values(revision=revision)).rowcount != 1:
        raise StaleEpoch
    _amend(tx, message, text=text, edited_at=tx.now, revision=revision)
    tx.tell(ConversationChanged(conversation.id))


def take_back(tx: Transaction, conversation: Conversation, message: Message, actor: str) -> None:
    """Delete a message that was sent; its words are gone, its number stays."""
    revision = conversation.revision + 1
    _amend(tx, message, text="", buttons=None, deleted_at=tx.now, revision=revision)
    changed = change(tx, conversation.id, revision=revision)
    record_event(tx, changed, "message_deleted", actor=actor, handoff_id=message.handoff_id, seq=message.seq)


def _amend(tx: Transaction, message: Message, **values: Any) -> None:
    tx.connection.execute(
        update(messages)
        .where(messages.c.conversation_id == message.conversation_id, messages.c.seq == message.seq)
        .values(**values)
    )
