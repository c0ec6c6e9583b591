"""Many use-cases, one commit: whatever has come in while the last one was written is written together.

A commit waits for the disk, and SQLite has one writer; so each commit takes along all who wait for it (group commit).
Each use-case has a savepoint of its own: one that is refused takes back what it did and nothing else.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any

MOST_TOGETHER = 32  # so that the first of a group doesn't wait long for the last


@dataclass(frozen=True)
class Work:
    """A use-case with its arguments, and who waits for what comes of it."""

    use_case: Any
    args: Any
    kwargs: Any
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


Outcome = Any  # what the use-case gave, or the exception it ended with
Commit = Callable[[Sequence[Work]], Sequence[Outcome]]


class GroupingWriter:
    """One thread that commits in groups, in the order in which the work came."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._is_closed = False
        self._thread = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._thread.start()

    async def run(self, use_case: Any, args: Any, kwargs: Any) -> Any:
        """What the use-case gives, once it is committed; raises what it raises, and `RuntimeError` after `close`."""
        if self._is_closed:
            raise RuntimeError("the store is closed")
        loop = asyncio.get_running_loop()
        work = Work(use_case, args, kwargs, loop, loop.create_future())
        self._waiting.put(work)
        return await work.future

    def close(self) -> None:
        """Write all that waits, then end."""
        self._is_closed = True
        self._waiting.put(None)
        self._thread.join()

    def _write(self) -> None:
        for group in self._groups():
            wanted = [work for work in group if not work.future.cancelled()]
            if wanted:
                _deliver(zip(wanted, self._commit(wanted), strict=True))

    def _groups(self) -> Iterator[list[Work]]:
        """What waits, as much of it as may go together; waits for something to come."""
        while (first := self._waiting.get()) is not None:
            group: list[Work] = [first]
            ended = False
            while len(group) < MOST_TOGETHER and not self._waiting.empty() and not ended:
                work = self._waiting.get()  # nobody else takes from it
                ended = work is None
                if work is not None:
                    group.append(work)
            yield group
            if ended:
                return


def _deliver(done: Iterator[tuple[Work, Outcome]]) -> None:
    for loop, its in groupby(done, key=lambda pair: pair[0].loop):
        with suppress(RuntimeError):  # its loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_tell, list(its))


def _tell(done: list[tuple[Work, Outcome]]) -> None:
    for work, outcome in done:
        if work.future.cancelled():
            continue
        if isinstance(outcome, Exception):
            work.future.set_exception(outcome)
        else:
            work.future.set_result(outcome)
