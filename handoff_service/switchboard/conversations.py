"""Conversations: finding them, opening them, and the one place where their owner changes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import IS_OPEN, conversations, customers, events, handoffs, verifications
from handoff_service.switchboard.hub import ConversationChanged, Recorded
from handoff_service.switchboard.rules import pause as rules
from handoff_service.switchboard.rules.handoff import Owner

ID_BYTES = 18

# Built once: building a statement takes several times as long as running it, and these run with every message.
_THIS = conversations.c.id == bindparam("this")
_LOAD = select(conversations).where(_THIS).with_for_update(key_share=True)
_CHANGE = update(conversations).where(_THIS).returning(*conversations.c)
_VERIFIED = select(verifications.c.customer_id).where(
    verifications.c.conversation_id == bindparam("this"), verifications.c.expires_at > bindparam("now")
)
_NAME = select(customers.c.name).where(customers.c.id == bindparam("customer"))
_STIR = update(handoffs).where(handoffs.c.conversation_id == bindparam("this"), IS_OPEN).values(due_at=bindparam("now"))
_OPEN = insert(conversations)
_APPEND = insert(events).returning(events.c.id)


class NoSuchConversation(Exception):
    """There is none with this id."""


class StaleEpoch(Exception):
    """The conversation changed hands since this was decided; nothing was written."""


@dataclass(frozen=True)
class Conversation:
    """A conversation as it stands in this transaction."""

    id: str
    channel: str
    address: str | None
    customer_id: str | None
    language: str
    owner: Owner
    epoch: int
    assistant_while_waiting: bool
    last_seq: int
    revision: int
    failed_turns: int
    created_at: datetime
    paused_until: datetime | None = None
    pause_told_at: datetime | None = None

    @property
    def assistant_answers(self) -> bool:
        """Whether a message that comes in now is the assistant's to answer."""
        return self.owner is Owner.ASSISTANT or (self.owner is Owner.QUEUE and self.assistant_while_waiting)

    @property
    def was_ever_handed_off(self) -> bool:
        """Whether a person was ever wanted here: each change of owner raises the epoch, and it starts at 1."""
        return self.epoch > 1

    def pause_at(self, now: datetime) -> datetime | None:
        """Until when the customer can't write, if they can't; a person who is wanted or there ends that."""
        return rules.in_force(self.paused_until, self.owner, now)


@dataclass(frozen=True)
class Identity:
    """Who somebody proved to be, by which means and until when."""

    customer_id: str
    name: str | None
    method: str
    expires_at: datetime


def from_row(row: Mapping[Any, Any]) -> Conversation:
    """A row of the table as a value."""
    return Conversation(**{**row, "owner": Owner(row["owner"])})


def load(tx: Transaction, conversation_id: str) -> Conversation:
    """The conversation, locked for this transaction; raises `NoSuchConversation`.

    Whoever locks rows that hang on it locks it first: one order for all, so that no two wait for each other. The lock
    leaves its key alone, which every insert of such a row looks at.
    """
    row = tx.connection.execute(_LOAD, {"this": conversation_id}).mappings().one_or_none()
    if row is None:
        raise NoSuchConversation
    return from_row(row)


def pause_of(tx: Transaction, conversation_id: str) -> datetime | None:
    """Until when this customer can't write, if they can't."""
    return load(tx, conversation_id).pause_at(tx.now)


def find_by_address(tx: Transaction, channel: str, address: str) -> Conversation | None:
    """The conversation of this address on this channel, if there is one."""
    query = select(conversations).where(conversations.c.channel == channel, conversations.c.address == address)
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else from_row(row)


def open_conversation(tx: Transaction, channel: str, language: str, address: str | None = None) -> Conversation:
    """A new one, owned by the assistant, with an id nobody can guess."""
    conversation = Conversation(
        id=secrets.token_urlsafe(ID_BYTES),
        channel=channel,
        address=address,
        customer_id=None,
        language=language,
        owner=Owner.ASSISTANT,
        epoch=1,
        assistant_while_waiting=False,
        last_seq=0,
        revision=0,
        failed_turns=0,
        created_at=tx.now,
    )
    tx.connection.execute(_OPEN, {**vars(conversation), "owner": Owner.ASSISTANT.value})
    record_event(tx, conversation, "conversation_opened", actor="customer", channel=channel)
    return conversation


def change(tx: Transaction, conversation_id: str, **values: Any) -> Conversation:
    """Write these columns and give back the conversation as it is now; raises `NoSuchConversation`."""
    row = tx.connection.execute(_CHANGE, {"this": conversation_id, **values}).mappings().one_or_none()
    if row is None:
        raise NoSuchConversation
    tx.tell(ConversationChanged(conversation_id))
    return from_row(row)


def change_owner(tx: Transaction, conversation: Conversation, owner: Owner) -> Conversation:
    """Give it to this owner. The epoch rises, so whatever was decided before can't be said any more."""
    statement = (
        update(conversations)
        .where(conversations.c.id == conversation.id, conversations.c.epoch == conversation.epoch)
        .values(owner=owner.value, epoch=conversation.epoch + 1, assistant_while_waiting=False)
    )
    if tx.connection.execute(statement).rowcount != 1:
        raise StaleEpoch
    tx.tell(ConversationChanged(conversation.id))
    return load(tx, conversation.id)


def remember_identity(tx: Transaction, conversation: Conversation, identity: Identity) -> Conversation:
    """Store who the customer of this conversation proved to be."""
    known = tx.connection.execute(select(customers.c.id).where(customers.c.id == identity.customer_id)).first()
    if known is None:
        tx.connection.execute(insert(customers).values(id=identity.customer_id, name=identity.name, created_at=tx.now))
    elif identity.name:
        tx.connection.execute(
            update(customers).where(customers.c.id == identity.customer_id).values(name=identity.name)
        )
    held_before = verified_customer(tx, conversation.id)
    row = {
        "customer_id": identity.customer_id,
        "method": identity.method,
        "verified_at": tx.now,
        "expires_at": identity.expires_at,
    }
    renewed = tx.connection.execute(
        update(verifications).where(verifications.c.conversation_id == conversation.id).values(**row)
    )
    if not renewed.rowcount:
        tx.connection.execute(insert(verifications).values(conversation_id=conversation.id, **row))
    if held_before != identity.customer_id:
        _name_open_handoff(tx, conversation.id, identity.customer_id)
        record_event(tx, conversation, "customer_verified", actor="customer", method=identity.method)
    return change(tx, conversation.id, customer_id=identity.customer_id)


def _name_open_handoff(tx: Transaction, conversation_id: str, customer_id: str) -> None:
    """Whoever waits, or is being helped, without a name has one now."""
    tx.connection.execute(
        update(handoffs)
        .where(
            handoffs.c.conversation_id == conversation_id,
            handoffs.c.customer_id.is_(None),
            handoffs.c.resolved_at.is_(None),
        )
        .values(customer_id=customer_id)
    )


def verified_customer(tx: Transaction, conversation_id: str) -> str | None:
    """The customer id proven for this conversation and still valid; whoever proves one is noted as its customer."""
    return tx.connection.execute(_VERIFIED, {"this": conversation_id, "now": tx.now}).scalar_one_or_none()


def customer_name(tx: Transaction, customer_id: str | None) -> str | None:
    """What this customer is called, where it is known."""
    if customer_id is None:
        return None
    return tx.connection.execute(_NAME, {"customer": customer_id}).scalar_one_or_none()


def record_event(
    tx: Transaction, conversation: Conversation, kind: str, *, actor: str, handoff_id: str | None = None, **data: Any
) -> None:
    """Append to the events, from which all figures are derived. `data` holds no words of anybody.

    Whatever happens while a person is wanted or has it may change what is due next, so that is looked at again.
    """
    if conversation.owner is not Owner.ASSISTANT and actor not in ("watch", "queue", "survey"):
        tx.connection.execute(_STIR, {"this": conversation.id, "now": tx.now})
    row = {
        "conversation_id": conversation.id,
        "handoff_id": handoff_id,
        "kind": kind,
        "actor": actor,
        "epoch": conversation.epoch,
        "at": tx.now,
        "data": data,
    }
    tx.tell(Recorded(tx.connection.execute(_APPEND, row).scalar_one(), kind))
