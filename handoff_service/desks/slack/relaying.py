"""What becomes of a line in a thread: the holder's goes to the customer, everything else stays inside. One transaction
each, safe to repeat: a message is known by its channel and stamp."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from handoff_service.desks.slack import threads
from handoff_service.desks.slack.payloads import Line
from handoff_service.desks.slack.threads import Thread, ThreadMessage
from handoff_service.store.database import Transaction
from handoff_service.store.tables import events
from handoff_service.switchboard import files, handoffs, inbox, replies, transcript
from handoff_service.switchboard.files import StoredFile
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.inbox import Incoming
from handoff_service.switchboard.notes import reword_note
from handoff_service.switchboard.rules.handoff import Agent, HandoffRefused, Status, must_hold
from handoff_service.switchboard.rules.sensitive import sensitive_number

NOTE = re.compile(r"^\s*(?:note|nota)\s*:\s*", re.IGNORECASE)
LONGEST_REPLY = 4000
FORM = "form"  # in place of a channel, for what was written in a form and stands in no thread
DELIVERED, WARNING, LOCKED, ASK = "white_check_mark", "warning", "lock", "ask"
LATE = timedelta(seconds=10)  # a line that took longer may be older than its writer's claim
CLOCKS_DIFFER = timedelta(seconds=3)  # between Slack's clock and ours
TOOK_IT = ("handoff_claimed", "handoff_transferred", "handoff_reopened")

Json = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """A line as its writer meant it: plain words, and the files that could be kept (None: they were refused)."""

    line: Line
    agent: Agent | None
    text: str
    files: Sequence[StoredFile] | None = ()


def note_text(text: str) -> str | None:
    """The words of a line that says itself that it is a note."""
    found = NOTE.match(text)
    return None if found is None else text[found.end() :].strip()


def goes_out(tx: Transaction, thread: Thread, line: Line, agent: Agent, text: str) -> bool:
    """Whether this line would be the customer's as things stand, so that its files are worth fetching."""
    known = threads.message_of(tx, line.channel, line.ts)
    handoff, _ = handoffs.load(tx, thread.handoff_id)
    return known is None and note_text(text) is None and _holds(tx, handoff, line, agent)


def take(tx: Transaction, incoming: Incoming | None, thread: Thread, written: Written) -> str | None:
    """Carry the line out, once; gives the name of what its writer must be told, if anything."""
    known = threads.message_of(tx, written.line.channel, written.line.ts)
    told = None
    if known is None:
        told = _first(tx, thread, written)
    elif written.line.edited_ts is not None and written.line.edited_ts > (known.edited_ts or ""):
        told = _edited(tx, thread, known, written)
    _done(tx, incoming)
    return told


def delete(tx: Transaction, incoming: Incoming | None, thread: Thread, channel: str, ts: str, user: str) -> None:
    """The line is gone from Slack: what was relayed of it is taken back."""
    known = threads.message_of(tx, channel, ts)
    if known is None:
        _remember(tx, thread, channel, ts, user, kind="deleted")
    elif known.kind == "relayed" and known.seq is not None:
        author = _author(tx, thread, known.seq)
        if author is not None:
            replies.take_back(tx, thread.handoff_id, author, known.seq)
        threads.remember(tx, channel, ts, kind="deleted", held=None, mark=None)
    elif known.kind in ("held", "refused"):
        threads.remember(tx, channel, ts, kind="deleted", held=None, mark=None)
    _done(tx, incoming)


def take_form(tx: Transaction, incoming: Incoming, record: Json, agent: Agent, text: str) -> None:
    """Send what was written in a form, once; a sensitive number waits as in a line. Raises `HandoffRefused`."""
    handoff_id, number = record["handoff"], sensitive_number(text)
    must_hold(handoffs.load(tx, handoff_id)[0].held, agent)
    if number is not None:
        held = {"text": text, "why": number, "files": []}
        whose = {"handoff_id": handoff_id, "user_id": record["user"]}
        threads.remember(tx, FORM, str(incoming.id), **whose, kind="held", held=held, mark=ASK)
    elif text:
        _reply(tx, handoff_id, agent, FORM, str(incoming.id), text, ())
    _done(tx, incoming)


def place_of_held(record: Json) -> tuple[str, str]:
    """Channel and stamp of what a question about a held text is about, by its button's value."""
    ts = str(record["value"]).partition(" ")[2]
    form, separator, number = ts.partition(":")
    return (FORM, number) if separator and form == FORM else (record["channel"], ts)


def value_of_held(message: ThreadMessage) -> str:
    """What the buttons of that question carry."""
    ts = f"{FORM}:{message.ts}" if message.channel == FORM else message.ts
    return f"{message.handoff_id} {ts}"


def decide_held(
    tx: Transaction, incoming: Incoming, channel: str, ts: str, user: str, agent: Agent, is_sent: bool
) -> str:
    """Send or discard what waited for its writer's press; gives what to tell them. Raises `HandoffRefused`."""
    known = threads.message_of(tx, channel, ts)
    if known is None or known.held is None or known.user_id != user:
        _done(tx, incoming)
        return "held_gone"
    if not is_sent:
        kind = "discarded" if known.seq is None else known.kind
        threads.remember(tx, channel, ts, kind=kind, held=None, mark=None)
        _done(tx, incoming)
        return "held_discarded"
    kept = [StoredFile(**each) for each in known.held.get("files", ())]
    if known.seq is None:
        seq = _reply(tx, known.handoff_id, agent, channel, ts, known.held["text"], kept)
    else:
        seq = known.seq
        replies.correct(tx, known.handoff_id, agent, seq, known.held["text"])
    mark = None if channel == FORM else DELIVERED
    threads.remember(tx, channel, ts, kind="relayed", seq=seq, held=None, mark=mark)
    _done(tx, incoming)
    return "held_sent"


def _first(tx: Transaction, thread: Thread, written: Written) -> str | None:
    line, agent = written.line, written.agent
    handoff, _ = handoffs.load(tx, thread.handoff_id)
    if agent is None:
        _keep(tx, thread, line, kind="ignored")
        return None
    internal = note_text(written.text)
    if internal is not None or not _holds(tx, handoff, line, agent):
        return _as_note(tx, thread, handoff, written, internal)
    problem = _problem(written)
    if problem is not None:
        _keep(tx, thread, line, kind="refused", mark=WARNING)
        return problem
    kept = list(written.files or ())
    number = sensitive_number(written.text)
    if number is not None:
        held = {"text": written.text, "why": number, "files": [vars(each) for each in kept]}
        _keep(tx, thread, line, kind="held", held=held, mark=ASK)
        return None
    if not written.text and not kept:
        _keep(tx, thread, line, kind="ignored")
        return None
    try:
        seq = _reply(tx, thread.handoff_id, agent, line.channel, line.ts, written.text, kept)
    except HandoffRefused:
        return _as_note(tx, thread, handoff, written, None)
    _keep(tx, thread, line, kind="relayed", seq=seq, mark=DELIVERED)
    return None


def _holds(tx: Transaction, handoff: Handoff, line: Line, agent: Agent) -> bool:
    """Whether this agent holds the case, and did so already when they wrote a line that came late."""
    if handoff.status is not Status.ASSIGNED or handoff.agent != agent.name:
        return False
    written_at = datetime.fromtimestamp(float(line.ts), UTC)
    if tx.now - written_at < LATE:
        return True
    since = taken_since(tx, handoff, agent)
    return since is None or written_at >= since - CLOCKS_DIFFER


def taken_since(tx: Transaction, handoff: Handoff, agent: Agent) -> datetime | None:
    """When this agent got the case last; None where the record does not tell."""
    query = (
        select(events.c.at, events.c.data)
        .where(events.c.conversation_id == handoff.conversation_id, events.c.at >= handoff.opened_at)
        .where(events.c.handoff_id == handoff.id, events.c.kind.in_(TOOK_IT))
        .order_by(events.c.id.desc())
    )
    return next((at for at, data in tx.connection.execute(query) if data.get("agent") == agent.name), None)


def _as_note(tx: Transaction, thread: Thread, handoff: Handoff, written: Written, internal: str | None) -> str | None:
    line, agent = written.line, written.agent
    names = [f"📎 {each['name']}" for each in line.files]
    text = " ".join(filter(None, [written.text if internal is None else internal, *names]))
    if agent is None or not text:
        _keep(tx, thread, line, kind="ignored")
        return None
    note = replies.note(tx, thread.handoff_id, agent, text)
    has_ended = handoff.status in (Status.RESOLVED, Status.ABANDONED)
    mark = LOCKED if internal is not None else WARNING if has_ended else None
    _keep(tx, thread, line, kind="note", note_id=note.id, mark=mark)
    if internal is not None or (handoff.status is Status.ASSIGNED and handoff.agent != agent.name):
        return None
    return "nothing_sent_ended" if has_ended else "nothing_sent_queued"


def _edited(tx: Transaction, thread: Thread, known: ThreadMessage, written: Written) -> str | None:
    line, agent = written.line, written.agent
    if agent is None or line.user != known.user_id:
        return None
    if known.kind == "relayed" and known.seq is not None:
        return _correct(tx, thread, known.seq, written, agent)
    if known.kind == "note" and known.note_id is not None:
        internal = note_text(written.text)
        reword_note(tx, known.note_id, written.text if internal is None else internal)
        _keep(tx, thread, line, kind="note")
    elif known.kind in ("held", "refused"):
        earlier = [StoredFile(**each) for each in (known.held or {}).get("files", ())]
        return _first(tx, thread, Written(line, agent, written.text, earlier))
    return None


def _correct(tx: Transaction, thread: Thread, seq: int, written: Written, agent: Agent) -> str | None:
    line = written.line
    message = transcript.by_seq(tx, thread.conversation_id, seq)
    if message is None or message.deleted_at is not None:
        return None
    internal = note_text(written.text)
    if internal is not None:
        replies.take_back(tx, thread.handoff_id, agent, seq)
        return _as_note(tx, thread, handoffs.load(tx, thread.handoff_id)[0], written, internal)
    if len(written.text) > LONGEST_REPLY:
        _keep(tx, thread, line, mark=WARNING)
        return "too_long"
    number = sensitive_number(written.text)
    if number is not None and written.text != message.text:
        _keep(tx, thread, line, held={"text": written.text, "why": number, "files": []}, mark=ASK)
        return None
    if written.text != message.text and (written.text or message.attachments):
        replies.correct(tx, thread.handoff_id, agent, seq, written.text)
    _keep(tx, thread, line, held=None)
    return None


def _problem(written: Written) -> str | None:
    if len(written.text) > LONGEST_REPLY:
        return "too_long"
    return "file_refused" if written.files is None else None


def _reply(
    tx: Transaction, handoff_id: str, agent: Agent, channel: str, ts: str, text: str, kept: Sequence[StoredFile]
) -> int:
    attachments = [each.as_attachment() for each in kept]
    message = replies.reply(tx, handoff_id, agent, text, f"slack:{channel}:{ts}", attachments)
    for each in kept:
        files.register(tx, each)
    return message.seq


def _author(tx: Transaction, thread: Thread, seq: int) -> Agent | None:
    message = transcript.by_seq(tx, thread.conversation_id, seq)
    return Agent(message.name, "slack") if message is not None and message.name else None


def _keep(tx: Transaction, thread: Thread, line: Line, **values: Any) -> None:
    _remember(tx, thread, line.channel, line.ts, line.user, edited_ts=line.edited_ts, **values)


def _remember(tx: Transaction, thread: Thread, channel: str, ts: str, user: str, **values: Any) -> None:
    threads.remember(tx, channel, ts, handoff_id=thread.handoff_id, user_id=user, **values)


def _done(tx: Transaction, incoming: Incoming | None) -> None:
    if incoming is not None:
        inbox.handled(tx, incoming)
