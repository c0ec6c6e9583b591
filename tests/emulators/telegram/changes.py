"""Tells those who wait that something in the world changed."""

from __future__ import annotations

import asyncio


class Changes:
    """A number that rises with each change, and a way to wait for the next."""

    def __init__(self) -> None:
        self.number = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def tell(self) -> None:
        self.number += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def wait(self, after: int, seconds: float) -> None:
        """Return when the number is above `after`, or when the time is over."""
        if self.number > after or seconds <= 0:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await asyncio.wait_for(future, seconds)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(future)
