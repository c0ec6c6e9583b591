"""Which chats there are, how far each has been told, and how Telegram numbers our messages."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table

from handoff_service.store.tables import Time, metadata

telegram_chats = Table(
    "telegram_chats",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("sent_seq", Integer, nullable=False),  # everything up to here has been sent
    Column("sent_revision", Integer, nullable=False),  # corrections and deletions likewise
    Column("sending_seq", Integer),  # set before the call; still set after a crash or a lost answer
    Column("sending_part", Integer),
    Column("doubts", Integer, nullable=False),  # lost answers for what is being sent now
    Column("repeats", Integer, nullable=False),  # sendings ever repeated because an answer was lost
    Column("tries", Integer, nullable=False),
    Column("due_at", Time, nullable=False),
    Column("lease_until", Time, nullable=False),
    Column("blocked_at", Time),
    Column("joined_at", Time, nullable=False),  # what is written in the chat belongs to the newest
    Index("ix_telegram_chats_chat_id_joined_at", "chat_id", "joined_at"),
)

telegram_messages = Table(
    "telegram_messages",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("part", Integer, primary_key=True),  # long messages are sent in parts, from 0
    Column("message_id", BigInteger, nullable=False),
    Index("ix_telegram_messages_conversation_id_message_id", "conversation_id", "message_id"),
)

telegram_groups = Table(
    "telegram_groups",
    metadata,
    Column("chat_id", BigInteger, primary_key=True),
    Column("told_at", Time, nullable=False),
)
