"""Closes gaps: reads an open thread's history from a durable checkpoint, before anything newer of it is released."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import structlog

from handoff_service.desks.slack import threads
from handoff_service.desks.slack.api import Limited, Refused, SlackApi, SlackTrouble
from handoff_service.desks.slack.health import DeskHealth
from handoff_service.desks.slack.payloads import line_of
from handoff_service.desks.slack.thread_lines import ThreadLines
from handoff_service.desks.slack.threads import Thread
from handoff_service.store.database import Store

OVERLAP = 5.0  # seconds that are read again, in case Slack shows a message late
FREEZE = 30.0  # seconds without progress of the loop, after which events may have passed us by
PATIENCE = 30.0  # seconds that lines wait for a history that can't be read
PER_THREAD = 1.5  # seconds between two reads, so that all open threads stay within about 50 a minute
PAGE = 200

log = structlog.get_logger()
Json = dict[str, Any]


@dataclass
class History:
    """Which threads have been read since we last may have missed something."""

    api: SlackApi
    store: Store
    lines: ThreadLines
    health: DeskHealth
    interval: float
    _gap: int = 1
    _read: dict[str, tuple[int, float]] = field(default_factory=dict)  # by handoff: at which gap, and when
    _failing_since: dict[str, float] = field(default_factory=dict)
    _ticked_at: float = field(default_factory=time.monotonic)
    _closed_until: float = 0.0

    def lost_sight(self, why: str) -> None:
        """Something may have been missed: every open thread is read again before it goes on."""
        self._gap += 1
        log.info("slack_reads_threads_again", why=why)

    def read_soon(self, handoff_id: str) -> None:
        """The same for one thread."""
        self._read.pop(handoff_id, None)

    def begins_now(self, handoff_id: str) -> None:
        """This thread has no history yet."""
        self._read[handoff_id] = (self._gap, time.monotonic())

    def tick(self) -> None:
        """Call it often: a long silence means that the process stood still."""
        now = time.monotonic()
        if now - self._ticked_at > FREEZE:
            self.lost_sight("freeze")
        self._ticked_at = now

    def is_due(self, thread: Thread, open_threads: int) -> bool:
        """Whether this thread's history should be read now."""
        if time.monotonic() < self._closed_until:
            return False
        gap, at = self._read.get(thread.handoff_id, (0, 0.0))
        return gap < self._gap or time.monotonic() - at > max(self.interval, open_threads * PER_THREAD)

    async def is_caught_up(self, thread: Thread, *, now: bool = False) -> bool:
        """Whether what is new in this thread may be released; reads its history first where that is due."""
        gap = self._gap
        read_at = self._read.get(thread.handoff_id, (0, 0.0))[0]
        if read_at >= gap and not now:
            return True
        if time.monotonic() < self._closed_until:
            return self._has_no_patience(thread)
        try:
            await self._catch_up(thread, whole=read_at < gap)
        except Limited as limited:
            self._closed_until = time.monotonic() + limited.seconds
            return self._has_no_patience(thread)
        except Refused as refused:
            if refused.error != "thread_not_found":
                self.health.is_broken("reading", refused.error)
        except SlackTrouble as trouble:
            log.warning("slack_history_not_read", handoff=thread.handoff_id, trouble=str(trouble))
            self._closed_until = time.monotonic() + 1.0
            return self._has_no_patience(thread)
        else:
            self.health.is_well("reading")
        self._failing_since.pop(thread.handoff_id, None)
        self._read[thread.handoff_id] = (gap, time.monotonic())
        return True

    def forget_all_but(self, handoff_ids: set[str]) -> None:
        """Keep nothing of threads that are read no more."""
        for handoff_id in set(self._read) - handoff_ids:
            del self._read[handoff_id]
            self._failing_since.pop(handoff_id, None)

    def _has_no_patience(self, thread: Thread) -> bool:
        """Lines are not held back for ever by a history that can't be read."""
        since = self._failing_since.setdefault(thread.handoff_id, time.monotonic())
        return time.monotonic() - since > PATIENCE

    async def _catch_up(self, thread: Thread, whole: bool) -> None:
        """Take every line that is not known yet, in order; of the whole thread also edits and deletions."""
        if thread.ts is None:
            return
        oldest = None if whole or thread.read_ts is None else f"{max(float(thread.read_ts) - OVERLAP, 0):.6f}"
        told = await self._pages(thread, oldest)
        replies = sorted((m for m in told if m.get("ts") != thread.ts), key=lambda m: float(m["ts"]))
        for message in replies:
            line = line_of(thread.channel, message)
            if line is not None and line.thread_ts == thread.ts:
                await self.lines.take(thread, line)
            await asyncio.sleep(0)
        if whole:
            await self._take_back_missing(thread, replies)
        newest = max((str(m["ts"]) for m in told), key=float, default=None)
        if newest is not None and newest != thread.read_ts:
            await self.store.run(threads.change, thread.handoff_id, read_ts=newest)

    async def _take_back_missing(self, thread: Thread, replies: list[Json]) -> None:
        """What was relayed and stands no more between the lines that Slack still shows was deleted meanwhile."""
        if not replies:
            return
        shown = {str(m["ts"]) for m in replies}
        first, last = float(replies[0]["ts"]), float(replies[-1]["ts"])
        for known in await self.store.read(threads.messages_of, thread.handoff_id):
            is_within = known.channel == thread.channel and first < float(known.ts) < last
            if known.kind in ("relayed", "held") and is_within and known.ts not in shown:
                await self.lines.delete(thread, known.channel, known.ts, known.user_id)

    async def _pages(self, thread: Thread, oldest: str | None) -> list[Json]:
        found: dict[str, Json] = {}
        cursor = ""
        while True:
            page = await self.api.call(
                "conversations.replies",
                channel=thread.channel,
                ts=thread.ts,
                oldest=oldest,
                limit=PAGE,
                cursor=cursor or None,
            )
            for message in page.get("messages", ()):
                found[str(message["ts"])] = message
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return list(found.values())
