"""How long customers wait for the word that their message is stored while many write."""

from __future__ import annotations

from tests.load import customer, echo
from tests.load.crowd import talk
from tests.load.figures import Figure, at
from tests.load.scale import Scale
from tests.load.stage import Venue, allow_sockets

TARGET_MS = 50.0


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """Ack p95 of so many active customers; each message is answered by the assistant as well."""
    allow_sockets(scale.customers)
    with echo.echo_server() as server:
        connections = await echo.come_all(server, scale.customers)
        bare = await talk([each.write for each in connections], scale.seconds / 2, scale.every)
        for each in connections:
            each.leave()
    with venue.stage() as stage:
        customers = await customer.come_all(stage.url, [None] * scale.customers)
        acks = await talk([each.write for each in customers], scale.seconds, scale.every)
    rate = len(acks) / scale.seconds
    note = f"p50 {at(0.5, acks) * 1000:.1f} ms, {rate:.0f} messages/s, each answered"
    name = f"{scale.customers} active customers, ack p95"
    return [Figure(name, "ms", TARGET_MS, at(0.95, acks) * 1000, False, "echo p95", at(0.95, bare) * 1000, note)]
