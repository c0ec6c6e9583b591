"""Laying a conversation aside: until a time, or until the customer writes, its clocks stand still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handoff_service.store.database import Transaction
from handoff_service.switchboard import courses, handoffs, staffing
from handoff_service.switchboard.conversations import Conversation, record_event
from handoff_service.switchboard.escalating import WATCH
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.hub import ConversationChanged, QueueChanged
from handoff_service.switchboard.notes import write_note
from handoff_service.switchboard.rules.handoff import Agent, must_hold

LONGEST = timedelta(days=60)
# A note for the agent, in both languages.
AWAKE = "⏰ Se acabó el aplazamiento: te toca seguir. · The snooze is over: it is your turn."


class NoTimeToSnooze(Exception):
    """It has passed, or is too far away."""


def snooze(tx: Transaction, handoff_id: str, agent: Agent, until: datetime | None) -> Handoff:
    """Lay it aside, by its holder; another time replaces the one before. Raises `NoTimeToSnooze`.

    Without a time it waits for the customer, as long as anything may be laid aside.
    """
    handoff, conversation = handoffs.load(tx, handoff_id)
    must_hold(handoff.held, agent)
    until = until or tx.now + LONGEST
    if not tx.now < until <= tx.now + LONGEST:
        raise NoTimeToSnooze
    staffing.seen(tx, agent)
    _record(tx, handoff, conversation, "handoff_snoozed", agent, until=until.astimezone(UTC).isoformat())
    return handoff


def wake_early(tx: Transaction, handoff_id: str, agent: Agent) -> Handoff:
    """Its holder goes on with it; what isn't laid aside stays as it is."""
    handoff, conversation = handoffs.load(tx, handoff_id)
    must_hold(handoff.held, agent)
    so_far = courses.course(tx, handoff)
    if so_far is not None and so_far.snoozed_until is not None:
        staffing.seen(tx, agent)
        _record(tx, handoff, conversation, "handoff_woken", agent)
    return handoff


def wake(tx: Transaction, handoff: Handoff, conversation: Conversation) -> None:
    """The time is up: the agent is told, and the clocks run."""
    record_event(tx, conversation, "handoff_woken", actor="watch", handoff_id=handoff.id, agent=handoff.agent)
    write_note(tx, conversation, handoff.id, WATCH, AWAKE)
    tx.tell(QueueChanged())


def _record(
    tx: Transaction, handoff: Handoff, conversation: Conversation, kind: str, agent: Agent, **data: str
) -> None:
    about = {"agent": handoff.agent, **data}
    record_event(tx, conversation, kind, actor=f"agent:{agent.name}", handoff_id=handoff.id, **about)
    tx.tell(ConversationChanged(conversation.id))
    tx.tell(QueueChanged())
