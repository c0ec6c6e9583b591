"""The revoked tokens as this process knows them: looked up in memory, read anew from the record every two seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from handoff_service.background import running
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard import revocations

READ_EVERY = 2.0  # seconds
FIRST_WITHIN = 5.0  # seconds; a start doesn't wait longer for a database

log = structlog.get_logger()


class TurnedAway:
    """Digests of tokens that were good once. Before they could be read, nobody is let in."""

    def __init__(self) -> None:
        self._digests: frozenset[str] | None = None
        self._changed = asyncio.Condition()

    def holds(self, digest: str) -> bool:
        """Whether this token was revoked; raises `StoreUnavailable` while that isn't known."""
        if self._digests is None:
            raise StoreUnavailable("revoked tokens")
        return digest in self._digests

    async def until(self, digest: str) -> None:
        """Wait until this token is revoked."""
        async with self._changed:
            await self._changed.wait_for(lambda: digest in (self._digests or ()))

    @asynccontextmanager
    async def serving(self, store: Store) -> AsyncIterator[None]:
        """Keep it true while the block runs."""
        async with running(lambda: self._follow(store)):
            with suppress(TimeoutError):
                async with asyncio.timeout(FIRST_WITHIN), self._changed:
                    await self._changed.wait_for(lambda: self._digests is not None)
            yield

    async def _follow(self, store: Store) -> None:
        while True:
            try:
                digests = frozenset(await store.read(revocations.revoked_since))
                async with self._changed:
                    self._digests = digests
                    self._changed.notify_all()
            except Exception as error:
                log.warning("revoked_tokens_not_read", error=type(error).__name__)
            await asyncio.sleep(READ_EVERY)
