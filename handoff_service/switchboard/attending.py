"""What happens by itself: one due step of one handoff in one transaction, decided anew from its events."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import handoffs as handoffs_table
from handoff_service.switchboard import (
    courses,
    endings,
    escalating,
    handoffs,
    queueing,
    snoozing,
    staffing,
    transcript,
)
from handoff_service.switchboard.conversations import Conversation, record_event
from handoff_service.switchboard.escalating import WATCH, Rung
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.hub import QueueChanged
from handoff_service.switchboard.notes import write_note
from handoff_service.switchboard.rules.attention import Need, Step, next_step
from handoff_service.switchboard.rules.handoff import Owner, Status
from handoff_service.switchboard.rules.routing import open_overflow
from handoff_service.words import Words

OPEN = (Status.QUEUED.value, Status.ASSIGNED.value)
MOST = 200  # looked at together
# A note for the agent, in both languages.
WAITS = "⏰ El cliente espera tu respuesta. · The customer is waiting for your answer."


def due(tx: Transaction) -> list[str]:
    """The open handoffs that may need something now, the longest due first."""
    table = handoffs_table.c
    query = (
        select(table.id)
        .where(table.status.in_(OPEN), or_(table.due_at <= tx.now, table.due_at.is_(None)))
        .order_by(table.due_at)
        .limit(MOST)
    )
    return list(tx.connection.execute(query).scalars())


def attend(tx: Transaction, words: Words, handoff_id: str) -> Need | None:
    """Do what is due next, if anything; what was done. Afterwards the handoff's `due_at` says when to look again."""
    handoff, conversation = handoffs.load(tx, handoff_id)
    step = _next(tx, handoff)
    if step is None or step.at > tx.now:
        _look_again(tx, handoff, step)
        return None
    _ACTIONS[step.need](tx, words, handoff, conversation, step)
    after, _ = handoffs.load(tx, handoff_id)
    _look_again(tx, after, _next(tx, after))
    return step.need


def _next(tx: Transaction, handoff: Handoff) -> Step | None:
    course = courses.course(tx, handoff)
    if course is None:
        return None
    return next_step(course, tx.roster.team(handoff.team), tx.roster.limits, tx.now)


def _look_again(tx: Transaction, handoff: Handoff, step: Step | None) -> None:
    at = step.at if step is not None else tx.now + handoffs.LONG
    tx.connection.execute(update(handoffs_table).where(handoffs_table.c.id == handoff.id).values(due_at=at))


def _warn(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    record_event(tx, conversation, "clock_warned", actor="watch", handoff_id=handoff.id, clock=step.clock)
    escalating.ask(tx, handoff, conversation, Rung.TEAM, step.clock)
    tx.tell(QueueChanged())


def _breach(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    about: dict[str, Any] = {"clock": step.clock, "team": handoff.team, "agent": handoff.agent}
    record_event(tx, conversation, "clock_breached", actor="watch", handoff_id=handoff.id, **about)
    if not escalating.ask(tx, handoff, conversation, Rung.ON_CALL, step.clock):
        escalating.ask(tx, handoff, conversation, Rung.SUPERVISOR, step.clock)
    tx.tell(QueueChanged())


def _ask_supervisor(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    if not escalating.ask(tx, handoff, conversation, Rung.SUPERVISOR, step.clock):
        about: dict[str, Any] = {"rung": Rung.SUPERVISOR.value, "asked": [], "clock": step.clock}
        record_event(tx, conversation, "handoff_escalated", actor="watch", handoff_id=handoff.id, **about)


def _reassure(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    """Nobody came yet: say so, with the place as it is now."""
    record_event(tx, conversation, "customer_reassured", actor="watch", handoff_id=handoff.id)
    queueing.announce(tx, words, conversation, handoff, words.say("utter_queue_nobody_yet", conversation.language))


def _overflow(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    """Another team helps out, if one is there; the place keeps its age and the customer needn't know."""
    team = tx.roster.team(handoff.team)
    helper = open_overflow(tx.roster, team, conversation.language, tx.now)
    name = helper.name if helper else handoff.team
    about = {"from": handoff.team, "team": name}
    record_event(tx, conversation, "handoff_overflowed", actor="watch", handoff_id=handoff.id, **about)
    tx.connection.execute(update(handoffs_table).where(handoffs_table.c.id == handoff.id).values(team=name))
    tx.tell(QueueChanged())


def _remind_agent(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    record_event(tx, conversation, "agent_reminded", actor="watch", handoff_id=handoff.id, agent=handoff.agent)
    write_note(tx, conversation, handoff.id, WATCH, WAITS)


def _release(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    """The agent fell silent: somebody else may come, and nothing more is assigned to who isn't there."""
    holder = handoff.agent
    endings.release_from_silent(tx, words, handoff, conversation)
    if holder is not None:
        staffing.count_as_away(tx, holder)


def _remind_customer(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    record_event(tx, conversation, "customer_reminded", actor="watch", handoff_id=handoff.id)
    said = words.say("utter_customer_reminder", conversation.language, agent=handoff.agent)
    transcript.say(tx, conversation, "system", said, handoff_id=handoff.id)


def _wake(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    snoozing.wake(tx, handoff, conversation)


def _abandon(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    endings.abandon(tx, words, handoff, conversation)


def _close(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, step: Step) -> None:
    endings.close_without_reply(tx, words, handoff, conversation)


_ACTIONS = {
    Need.WARN: _warn,
    Need.BREACH: _breach,
    Need.ASK_SUPERVISOR: _ask_supervisor,
    Need.REASSURE: _reassure,
    Need.OVERFLOW: _overflow,
    Need.REMIND_AGENT: _remind_agent,
    Need.RELEASE: _release,
    Need.REMIND_CUSTOMER: _remind_customer,
    Need.WAKE: _wake,
    Need.ABANDON: _abandon,
    Need.CLOSE: _close,
}


def waiting_ids(tx: Transaction) -> list[str]:
    """All that wait, in the order of the queue."""
    table = handoffs_table.c
    query = select(table.id).where(table.status == Status.QUEUED.value).order_by(table.rank_at, table.id)
    return list(tx.connection.execute(query).scalars())


def refresh(tx: Transaction, words: Words, handoff_id: str) -> bool:
    """Keep what a waiting customer was told true; whether anything had to be changed."""
    handoff, conversation = handoffs.load(tx, handoff_id)
    if conversation.owner is not Owner.QUEUE:
        return False
    return queueing.refresh(tx, words, handoff, conversation)
