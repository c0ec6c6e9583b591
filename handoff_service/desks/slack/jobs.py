"""What each thread needs next, read from the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handoff_service.desks.slack import threads, uploads
from handoff_service.desks.slack.cards import Card, CardMaker
from handoff_service.desks.slack.people import People
from handoff_service.desks.slack.posts import News, next_post
from handoff_service.desks.slack.threads import Thread
from handoff_service.desks.slack.words import DeskWords
from handoff_service.store.database import Transaction
from handoff_service.switchboard import notes, transcript, views
from handoff_service.switchboard.rules.handoff import Status

ORDER = ("probe", "move", "update", "card", "lines", "files")  # cards before chatter
EDITS = frozenset({"move", "update"})  # what changes a card that stands; all else is new in the channel


@dataclass(frozen=True)
class Job:
    """One of ORDER; `close` for a thread that is told everything of an ended handoff; or `none`."""

    kind: str
    news: News
    due: datetime


def lane_of(job: Job) -> str:
    """Jobs of one lane are done one after another: what is new in a channel, all edits, all uploads, all probes."""
    if job.kind in EDITS:
        return "edits"
    return job.kind if job.kind in ("probe", "files") else f"posts {job.news.thread.channel}"


def most_pressing(able: Sequence[Job]) -> Job:
    """What to do next of some that may be done now: cards before chatter, the urgent and the oldest before others."""
    return min(able, key=_rank)


def _rank(job: Job) -> tuple[int, int, datetime]:
    handoff = job.news.view.handoff
    oldest = min((m.sent_at for m in job.news.messages), default=handoff.opened_at)
    return ORDER.index(job.kind), -handoff.urgency if job.kind == "card" else 0, oldest


@dataclass
class Jobs:
    """Compares the record with the threads' places in it."""

    words: DeskWords
    cards: CardMaker
    people: People
    grace: float  # seconds until a call without an answer can land no more
    channel: str = ""  # of teams without one of their own

    def of_conversations(self, tx: Transaction, conversation_ids: set[str]) -> list[Job]:
        """Of the threads of these conversations."""
        return [self._job(tx, t) for each in conversation_ids for t in threads.of_conversation(tx, each)]

    def card(self, news: News) -> Card:
        """The card as it must be now."""
        return self.cards.card(news.view, news.holder_id)

    def _job(self, tx: Transaction, thread: Thread) -> Job:
        news = self._news(tx, thread)
        if thread.sending is not None and thread.sending_at is not None:
            return Job("probe", news, max(thread.due_at, thread.sending_at + timedelta(seconds=self.grace)))
        return Job(self._kind(news), news, thread.due_at)

    def _kind(self, news: News) -> str:
        thread = news.thread
        has_ended = news.end is not None
        if thread.ts is None:
            return "close" if has_ended else "card"
        if news.view.handoff.status is Status.QUEUED and news.channel not in ("", thread.channel):
            return "move"
        if self.card(news).digest != thread.card_digest:
            return "update"
        if next_post(self.words, news) is not None:
            return "lines"
        if uploads.next_files(news) is not None:
            return "files"
        return "close" if has_ended else "none"

    def _news(self, tx: Transaction, thread: Thread) -> News:
        view = views.one_handoff(tx, thread.handoff_id)
        progress = views.progress(tx, thread.conversation_id)
        has_ended = view.handoff.status in (Status.RESOLVED, Status.ABANDONED)
        end = threads.end_of(tx, thread.handoff_id) if has_ended else None
        channel = threads.channel_of(tx, view.handoff.team, self.channel)
        if thread.ts is None and thread.sending is None:  # it stands nowhere yet, so it begins where it belongs now
            thread = replace(thread, channel=channel or thread.channel)
        after = min(thread.posted_seq, thread.files_seq)
        fresh = transcript.since(tx, thread.conversation_id, after, max(0, thread.posted_revision))
        fresh_notes = notes.notes_since(tx, thread.conversation_id, thread.posted_note_id)
        return News(
            thread=thread,
            view=view,
            holder_id=self.people.user_of(view.handoff.agent),
            messages=[m for m in fresh if end is None or m.seq <= end],
            notes=[n for n in fresh_notes if end is None or n.handoff_id == thread.handoff_id],
            revision=progress.revision,
            own_notes=frozenset(threads.note_ids(tx, thread.handoff_id)),
            end=end,
            channel=channel,
        )
