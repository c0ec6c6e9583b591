"""What an open widget costs while nothing happens, and how soon all are back after a lost network."""

from __future__ import annotations

import asyncio
import time

from tests.load import customer, echo
from tests.load.figures import Figure
from tests.load.scale import Scale
from tests.load.stage import Venue, allow_sockets, memory_of

TARGET_KB = 40.0
ALL = 10_000  # who must be back
BACK_WITHIN = 20.0
WARM_UP = 50
SETTLING = 1.5  # seconds


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """Memory per idle connection, then the time until everybody who was cut off has been welcomed again.

    Where the system allows fewer sockets, the time is that of those it allows, and the target shrinks with them.
    """
    reconnecting = allow_sockets(scale.reconnecting)
    connections = min(scale.connections, reconnecting)
    denied = f"the system allows {reconnecting:,} sockets a process, not {scale.reconnecting:,}; " * (
        reconnecting < scale.reconnecting
    )
    with echo.echo_server() as server:
        bare, bare_back = await _bare(server, connections, reconnecting)
    with venue.stage() as stage:
        first = await customer.come_all(stage.url, [None] * WARM_UP)
        await asyncio.sleep(SETTLING)
        before = memory_of(stage.pid)
        there = first + await customer.come_all(stage.url, [None] * (connections - WARM_UP))
        await asyncio.sleep(SETTLING)
        each = (memory_of(stage.pid) - before) / (connections - WARM_UP) / 1000
        there += await customer.come_all(stage.url, [None] * (reconnecting - connections))
        for one in there:
            one.leave()
        began = time.monotonic()
        await customer.come_all(stage.url, [one.token for one in there])
        back = time.monotonic() - began
    note = f"{denied}{connections:,} open"
    return [
        Figure("an idle widget's memory", "kB", TARGET_KB, each, False, "bare socket", bare, note),
        Figure(
            f"{reconnecting:,} widgets back after a cut",
            "s",
            BACK_WITHIN * min(1.0, reconnecting / ALL),
            back,
            False,
            "bare handshakes",
            bare_back,
            denied + "client on the same cores",
        ),
    ]


async def _bare(server: echo.EchoServer, connections: int, reconnecting: int) -> tuple[float, float]:
    """The same of a bare echo: kB of a connection, and seconds until everybody is back."""
    there = await echo.come_all(server, WARM_UP)
    before = memory_of(server.pid)
    there += await echo.come_all(server, connections - WARM_UP)
    await asyncio.sleep(SETTLING)
    each = (memory_of(server.pid) - before) / (connections - WARM_UP) / 1000
    there += await echo.come_all(server, reconnecting - connections)
    for one in there:
        one.leave()
    began = time.monotonic()
    again = await echo.come_all(server, reconnecting)
    back = time.monotonic() - began
    for one in again:
        one.leave()
    return each, back
