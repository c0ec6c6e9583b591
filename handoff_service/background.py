"""Jobs beside the requests: they run while the service serves, and one that fails is said and begun again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog

PAUSE_AFTER_FAILURE = 1.0  # seconds

log = structlog.get_logger()
Job = Callable[[], Coroutine[Any, Any, None]]


@asynccontextmanager
async def running(*jobs: Job) -> AsyncIterator[None]:
    """The jobs run while the block does; at its end they are cancelled and waited for."""
    tasks = [asyncio.create_task(_kept_up(job)) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _kept_up(job: Job) -> None:
    """Until it returns: what none of its own code expected must not end it silently for all."""
    while True:
        try:
            await job()
            return
        except Exception:
            log.exception("job_failed", job=getattr(job, "__qualname__", type(job).__name__))
        await asyncio.sleep(PAUSE_AFTER_FAILURE)
