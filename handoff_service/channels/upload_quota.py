"""How much customers may send as files: so much an hour per conversation, address, network and in all, and kept.

The hour is each process's own; what is kept is counted in the record, and so is the same for all.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import structlog

from handoff_service.channels.limits import EVERYBODY, Limit, network_of
from handoff_service.observability import instruments
from handoff_service.settings import Settings
from handoff_service.store.database import Store
from handoff_service.switchboard import files
from handoff_service.switchboard.files import LARGEST

MEGABYTE = 2**20
SMALLEST_COUNTED = MEGABYTE // 2  # bytes: a small file costs work, too
CONVERSATIONS_PER_ADDRESS, CONVERSATIONS_PER_NETWORK, CONVERSATIONS_IN_ALL = 4, 8, 50  # so many may send all they may
RETRY_FOR_ROOM = 3600  # seconds

log = structlog.get_logger()


class TooMuchSent(Exception):
    """Too many bytes in this hour; `retry_after` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class NoRoomForFiles(Exception):
    """As much as may be kept is kept already; somebody must make room."""


class UploadQuota:
    """One for all channels on which customers send files."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        per_hour = settings.upload_megabytes_per_hour * MEGABYTE

        def limit(times: int) -> Limit:
            return Limit(per_hour * times, per_hour * times / 3600, clock)

        self._store = store
        self._room = settings.files_megabytes_kept * MEGABYTE
        self._conversation = limit(1)
        self._address, self._network = limit(CONVERSATIONS_PER_ADDRESS), limit(CONVERSATIONS_PER_NETWORK)
        self._all = limit(CONVERSATIONS_IN_ALL)
        instruments.files_limit.set(self._room)

    async def take(self, size: int, conversation_id: str, address: str | None = None) -> None:
        """One more file of so many bytes comes from there; a platform's customers have no address.

        Raises `TooMuchSent`, `NoRoomForFiles`, and `StoreUnavailable`.
        """
        if self._room and await self._store.read(files.kept_bytes) + size > self._room:
            instruments.refused.labels("no_room_for_files").inc()
            log.warning("no_room_for_files", limit=self._room)
            raise NoRoomForFiles
        wait = self._wait_for(min(max(size, SMALLEST_COUNTED), LARGEST), conversation_id, address)
        if wait:
            instruments.refused.labels("upload_quota").inc()
            raise TooMuchSent(math.ceil(wait))

    def _wait_for(self, size: int, conversation_id: str, address: str | None) -> float:
        """What one refuses is not charged to the others."""
        counted = [(self._conversation, conversation_id)]
        if address is not None:
            counted += [(self._address, address), (self._network, network_of(address))]
        counted.append((self._all, EVERYBODY))
        for place, (limit, sender) in enumerate(counted):
            wait = limit.wait_for(sender, size)
            if wait:
                for passed, its_sender in counted[:place]:
                    passed.give_back(its_sender, size)
                return wait
        return 0.0
