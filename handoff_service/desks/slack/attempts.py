"""What is on its way to Slack, in the record: noted before it leaves, and what became of it.

Each write applies only where the thread is still as its writer left it, and says whether it did. So a replica that
stood still while another took over comes too late with what it knows, and undoes nothing of the other's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select, update

from handoff_service.desks.slack.threads import MOST_SO_FAR, NOTHING_YET, Thread
from handoff_service.store.database import Transaction
from handoff_service.store.tables import conversations, handoffs, slack_places, slack_threads

PLACE = ("ts", "posted_seq", "posted_revision", "posted_note_id", "files_seq")

Json = dict[str, Any]

_on_its_way = slack_threads.c.sending["id"].as_string()


def begin_sending(tx: Transaction, thread: Thread, sending: Json, team: str, leaves_in: float = 0.0) -> bool:
    """Note what is sent in so many seconds, before it is: after a crash its outcome can be found by its id.

    It may be noted again where it leaves later. A card is not sent where another team than this has the handoff now.
    """
    where = or_(_as_left(thread), _is_attempt(thread.handoff_id, sending["id"]))
    if thread.ts is None:
        is_theirs = select(handoffs.c.id).where(handoffs.c.id == thread.handoff_id, handoffs.c.team == team)
        where = and_(where, is_theirs.exists())
    sending_at = tx.now + timedelta(seconds=leaves_in)
    return _change(tx, where, channel=thread.channel, sending=sending, sending_at=sending_at)


def was_not_sent(tx: Transaction, handoff_id: str, sending_id: str) -> bool:
    """It surely did not arrive, so it may be sent anew."""
    return _change(tx, _is_attempt(handoff_id, sending_id), **_once_more(), due_at=tx.now)


def was_refused(tx: Transaction, thread: Thread, again_in: float) -> bool:
    """Slack does not want what this thread needs; again after so many seconds."""
    return _change(tx, _as_left(thread), **_once_more(), due_at=tx.now + timedelta(seconds=again_in))


def has_landed(tx: Transaction, /, handoff_id: str, sending_id: str, **place: Any) -> bool:
    """It stands in Slack: move the thread's place behind it."""
    return _change(tx, _is_attempt(handoff_id, sending_id), **_settled(tx), **place)


def needs_no_post(tx: Transaction, /, thread: Thread, **place: Any) -> bool:
    """Nothing of this is to be shown: move the thread's place behind it."""
    return _change(tx, _as_left(thread), **_settled(tx), **place)


def was_edited(tx: Transaction, thread: Thread, digest: str) -> None:
    """The card shows this; where another wrote meanwhile, whose edit came last is not known: it is drawn once more."""
    as_shown = slack_threads.c.card_digest.is_not_distinct_from(thread.card_digest)
    if not _change(tx, and_(_as_left(thread), as_shown), card_digest=digest, tries=0):
        _change(tx, slack_threads.c.handoff_id == thread.handoff_id, card_digest=None, closed=False)


def moved(tx: Transaction, thread: Thread, channel: str) -> bool:
    """The handoff waits in another team's channel now: begin anew there."""
    return _begin_anew(tx, thread, channel=channel)


def lost_card(tx: Transaction, thread: Thread) -> bool:
    """It is deleted: begin anew. What is done in the old thread still counts."""
    return _begin_anew(tx, thread)


def _begin_anew(tx: Transaction, thread: Thread, **values: Any) -> bool:
    last = select(conversations.c.last_seq).where(conversations.c.id == thread.conversation_id)
    start = max(0, tx.connection.execute(last).scalar_one() - MOST_SO_FAR)
    place = {"posted_seq": start, "files_seq": start, "posted_note_id": 0, "posted_revision": NOTHING_YET}
    card = {"ts": None, "card_digest": None, "read_ts": None}
    if not _change(tx, _as_left(thread), **_settled(tx), **card, **place, **values):
        return False
    if thread.ts is not None:
        stood = {"channel": thread.channel, "ts": thread.ts, "handoff_id": thread.handoff_id}
        tx.connection.execute(insert(slack_places).values(**stood))
    return True


def _as_left(thread: Thread) -> ColumnElement[bool]:
    """The thread is told what it was told when it was looked at, and the same is on its way, if anything."""
    same = [slack_threads.c[name].is_not_distinct_from(getattr(thread, name)) for name in PLACE]
    on_its_way = _on_its_way.is_not_distinct_from((thread.sending or {}).get("id"))
    return and_(slack_threads.c.handoff_id == thread.handoff_id, on_its_way, *same)


def _is_attempt(handoff_id: str, sending_id: str) -> ColumnElement[bool]:
    return and_(slack_threads.c.handoff_id == handoff_id, _on_its_way == sending_id)


def _once_more() -> Json:
    return {"sending": None, "sending_at": None, "tries": slack_threads.c.tries + 1}


def _settled(tx: Transaction) -> Json:
    return {"sending": None, "sending_at": None, "tries": 0, "due_at": tx.now}


def _change(tx: Transaction, where: ColumnElement[bool], **values: Any) -> bool:
    return bool(tx.connection.execute(update(slack_threads).where(where).values(**values)).rowcount)
