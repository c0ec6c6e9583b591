"""What people see of the record: customers their conversation, agents the whole case. Reading only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from handoff_service.store.database import Transaction
from handoff_service.store.tables import conversations as conversations_table
from handoff_service.store.tables import handoffs as handoffs_table
from handoff_service.store.tables import messages as messages_table
from handoff_service.store.tables import notes as notes_table
from handoff_service.switchboard import (
    accounts,
    conversations,
    courses,
    handoffs,
    promises,
    queueing,
    suggestions,
    summaries,
    transcript,
)
from handoff_service.switchboard.accounts import Account
from handoff_service.switchboard.conversations import Conversation, NoSuchConversation
from handoff_service.switchboard.handoffs import Handoff, NoSuchHandoff
from handoff_service.switchboard.notes import Note, notes_behind, notes_since
from handoff_service.switchboard.promises import Promise
from handoff_service.switchboard.rules.clocks import Clock
from handoff_service.switchboard.rules.handoff import Owner, Status
from handoff_service.switchboard.rules.mood import Mood
from handoff_service.switchboard.suggestions import Suggestion
from handoff_service.switchboard.transcript import WHOLE, Message, Part

MOST_ENDED = 200
MOST_FOUND = 20

_CONVERSATION = select(conversations_table).where(conversations_table.c.id == bindparam("this"))


@dataclass(frozen=True)
class OwnerView:
    """Who has the conversation, and in a queue: the place and the range of waiting in seconds."""

    owner: str
    agent: str | None
    position: int | None
    wait_seconds: tuple[int, int] | None
    opens_at: datetime | None
    paused_until: datetime | None = None


@dataclass(frozen=True)
class CustomerView:
    """A conversation as its customer sees it: what is new since what they have."""

    conversation: Conversation
    owner: OwnerView
    messages: Sequence[Message]


@dataclass(frozen=True)
class Person:
    """The customer as far as they are known."""

    id: str | None
    name: str | None
    verified: bool


@dataclass(frozen=True)
class HandoffView:
    """A handoff with what an agent needs to choose it."""

    handoff: Handoff
    customer: Person
    last_message: Message | None
    mood: Mood | None = None
    paused_until: datetime | None = None
    clocks: Sequence[Clock] = ()
    asked: Sequence[str] = ()  # everybody the ladder has asked so far
    opens_at: datetime | None = None  # while it waits out of hours
    snoozed_until: datetime | None = None
    promise: Promise | None = None  # made at its end
    open_promises: Sequence[Promise] = ()  # of the customer's other handoffs, on any channel
    suggestion: Suggestion | None = None  # what the assistant would answer now
    account: Account | None = None  # of a verified customer, once it was looked up


@dataclass(frozen=True)
class CaseView:
    """A case: a part of the transcript with the notes in it, and the customer's handoffs on every channel."""

    conversation: Conversation
    customer: Person
    messages: Sequence[Message]
    notes: Sequence[Note]
    handoffs: Sequence[HandoffView]
    paused_until: datetime | None
    has_earlier: bool = False  # messages before this part


@dataclass(frozen=True)
class Progress:
    """The newest message, correction and note of a conversation."""

    seq: int
    revision: int
    note_id: int


@dataclass(frozen=True)
class DeskView:
    """What is new in a conversation for those at the desks; `handoff` is its newest, if it ever had one."""

    handoff: HandoffView | None
    progress: Progress
    messages: Sequence[Message]
    notes: Sequence[Note]


def language_of(tx: Transaction, conversation_id: str) -> str:
    """What the customer writes in, as far as is known now; raises `NoSuchConversation`."""
    return _read(tx, conversation_id).language


def for_customer(tx: Transaction, conversation_id: str, seq: int, revision: int) -> CustomerView:
    """What a widget that has everything up to `seq` and `revision` must be told now."""
    conversation = _read(tx, conversation_id)
    return CustomerView(conversation, _owner(tx, conversation), transcript.since(tx, conversation_id, seq, revision))


def _read(tx: Transaction, conversation_id: str) -> Conversation:
    row = tx.connection.execute(_CONVERSATION, {"this": conversation_id}).mappings().one_or_none()
    if row is None:
        raise NoSuchConversation
    return conversations.from_row(row)


def _owner(tx: Transaction, conversation: Conversation) -> OwnerView:
    handoff = handoffs.open_one(tx, conversation) if conversation.owner is not Owner.ASSISTANT else None
    if handoff is None or handoff.status is not Status.QUEUED:
        agent = handoff.agent if handoff else None
        return OwnerView(conversation.owner.value, agent, None, None, None, conversation.pause_at(tx.now))
    where = queueing.place(tx, handoff)
    return OwnerView(Owner.QUEUE.value, None, where.position, where.wait, where.opens_at)


def handoff_list(tx: Transaction, status: Status | None, limit: int | None = None) -> list[HandoffView]:
    """Handoffs in the order in which they should be taken; ended ones newest first."""
    table = handoffs_table
    query = select(table)
    if status is not None:
        query = query.where(table.c.status == status.value)
    if status in (Status.RESOLVED, Status.ABANDONED):
        query = query.order_by(table.c.resolved_at.desc(), table.c.id).limit(MOST_ENDED)
    else:
        query = query.order_by(table.c.rank_at, table.c.id)
    if limit is not None:
        query = query.limit(limit)
    return [_with_context(tx, handoffs.from_row(row)) for row in tx.connection.execute(query).mappings()]


def search(tx: Transaction, wanted: str, limit: int = MOST_FOUND) -> list[HandoffView]:
    """The handoff of this code (with or without its R-), or those of this customer id; newest first."""
    code = wanted.strip().upper()
    table = handoffs_table
    query = (
        select(table)
        .where(or_(table.c.code.in_((code, f"R-{code}")), table.c.customer_id == wanted.strip()))
        .order_by(table.c.opened_at.desc(), table.c.id)
        .limit(limit)
    )
    return [_with_context(tx, handoffs.from_row(row)) for row in tx.connection.execute(query).mappings()]


def open_handoffs(tx: Transaction) -> list[HandoffView]:
    """All that wait or are held, in the order in which they should be taken."""
    return [*handoff_list(tx, Status.QUEUED), *handoff_list(tx, Status.ASSIGNED)]


def one_handoff(tx: Transaction, handoff_id: str) -> HandoffView:
    """One handoff; raises `NoSuchHandoff`."""
    query = select(handoffs_table).where(handoffs_table.c.id == handoff_id)
    row = tx.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NoSuchHandoff
    return _with_context(tx, handoffs.from_row(row))


def progress(tx: Transaction, conversation_id: str) -> Progress:
    """How far the conversation is."""
    conversation = _read(tx, conversation_id)
    newest = select(func.max(notes_table.c.id)).where(notes_table.c.conversation_id == conversation_id)
    return Progress(conversation.last_seq, conversation.revision, tx.connection.execute(newest).scalar() or 0)


def for_desk(tx: Transaction, conversation_id: str, seq: int | None, revision: int, note_id: int) -> DeskView:
    """What a desk that is this far must be told now; one that has nothing yet (`seq` None) reads the case itself."""
    now = progress(tx, conversation_id)
    query = (
        select(handoffs_table)
        .where(handoffs_table.c.conversation_id == conversation_id)
        .order_by(handoffs_table.c.opened_at.desc())
        .limit(1)
    )
    row = tx.connection.execute(query).mappings().one_or_none()
    handoff = None if row is None else _with_context(tx, handoffs.from_row(row))
    if seq is None or handoff is None:
        return DeskView(handoff, now, [], [])
    return DeskView(
        handoff, now, transcript.since(tx, conversation_id, seq, revision), notes_since(tx, conversation_id, note_id)
    )


def handoff_case(tx: Transaction, handoff_id: str, part: Part = WHOLE) -> tuple[HandoffView, CaseView]:
    """One handoff with its case, whose `handoffs` are the others."""
    view = one_handoff(tx, handoff_id)
    return view, case(tx, view.handoff.conversation_id, part, beside=handoff_id)


def case(tx: Transaction, conversation_id: str, part: Part = WHOLE, beside: str | None = None) -> CaseView:
    """The case of a conversation, its transcript as far as `part` wants it; raises `NoSuchConversation`.

    The handoff `beside` is left out of its `handoffs`.
    """
    conversation = _read(tx, conversation_id)
    messages, has_earlier = transcript.part_of(tx, conversation_id, part)
    first = messages[0].seq if has_earlier else 0  # the first part has also what stands before all messages
    return CaseView(
        conversation,
        _person(tx, conversation.id, conversation.customer_id),
        messages,
        notes_behind(tx, conversation_id, first, part.before),
        _handoffs_of(tx, conversation, beside),
        _pause(tx, conversation_id),
        has_earlier,
    )


def _handoffs_of(tx: Transaction, conversation: Conversation, beside: str | None) -> list[HandoffView]:
    """Those of the conversation and, where the customer is known, of all their conversations."""
    table = handoffs_table
    mine = table.c.conversation_id == conversation.id
    if conversation.customer_id is not None:
        mine = or_(mine, table.c.customer_id == conversation.customer_id)
    query = select(table).where(mine, table.c.id != beside) if beside else select(table).where(mine)
    rows = tx.connection.execute(query.order_by(table.c.opened_at.desc())).mappings()
    return [_with_context(tx, handoffs.from_row(row)) for row in rows]


def _with_context(tx: Transaction, handoff: Handoff) -> HandoffView:
    newest = (
        select(messages_table.c.seq)
        .where(
            messages_table.c.conversation_id == handoff.conversation_id,
            messages_table.c.author.in_(("customer", "agent", "assistant")),
            messages_table.c.deleted_at.is_(None),
        )
        .order_by(messages_table.c.seq.desc())
        .limit(1)
    )
    seq = tx.connection.execute(newest).scalar_one_or_none()
    message = None if seq is None else transcript.by_seq(tx, handoff.conversation_id, seq)
    person = _person(tx, handoff.conversation_id, handoff.customer_id)
    has_ended = handoff.held.owner is Owner.ASSISTANT
    mood = summaries.mood(tx, handoff.conversation_id, handoff.id if has_ended else None)
    course = courses.course(tx, handoff)
    return HandoffView(
        handoff,
        person,
        message,
        mood,
        _pause(tx, handoff.conversation_id),
        clocks=courses.clocks(tx, handoff, course),
        asked=course.asked if course is not None else (),
        opens_at=queueing.opens_at(tx, handoff),
        snoozed_until=course.snoozed_until if course is not None else None,
        promise=promises.of_handoff(tx, handoff.id),
        open_promises=promises.still_open(tx, handoff.conversation_id, handoff.customer_id, handoff.id),
        suggestion=suggestions.of_handoff(tx, handoff),
        account=accounts.known(tx, person.id) if person.verified else None,
    )


def _pause(tx: Transaction, conversation_id: str) -> datetime | None:
    """The end of a pause that a person may lift."""
    table = conversations_table.c
    query = select(table.paused_until).where(table.id == conversation_id, table.paused_until > tx.now)
    return tx.connection.execute(query).scalar_one_or_none()


def _person(tx: Transaction, conversation_id: str, customer_id: str | None) -> Person:
    verified = conversations.verified_customer(tx, conversation_id)
    return Person(customer_id, conversations.customer_name(tx, customer_id), verified is not None)
