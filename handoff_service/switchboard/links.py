"""One-time links: by them a customer goes on with a conversation on another channel, and keeps the place."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from handoff_service.store.database import Transaction
from handoff_service.store.tables import channel_links
from handoff_service.switchboard import conversations
from handoff_service.switchboard.rules.handoff import Owner

LIFE = timedelta(minutes=10)
TOKEN_BYTES = 24
MARK = "go-"  # so that a campaign's word in a link is never taken for a token; 35 characters, Telegram takes 64


class NothingToGoOnWith(Exception):
    """Nobody waits for a person here, and none is there."""


@dataclass(frozen=True)
class Link:
    """The way on; whoever has the token has the conversation, so it is told to nobody but its customer."""

    token: str
    expires_at: datetime


def make_link(tx: Transaction, conversation_id: str) -> Link:
    """A fresh one, which ends any before it; only its digest is kept. Raises `NothingToGoOnWith`."""
    conversation = conversations.load(tx, conversation_id)
    if conversation.owner is Owner.ASSISTANT:
        raise NothingToGoOnWith
    tx.connection.execute(delete(channel_links).where(channel_links.c.conversation_id == conversation_id))
    link = Link(MARK + secrets.token_urlsafe(TOKEN_BYTES), tx.now + LIFE)
    row = {"digest": _digest(link.token), "conversation_id": conversation_id, "expires_at": link.expires_at}
    tx.connection.execute(insert(channel_links).values(**row))
    conversations.record_event(tx, conversation, "link_made", actor="customer")
    return link


def leads_to(tx: Transaction, token: str) -> str | None:
    """The conversation this token opens now, if it does; the token stays good."""
    query = select(channel_links.c.conversation_id).where(
        channel_links.c.digest == _digest(token), channel_links.c.expires_at > tx.now
    )
    return tx.connection.execute(query).scalar_one_or_none()


def use_up(tx: Transaction, token: str) -> bool:
    """Whether the token was still there; from now on it isn't."""
    return tx.connection.execute(delete(channel_links).where(channel_links.c.digest == _digest(token))).rowcount == 1


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
