"""What is laid over the product in a process that only measurements start."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event


def slow_disk(seconds: float) -> None:
    """Each commit that wrote something takes so much longer, as with a disk that takes so long to flush.

    SQLite flushes its log once per such commit (`synchronous=FULL`). The thread that commits sleeps, all else goes on,
    as it would. Checkpoints, rare beside them, stay quick.
    """
    seen: dict[int, int] = {}

    @event.listens_for(Engine, "commit")
    def flush(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        changes = getattr(driver, "total_changes", None)
        if changes is None or changes != seen.get(id(driver), 0):
            time.sleep(seconds)
        if changes is not None:
            seen[id(driver)] = changes


def slow_receive(seconds: float) -> None:
    """Taking a customer's message takes so much longer: to see that a measure notices."""
    from handoff_service.switchboard import receiving

    receive = receiving.receive

    def slowly(*args: Any, **more: Any) -> Any:
        time.sleep(seconds)
        return receive(*args, **more)

    receiving.receive = slowly


PLANTED: dict[str, Callable[[float], None]] = {"slow-disk": slow_disk, "slow-receive": slow_receive}
