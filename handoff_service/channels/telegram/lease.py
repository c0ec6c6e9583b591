"""Who may write to a chat: short leases in the record, renewed while a call lasts, looked at when a request leaves.

A sender that dies holds up its chat for LEASE at the most. One that was frozen for longer finds its lease over and
sends nothing, however far its call had come: the lease is looked at just before the request's first byte.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

LEASE = timedelta(seconds=5)
RENEW_EVERY = 1.0  # seconds
LEAVES = "send_request_headers.started"  # as httpcore calls the moment


@dataclass
class Lease:
    """One chat's. In the record it is known by its end: `stamps` are all the ends we have written, or tried to."""

    stamps: list[datetime]
    _until: datetime = field(init=False)
    _ends_at: float = field(init=False)  # by the monotonic clock, which nobody sets

    def __post_init__(self) -> None:
        self.renewed(self.stamps[-1])

    def renewed(self, until: datetime) -> None:
        """The record has this end now."""
        self._until = until
        self._ends_at = time.monotonic() + (until - datetime.now(UTC)).total_seconds()

    @property
    def is_over(self) -> bool:
        """Whether another process may have the chat by now."""
        return time.monotonic() >= self._ends_at or datetime.now(UTC) >= self._until


class LeaseIsOver(httpx.ConnectError):
    """The request did not leave, because another process may be writing to the chat."""


_held: ContextVar[Lease | None] = ContextVar("held", default=None)


@contextlib.contextmanager
def holding(lease: Lease) -> Iterator[None]:
    """What leaves within this block leaves only while the lease lasts."""
    token = _held.set(lease)
    try:
        yield
    finally:
        _held.reset(token)


async def watch_leaving(request: httpx.Request) -> None:
    """A hook for a client of httpx: its requests are stopped, at their first byte, where the lease is over."""
    lease = _held.get()

    async def trace(name: str, _: dict[str, Any]) -> None:
        if lease is not None and name.endswith(LEAVES) and lease.is_over:
            raise LeaseIsOver("the lease is over")

    request.extensions = {**request.extensions, "trace": trace}
