"""What a thread is told next: the transcript's new lines, notes and corrections, merged into as few posts as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handoff_service.desks.slack.mrkdwn import escape
from handoff_service.desks.slack.threads import Thread
from handoff_service.desks.slack.words import DeskWords
from handoff_service.switchboard.notes import Note
from handoff_service.switchboard.rules.sensitive import masked
from handoff_service.switchboard.transcript import Message
from handoff_service.switchboard.views import HandoffView

LONGEST_POST = 11_500  # characters of one post, with room below Slack's limit for all blocks together
LONGEST_SECTION = 2_900
LONGEST_LINE = 10_000

Json = dict[str, Any]


@dataclass(frozen=True)
class News:
    """A thread, its handoff, and what the record has beyond the thread's place."""

    thread: Thread
    view: HandoffView
    holder_id: str | None
    messages: Sequence[Message]  # new ones, and earlier ones corrected or deleted since
    notes: Sequence[Note]
    revision: int
    own_notes: frozenset[int]
    end: int | None  # where the handoff has ended: its last message
    channel: str = ""  # where its team's cards stand


@dataclass(frozen=True)
class Post:
    """One post and the thread's place behind it; nothing to be said where `text` is empty."""

    text: str
    blocks: list[Json]
    place: Json
    turn_id: str | None = None  # the assistant's last turn that it tells of


def next_post(words: DeskWords, news: News) -> Post | None:
    """What to post now; None if the thread is told everything."""
    thread = news.thread
    fresh = sorted(
        [((m.seq, 0, 0), m, _message(words, news, m)) for m in news.messages if m.seq > thread.posted_seq]
        + [((n.after_seq, 1, n.id), n, _note(words, news, n)) for n in news.notes],
        key=lambda item: item[0],
    )
    is_first = thread.posted_revision < 0
    earlier = [m for m in news.messages if m.seq <= thread.posted_seq and m.revision > thread.posted_revision]
    changed = [] if is_first else earlier
    if not fresh and news.revision <= thread.posted_revision:
        return None
    lines = [_heading(words, thread)] if is_first else []
    headings = len(lines)
    place: dict[str, int] = {} if changed else {"posted_revision": news.revision}
    used = sum(map(len, lines))
    turn_id = None
    for _, item, line in fresh:
        if used + len(line) > LONGEST_POST:
            return _post(lines, place, turn_id)
        if line:
            lines.append(line)
            used += len(line) + 1
        place |= {"posted_seq": item.seq} if isinstance(item, Message) else {"posted_note_id": item.id}
        turn_id = (item.turn_id if isinstance(item, Message) else None) or turn_id
    for line in filter(None, (_change(words, news, m) for m in changed)):
        if used + len(line) > LONGEST_POST:
            return _post(lines, place, turn_id)
        lines.append(line)
        used += len(line) + 1
    return _post(lines if len(lines) > headings else [], place | {"posted_revision": news.revision}, turn_id)


def _heading(words: DeskWords, thread: Thread) -> str:
    return f"_{words.say('line.more_before' if thread.posted_seq else 'line.so_far')}_"


def _post(lines: Sequence[str], place: dict[str, int], turn_id: str | None) -> Post:
    text = "\n".join(lines)
    return Post(text, sections(text), place, turn_id)


def sections(text: str) -> list[Json]:
    """The text in blocks that leave addresses alone, each within Slack's limit."""
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": part, "verbatim": True}} for part in pieces(text) if part
    ]


def pieces(text: str, most: int = LONGEST_SECTION) -> list[str]:
    """The text cut at line ends or spaces where possible, never inside an escaped character."""
    found = []
    while len(text) > most:
        cut = max(text.rfind("\n", most // 2, most), -1)
        if cut < 0:
            cut = text.rfind(" ", most // 2, most)
        if cut < 0:
            entity = text.rfind("&", most - 5, most)
            cut = entity if entity >= 0 and ";" not in text[entity:most] else most
        found.append(text[:cut])
        text = text[cut:].lstrip("\n")
    return [*found, text]


def _message(words: DeskWords, news: News, message: Message) -> str:
    """The line of a message; empty where the thread has it already or never will."""
    if message.deleted_at is not None or _stands_here(news, message):
        return ""
    files = [words.say("line.file", name=_safe(a["name"])) for a in message.attachments or ()]
    return _cut(f"*{_speaker(words, news, message)}:* {' '.join(filter(None, [_safe(message.text), *files]))}")


def _note(words: DeskWords, news: News, note: Note) -> str:
    if note.id in news.own_notes:
        return ""
    return _cut(f"*{words.say('line.note', name=escape(note.agent))}:* {_safe(note.text)}")


def _change(words: DeskWords, news: News, message: Message) -> str:
    if _stands_here(news, message) or message.author == "system":  # the queue's figures are no correction
        return ""
    name = _speaker(words, news, message)
    if message.deleted_at is not None:
        return f"_{words.say('line.deleted', name=name)}_"
    return _cut(f"_{words.say('line.corrected', name=name)}:_ {_safe(message.text)}")


def _stands_here(news: News, message: Message) -> bool:
    """Whether it was typed in this very thread."""
    typed = f":slack:{news.thread.channel}:" in (message.client_id or "")
    return message.author == "agent" and typed and message.handoff_id == news.thread.handoff_id


def _speaker(words: DeskWords, news: News, message: Message) -> str:
    if message.author == "customer":
        return escape(news.view.customer.name or words.say("line.customer"))
    if message.author == "agent":
        desk = "" if ":slack:" in (message.client_id or "") else f" ({words.called('desks', 'console')})"
        return f"{escape(message.name or '')}{desk}"
    return words.say(f"line.{message.author}")


def _safe(text: str) -> str:
    """Inert, and without the numbers that stay in the record: who needs one reads it in the console."""
    return escape(masked(text))


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else pieces(line, LONGEST_LINE)[0] + "…"
