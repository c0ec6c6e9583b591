"""Keeps Slack as the record has it: one card per handoff, the conversation in its thread. One thing at a time."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog

from handoff_service.desks.slack import threads, uploads
from handoff_service.desks.slack.api import Limited, NotSent, Refused, SlackApi, Unknown
from handoff_service.desks.slack.health import DeskHealth
from handoff_service.desks.slack.history import History
from handoff_service.desks.slack.jobs import EDITS, Job, Jobs, most_pressing
from handoff_service.desks.slack.mrkdwn import escape
from handoff_service.desks.slack.posts import News, next_post, sections
from handoff_service.desks.slack.reconciling import METADATA, find_sent
from handoff_service.desks.slack.words import DeskWords
from handoff_service.observability import instruments, tracing
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard.files import Cabinet
from handoff_service.switchboard.hub import EVERYTHING, ConversationChanged, Hub, QueueChanged

SWEEP = 2.0  # seconds after which everything is looked at anew; what changes is looked at when it does
LOOK = 0.25  # seconds between two looks at all that changed, while there is something to do
MOST_SWEEPING = 0.1  # of the time: with many open cases a sweep takes long, and comes the more seldom
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0  # seconds, while Slack is away
BROKEN_PAUSE = 20.0  # seconds, while somebody has to mend something
CARD_IS_GONE = frozenset({"thread_not_found", "message_not_found", "cant_update_message"})

log = structlog.get_logger()
T = TypeVar("T")
Json = dict[str, Any]


@dataclass
class Sender:
    """The only one who writes into the channel and its threads, so that pace and order are kept in one place."""

    api: SlackApi
    store: Store
    hub: Hub
    words: DeskWords
    jobs: Jobs
    cabinet: Cabinet
    health: DeskHealth
    channel: str
    pace: float
    may_work: Callable[[], Awaitable[bool]]
    history: History
    _jobs: dict[str, Job] = field(default_factory=dict)
    _dirty: set[str] = field(default_factory=set)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _next_post: float = 0.0
    _next_update: float = 0.0
    _pause: float = 0.0
    _away: bool = False
    _backoff: float = 0.0
    _sweep_due: float = 0.0
    _look_due: float = 0.0
    _edited_last: bool = False
    _plain: set[str] = field(default_factory=set)  # handoffs whose blocks Slack refused

    async def run(self) -> None:
        """Until cancelled."""
        watching = asyncio.create_task(self._watch())
        try:
            while True:
                try:
                    wait = await self._round() if await self.may_work() else SWEEP
                except StoreUnavailable:
                    log.warning("slack_sender_without_store")
                    wait = SWEEP
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), wait)
                self._wake.clear()
        finally:
            watching.cancel()

    async def _watch(self) -> None:
        with self.hub.watch(EVERYTHING) as subscription:
            while True:
                event = await subscription.next()
                if isinstance(event, ConversationChanged):
                    self._dirty.add(event.conversation_id)
                    self._wake.set()
                elif isinstance(event, QueueChanged):
                    self._dirty.add("")
                    self._wake.set()

    async def _round(self) -> float:
        """Do what is due; gives the seconds until something may be due again."""
        await self._look()
        while (job := self._pick()) is not None:
            await self._do(job)
            self._dirty.add(job.news.thread.conversation_id)
            await self._look(job.news.thread.conversation_id)
        return self._rest()

    async def _look(self, only: str | None = None) -> None:
        """Bring the jobs up to date: of what changed, or of everything when a sweep is due.

        Between two calls `only` one conversation is looked at, and the others soon: with many busy ones, looking at
        all of them after each call would leave no time for the calls.
        """
        if only is not None and time.monotonic() < self._look_due:
            await self._look_at({only})
        elif time.monotonic() >= self._sweep_due:
            await self._sweep()
        elif self._dirty:
            self._look_due = time.monotonic() + LOOK
            await self._look_at(set(self._dirty))
        for handoff_id, job in list(self._jobs.items()):
            if job.kind == "none":
                del self._jobs[handoff_id]
            elif job.kind == "close":
                del self._jobs[handoff_id]
                await self.store.run(threads.change, handoff_id, closed=True, verdict=job.news.view.handoff.verdict)

    async def _look_at(self, conversation_ids: set[str]) -> None:
        self._dirty -= conversation_ids
        if "" in conversation_ids:
            await self.store.run(threads.adopt, self.channel)
        for job in await self.store.read(self.jobs.of_conversations, conversation_ids - {""}):
            self._jobs[job.news.thread.handoff_id] = job

    async def _sweep(self) -> None:
        began = time.monotonic()
        self._sweep_due = began + SWEEP  # also where it fails
        self._dirty.clear()
        await self.store.run(threads.adopt, self.channel)
        jobs = await self.store.read(self.jobs.all)
        self._jobs = {job.news.thread.handoff_id: job for job in jobs}
        self._sweep_due = began + max(SWEEP, (time.monotonic() - began) / MOST_SWEEPING)

    def _pick(self) -> Job | None:
        """The most pressing job that may be done now."""
        now, clock = datetime.now(UTC), time.monotonic()
        if self._away and clock < self._pause:
            return None
        able = [job for job in self._jobs.values() if job.due <= now and self._opens_at(job) <= clock]
        return most_pressing(able, self._edited_last)

    def _opens_at(self, job: Job) -> float:
        if job.kind == "probe":
            return 0.0
        return self._next_update if job.kind in ("move", "update") else self._next_post

    def _rest(self) -> float:
        now, clock = datetime.now(UTC), time.monotonic()
        times = [
            max((job.due - now).total_seconds(), self._opens_at(job) - clock, self._pause - clock if self._away else 0)
            for job in self._jobs.values()
        ]
        return min(max(min(times, default=SWEEP), 0.01), max(0.01, self._sweep_due - clock))

    async def _do(self, job: Job) -> None:
        handoff_id = job.news.thread.handoff_id
        self._edited_last = job.kind in EDITS
        try:
            if self._away:
                await self.api.call("auth.test")  # cheaper to lose than a post
            await self._carry_out(job)
            self._is_back()
        except Limited as limited:
            self._wait(job, limited.seconds)
        except Refused as refused:
            await self._take_refusal(job, refused)
        except (NotSent, Unknown) as trouble:
            if isinstance(trouble, Unknown):
                instruments.ambiguous_sends.labels("slack").inc()
            log.warning("slack_call_failed", kind=job.kind, handoff=handoff_id, trouble=str(trouble))
            self._is_away("posting")

    async def _carry_out(self, job: Job) -> None:
        if job.kind == "probe":
            await self._probe(job.news)
        elif job.kind == "move":
            await self._move(job.news)
        elif job.kind == "update":
            await self._update(job.news)
        elif job.kind == "card":
            await self._post_card(job.news)
        elif job.kind == "lines":
            await self._post_lines(job.news)
        else:
            await self._post_files(job.news)

    async def _post_card(self, news: News) -> None:
        card = self.jobs.card(news)
        place = {"card_digest": card.digest}
        ts = await self._post(news, "card", card.text, card.blocks, place)
        self.history.begins_now(news.thread.handoff_id)
        await self._card_stands(news, ts, place)

    async def _card_stands(self, news: News, ts: str, place: Json) -> None:
        await self.store.run(threads.has_landed, news.thread.handoff_id, ts=ts, read_ts=ts, **place)
        log.info("slack_card_posted", handoff=news.thread.handoff_id)

    async def _post_lines(self, news: News) -> None:
        post = next_post(self.words, news)
        if post is None:
            return
        if post.text:
            with tracing.about(turn_id=post.turn_id):
                await self._post(news, "lines", post.text, post.blocks, post.place)
        await self.store.run(threads.has_landed, news.thread.handoff_id, **post.place)
        self.health.is_well(f"case {news.thread.handoff_id}")

    async def _post(self, news: News, kind: str, text: str, blocks: list[Json], place: Json) -> str:
        """Send one message, its id and place noted before; gives Slack's stamp of it."""
        handoff_id = news.thread.handoff_id
        sending = {"id": secrets.token_urlsafe(12), "kind": kind, "place": place}
        await self.store.run(threads.begin_sending, handoff_id, sending)
        self._next_post = time.monotonic() + self.pace
        call = self.api.call(
            "chat.postMessage",
            channel=news.thread.channel,
            thread_ts=news.thread.ts,
            text=text,
            blocks=None if handoff_id in self._plain else blocks,
            metadata={"event_type": METADATA, "event_payload": {"id": sending["id"], "handoff": handoff_id}},
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        answer = await self._settled(handoff_id, call)
        return str(answer["ts"])

    async def _settled(self, handoff_id: str, call: Awaitable[T]) -> T:
        """The call's answer; where it surely did not happen, that is noted before the trouble goes on."""
        try:
            return await call
        except (Limited, NotSent, Refused):
            await self.store.run(threads.was_not_sent, handoff_id)
            raise

    async def _update(self, news: News) -> None:
        card = self.jobs.card(news)
        handoff_id = news.thread.handoff_id
        self._next_update = time.monotonic() + self.pace
        await self.api.call(
            "chat.update",
            channel=news.thread.channel,
            ts=news.thread.ts,
            text=card.text,
            blocks=card.blocks,
            parse="none",
            link_names=False,
        )
        await self.store.run(threads.change, handoff_id, card_digest=card.digest, tries=0)

    async def _move(self, news: News) -> None:
        """Another team has it now: leave word where the card stood, and begin anew in that team's channel."""
        handoff = news.view.handoff
        text = self.words.say("say.moved", code=handoff.code, team=escape(handoff.team))
        self._next_update = time.monotonic() + self.pace
        await self.api.call(
            "chat.update", channel=news.thread.channel, ts=news.thread.ts, text=text, blocks=sections(text)
        )
        await self.store.run(threads.moved, handoff.id, news.channel)

    async def _post_files(self, news: News) -> None:
        batch = uploads.next_files(news)
        if batch is None:
            return
        place = {"files_seq": batch.seq}
        handoff_id = news.thread.handoff_id
        ids = await uploads.put_up(self.api, self.cabinet, batch)
        if ids:
            sending = {"id": "", "kind": "files", "place": place, "files": [each["id"] for each in ids]}
            await self.store.run(threads.begin_sending, handoff_id, sending)
            self._next_post = time.monotonic() + self.pace
            await self._settled(handoff_id, uploads.share(self.api, news.thread, ids))
        await self.store.run(threads.has_landed, handoff_id, **place)

    async def _probe(self, news: News) -> None:
        """Find out whether what was sent without an answer stands in Slack; only then go on."""
        thread, sending = news.thread, news.thread.sending or {}
        try:
            found = await find_sent(self.api, thread, sending)
        except Refused as refused:
            if refused.error != "thread_not_found":
                raise
            found = None
        if found is None:
            await self.store.run(threads.was_not_sent, thread.handoff_id)
        elif sending.get("kind") == "card":
            await self._card_stands(news, found, dict(sending["place"]))
            self.history.read_soon(thread.handoff_id)  # somebody may have written below it meanwhile
        else:
            await self.store.run(threads.has_landed, thread.handoff_id, **sending["place"])
        log.info("slack_outcome_found", handoff=thread.handoff_id, kind=sending.get("kind"), landed=found is not None)

    def _is_back(self) -> None:
        self._away = False
        self._backoff = 0.0
        self.health.is_well("posting")

    def _is_away(self, activity: str) -> None:
        self._away = True
        self._backoff = min(max(self._backoff * 2, FIRST_PAUSE), LONGEST_PAUSE)
        self._pause = time.monotonic() + self._backoff
        self.health.is_down(activity)

    def _wait(self, job: Job, seconds: float) -> None:
        """Slack said how long: that kind of call waits, nothing is lost."""
        until = time.monotonic() + seconds
        if job.kind in ("move", "update"):
            self._next_update = max(self._next_update, until)
        elif job.kind == "probe":
            self._away, self._pause = True, until
        else:
            self._next_post = max(self._next_post, until)
        log.info("slack_told_to_wait", kind=job.kind, seconds=seconds)

    async def _take_refusal(self, job: Job, refused: Refused) -> None:
        handoff_id, tries = job.news.thread.handoff_id, job.news.thread.tries
        if refused.is_permanent:
            self.health.is_broken("posting", refused.error)
            self._away, self._pause = True, time.monotonic() + BROKEN_PAUSE
            return
        if refused.error in CARD_IS_GONE:
            log.warning("slack_card_is_gone", handoff=handoff_id)
            await self.store.run(threads.lost_card, handoff_id)
            return
        if handoff_id not in self._plain and refused.error.startswith(("invalid_blocks", "msg_blocks")):
            self._plain.add(handoff_id)
        self.health.is_broken(f"case {handoff_id}", refused.error)
        await self.store.run(threads.was_not_sent, handoff_id, min(2.0**tries, 300.0))
