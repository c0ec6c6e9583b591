"""Whether the service's memory stays flat while customers come, write and go."""

from __future__ import annotations

import asyncio
import itertools
import random

from tests.load.customer import Customer, sentence
from tests.load.figures import Figure, median, slope
from tests.load.scale import Scale
from tests.load.stage import Stage, Venue, files_of, memory_of

MOST_GROWTH = 1.05  # of the memory once warm
AN_HOUR = 60.0  # minutes, for which the promise stands
WARM_AFTER = 300.0  # seconds, or a third of a shorter run
LOOK_EVERY = 1.0
PEOPLE, MESSAGES_EACH, EVERY = 40, 8, 2.0


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """Memory at the end over memory when warm; each customer has some turns and makes room for a new one."""
    seconds = scale.soak_minutes * 60
    with venue.stage() as stage:
        crowd = [asyncio.create_task(_come_and_go(stage, place)) for place in range(PEOPLE)]
        try:
            memory, files = await _watched(stage, seconds, crowd)
        finally:
            for each in crowd:
                each.cancel()
            await asyncio.gather(*crowd, return_exceptions=True)
    warm = memory[int(min(WARM_AFTER, seconds / 3) / LOOK_EVERY) :]
    few = max(1, len(warm) // 10)
    start, end = median(warm[:few]), median(warm[-few:])
    short = f"{scale.soak_minutes:g} minutes only, --soak {AN_HOUR:g} is meant; " * (scale.soak_minutes < AN_HOUR)
    note = f"{short}{start / 1e6:.0f} MB, {slope(warm, LOOK_EVERY) * 60 / 1000:+.0f} kB a minute"
    return [
        Figure("memory after a soak, of that when warm", "times", MOST_GROWTH, end / start, note=note),
        Figure("open files after it, of those when warm", "times", MOST_GROWTH, files[-1] / median(files)),
    ]


async def _watched(stage: Stage, seconds: float, crowd: list[asyncio.Task[None]]) -> tuple[list[float], list[float]]:
    """Memory and open files, second by second; raises what goes wrong among the customers."""
    memory, files = [], []
    for _ in range(int(seconds / LOOK_EVERY)):
        await asyncio.sleep(LOOK_EVERY)
        for each in crowd:
            if each.done():
                each.result()
        memory.append(memory_of(stage.pid))
        files.append(float(files_of(stage.pid)))
    return memory, files


async def _come_and_go(stage: Stage, place: int) -> None:
    dice = random.Random(place)
    for visit in itertools.count():
        customer = await Customer.come(stage.url)
        for number in range(MESSAGES_EACH):
            await asyncio.sleep(dice.uniform(0.5, 1.5) * EVERY)
            await customer.turn(sentence((place * 100_000 + visit) * 100 + number))
        customer.leave()
