"""Many customers who write for a while, each at a pace of their own."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence

from tests.load.customer import sentence

Write = Callable[[str], Awaitable[float]]


async def talk(writers: Sequence[Write], seconds: float, every: float, seed: int = 1) -> list[float]:
    """How long each message took; everybody writes about once in `every` seconds, and not in step."""
    until = time.monotonic() + seconds

    async def one(write: Write, dice: random.Random, number: int) -> list[float]:
        took: list[float] = []
        await asyncio.sleep(dice.uniform(0, every))
        while time.monotonic() < until:
            took.append(await write(sentence(number * 100_000 + len(took))))
            await asyncio.sleep(dice.uniform(0.5, 1.5) * every)
        return took

    writing = [one(write, random.Random(f"{seed} {number}"), number) for number, write in enumerate(writers)]
    return [took for each in await asyncio.gather(*writing) for took in each]
