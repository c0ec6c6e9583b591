"""The transcript: the only place that writes what a customer can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

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
# Built once: building a statement takes several times as long as running it, and these run with every message.
_MINE = messages.c.conversation_id == bindparam("this")
_NUMBER = (
    update(conversations)
    .where(conversations.c.id == bindparam("this"))
    .values(last_seq=conversations.c.last_seq + 1)
    .returning(conversations.c.last_seq)
)
_NUMBER_IN_EPOCH = _NUMBER.where(conversations.c.epoch == bindparam("in_epoch"))
_INSERT = insert(messages).returning(*_COLUMNS)
_BY_CLIENT_ID = select(*_COLUMNS).where(
    _MINE, messages.c.author == bindparam("author"), messages.c.client_id == bindparam("client_id")
)
_BY_SEQ = select(*_COLUMNS).where(_MINE, messages.c.seq == bindparam("seq"))
# Two ranges of two indexes; one condition with an "or" would look at the whole conversation each time.
_SINCE = (
    select(*_COLUMNS)
    .where(_MINE, messages.c.seq > bindparam("seq"))
    .union_all(select(*_COLUMNS).where(_MINE, messages.c.revision > bindparam("revision")))
)
_OFFERED = (
    select(messages.c.buttons)
    .where(_MINE, messages.c.author != "customer")
    .order_by(messages.c.seq.desc())
    .limit(bindparam("most"))
)


def _from_row(row: Sequence[Any]) -> Message:
    return Message(*row)  # the columns stand in the order of the fields


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
    statement, told = (_NUMBER, {}) if epoch is None else (_NUMBER_IN_EPOCH, {"in_epoch": epoch})
    seq = tx.connection.execute(statement, {"this": conversation_id, **told}).scalar_one_or_none()
    if seq is None:
        raise StaleEpoch
    return int(seq)


def _write(tx: Transaction, **values: Any) -> Message:
    message = _from_row(tx.connection.execute(_INSERT, {"sent_at": tx.now, "revision": 0, **values}).one())
    tx.tell(ConversationChanged(message.conversation_id))
    return message


def by_client_id(tx: Transaction, conversation_id: str, author: str, client_id: str) -> Message | None:
    """The message its sender gave this id, if it is stored already."""
    wanted = {"this": conversation_id, "author": author, "client_id": client_id}
    row = tx.connection.execute(_BY_CLIENT_ID, wanted).one_or_none()
    return None if row is None else _from_row(row)


def by_seq(tx: Transaction, conversation_id: str, seq: int) -> Message | None:
    """The message with this number."""
    row = tx.connection.execute(_BY_SEQ, {"this": conversation_id, "seq": seq}).one_or_none()
    return None if row is None else _from_row(row)


def since(tx: Transaction, conversation_id: str, seq: int, revision: int = 0) -> list[Message]:
    """All messages after `seq`, and all earlier ones corrected or deleted after `revision`, in order."""
    rows = tx.connection.execute(_SINCE, {"this": conversation_id, "seq": seq, "revision": revision})
    found = {message.seq: message for message in map(_from_row, rows)}
    return [found[number] for number in sorted(found)]


def next_amended(tx: Transaction, conversation_id: str, revision: int) -> Message | None:
    """The first correction or deletion after this revision."""
    query = (
        select(*_COLUMNS)
        .where(messages.c.conversation_id == conversation_id, messages.c.revision > revision)
        .order_by(messages.c.revision)
        .limit(1)
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _from_row(row)


def offered_buttons(tx: Transaction, conversation_id: str, only_newest: bool) -> list[Sequence[Button]]:
    """The buttons of the last messages that were not the customer's, newest message first; [] for one without."""
    wanted = {"this": conversation_id, "most": 1 if only_newest else RECENT_OFFERS}
    return [buttons or [] for buttons in tx.connection.execute(_OFFERED, wanted).scalars()]


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


@dataclass(frozen=True)
class Part:
    """Which part of a transcript is wanted: the newest `last` messages, of those before the number `before`.

    None sets no bound.
    """

    last: int | None = None
    before: int | None = None


WHOLE = Part()


def part_of(tx: Transaction, conversation_id: str, part: Part) -> tuple[list[Message], bool]:
    """That part, in order and without what was deleted, and whether there are messages before it."""
    query = select(*_COLUMNS).where(messages.c.conversation_id == conversation_id, messages.c.deleted_at.is_(None))
    if part.before is not None:
        query = query.where(messages.c.seq < part.before)
    query = query.order_by(messages.c.seq.desc())
    if part.last is not None:
        query = query.limit(part.last + 1)
    found = [Message(*row) for row in tx.connection.execute(query)]
    return found[: part.last][::-1], part.last is not None and len(found) > part.last
