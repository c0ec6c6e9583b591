"""Bringing events and interactions to the app: at least once for events, once at most for interactions."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any, Literal, Protocol

from .events import event_callback
from .faults import Fault, Faults
from .workspace import Workspace

Json = dict[str, Any]
Family = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True)
class Parcel:
    """One thing to bring. `retry_attempt` counts from 1 at the first repetition."""

    family: Family
    payload: Json
    accepts_response: bool = False
    retry_attempt: int = 0
    retry_reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """Whether the app acknowledged in time, and what it answered; else why not."""

    acknowledged: bool
    reason: str = ""
    response: Any = None
    no_retry: bool = False
    connection: str = ""


class Transport(Protocol):
    async def bring(self, parcel: Parcel) -> Outcome: ...


@dataclass
class Event:
    """An event that happened, with all attempts to deliver it."""

    event_id: str
    type: str
    payload: Json
    at: float
    attempts: int = 0
    acknowledged: bool = False
    dropped: str = ""
    faults: list[str] = field(default_factory=list)


class Delivery:
    """`emit` may be called from anywhere in the emulator's loop; everything else happens in tasks of its own."""

    def __init__(self, ws: Workspace, faults: Faults, transport: Transport) -> None:
        self._ws, self._faults, self.transport = ws, faults, transport
        self.events: dict[str, Event] = {}
        self.unsubscribed: set[str] = set()
        self.during_outage: Literal["dropped", "held"] = "dropped"
        self.available = asyncio.Event()
        self.available.set()
        self._tasks: set[asyncio.Task[None]] = set()

    def emit(self, event: Json) -> None:
        """Deliver an event, unless the app is not subscribed to it or the platform is down."""
        event_id = self._ws.ids.make("Ev", 10)
        payload = event_callback(self._ws, event, event_id)
        record = Event(event_id, str(event["type"]), payload, time.time())
        self.events[event_id] = record
        strikes = self._faults.draw_all(f"event:{record.type}")
        record.faults = [fault.kind for fault in strikes]
        if record.type in self.unsubscribed or "*" in self.unsubscribed:
            record.dropped = "unsubscribed"
        elif not self.available.is_set() and self.during_outage == "dropped":
            record.dropped = "outage"
        elif "drop" in record.faults:
            record.dropped = "fault"
        else:
            self._plan(record, strikes)

    def _plan(self, record: Event, strikes: list[Fault]) -> None:
        wait, copies, gap, first = 0.0, 1, 0.0, 0
        for fault in strikes:
            if fault.kind == "jitter":
                wait += self._faults.random.uniform(0, fault.seconds)
            elif fault.kind == "delay":
                wait += fault.seconds
            elif fault.kind == "duplicate":
                copies, gap = fault.copies, fault.seconds
            elif fault.kind == "only_retry":
                first = 1
        for copy in range(copies):
            self._start(record, wait + copy * gap, first)

    def redeliver(self, event_id: str, retry: bool) -> None:
        """Bring an event once more, long after or though it was dropped."""
        self._start(self.events[event_id], 0.0, 1 if retry else 0)

    def _start(self, record: Event, wait: float, first_attempt: int) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(record, wait, first_attempt))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, record: Event, wait: float, attempt: int) -> None:
        if wait:
            await asyncio.sleep(wait)
        reason = "timeout" if attempt else ""
        while True:
            await self.available.wait()
            record.attempts += 1
            parcel = Parcel("events_api", record.payload, retry_attempt=attempt, retry_reason=reason)
            outcome = await self._bring(parcel, record.event_id)
            if outcome.acknowledged or outcome.no_retry:
                record.acknowledged = record.acknowledged or outcome.acknowledged
                return
            if attempt >= len(self._ws.settings.retry_seconds):
                return
            await asyncio.sleep(self._ws.settings.retry_seconds[attempt])
            attempt, reason = attempt + 1, outcome.reason

    async def interact(self, parcel: Parcel) -> Outcome:
        """Bring what a person did; when it is not acknowledged, it is lost."""
        if not self.available.is_set():
            return Outcome(False, "outage")
        return await self._bring(parcel, "")

    async def _bring(self, parcel: Parcel, event_id: str) -> Outcome:
        entry: Json = {
            "family": parcel.family,
            "type": parcel.payload.get("event", parcel.payload).get("type", ""),
            "event_id": event_id,
            "retry_attempt": parcel.retry_attempt,
            "retry_reason": parcel.retry_reason,
            "at": time.time(),
        }
        self._ws.journal.deliveries.append(entry)
        outcome = await self.transport.bring(parcel)
        entry |= {"acknowledged": outcome.acknowledged, "reason": outcome.reason, "connection": outcome.connection}
        entry["seconds"] = time.time() - entry["at"]
        return outcome

    def records(self, since: int) -> list[Json]:
        """The events after the first `since`."""
        return [asdict(record) for record in islice(self.events.values(), since, None)]

    @property
    def under_way(self) -> int:
        """Deliveries that are not finished yet."""
        return len(self._tasks)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
