"""Erasing a customer who is here and waits for the receipt: all goes, but for an empty conversation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, insert, select

from handoff_service.channels.telegram.tables import telegram_chats
from handoff_service.privacy import records
from handoff_service.privacy.records import Subject
from handoff_service.store import tables
from handoff_service.store.database import Transaction
from handoff_service.switchboard.hub import ConversationChanged
from handoff_service.switchboard.rules.handoff import Owner
from handoff_service.switchboard.visitors import CHANNEL as WIDGET

Json = dict[str, Any]


def erase_but_keep_open(tx: Transaction, subject: Subject, conversation_id: str) -> dict[str, int]:
    """As `records.erase`; this conversation goes on under its id, empty and belonging to nobody.

    What was said there is left as numbers without words, so that every open widget takes it off the screen.
    """
    conversation = _rows(tx, tables.conversations, conversation_id, "id")[0]
    tokens = _rows(tx, tables.widget_tokens, conversation_id)
    chats = _rows(tx, telegram_chats, conversation_id)
    numbers = [message["seq"] for message in _rows(tx, tables.messages, conversation_id)]
    erased = records.erase(tx, subject)
    bare = _emptied(conversation, tx)
    _put(tx, tables.conversations, [bare])
    _put(tx, tables.widget_tokens, tokens)
    _put(tx, telegram_chats, [{**chat, "sent_revision": bare["revision"]} for chat in chats])
    _put(tx, tables.messages, [_tombstone(tx, conversation_id, seq, bare["revision"]) for seq in numbers])
    for each in subject.conversations:
        tx.tell(ConversationChanged(each))
    return erased


def _emptied(conversation: Json, tx: Transaction) -> Json:
    """The address stays where answers couldn't reach them else; a website's login finds it anew."""
    return {
        **conversation,
        "address": None if conversation["channel"] == WIDGET else conversation["address"],
        "customer_id": None,
        "owner": Owner.ASSISTANT.value,
        "epoch": conversation["epoch"] + 1,  # what was decided before can't be said any more
        "assistant_while_waiting": False,
        "revision": conversation["revision"] + 1,
        "failed_turns": 0,
        "paused_until": None,
        "pause_told_at": None,
        "created_at": tx.now,
    }


def _tombstone(tx: Transaction, conversation_id: str, seq: int, revision: int) -> Json:
    return {
        "conversation_id": conversation_id,
        "seq": seq,
        "author": "system",
        "text": "",
        "awaits_assistant": False,
        "sent_at": tx.now,
        "deleted_at": tx.now,
        "revision": revision,
    }


def _rows(tx: Transaction, table: Table, conversation_id: str, column: str = "conversation_id") -> list[Json]:
    query = select(table).where(table.c[column] == conversation_id)
    return [dict(row) for row in tx.connection.execute(query).mappings()]


def _put(tx: Transaction, table: Table, rows: list[Json]) -> None:
    if rows:
        tx.connection.execute(insert(table), rows)
