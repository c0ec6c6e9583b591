"""What a chat must be told next, and what became of the sending: decided and recorded, never sent, here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from handoff_service.channels.telegram.lease import LEASE, Lease
from handoff_service.channels.telegram.tables import telegram_chats, telegram_messages
from handoff_service.channels.telegram.wording import keyboard_of, parts_of, text_of
from handoff_service.observability import instruments
from handoff_service.store.database import Transaction
from handoff_service.store.tables import conversations as conversations_table
from handoff_service.switchboard import conversations, handoffs, transcript
from handoff_service.switchboard.conversations import Conversation
from handoff_service.switchboard.hub import ConversationChanged
from handoff_service.switchboard.notes import write_note
from handoff_service.switchboard.rules.handoff import Agent
from handoff_service.switchboard.transcript import Attachment, Message

STILL_LANDING = timedelta(seconds=3)  # for so long a call of a process that died may still arrive
MOST_DOUBTS = 2  # after a second lost answer it counts as sent: the customer sees it twice at the most
PAUSE_IN_DOUBT = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
UNKNOWN_ID = 0  # of a part that counts as sent although no answer told its number
# Notes for agents, in both their languages.
SEEN_TWICE = "El cliente puede haber visto dos veces un mensaje. · The customer may have seen a message twice."
MAY_BE_MISSING = (
    "Puede que un mensaje no le haya llegado al cliente: Telegram no contestó dos veces. · "
    "A message may not have reached the customer: twice Telegram did not answer."
)
REFUSED = (
    "Telegram no aceptó un mensaje; el cliente no lo tiene. · Telegram refused a message; the customer hasn't got it."
)
BLOCKED = "El cliente ha bloqueado el bot: no le llega nada. · The customer blocked the bot: nothing reaches them."
BLOCKED_HERE = (
    "El cliente ha bloqueado el bot: le llega por la web, no por Telegram. · "
    "The customer blocked the bot: it reaches them on the website, not on Telegram."
)
CHANNEL = "telegram"
TELEGRAM = Agent("Telegram", desk=CHANNEL)


@dataclass(frozen=True)
class Addition:
    """One call to make: a part of a message, or one of its files."""

    conversation_id: str
    chat_id: int
    seq: int
    part: int
    text: str
    keyboard: dict[str, Any] | None
    file: Attachment | None
    is_last: bool
    lease: Lease
    turn_id: str | None = None


@dataclass(frozen=True)
class Amendment:
    """What a corrected or deleted message is to become: a text for each of its numbers, None to delete it."""

    conversation_id: str
    chat_id: int
    revision: int
    becomes: Sequence[tuple[int, str | None]]
    keyboard: dict[str, Any] | None
    lease: Lease
    turn_id: str | None = None


def open_chat(tx: Transaction, conversation_id: str, chat_id: int, seq: int = 0, revision: int = 0) -> None:
    """From now on what is said in this conversation is told to this chat; up to here it needn't be."""
    row = {"sent_seq": seq, "sent_revision": revision, "doubts": 0, "repeats": 0, "tries": 0}
    moments = {"due_at": tx.now, "lease_until": tx.now, "joined_at": tx.now}
    tx.connection.execute(
        insert(telegram_chats).values(conversation_id=conversation_id, chat_id=chat_id, **moments, **row)
    )


def join_chat(tx: Transaction, conversation: Conversation, chat_id: int) -> None:
    """The same for a conversation that began elsewhere; what is written in the chat belongs to it now.

    The chat's earlier conversation is still told there what is said in it. A conversation is told to one chat only.
    """
    for table in (telegram_messages, telegram_chats):
        tx.connection.execute(delete(table).where(table.c.conversation_id == conversation.id))
    open_chat(tx, conversation.id, chat_id, conversation.last_seq, conversation.revision)


def conversations_of(tx: Transaction, chat_id: int) -> list[str]:
    """Those that are told to this chat; the first is the one in which it speaks."""
    query = (
        select(telegram_chats.c.conversation_id)
        .where(telegram_chats.c.chat_id == chat_id)
        .order_by(telegram_chats.c.joined_at.desc(), telegram_chats.c.conversation_id)
    )
    return list(tx.connection.execute(query).scalars())


def place_of(tx: Transaction, chat_id: int, message_id: int) -> tuple[str, int] | None:
    """Which message of which conversation stands in the chat under this number."""
    if message_id == UNKNOWN_ID:
        return None
    query = select(telegram_messages.c.conversation_id, telegram_messages.c.seq).where(
        telegram_messages.c.conversation_id.in_(conversations_of(tx, chat_id)),
        telegram_messages.c.message_id == message_id,
    )
    row = tx.connection.execute(query).first()
    return None if row is None else (row.conversation_id, row.seq)


def chats_to_tell(tx: Transaction) -> list[str]:
    """The conversations whose chat is behind the transcript, and due."""
    chats, table = telegram_chats.c, conversations_table.c
    query = (
        select(chats.conversation_id)
        .join(conversations_table, table.id == chats.conversation_id)
        .where(
            (table.last_seq > chats.sent_seq) | (table.revision > chats.sent_revision),
            chats.blocked_at.is_(None),
            chats.due_at <= tx.now,
            chats.lease_until <= tx.now,
        )
    )
    return list(tx.connection.execute(query).scalars())


def release_leases(tx: Transaction) -> None:
    """At the start of the only process: whoever held a chat has died, only its last call may still be on its way."""
    soon = tx.now + STILL_LANDING
    tx.connection.execute(update(telegram_chats).where(telegram_chats.c.lease_until > soon).values(lease_until=soon))


def chat_of(tx: Transaction, conversation_id: str) -> int | None:
    """The chat of this conversation, if it is one of Telegram's and not blocked."""
    query = select(telegram_chats.c.chat_id).where(
        telegram_chats.c.conversation_id == conversation_id, telegram_chats.c.blocked_at.is_(None)
    )
    return tx.connection.execute(query).scalar_one_or_none()


def next_call(tx: Transaction, conversation_id: str) -> Addition | Amendment | datetime | None:
    """The next call for this chat, leased and noted as begun; when to ask again; or None if the chat knows all."""
    chat = _chat(tx, conversation_id)
    if chat is None or chat["blocked_at"] is not None:
        return None
    ready = max(chat["due_at"], chat["lease_until"])
    if ready > tx.now:
        return datetime.fromtimestamp(ready.timestamp(), UTC)
    for message in transcript.since(tx, conversation_id, chat["sent_seq"], revision=NEVER):
        addition = _addition(tx, message, chat)
        if addition is not None and not _counts_as_sent(tx, chat, addition):
            return addition
        if addition is not None:
            return tx.now
        _write(tx, conversation_id, sent_seq=message.seq, **NOTHING_BEGUN)
    amended = transcript.next_amended(tx, conversation_id, chat["sent_revision"])
    return None if amended is None else _amendment(tx, amended, chat)


def _chat(tx: Transaction, conversation_id: str) -> RowMapping | None:
    """How far the chat is, locked after its conversation as everywhere."""
    try:
        conversations.load(tx, conversation_id)
    except conversations.NoSuchConversation:
        return None
    query = select(telegram_chats).where(telegram_chats.c.conversation_id == conversation_id).with_for_update()
    return tx.connection.execute(query).mappings().one_or_none()


def _addition(tx: Transaction, message: Message, chat: RowMapping) -> Addition | None:
    """The first part of a message that has not been sent; files follow the words. None if all is done."""
    if message.author == "customer" or message.deleted_at is not None:
        return None
    texts = parts_of(text_of(message)) if message.text else []
    files = list(message.attachments or ())
    sent = _sent_parts(tx, message)
    part = next((n for n in range(len(texts) + len(files)) if n not in sent), None)
    if part is None:
        return None
    about = (message.conversation_id, chat["chat_id"], message.seq, part)
    is_last = part == len(texts) + len(files) - 1
    lease = Lease([tx.now + LEASE])
    if part >= len(texts):
        return Addition(*about, "", None, files[part - len(texts)], is_last, lease, message.turn_id)
    keyboard = keyboard_of(message) if part == len(texts) - 1 else None
    return Addition(*about, texts[part], keyboard, None, is_last, lease, message.turn_id)


def _counts_as_sent(tx: Transaction, chat: RowMapping, addition: Addition) -> bool:
    """Note the call before it is made. If this very call was begun before, its answer was lost: once is tried again.

    A death of our own in the middle is no lost answer: mostly nothing had left yet, so it doesn't use up that once.
    """
    begun_before = (chat["sending_seq"], chat["sending_part"]) == (addition.seq, addition.part)
    doubts = chat["doubts"] if begun_before else 0
    if doubts >= MOST_DOUBTS:
        _stands(tx, addition, UNKNOWN_ID)
        tell_agents(tx, addition.conversation_id, MAY_BE_MISSING)
        return True
    _write(
        tx,
        addition.conversation_id,
        sending_seq=addition.seq,
        sending_part=addition.part,
        doubts=doubts,
        repeats=chat["repeats"] + (1 if begun_before else 0),
        lease_until=addition.lease.stamps[-1],
    )
    if begun_before:
        instruments.ambiguous_sends.labels("telegram").inc()
        tell_agents(tx, addition.conversation_id, SEEN_TWICE)
    return False


def _amendment(tx: Transaction, message: Message, chat: RowMapping) -> Amendment:
    texts = [] if message.deleted_at is not None else parts_of(text_of(message))
    parts = sorted(_sent_parts(tx, message).items())
    becomes = [(number, texts[part] if part < len(texts) else None) for part, number in parts if number != UNKNOWN_ID]
    lease = Lease([tx.now + LEASE])
    _write(tx, message.conversation_id, lease_until=lease.stamps[-1])
    about = (message.conversation_id, chat["chat_id"], message.revision)
    return Amendment(*about, becomes, keyboard_of(message), lease, message.turn_id)


def _sent_parts(tx: Transaction, message: Message) -> dict[int, int]:
    query = select(telegram_messages.c.part, telegram_messages.c.message_id).where(
        telegram_messages.c.conversation_id == message.conversation_id, telegram_messages.c.seq == message.seq
    )
    return {row.part: row.message_id for row in tx.connection.execute(query)}


def renew(tx: Transaction, conversation_id: str, stamps: Sequence[datetime], until: datetime) -> bool:
    """Whether the lease, known by one of these ends, was still there and ends at `until` now."""
    is_ours = (telegram_chats.c.conversation_id == conversation_id) & telegram_chats.c.lease_until.in_(stamps)
    renewed = tx.connection.execute(update(telegram_chats).where(is_ours).values(lease_until=until))
    return bool(renewed.rowcount)


def _held_chat(tx: Transaction, call: Addition | Amendment) -> RowMapping | None:
    """The chat of a call; None if our lease ended meanwhile, so that what becomes of it is another's to record."""
    chat = _chat(tx, call.conversation_id)
    return chat if chat is not None and chat["lease_until"] in call.lease.stamps else None


def sent(tx: Transaction, addition: Addition, message_id: int) -> None:
    """Telegram has this part under this number."""
    if _held_chat(tx, addition) is not None:
        _stands(tx, addition, message_id)


def _stands(tx: Transaction, addition: Addition, message_id: int) -> None:
    remember(tx, addition.conversation_id, addition.seq, addition.part, message_id)
    values: dict[str, Any] = {**NOTHING_BEGUN, "tries": 0, "lease_until": tx.now, "due_at": tx.now}
    if addition.is_last:
        values["sent_seq"] = addition.seq
    _write(tx, addition.conversation_id, **values)


def amended(tx: Transaction, amendment: Amendment) -> None:
    """The correction or deletion is carried out."""
    if _held_chat(tx, amendment) is not None:
        _is_amended(tx, amendment)


def _is_amended(tx: Transaction, amendment: Amendment) -> None:
    _write(tx, amendment.conversation_id, sent_revision=amendment.revision, tries=0, lease_until=tx.now, due_at=tx.now)


def remember(tx: Transaction, conversation_id: str, seq: int, part: int, message_id: int) -> None:
    """Telegram's number of one of our messages, or of the customer's."""
    row = {"conversation_id": conversation_id, "seq": seq, "part": part, "message_id": message_id}
    tx.connection.execute(insert(telegram_messages).values(**row))


def in_doubt(tx: Transaction, call: Addition | Amendment) -> None:
    """Whether it was sent is unknown; what was begun stays noted, so that the next try knows."""
    chat = _held_chat(tx, call)
    if chat is not None:
        due_at = tx.now + PAUSE_IN_DOUBT
        _write(tx, call.conversation_id, doubts=chat["doubts"] + 1, lease_until=tx.now, due_at=due_at)


def put_off(tx: Transaction, call: Addition | Amendment, seconds: float | None = None) -> None:
    """It was surely not sent; try again after Telegram's own word for when, or after a growing pause."""
    chat = _held_chat(tx, call)
    if chat is None:
        return
    tries = chat["tries"]
    pause = timedelta(seconds=seconds) if seconds is not None else min(timedelta(seconds=2**tries), LONGEST_PAUSE)
    due = {"lease_until": tx.now, "due_at": tx.now + pause}
    _write(tx, call.conversation_id, **NOTHING_BEGUN, tries=tries + 1, **due)


def refused(tx: Transaction, call: Addition | Amendment) -> None:
    """Telegram will never take this one: pass it over, and let the agent know instead of blocking all that follows."""
    if _held_chat(tx, call) is None:
        return
    tell_agents(tx, call.conversation_id, REFUSED)
    if isinstance(call, Addition):
        _stands(tx, call, UNKNOWN_ID)
    else:
        _is_amended(tx, call)


def blocked(tx: Transaction, conversation_id: str) -> None:
    """The customer blocked the bot: nothing more is tried until they write again, and the agent knows."""
    chat = _chat(tx, conversation_id)
    if chat is None or chat["blocked_at"] is not None:
        return
    _write(tx, conversation_id, **NOTHING_BEGUN, blocked_at=tx.now, lease_until=tx.now)
    conversation = conversations.load(tx, conversation_id)
    conversations.record_event(tx, conversation, "customer_blocked_us", actor="customer")
    tell_agents(tx, conversation_id, BLOCKED if conversation.channel == CHANNEL else BLOCKED_HERE)


def unblocked(tx: Transaction, conversation_id: str) -> None:
    """They are back; what they missed is sent."""
    _write(tx, conversation_id, blocked_at=None, tries=0, due_at=tx.now)
    tx.tell(ConversationChanged(conversation_id))


def unblocked_by_writing(tx: Transaction, conversation_id: str) -> None:
    """Who writes can be written to."""
    chat = _chat(tx, conversation_id)
    if chat is not None and chat["blocked_at"] is not None:
        unblocked(tx, conversation_id)


def tell_agents(tx: Transaction, conversation_id: str, text: str) -> None:
    """A note beside the case, if a person has it or will have it."""
    conversation = conversations.load(tx, conversation_id)
    handoff = handoffs.open_one(tx, conversation)
    if handoff is not None:
        write_note(tx, conversation, handoff.id, TELEGRAM, text)


def _write(tx: Transaction, conversation_id: str, **values: Any) -> None:
    tx.connection.execute(
        update(telegram_chats).where(telegram_chats.c.conversation_id == conversation_id).values(**values)
    )


NOTHING_BEGUN: dict[str, Any] = {"sending_seq": None, "sending_part": None, "doubts": 0}
NEVER = 2**31 - 1  # a revision that is never reached
