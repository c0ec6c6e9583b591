"""Calls of the backend from asynchronous code, none of which keeps a customer waiting for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from actions.backend.interface import BackendUnavailableError

Answer = TypeVar("Answer")

TIME_LIMIT_S = 2.0


async def within_time(call: Callable[..., Answer], *arguments: Any, limit_s: float = TIME_LIMIT_S) -> Answer:
    """The call's answer, from a thread; BackendUnavailableError when it takes longer than the limit."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(call, *arguments), limit_s)
    except asyncio.TimeoutError:
        raise BackendUnavailableError(f"no answer within {limit_s} s") from None
