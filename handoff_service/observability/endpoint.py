"""`GET /metrics`: what happened in this process, and what waits in the record."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.responses import Response

from handoff_service.background import running
from handoff_service.observability import instruments
from handoff_service.observability.depths import Depth, depths
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard.hub import EVENTS, Hub, Recorded

TICK = 0.5  # seconds
VERSION = "0.1.0"


class Observatory:
    """Counts what is recorded, times the event loop, and answers Prometheus."""

    def __init__(self, store: Store, hub: Hub) -> None:
        self._store = store
        self._hub = hub
        self._worst_lag = 0.0
        instruments.build.info({"version": VERSION})

    def router(self) -> APIRouter:
        """`/metrics`. Where the record can't be read, the figures of this process still come."""
        router = APIRouter()

        @router.get("/metrics")
        async def metrics() -> Response:
            instruments.loop_lag.set(self._worst_lag)
            self._worst_lag = 0.0
            try:
                waiting = _text(await self._store.read(depths))
            except StoreUnavailable:
                waiting = b""
            return Response(generate_latest() + waiting, media_type=CONTENT_TYPE_LATEST)

        return router

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Count and time while the block runs."""
        async with running(self._count, self._time_the_loop):
            yield

    async def _count(self) -> None:
        with self._hub.watch(EVENTS) as recorded:
            while True:
                event = await recorded.next()
                if isinstance(event, Recorded):
                    instruments.events.labels(event.kind).inc()

    async def _time_the_loop(self) -> None:
        while True:
            due = time.monotonic() + TICK
            await asyncio.sleep(TICK)
            self._worst_lag = max(self._worst_lag, time.monotonic() - due)


def _text(waiting: Iterable[Depth]) -> bytes:
    """The figures in Prometheus' format, from a registry that lives no longer than the answer."""
    registry = CollectorRegistry()
    gauges = {name: Gauge(name, what, labels, registry=registry) for name, (what, labels) in WAITING.items()}
    for depth in waiting:
        gauge = gauges[depth.name]
        (gauge.labels(**depth.labels) if depth.labels else gauge).set(depth.value)
    return generate_latest(registry)


WAITING: dict[str, tuple[str, tuple[str, ...]]] = {
    "handoff_open": ("Handoffs that wait or are being served", ("status", "team")),
    "handoff_queue_oldest_age_seconds": ("How long the one who has waited longest for a person waits", ("team",)),
    "handoff_inbox_depth": ("What a platform brought and nobody has handled yet", ("source",)),
    "handoff_inbox_oldest_age_seconds": ("How long the oldest of it lies there", ("source",)),
    "handoff_turns_waiting": ("Customers' messages that wait for the assistant", ()),
    "handoff_turns_oldest_age_seconds": ("How long the oldest of them waits", ()),
    "handoff_turns_running": ("Turns that are being taken", ()),
    "handoff_data_orders_oldest_age_seconds": ("How long the oldest order about a customer's own data waits", ()),
    "handoff_files_kept_bytes": ("What all kept files need", ()),
    "handoff_outbox_depth": ("Chats or threads that lack something of their conversation", ("sink",)),
    "handoff_outbox_oldest_age_seconds": ("How long the oldest of it waits to be sent", ("sink",)),
}
