"""What one customer who writes without end costs the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.load import customer
from tests.load.crowd import talk
from tests.load.customer import Customer, sentence
from tests.load.figures import Figure, at
from tests.load.scale import Scale
from tests.load.stage import Venue

MOST_MORE = 10.0  # %
EVERY = 1.0  # second, of a neighbour
BURST, PAUSE = 20, 0.02  # a thousand messages a second


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """How much later the slowest hundredth of the others' acks comes; with and without the flooder by turns."""
    alone: list[float] = []
    flooded: list[float] = []
    with venue.stage() as stage:
        neighbours = await customer.come_all(stage.url, [None] * scale.neighbours)
        flooder = await Customer.come(stage.url)
        seconds = scale.seconds * 2 / scale.phases
        await talk([each.write for each in neighbours], 2.0, EVERY)
        for phase in range(scale.phases):
            flooding = asyncio.create_task(_flood(flooder)) if phase % 2 else None
            (flooded if flooding else alone).extend(await _acks(neighbours, seconds, phase))
            if flooding is not None:
                flooding.cancel()
    before, after = at(0.99, alone) * 1000, at(0.99, flooded) * 1000
    return [
        Figure(
            "others' ack p99 beside a flooder",
            "ms",
            before * (1 + MOST_MORE / 100),
            after,
            False,
            "alone",
            before,
            f"p50 {at(0.5, alone) * 1000:.1f} → {at(0.5, flooded) * 1000:.1f} ms; {len(flooded)} messages; "
            f"{BURST / PAUSE:.0f} a second from the flooder",
        )
    ]


async def _acks(neighbours: Sequence[Customer], seconds: float, seed: int) -> list[float]:
    return await talk([each.write for each in neighbours], seconds, EVERY, seed)


async def _flood(flooder: Customer) -> None:
    number = 0
    while True:
        for _ in range(BURST):
            flooder.shout(sentence(10_000_000 + number))
            number += 1
        await asyncio.sleep(PAUSE)
