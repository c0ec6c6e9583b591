"""Whether a message has arrived with its customer, whatever the channel: for desks that show it to the agent."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select

from handoff_service.channels.telegram.delivery import CHANNEL
from handoff_service.channels.telegram.tables import telegram_chats
from handoff_service.store.database import Transaction
from handoff_service.store.tables import conversations


class Arrival(StrEnum):
    """What is known of a message's way to its customer."""

    ARRIVED = "arrived"
    UNDER_WAY = "under_way"
    BLOCKED = "blocked"  # the customer wants nothing from us any more


def arrival_of(tx: Transaction, conversation_id: str, seq: int) -> Arrival:
    """A website's chat has what is stored; Telegram has what it took."""
    query = (
        select(telegram_chats.c.sent_seq, telegram_chats.c.blocked_at, conversations.c.channel)
        .join(conversations, conversations.c.id == telegram_chats.c.conversation_id)
        .where(telegram_chats.c.conversation_id == conversation_id)
    )
    chat = tx.connection.execute(query).first()
    if chat is None or chat.sent_seq >= seq:
        return Arrival.ARRIVED
    if chat.blocked_at is None:
        return Arrival.UNDER_WAY
    return Arrival.BLOCKED if chat.channel == CHANNEL else Arrival.ARRIVED
