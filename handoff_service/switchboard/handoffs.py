"""Handoffs: opening, taking, passing on and ending them. Each verb is one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import IS_OPEN, handoffs, messages
from handoff_service.switchboard import (
    audit,
    conversations,
    escalating,
    pauses,
    promises,
    queueing,
    staffing,
    summaries,
    surveys,
    transcript,
)
from handoff_service.switchboard.audit import Action
from handoff_service.switchboard.conversations import Conversation, record_event
from handoff_service.switchboard.hub import QueueChanged
from handoff_service.switchboard.notes import write_note
from handoff_service.switchboard.promises import Wanted
from handoff_service.switchboard.rules import handoff as rules
from handoff_service.switchboard.rules.calendar import is_open
from handoff_service.switchboard.rules.handoff import Agent, Held, Owner, Priority, Reason, Status
from handoff_service.switchboard.rules.ordering import stands_since
from handoff_service.switchboard.rules.routing import route, topic_of
from handoff_service.switchboard.rules.waiting import came_true
from handoff_service.words import Words

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read wrongly on the phone
CODE_LENGTH = 6
LATEST_INTENTS = 20  # of the customer's, in which the matter is looked for
RECEIPT_EVERY = timedelta(minutes=1)
LONG = timedelta(days=1)  # until an open handoff is looked at that seems to need nothing

_LOAD = select(handoffs).where(handoffs.c.id == bindparam("this"))
_CONVERSATION = select(handoffs.c.conversation_id).where(handoffs.c.id == bindparam("this"))
_OPEN = select(handoffs).where(handoffs.c.conversation_id == bindparam("this"), IS_OPEN)

Signals = Sequence[dict[str, Any]]


class NoSuchHandoff(Exception):
    """There is none with this id."""


class NoSuchTeam(Exception):
    """There is no team of this name."""


@dataclass(frozen=True)
class Handoff:
    """A handoff as it stands in this transaction."""

    id: str
    conversation_id: str
    customer_id: str | None
    code: str
    status: Status
    reason: Reason
    signals: Signals
    priority: Priority
    urgency: int
    team: str
    language: str
    channel: str
    summary: str
    agent: str | None
    desk: str | None
    opened_at: datetime
    waiting_since: datetime
    receipt_at: datetime | None
    claimed_at: datetime | None
    resolved_at: datetime | None
    outcome: str | None
    topic: str | None
    rank_at: datetime
    due_at: datetime | None
    about: str | None
    expected_wait: float | None
    promised_low: int | None
    promised_high: int | None
    notice_seq: int | None
    told: Any
    told_at: datetime | None
    preferred_agent: str | None
    preferred_until: datetime | None
    verdict: str | None = None

    @property
    def held(self) -> Held:
        """The handoff as its rules see it."""
        return Held(self.status, self.agent, self.desk)


def from_row(row: RowMapping) -> Handoff:
    """A row of the table as a value."""
    kinds = {"status": Status(row["status"]), "reason": Reason(row["reason"]), "priority": Priority(row["priority"])}
    return Handoff(**{**row, **kinds})


def load(tx: Transaction, handoff_id: str) -> tuple[Handoff, Conversation]:
    """The handoff and its conversation, locked; raises `NoSuchHandoff`."""
    conversation_id = tx.connection.execute(_CONVERSATION, {"this": handoff_id}).scalar_one_or_none()
    if conversation_id is None:
        raise NoSuchHandoff
    conversation = conversations.load(tx, conversation_id)
    return from_row(tx.connection.execute(_LOAD, {"this": handoff_id}).mappings().one()), conversation


def open_one(tx: Transaction, conversation: Conversation) -> Handoff | None:
    """The handoff of this conversation that has not ended, if there is one."""
    row = tx.connection.execute(_OPEN, {"this": conversation.id}).mappings().one_or_none()
    return None if row is None else from_row(row)


def open_handoff(
    tx: Transaction,
    words: Words,
    conversation: Conversation,
    reason: Reason,
    signals: Signals,
    priority: Priority | None = None,
) -> Conversation:
    """Queue the conversation for a person and tell the customer so; both or neither.

    A conversation that waits already keeps its place and is told it again. Out of hours the assistant goes on.
    """
    waiting = open_one(tx, conversation)
    if waiting is not None:
        said = queueing.in_words(tx, words, waiting, conversation.language)
        transcript.say(tx, conversation, "system", said)
        return conversation
    priority = priority or rules.priority_of(reason)
    about = topic_of(_latest_intents(tx, conversation))
    team = route(tx.roster, about, conversation.language, reason, tx.now)
    handoff_id = secrets.token_urlsafe(12)
    tx.connection.execute(
        insert(handoffs).values(
            id=handoff_id,
            conversation_id=conversation.id,
            customer_id=conversation.customer_id,
            code=new_code(),
            status=Status.QUEUED.value,
            reason=reason.value,
            signals=list(signals),
            priority=priority.value,
            urgency=priority.urgency,
            team=team.name,
            about=about,
            rank_at=stands_since(priority, tx.now),
            due_at=tx.now,
            language=conversation.language,
            channel=conversation.channel,
            summary=summaries.summary(tx, words, conversation, is_appeal=rules.is_appeal(signals)),
            opened_at=tx.now,
            waiting_since=tx.now,
        )
    )
    _stop_waiting_for_assistant(tx, conversation)
    conversation = conversations.change_owner(tx, conversation, Owner.QUEUE)
    somebody_is_there = is_open(team.calendar, tx.now)
    conversation = _let_assistant_go_on(tx, conversation, somebody_is_there, signals)
    handoff, _ = load(tx, handoff_id)
    about_it = {"reason": reason.value, "team": team.name, "priority": priority.value, "topic": about}
    record_event(tx, conversation, "handoff_opened", actor="assistant", handoff_id=handoff_id, **about_it)
    if not somebody_is_there and reason.value in tx.roster.urgent.reasons:
        escalating.ask(tx, handoff, conversation, escalating.Rung.ON_CALL, None)
    queueing.announce(
        tx, words, conversation, handoff, words.say(_announcement(tx, words, handoff), conversation.language)
    )
    tx.tell(QueueChanged())
    return conversations.load(tx, conversation.id)


def _latest_intents(tx: Transaction, conversation: Conversation) -> Sequence[str]:
    query = (
        select(messages.c.intent)
        .where(messages.c.conversation_id == conversation.id, messages.c.intent.is_not(None))
        .order_by(messages.c.seq.desc())
        .limit(LATEST_INTENTS)
    )
    return tx.connection.execute(query).scalars().all()


def _let_assistant_go_on(
    tx: Transaction, conversation: Conversation, somebody_is_there: bool, signals: Signals
) -> Conversation:
    """Out of hours the customer isn't left with silence, unless the assistant rests after abuse."""
    if somebody_is_there or rules.is_appeal(signals):
        return conversation
    return conversations.change(tx, conversation.id, assistant_while_waiting=True)


def new_code() -> str:
    """A case code that can be said on the phone."""
    return "R-" + "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _announcement(tx: Transaction, words: Words, handoff: Handoff) -> str:
    """The name of the sentence that fits: a signal's own where there is one, an apology only once."""
    for signal in rules.telling_signals(handoff.reason, handoff.signals):
        if words.knows(f"utter_queue_{signal}"):
            return f"utter_queue_{signal}"
    before = select(handoffs.c.id).where(
        handoffs.c.conversation_id == handoff.conversation_id,
        handoffs.c.reason == Reason.FRUSTRATION.value,
        handoffs.c.id != handoff.id,
    )
    if handoff.reason is Reason.FRUSTRATION and tx.connection.execute(before).first() is not None:
        return "utter_queue_frustration_again"
    return f"utter_queue_{handoff.reason.value}"


def receipt(tx: Transaction, words: Words, conversation: Conversation) -> None:
    """Tell a waiting customer that what they wrote will be read; at most once a minute."""
    handoff = open_one(tx, conversation)
    if handoff is None or (handoff.receipt_at is not None and tx.now - handoff.receipt_at < RECEIPT_EVERY):
        return
    tx.connection.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(receipt_at=tx.now))
    transcript.say(tx, conversation, "system", words.say("utter_queue_receipt", conversation.language))


def claim(tx: Transaction, words: Words, handoff_id: str, agent: Agent, *, is_automatic: bool = False) -> Handoff:
    """Take it. Of many who press at once one gets it; the others get `HeldByAnother`."""
    handoff, conversation = load(tx, handoff_id)
    held = rules.claim(handoff.held, agent)
    if held == handoff.held:
        return handoff
    audit.record(tx, agent, Action.TOOK, f"handoff:{handoff_id}")
    data = {**_how_the_promise_did(tx, handoff), "automatic": is_automatic}
    return _give(tx, words, handoff, conversation, held, "handoff_claimed", agent, agent, data)


def _give(
    tx: Transaction,
    words: Words,
    handoff: Handoff,
    conversation: Conversation,
    held: Held,
    kind: str,
    agent: Agent,
    receiver: Agent,
    data: dict[str, Any] | None = None,
) -> Handoff:
    """Somebody has it now; what was reserved for somebody isn't any more."""
    staffing.seen(tx, agent, was_given=agent == receiver)
    values: dict[str, Any] = {
        "claimed_at": handoff.claimed_at or tx.now,
        "preferred_agent": None,
        "preferred_until": None,
    }
    return move(tx, words, handoff, conversation, held, kind, agent, _joined(words, receiver), data, **values)


def _how_the_promise_did(tx: Transaction, handoff: Handoff) -> dict[str, Any]:
    """How long the first wait really was, against what was promised when it began; for the figures."""
    if handoff.claimed_at is not None:
        return {}
    waited = (tx.now - handoff.opened_at).total_seconds()
    if handoff.promised_low is None or handoff.promised_high is None:
        return {"waited": waited}
    promised = (handoff.promised_low, handoff.promised_high)
    return {"waited": waited, "promised": list(promised), "came_true": came_true(promised, waited)}


def release(tx: Transaction, words: Words, handoff_id: str, agent: Agent) -> Handoff:
    """Give it back to its queue, where it keeps its age."""
    handoff, conversation = load(tx, handoff_id)
    held = rules.release(handoff.held, agent)
    said = words.say("utter_agent_left_queue", conversation.language)
    staffing.seen(tx, agent)
    return move(tx, words, handoff, conversation, held, "handoff_released", agent, said)


def transfer_to_team(tx: Transaction, words: Words, handoff_id: str, agent: Agent, team: str) -> Handoff:
    """Pass it on to a team's queue; raises `NoSuchTeam`."""
    if team not in tx.roster.teams:
        raise NoSuchTeam(team)
    handoff, conversation = load(tx, handoff_id)
    held = rules.transfer_to_team(handoff.held, agent)
    said = words.say("utter_agent_transferred", conversation.language)
    staffing.seen(tx, agent)
    data = {"team": team}
    return move(tx, words, handoff, conversation, held, "handoff_transferred", agent, said, data, team=team)


def transfer_to_agent(tx: Transaction, words: Words, handoff_id: str, agent: Agent, receiver: Agent) -> Handoff:
    """Pass it on to a colleague."""
    handoff, conversation = load(tx, handoff_id)
    held = rules.transfer_to_agent(handoff.held, agent, receiver)
    return _give(tx, words, handoff, conversation, held, "handoff_transferred", agent, receiver)


def resolve(
    tx: Transaction,
    words: Words,
    handoff_id: str,
    agent: Agent,
    outcome: str | None = None,
    topic: str | None = None,
    note: str | None = None,
    promise: Wanted | None = None,
) -> Handoff:
    """End it; the assistant owns the conversation again, and the customer is told, what was promised included.

    The note stays inside. Raises `PromiseRefused`.
    """
    handoff, conversation = load(tx, handoff_id)
    held = rules.resolve(handoff.held, agent)
    audit.record(tx, agent, Action.RESOLVED, f"handoff:{handoff_id}")
    if promise is not None:
        promises.check(tx, handoff.team, promise)
        promises.make(tx, conversation, handoff_id, handoff.team, agent, promise)
    if note:
        write_note(tx, conversation, handoff_id, agent, note)
    said = _closing_words(tx, words, handoff, conversation, agent, promise)
    values: dict[str, Any] = {"resolved_at": tx.now, "outcome": outcome, "topic": topic}
    staffing.seen(tx, agent)
    data = {"outcome": outcome, "topic": topic}
    ended = move(tx, words, handoff, conversation, held, "handoff_resolved", agent, said, data, **values)
    pauses.remind(tx, words, conversation.id)
    conversation = conversations.load(tx, conversation.id)
    if conversation.pause_at(tx.now) is None and rules.may_be_surveyed(handoff.reason, handoff.signals):
        surveys.ask(tx, words, conversation, handoff_id, handoff.reason, outcome)
    return ended


def _closing_words(
    tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation, agent: Agent, promise: Wanted | None
) -> str:
    who = {"agent": agent.name, "code": handoff.code}
    if promise is None:
        return words.say("utter_resolved", conversation.language, **who)
    return promises.closing_words(tx, words, conversation.language, handoff.team, promise, **who)


def reopen(tx: Transaction, words: Words, handoff_id: str, agent: Agent) -> Handoff:
    """Open an ended one again, held by whoever reopens it."""
    handoff, conversation = load(tx, handoff_id)
    held = rules.reopen(handoff.held, agent)
    other = open_one(tx, conversation)
    if other is not None:
        raise rules.NotEnded("The customer's newer request is still open.", other.held)
    values: dict[str, Any] = {"resolved_at": None, "outcome": None, "claimed_at": handoff.claimed_at or tx.now}
    staffing.seen(tx, agent, was_given=True)
    audit.record(tx, agent, Action.TOOK, f"handoff:{handoff_id}")
    return move(tx, words, handoff, conversation, held, "handoff_reopened", agent, _joined(words, agent), **values)


def cancel(tx: Transaction, words: Words, conversation: Conversation) -> Conversation:
    """The customer stops waiting; the assistant goes on."""
    handoff = open_one(tx, conversation)
    if handoff is None:
        return conversation
    held = rules.cancel(handoff.held)
    said = words.say("utter_queue_cancelled", conversation.language)
    move(tx, words, handoff, conversation, held, "handoff_cancelled", None, said, resolved_at=tx.now)
    pauses.remind(tx, words, conversation.id)
    return conversations.load(tx, conversation.id)


def unpause(tx: Transaction, words: Words, handoff_id: str, agent: Agent) -> Handoff:
    """End the pause of this handoff's customer, whoever holds it."""
    handoff, conversation = load(tx, handoff_id)
    pauses.lift(tx, words, conversation.id, agent)
    return handoff


def continue_with_assistant(tx: Transaction, words: Words, conversation: Conversation) -> Conversation:
    """The customer keeps the place in the queue and talks to the assistant meanwhile."""
    conversation = conversations.change(tx, conversation.id, assistant_while_waiting=True)
    record_event(tx, conversation, "assistant_continues", actor="customer")
    transcript.say(tx, conversation, "system", words.say("utter_queue_continues", conversation.language))
    return conversation


def _stop_waiting_for_assistant(tx: Transaction, conversation: Conversation) -> None:
    """What the assistant has not answered yet is a person's to answer now."""
    tx.connection.execute(
        update(messages)
        .where(messages.c.conversation_id == conversation.id, messages.c.awaits_assistant)
        .values(awaits_assistant=False)
    )


def _joined(words: Words, agent: Agent) -> dict[str, str]:
    return {language: words.say("utter_agent_joined", language, agent=agent.name) for language in ("es", "en")}


def move(
    tx: Transaction,
    words: Words,
    handoff: Handoff,
    conversation: Conversation,
    held: Held,
    kind: str,
    agent: Agent | None,
    said: str | dict[str, str],
    data: dict[str, Any] | None = None,
    actor: str | None = None,
    **values: Any,
) -> Handoff:
    """Write the new state, change the owner, tell the customer and whoever watches.

    `actor` is whoever did it where that is no agent. What is queued is announced with its place.
    """
    tx.connection.execute(
        update(handoffs)
        .where(handoffs.c.id == handoff.id)
        .values(status=held.status.value, agent=held.agent, desk=held.desk, due_at=tx.now, **values)
    )
    if held.owner is not Owner.ASSISTANT:
        _stop_waiting_for_assistant(tx, conversation)
    conversation = conversations.change_owner(tx, conversation, held.owner)
    actor = actor or (f"agent:{agent.name}" if agent else "customer")
    about = {"agent": held.agent, "team": handoff.team, **(data or {})}
    record_event(tx, conversation, kind, actor=actor, handoff_id=handoff.id, **about)
    text = said if isinstance(said, str) else said[conversation.language]
    tx.tell(QueueChanged())
    if held.status is not Status.QUEUED:
        transcript.say(tx, conversation, "system", text, handoff_id=handoff.id)
        return load(tx, handoff.id)[0]
    moved, _ = load(tx, handoff.id)
    conversation = _let_assistant_go_on(
        tx, conversation, is_open(tx.roster.team(moved.team).calendar, tx.now), moved.signals
    )
    queueing.announce(tx, words, conversation, moved, text)
    return load(tx, handoff.id)[0]
