"""Visitors of a website: which conversation a widget may see."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import conversations as table
from handoff_service.store.tables import widget_tokens
from handoff_service.switchboard import conversations
from handoff_service.switchboard.conversations import Conversation, Identity

CHANNEL = "widget"
TOKEN_BYTES = 32
IDLE = timedelta(days=30)  # a token that nobody used for so long opens nothing any more
LIFE = timedelta(days=90)  # nor does an older one; whoever logs in is given another
USE_NOTED_EVERY = timedelta(hours=1)

_last_used = func.coalesce(widget_tokens.c.used_at, widget_tokens.c.created_at)
_THIS = widget_tokens.c.digest == bindparam("this")
_VALID = (_THIS, widget_tokens.c.created_at > bindparam("oldest"), _last_used > bindparam("unused"))
_OPENS = select(widget_tokens.c.conversation_id).where(*_VALID, widget_tokens.c.replaced_at.is_(None))
_KNOWN = (
    select(table, widget_tokens.c.replaced_at, _last_used.label("used_at"))
    .join(widget_tokens, widget_tokens.c.conversation_id == table.c.id)
    .where(*_VALID)
    .with_for_update(key_share=True, of=table)
)
_NEW = insert(widget_tokens)
_NOTE = update(widget_tokens).where(_THIS).values(used_at=bindparam("now"))


class TokenRefused(Exception):
    """No conversation may be seen with this token and this identity."""


@dataclass(frozen=True)
class Visit:
    """A widget's way into its conversation."""

    conversation: Conversation
    token: str


@dataclass(frozen=True)
class _Known:
    """A token that is valid, and the conversation it was given for."""

    token: str
    conversation: Conversation
    is_current: bool  # it was not replaced when somebody logged in
    used_at: datetime


def greet(tx: Transaction, token: str | None, identity: Identity | None, language: str | None) -> Visit:
    """Where this widget belongs: its token's conversation, its customer's, or a new one.

    A customer has one conversation on all devices; an anonymous one becomes it when they log in and have none yet,
    unless somebody else identified there by a code: what was said to them is theirs.
    A token whose conversation belongs to a customer opens nothing without that customer's identity. Who logs in is
    given another one, with which alone files can be sent.
    """
    known = _by_token(tx, token) if token is not None else None
    bound_to = known.conversation.address if known is not None else None
    if bound_to is not None and (identity is None or bound_to != identity.customer_id):
        raise TokenRefused
    if identity is not None:
        return _greet_customer(tx, identity, known, language)
    if known is not None:
        _note_use(tx, known)
        return Visit(known.conversation, known.token)
    conversation = conversations.open_conversation(tx, CHANNEL, language or "es")
    return Visit(conversation, _new_token(tx, conversation))


def conversation_of_token(tx: Transaction, token: str) -> str:
    """The conversation that this token alone opens; raises `TokenRefused`."""
    conversation_id = tx.connection.execute(_OPENS, _valid(tx, token)).scalar_one_or_none()
    if conversation_id is None:
        raise TokenRefused
    return str(conversation_id)


def _by_token(tx: Transaction, token: str) -> _Known:
    """What the token stands for, also one that was replaced; raises `TokenRefused`. The conversation is locked."""
    row = tx.connection.execute(_KNOWN, _valid(tx, token)).mappings().one_or_none()
    if row is None:
        raise TokenRefused
    conversation = conversations.from_row({column.name: row[column] for column in table.c})
    return _Known(token, conversation, is_current=row["replaced_at"] is None, used_at=row["used_at"])


def _valid(tx: Transaction, token: str) -> dict[str, object]:
    return {"this": _digest(token), "oldest": tx.now - LIFE, "unused": tx.now - IDLE}


def _note_use(tx: Transaction, known: _Known) -> None:
    """Written down once an hour at the most, since every reconnection is a use."""
    if known.used_at < tx.now - USE_NOTED_EVERY:
        tx.connection.execute(_NOTE, {"this": _digest(known.token), "now": tx.now})


def _greet_customer(tx: Transaction, identity: Identity, known: _Known | None, language: str | None) -> Visit:
    theirs = conversations.find_by_address(tx, CHANNEL, identity.customer_id)
    if theirs is None and known is not None and known.conversation.customer_id in (None, identity.customer_id):
        theirs = conversations.change(tx, known.conversation.id, address=identity.customer_id)
        _replace_tokens(tx, theirs)
        known = None  # its token with them
    if theirs is None:
        theirs = conversations.open_conversation(tx, CHANNEL, language or "es", identity.customer_id)
    theirs = conversations.remember_identity(tx, theirs, identity)
    if known is not None and known.is_current and known.conversation.id == theirs.id:
        _note_use(tx, known)
        return Visit(theirs, known.token)
    return Visit(theirs, _new_token(tx, theirs))


def _replace_tokens(tx: Transaction, conversation: Conversation) -> None:
    """What was handed out before the login is worth nothing by itself: somebody else may have put it there."""
    of_it = widget_tokens.c.conversation_id == conversation.id
    tx.connection.execute(update(widget_tokens).where(of_it).values(replaced_at=tx.now))


def _new_token(tx: Transaction, conversation: Conversation) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = {"digest": _digest(token), "conversation_id": conversation.id, "created_at": tx.now}
    tx.connection.execute(_NEW, row)
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
