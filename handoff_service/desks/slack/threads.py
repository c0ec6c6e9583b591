"""What the record knows of Slack: each handoff's thread with its place in the transcript, and the threads' messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import (
    conversations,
    handoffs,
    leases,
    messages,
    notes,
    slack_messages,
    slack_places,
    slack_threads,
)
from handoff_service.switchboard.rules.handoff import Status

MOST_SO_FAR = 200  # messages a new thread begins with; older ones are in the console
MOST_MARKED = 200  # looked at together
NOTHING_YET = -1  # as a thread's revision: its first post is still to come
OPEN = (Status.QUEUED.value, Status.ASSIGNED.value)

Json = dict[str, Any]


@dataclass(frozen=True)
class Thread:
    """A handoff's place in Slack. `ts` is None until the card stands there."""

    handoff_id: str
    conversation_id: str
    channel: str
    ts: str | None
    card_digest: str | None
    posted_seq: int
    posted_revision: int
    posted_note_id: int
    files_seq: int
    sending: Json | None
    sending_at: datetime | None
    read_ts: str | None
    tries: int
    due_at: datetime
    closed: bool


@dataclass(frozen=True)
class ThreadMessage:
    """What an agent wrote in a thread, and what became of it."""

    channel: str
    ts: str
    handoff_id: str
    user_id: str
    kind: str  # relayed, note, held, discarded, refused, deleted
    seq: int | None
    note_id: int | None
    edited_ts: str | None
    held: Json | None
    mark: str | None


_THREAD = [slack_threads.c[name] for name in Thread.__dataclass_fields__]
_MESSAGE = [slack_messages.c[name] for name in ThreadMessage.__dataclass_fields__]


def channel_of(tx: Transaction, team: str, channel: str) -> str:
    """Where a team's cards stand; `channel` is that of teams without one of their own."""
    return tx.roster.team(team).channel or channel


def adopt(tx: Transaction, channel: str) -> None:
    """Give every open handoff its thread in its team's channel; reopened, newly noted and judged ones theirs again."""
    known = select(slack_threads.c.handoff_id)
    query = (
        select(handoffs.c.id, handoffs.c.conversation_id, handoffs.c.team, conversations.c.last_seq)
        .join(conversations, conversations.c.id == handoffs.c.conversation_id)
        .where(handoffs.c.status.in_(OPEN), handoffs.c.id.not_in(known))
    )
    for handoff_id, conversation_id, team, last_seq in tx.connection.execute(query).all():
        start = max(0, last_seq - MOST_SO_FAR)
        tx.connection.execute(
            insert(slack_threads).values(
                handoff_id=handoff_id,
                conversation_id=conversation_id,
                channel=channel_of(tx, team, channel),
                posted_seq=start,
                posted_revision=NOTHING_YET,
                posted_note_id=0,
                files_seq=start,
                tries=0,
                due_at=tx.now,
                closed=False,
            )
        )
    reopened = select(handoffs.c.id).where(handoffs.c.status.in_(OPEN))
    tx.connection.execute(
        update(slack_threads)
        .where(slack_threads.c.closed, slack_threads.c.handoff_id.in_(reopened))
        .values(closed=False)
    )
    newly_noted = select(notes.c.id).where(
        notes.c.conversation_id == slack_threads.c.conversation_id,
        notes.c.handoff_id == slack_threads.c.handoff_id,
        notes.c.id > slack_threads.c.posted_note_id,
    )
    has_card = slack_threads.c.ts.is_not(None)
    tx.connection.execute(
        update(slack_threads).where(slack_threads.c.closed, has_card, newly_noted.exists()).values(closed=False)
    )
    newly_judged = select(handoffs.c.id).where(
        handoffs.c.id == slack_threads.c.handoff_id,
        handoffs.c.verdict.is_not(None),
        handoffs.c.verdict.is_distinct_from(slack_threads.c.verdict),
    )
    tx.connection.execute(
        update(slack_threads).where(slack_threads.c.closed, newly_judged.exists()).values(closed=False)
    )


def unfinished(tx: Transaction) -> list[Thread]:
    """All threads that may have something to be shown yet."""
    query = select(*_THREAD).where(~slack_threads.c.closed)
    return [Thread(**row) for row in tx.connection.execute(query).mappings()]


def of_conversation(tx: Transaction, conversation_id: str) -> list[Thread]:
    """The unfinished threads of a conversation."""
    query = select(*_THREAD).where(slack_threads.c.conversation_id == conversation_id, ~slack_threads.c.closed)
    return [Thread(**row) for row in tx.connection.execute(query).mappings()]


def to_be_read(tx: Transaction) -> list[Thread]:
    """The threads of open handoffs, whose history is read now and then."""
    query = (
        select(*_THREAD)
        .join(handoffs, handoffs.c.id == slack_threads.c.handoff_id)
        .where(handoffs.c.status.in_(OPEN), slack_threads.c.ts.is_not(None))
    )
    return [Thread(**row) for row in tx.connection.execute(query).mappings()]


def of_handoff(tx: Transaction, handoff_id: str) -> Thread | None:
    """The thread of this handoff."""
    query = select(*_THREAD).where(slack_threads.c.handoff_id == handoff_id)
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else Thread(**row)


def of_card(tx: Transaction, channel: str, ts: str) -> Thread | None:
    """The thread of the case whose card this is, or was before it moved."""
    query = select(*_THREAD).where(slack_threads.c.channel == channel, slack_threads.c.ts == ts)
    row = tx.connection.execute(query).mappings().first()
    if row is not None:
        return Thread(**row)
    stood = select(slack_places.c.handoff_id).where(slack_places.c.channel == channel, slack_places.c.ts == ts)
    handoff_id = tx.connection.execute(stood).scalar_one_or_none()
    return None if handoff_id is None else of_handoff(tx, handoff_id)


def change(tx: Transaction, /, handoff_id: str, **values: Any) -> None:
    """Write these columns of a thread."""
    tx.connection.execute(update(slack_threads).where(slack_threads.c.handoff_id == handoff_id).values(**values))


def end_of(tx: Transaction, handoff_id: str) -> int:
    """The last message that belongs to this handoff: what follows its end is not the thread's."""
    query = select(func.max(messages.c.seq)).where(messages.c.handoff_id == handoff_id)
    return int(tx.connection.execute(query).scalar() or 0)


def message_of(tx: Transaction, channel: str, ts: str) -> ThreadMessage | None:
    """What is known of this message of a thread."""
    query = select(*_MESSAGE).where(slack_messages.c.channel == channel, slack_messages.c.ts == ts)
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else ThreadMessage(**row)


def messages_of(tx: Transaction, handoff_id: str) -> list[ThreadMessage]:
    """All messages of a handoff's thread that are known."""
    query = select(*_MESSAGE).where(slack_messages.c.handoff_id == handoff_id)
    return [ThreadMessage(**row) for row in tx.connection.execute(query).mappings()]


def note_ids(tx: Transaction, handoff_id: str) -> set[int]:
    """The notes that were written in this thread, where they stand already."""
    query = select(slack_messages.c.note_id).where(
        slack_messages.c.handoff_id == handoff_id, slack_messages.c.note_id.is_not(None)
    )
    return set(tx.connection.execute(query).scalars())


def remember(tx: Transaction, channel: str, ts: str, **values: Any) -> None:
    """Write down what became of a message; what was known of it is replaced."""
    changed = tx.connection.execute(
        update(slack_messages).where(slack_messages.c.channel == channel, slack_messages.c.ts == ts).values(**values)
    )
    if not changed.rowcount:
        tx.connection.execute(insert(slack_messages).values(channel=channel, ts=ts, **values))


def marked(tx: Transaction) -> list[ThreadMessage]:
    """The messages whose writers have yet to be shown something."""
    query = select(*_MESSAGE).where(slack_messages.c.mark.is_not(None)).order_by(slack_messages.c.ts).limit(MOST_MARKED)
    return [ThreadMessage(**row) for row in tx.connection.execute(query).mappings()]


def conversation_of(tx: Transaction, handoff_id: str) -> str:
    """The conversation a handoff is of."""
    query = select(handoffs.c.conversation_id).where(handoffs.c.id == handoff_id)
    return str(tx.connection.execute(query).scalar_one())


def unmark(tx: Transaction, message: ThreadMessage) -> None:
    """The writer was shown it; a newer mark stays."""
    tx.connection.execute(
        update(slack_messages)
        .where(
            slack_messages.c.channel == message.channel,
            slack_messages.c.ts == message.ts,
            slack_messages.c.mark == message.mark,
        )
        .values(mark=None)
    )


def hold_lease(tx: Transaction, name: str, holder: str, seconds: float) -> bool:
    """Whether this process may do that job for so long; another may once the time is over."""
    until = tx.now + timedelta(seconds=seconds)
    renewed = tx.connection.execute(
        update(leases)
        .where(leases.c.name == name, (leases.c.holder == holder) | (leases.c.until < tx.now))
        .values(holder=holder, until=until)
    )
    if renewed.rowcount:
        return True
    if tx.connection.execute(select(leases.c.name).where(leases.c.name == name)).first() is not None:
        return False
    tx.connection.execute(insert(leases).values(name=name, holder=holder, until=until))
    return True


def give_up_lease(tx: Transaction, name: str, holder: str) -> None:
    """Let another process go on at once."""
    tx.connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
