"""How many messages a second are stored on a disk that takes 5 ms to flush."""

from __future__ import annotations

import asyncio
import time

from tests.load import customer
from tests.load.customer import Customer, sentence
from tests.load.figures import Figure
from tests.load.measures.line import agents_api, claimed
from tests.load.scale import Scale
from tests.load.stage import Venue

FLUSH = 0.005  # seconds
TARGET = 300.0  # messages a second
WRITERS = 100
MOST_EACH = 58  # a conversation takes 60 messages at once
MOST_SECONDS = 10.0


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """Acknowledged messages a second of customers who each write the next once the last is acknowledged.

    First of people who are with an agent, where a message is one transaction; then of people who are with the
    assistant, where each turn takes two more. The reference is the same with the disk as it is.
    """
    seconds = min(scale.seconds, MOST_SECONDS)
    figures = []
    for name, with_agent in (("with an agent", True), ("with the assistant", False)):
        quick = await _rate(venue, seconds, with_agent, 0.0)
        slow = await _rate(venue, seconds, with_agent, FLUSH)
        label = f"messages/s at 5 ms a flush, {name}"
        figures.append(Figure(label, "/s", TARGET, slow, True, "this disk", quick))
    return figures


async def _rate(venue: Venue, seconds: float, with_agent: bool, flush: float) -> float:
    planted = {"slow-disk": flush} if flush else {}
    with venue.stage(planted=planted) as stage:
        writers = await customer.come_all(stage.url, [None] * WRITERS)
        if with_agent:
            async with agents_api(stage) as api:
                for writer in writers:
                    await writer.asks_for_person()
                    await claimed(api, writer.conversation_id)
        began = time.monotonic()
        counts = await asyncio.gather(*(_write(each, n, began + seconds) for n, each in enumerate(writers)))
        return sum(counts) / (time.monotonic() - began)


async def _write(writer: Customer, place: int, until: float) -> int:
    for number in range(MOST_EACH):
        if time.monotonic() > until:
            return number
        await writer.write(sentence(place * 1000 + number))
    return MOST_EACH
