"""Works off the inbox: each thread's events in the order of Slack's stamps, several threads at a time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select

from handoff_service.desks.slack import threads
from handoff_service.desks.slack.api import SlackTrouble
from handoff_service.desks.slack.history import History
from handoff_service.desks.slack.intake import SOURCE
from handoff_service.desks.slack.payloads import Line
from handoff_service.desks.slack.people import People
from handoff_service.desks.slack.presses import Presses
from handoff_service.desks.slack.thread_lines import ThreadLines
from handoff_service.desks.slack.threads import Thread
from handoff_service.observability import instruments
from handoff_service.store.database import Store, StoreUnavailable, Transaction
from handoff_service.store.tables import inbox as inbox_table
from handoff_service.switchboard import inbox
from handoff_service.switchboard.inbox import Incoming

WINDOW = timedelta(seconds=0.35)  # in which events of a thread are put in order
MOST_LOOKED_AT = 500
IDLE, RETRY = 1.0, 1.0  # seconds
DIRECT = frozenset({"press", "form", "command", "home"})  # what waits for nothing before it
COMMANDS = "commands"  # what belongs to no thread

log = structlog.get_logger()
Json = dict[str, Any]


@dataclass(frozen=True)
class Waiting:
    """Something in the inbox, the thread it belongs to, and Slack's time of it."""

    incoming: Incoming
    due_at: datetime
    handoff_id: str | None

    @property
    def moment(self) -> float:
        """When it happened, by Slack's clock; by ours where Slack doesn't say."""
        try:
            return float(self.incoming.payload.get("moment") or "")
        except ValueError:
            return self.incoming.received_at.timestamp()

    def is_ripe(self, now: datetime) -> bool:
        """Whether nothing earlier is expected any more."""
        is_press = self.incoming.payload["kind"] in DIRECT
        return self.due_at <= now and (is_press or self.incoming.received_at + WINDOW <= now)


def released(group: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """What of a thread may be carried out now, in order: everything up to the latest ripe event, unless something
    before it has to be tried again later."""
    ordered = sorted(group, key=lambda each: each.moment)
    last = max((each.moment for each in ordered if each.is_ripe(now)), default=None)
    found: list[Waiting] = []
    for each in ordered:
        if last is None or each.moment > last or each.due_at > now:
            break
        found.append(each)
    return found


def waiting(tx: Transaction) -> list[Waiting]:
    """All that is not handled yet, with the thread it belongs to."""
    columns = [inbox_table.c[name] for name in Incoming.__dataclass_fields__]
    query = (
        select(*columns, inbox_table.c.due_at)
        .where(inbox_table.c.source == SOURCE, inbox_table.c.handled_at.is_(None))
        .order_by(inbox_table.c.id)
        .limit(MOST_LOOKED_AT)
    )
    found = []
    for row in tx.connection.execute(query).mappings():
        values = dict(row)
        due_at = values.pop("due_at")
        incoming = Incoming(**values)
        found.append(Waiting(incoming, due_at, _handoff_of(tx, incoming.payload)))
    return found


def _handoff_of(tx: Transaction, record: Json) -> str | None:
    if record["kind"] in ("command", "home"):
        return COMMANDS
    if record["kind"] in ("press", "form"):
        return str(record["handoff"])
    thread = threads.of_card(tx, record["channel"], record["thread_ts"])
    return None if thread is None else thread.handoff_id


@dataclass
class Worker:
    """One task for what comes in, and one per thread that has something to do."""

    store: Store
    people: People
    lines: ThreadLines
    presses: Presses
    history: History
    may_work: Callable[[], Awaitable[bool]]
    _busy: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Something came in."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                self.history.tick()
                wait = IDLE
                try:
                    if self.people.team_id and await self.may_work():
                        wait = await self._round()
                except StoreUnavailable:
                    log.warning("slack_worker_without_store")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), wait)
                self._wake.clear()
        finally:
            for task in self._busy.values():
                task.cancel()

    async def _round(self) -> float:
        """Start what may be done; gives the seconds until something more may be ripe."""
        came, open_threads = await self.store.read(waiting), await self.store.read(threads.to_be_read)
        self.history.forget_all_but({thread.handoff_id for thread in open_threads})
        groups: dict[str, list[Waiting]] = {}
        for each in came:
            if each.handoff_id is None or self._is_foreign(each):
                await self.store.run(inbox.handled, each.incoming)
            else:
                groups.setdefault(each.handoff_id, []).append(each)
        now, clock = datetime.now(UTC), asyncio.get_running_loop().time()
        for handoff_id, group in groups.items():
            ready = released(group, now)
            if ready and handoff_id not in self._busy and self._not_before.get(handoff_id, 0.0) <= clock:
                self._start(handoff_id, ready, reads=False)
        for thread in open_threads:
            if thread.handoff_id not in self._busy and self.history.is_due(thread, len(open_threads)):
                self._start(thread.handoff_id, [], reads=True)
        ripe_in = [(each.incoming.received_at + WINDOW - now).total_seconds() for each in came]
        return max(0.02, min([IDLE, *(wait for wait in ripe_in if wait > 0)]))

    def _is_foreign(self, each: Waiting) -> bool:
        team = each.incoming.payload.get("team")
        if not team or team == self.people.team_id:
            return False
        log.warning("slack_event_of_another_workspace", kind=each.incoming.payload["kind"])
        return True

    def _start(self, handoff_id: str, ready: list[Waiting], reads: bool) -> None:
        task = asyncio.create_task(self._work(handoff_id, ready, reads))
        self._busy[handoff_id] = task
        task.add_done_callback(lambda _: self._ended(handoff_id))

    def _ended(self, handoff_id: str) -> None:
        del self._busy[handoff_id]
        self._wake.set()

    async def _work(self, handoff_id: str, ready: list[Waiting], reads: bool) -> None:
        """One thread: first what history has, then what came, in order."""
        try:
            thread = await self.store.read(threads.of_handoff, handoff_id)
            if thread is not None and not await self.history.is_caught_up(thread, now=reads):
                self._not_before[handoff_id] = asyncio.get_running_loop().time() + RETRY
                return
            self._not_before.pop(handoff_id, None)
            for each in ready:
                if not await self._carry_out(thread, each):
                    return
        except StoreUnavailable:
            self._not_before[handoff_id] = asyncio.get_running_loop().time() + RETRY
        except Exception:
            self._not_before[handoff_id] = asyncio.get_running_loop().time() + RETRY
            log.exception("slack_thread_failed", handoff=handoff_id)

    async def _carry_out(self, thread: Thread | None, each: Waiting) -> bool:
        """Whether the next may follow."""
        record = each.incoming.payload
        try:
            if record["kind"] in DIRECT:
                await self.presses.take(each.incoming)
            elif thread is None:
                await self.store.run(inbox.handled, each.incoming)
            elif record["kind"] == "deletion":
                await self.lines.delete(thread, record["channel"], record["ts"], record["user"], each.incoming)
            else:
                line = Line(**{name: record[name] for name in Line.__dataclass_fields__})
                await self.lines.take(thread, line, each.incoming)
        except StoreUnavailable:
            raise
        except Exception as error:
            return await self._failed(each, error)
        return True

    async def _failed(self, each: Waiting, error: Exception) -> bool:
        """Try it again later; after the last try its writer is told, and the others go on."""
        if isinstance(error, SlackTrouble):
            log.warning("slack_event_waits", kind=each.incoming.payload["kind"], trouble=str(error))
        else:
            log.exception("slack_event_failed", kind=each.incoming.payload["kind"])
        was_last = await self.store.run(inbox.failed, each.incoming, type(error).__name__)
        if was_last:
            instruments.dead_letters.labels("slack").inc()
            log.error("slack_event_set_aside", inbox=each.incoming.id, kind=each.incoming.payload["kind"])
            await self.presses.tell(each.incoming.payload, self.presses.words.say("say.failed"))
        return was_last
