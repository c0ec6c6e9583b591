"""Calls of the backend from asynchronous code, none of which keeps a customer waiting for long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from actions.backend.interface import BackendUnavailableError

Answer = TypeVar("Answer")

TIME_LIMIT_S = 2.0

_deadline: ContextVar[float | None] = ContextVar("backend_deadline", default=None)


@contextmanager
def time_budget(limit_s: float = TIME_LIMIT_S) -> Iterator[None]:
    """All calls inside together get this long."""
    token = _deadline.set(time.monotonic() + limit_s)
    try:
        yield
    finally:
        _deadline.reset(token)


def seconds_left(limit_s: float = TIME_LIMIT_S) -> float:
    """How long a call may still take: the limit, or what is left of the budget it is made in."""
    deadline = _deadline.get()
    return limit_s if deadline is None else min(limit_s, deadline - time.monotonic())


async def within_time(call: Callable[..., Answer], *arguments: Any, limit_s: float = TIME_LIMIT_S) -> Answer:
    """The call's answer, from a thread; BackendUnavailableError when it takes longer than the limit or the budget."""
    left = seconds_left(limit_s)
    if left <= 0:
        raise BackendUnavailableError("the time for this answer is used up")
    try:
        return await asyncio.wait_for(asyncio.to_thread(call, *arguments), left)
    except asyncio.TimeoutError:
        raise BackendUnavailableError(f"no answer within {limit_s} s") from None
