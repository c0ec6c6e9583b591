"""Promises to customers: made at the end of a handoff, reminded of when due, ended by being kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, or_, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import handoffs as handoffs_table
from handoff_service.store.tables import promises as table
from handoff_service.switchboard import conversations, queueing
from handoff_service.switchboard.conversations import Conversation, record_event
from handoff_service.switchboard.escalating import WATCH
from handoff_service.switchboard.hub import QueueChanged
from handoff_service.switchboard.notes import write_note
from handoff_service.switchboard.rules.handoff import Agent
from handoff_service.switchboard.rules.promise import may_be_promised, reminder_at
from handoff_service.words import Words

MOST = 200  # looked at together
# Notes for agents, in both languages.
DUE = "⏰ Prometido al cliente para el {due}: {text} · Promised to the customer by then."
KEPT = "🤝 Promesa cumplida. · Promise kept."


class NoSuchPromise(Exception):
    """Nothing was promised, or it has been kept already."""


class PromiseRefused(Exception):
    """It says no words, or a day that can't be promised."""


@dataclass(frozen=True)
class Wanted:
    """A promise as an agent makes it: what, and by which day at the latest, if by any."""

    text: str
    due: date | None = None


@dataclass(frozen=True)
class Promise:
    """A promise as the record has it, under its handoff's code."""

    code: str
    agent: str
    text: str
    due_on: date | None
    kept_at: datetime | None


_COLUMNS = (handoffs_table.c.code, table.c.agent, table.c.text, table.c.due_on, table.c.kept_at)


def check(tx: Transaction, team: str, wanted: Wanted) -> None:
    """Raises `PromiseRefused`."""
    today = tx.now.astimezone(tx.roster.team(team).calendar.timezone).date()
    if not wanted.text or not may_be_promised(wanted.due, today):
        raise PromiseRefused


def make(tx: Transaction, conversation: Conversation, handoff_id: str, team: str, agent: Agent, wanted: Wanted) -> None:
    """Write it down in place of what this handoff had promised before."""
    calendar = tx.roster.team(team).calendar
    values = {
        "conversation_id": conversation.id,
        "agent": agent.name,
        "text": wanted.text,
        "due_on": wanted.due,
        "made_at": tx.now,
        "remind_at": reminder_at(calendar, wanted.due, tx.now) if wanted.due else None,
        "kept_at": None,
    }
    changed = tx.connection.execute(update(table).where(table.c.handoff_id == handoff_id).values(**values))
    if not changed.rowcount:
        tx.connection.execute(insert(table).values(handoff_id=handoff_id, **values))
    due = wanted.due.isoformat() if wanted.due else None
    actor = f"agent:{agent.name}"
    record_event(tx, conversation, "promise_made", actor=actor, handoff_id=handoff_id, agent=agent.name, due=due)


def keep(tx: Transaction, handoff_id: str, agent: Agent) -> None:
    """What was promised is done, by whichever agent; raises `NoSuchPromise`."""
    query = select(table.c.conversation_id).where(table.c.handoff_id == handoff_id)
    conversation_id = tx.connection.execute(query).scalar_one_or_none()
    if conversation_id is None:
        raise NoSuchPromise
    conversation = conversations.load(tx, conversation_id)
    kept = (
        update(table)
        .where(table.c.handoff_id == handoff_id, table.c.kept_at.is_(None))
        .values(kept_at=tx.now, remind_at=None)
    )
    if not tx.connection.execute(kept).rowcount:
        raise NoSuchPromise
    record_event(tx, conversation, "promise_kept", actor=f"agent:{agent.name}", handoff_id=handoff_id, agent=agent.name)
    write_note(tx, conversation, handoff_id, agent, KEPT)
    tx.tell(QueueChanged())


def due(tx: Transaction) -> list[str]:
    """The handoffs of promises whose agents should be reminded now."""
    query = select(table.c.handoff_id).where(table.c.remind_at <= tx.now).order_by(table.c.remind_at).limit(MOST)
    return list(tx.connection.execute(query).scalars())


def remind(tx: Transaction, handoff_id: str) -> bool:
    """Remind the agent, once; whether that was still to be done."""
    query = select(table).where(table.c.handoff_id == handoff_id)
    row = tx.connection.execute(query).mappings().one()
    conversation = conversations.load(tx, row["conversation_id"])
    reminded = update(table).where(table.c.handoff_id == handoff_id, table.c.remind_at <= tx.now).values(remind_at=None)
    if not tx.connection.execute(reminded).rowcount:
        return False
    day = row["due_on"].isoformat()
    record_event(tx, conversation, "promise_due", actor="watch", handoff_id=handoff_id, agent=row["agent"], due=day)
    write_note(
        tx, conversation, handoff_id, WATCH, DUE.format(due=row["due_on"].strftime("%d/%m/%Y"), text=row["text"])
    )
    tx.tell(QueueChanged())
    return True


def of_handoff(tx: Transaction, handoff_id: str) -> Promise | None:
    """What was promised at its end."""
    query = select(*_COLUMNS).join(handoffs_table).where(table.c.handoff_id == handoff_id)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else Promise(*row)


def still_open(tx: Transaction, conversation_id: str, customer_id: str | None, but: str) -> list[Promise]:
    """What the customer of this conversation was promised on any channel and still waits for, `but` of one handoff."""
    theirs = handoffs_table.c.conversation_id == conversation_id
    if customer_id is not None:
        theirs = or_(theirs, handoffs_table.c.customer_id == customer_id)
    query = (
        select(*_COLUMNS)
        .join_from(table, handoffs_table, table.c.handoff_id == handoffs_table.c.id)
        .where(theirs, table.c.kept_at.is_(None), table.c.handoff_id != but)
        .order_by(table.c.made_at)
    )
    return [Promise(*row) for row in tx.connection.execute(query)]


def closing_words(tx: Transaction, words: Words, language: str, team: str, wanted: Wanted, **values: str) -> str:
    """How the customer is told at the end; `values` fill what else stands in the sentence."""
    if wanted.due is None:
        return words.say("utter_resolved_promise_undated", language, promise=wanted.text, **values)
    timezone = tx.roster.team(team).calendar.timezone
    day = queueing.day_in_words(words, wanted.due, tx.now.astimezone(timezone).date(), language)
    return words.say("utter_resolved_promise", language, promise=wanted.text, due=day, **values)
