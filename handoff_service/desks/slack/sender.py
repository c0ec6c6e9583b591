"""Keeps Slack as the record has it: one card per handoff, the conversation in its thread.

Calls of one kind in one channel go one after another, each when its turn has come; different kinds and channels don't
wait for each other, and one handoff never has two calls under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from handoff_service.desks.slack import attempts, threads
from handoff_service.desks.slack.api import Limited, NotSent, Refused, SlackTrouble, Unknown
from handoff_service.desks.slack.carrier import Carrier, Overtaken
from handoff_service.desks.slack.jobs import EDITS, Job, Jobs, lane_of, most_pressing
from handoff_service.desks.slack.pacing import Slots
from handoff_service.observability import instruments
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard.hub import EVERYTHING, ConversationChanged, Hub, QueueChanged

SWEEP = 2.0  # seconds after which everything is looked at anew; what changes is looked at when it does
LOOK = 0.25  # seconds between two looks at all that changed, while calls are under way
MOST_SWEEPING = 0.1  # of the time: with many open cases a sweep takes long, and comes the more seldom
SWEPT_AT_ONCE = 20  # conversations, between which calls may begin
LEAD = 0.1  # seconds before its turn that a call is chosen and noted, so that it leaves in time
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0  # seconds, while Slack is away
BROKEN_PAUSE = 20.0  # seconds, while somebody has to mend something
CARD_IS_GONE = frozenset({"thread_not_found", "message_not_found", "cant_update_message"})

log = structlog.get_logger()


@dataclass
class Sender:
    """The only one who writes into the channels and their threads, so that pace and order are kept in one place."""

    store: Store
    hub: Hub
    jobs: Jobs
    carrier: Carrier
    channel: str
    may_work: Callable[[], Awaitable[bool]]
    _jobs: dict[str, Job] = field(default_factory=dict)
    _busy: dict[str, tuple[str, asyncio.Task[None]]] = field(default_factory=dict)  # by handoff: the lane and its call
    _ended: dict[str, str] = field(default_factory=dict)  # handoffs to be looked at after a call, and conversations
    _held: dict[str, float] = field(default_factory=dict)  # handoffs that rest until then, after a failure of ours
    _dirty: set[str] = field(default_factory=set)
    _unswept: list[str] = field(default_factory=list)
    _swept_since: float = 0.0
    _sweep_due: float = 0.0
    _look_due: float = 0.0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _pause: float = 0.0
    _away_since: float | None = None
    _backoff: float = 0.0

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
            tasks = [watching, *(task for _, task in self._busy.values())]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

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
        """Begin what is due; gives the seconds until something may be due again."""
        await self._look()
        for job in self._picked():
            self._begin(job)
        return self._rest()

    async def _look(self) -> None:
        """Bring the jobs up to date: of what changed, of what a call has ended for, and some of a sweep's.

        While calls are under way all that changed is looked at only now and then: with many busy conversations it
        would leave no time for the calls.
        """
        clock = time.monotonic()
        if clock >= self._sweep_due and not self._unswept:
            await self._begin_sweep(clock)
        swept, self._unswept = self._unswept[:SWEPT_AT_ONCE], self._unswept[SWEPT_AT_ONCE:]
        changed = set(swept) | set(self._ended.values())
        if not self._busy or clock >= self._look_due:
            self._look_due = clock + LOOK
            changed |= self._dirty
        if changed:
            await self._look_at(changed)
        if swept and not self._unswept:
            now = time.monotonic()
            self._sweep_due = max(self._sweep_due, now + (now - self._swept_since) / MOST_SWEEPING)
        await self._close()

    async def _begin_sweep(self, clock: float) -> None:
        self._sweep_due, self._swept_since = clock + SWEEP, clock  # also where it fails
        await self.store.run(threads.adopt, self.channel)
        open_threads = await self.store.read(threads.unfinished)
        kept = {thread.handoff_id for thread in open_threads}
        self._jobs = {handoff_id: job for handoff_id, job in self._jobs.items() if handoff_id in kept}
        self._unswept = list(dict.fromkeys(thread.conversation_id for thread in open_threads))

    async def _look_at(self, conversation_ids: set[str]) -> None:
        self._dirty -= conversation_ids
        ended = {handoff_id for handoff_id, where in self._ended.items() if where in conversation_ids}
        try:
            if "" in conversation_ids:
                await self.store.run(threads.adopt, self.channel)
            jobs = await self.store.read(self.jobs.of_conversations, conversation_ids - {""})
        except StoreUnavailable:
            self._dirty |= conversation_ids
            raise
        for handoff_id in ended:
            del self._ended[handoff_id]
        for job in jobs:
            self._jobs[job.news.thread.handoff_id] = job

    async def _close(self) -> None:
        """Let go of the threads that need nothing any more."""
        for handoff_id, job in self._settled().items():
            if job.kind == "close":
                await self.store.run(threads.change, handoff_id, closed=True, verdict=job.news.view.handoff.verdict)
            if job.kind in ("close", "none"):
                del self._jobs[handoff_id]

    def _settled(self) -> dict[str, Job]:
        """The jobs that are as the record has it: not those of a call that runs, or ended after the last look."""
        return {key: job for key, job in self._jobs.items() if key not in self._busy and key not in self._ended}

    def _picked(self) -> list[Job]:
        """The most pressing job of each free lane that may be done now; while Slack is away, one at a time in all."""
        now, clock = datetime.now(UTC), time.monotonic()
        able = [
            job
            for handoff_id, job in self._settled().items()
            if job.due <= now and self._opens_in(job) <= LEAD and self._held.get(handoff_id, 0.0) <= clock
        ]
        if self._away_since is not None:
            is_time = clock >= self._pause and not self._busy
            return [most_pressing(able)] if able and is_time else []
        taken = {lane for lane, _ in self._busy.values()}
        lanes: dict[str, list[Job]] = {}
        for job in able:
            if lane_of(job) not in taken:
                lanes.setdefault(lane_of(job), []).append(job)
        return [most_pressing(those) for those in lanes.values()]

    def _slots(self, job: Job) -> Slots | None:
        if job.kind == "probe":
            return None
        pacer = self.carrier.pacer
        return pacer.edits if job.kind in EDITS else pacer.posts(job.news.thread.channel)

    def _opens_in(self, job: Job) -> float:
        slots = self._slots(job)
        return 0.0 if slots is None else slots.wait()

    def _rest(self) -> float:
        """Seconds until a lane that is free now may have something; what ends or changes wakes us before."""
        now, clock = datetime.now(UTC), time.monotonic()
        if self._unswept:
            return 0.0
        taken = {lane for lane, _ in self._busy.values()}
        is_away = self._away_since is not None
        times = [
            max(
                (job.due - now).total_seconds(),
                self._opens_in(job) - LEAD,
                self._held.get(handoff_id, 0.0) - clock,
                self._pause - clock if is_away else 0.0,
            )
            for handoff_id, job in self._settled().items()
            if not (self._busy if is_away else lane_of(job) in taken)
        ]
        if self._dirty:
            times.append(self._look_due - clock)
        return max(0.01, min([*times, self._sweep_due - clock]))

    def _begin(self, job: Job) -> None:
        handoff_id, conversation_id = job.news.thread.handoff_id, job.news.thread.conversation_id
        task = asyncio.create_task(self._do(job))
        self._busy[handoff_id] = (lane_of(job), task)

        def end(_: asyncio.Task[None]) -> None:
            del self._busy[handoff_id]
            self._ended[handoff_id] = conversation_id
            self._wake.set()

        task.add_done_callback(end)

    async def _do(self, job: Job) -> None:
        handoff_id, began = job.news.thread.handoff_id, time.monotonic()
        self._held.pop(handoff_id, None)
        try:
            await self._carry_out(job, began)
        except StoreUnavailable:
            self._held[handoff_id] = time.monotonic() + SWEEP
            log.warning("slack_sender_without_store")
        except Exception:
            self._held[handoff_id] = time.monotonic() + SWEEP
            log.exception("slack_job_failed", kind=job.kind, handoff=handoff_id)

    async def _carry_out(self, job: Job, began: float) -> None:
        try:
            if self._away_since is not None:
                await self.carrier.api.call("auth.test")  # cheaper to lose than a post
            await self.carrier.carry_out(job)
            self._is_back(began)
        except Overtaken:
            self._held[job.news.thread.handoff_id] = time.monotonic() + LOOK
            log.info("slack_job_overtaken", kind=job.kind, handoff=job.news.thread.handoff_id)
        except Limited as limited:
            self._wait(job, limited.seconds)
        except Refused as refused:
            await self._take_refusal(job, refused)
        except (NotSent, Unknown) as trouble:
            if isinstance(trouble, Unknown):
                instruments.ambiguous_sends.labels("slack").inc()
            self._is_away(job, began, trouble)

    def _is_back(self, began: float) -> None:
        if self._away_since is not None and began < self._away_since:
            return  # what began before the trouble says nothing about now
        self._away_since = None
        self._backoff = 0.0
        self.carrier.health.is_well("posting")

    def _is_away(self, job: Job, began: float, trouble: SlackTrouble) -> None:
        log.warning("slack_call_failed", kind=job.kind, handoff=job.news.thread.handoff_id, trouble=str(trouble))
        if self._away_since is not None and began < self._away_since:
            return  # several calls at once met the same trouble
        self._backoff = min(max(self._backoff * 2, FIRST_PAUSE), LONGEST_PAUSE)
        self._stay_away(self._backoff)
        self.carrier.health.is_down("posting")

    def _stay_away(self, seconds: float) -> None:
        self._away_since = time.monotonic()
        self._pause = self._away_since + seconds

    def _wait(self, job: Job, seconds: float) -> None:
        """Slack said how long: that kind of call waits, in every channel, and nothing is lost."""
        until = time.monotonic() + seconds
        if job.kind == "probe":
            self._stay_away(seconds)
        elif job.kind in EDITS:
            self.carrier.pacer.edits.not_before(until)
        else:
            for slots in self.carrier.pacer.all_posts():
                slots.not_before(until)
        log.info("slack_told_to_wait", kind=job.kind, seconds=seconds)

    async def _take_refusal(self, job: Job, refused: Refused) -> None:
        handoff_id, tries = job.news.thread.handoff_id, job.news.thread.tries
        health, plain = self.carrier.health, self.carrier.plain
        if refused.is_permanent:
            health.is_broken("posting", refused.error)
            self._stay_away(BROKEN_PAUSE)
            return
        if refused.error in CARD_IS_GONE:
            log.warning("slack_card_is_gone", handoff=handoff_id)
            await self.store.run(attempts.lost_card, job.news.thread)
            return
        if handoff_id not in plain and refused.error.startswith(("invalid_blocks", "msg_blocks")):
            plain.add(handoff_id)
        health.is_broken(f"case {handoff_id}", refused.error)
        await self.store.run(attempts.was_refused, job.news.thread, min(2.0**tries, 300.0))
