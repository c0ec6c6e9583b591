"""Kills and freezes at moments drawn from the seed, or a death at each named boundary in turn."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from tests.torture.ledger import Ledger
from tests.torture.nursery import SERVICE
from tests.torture.replica import Replica
from tests.torture.world import World


@dataclass(frozen=True)
class Pace:
    """How long a replica may live between two kills, in seconds; and what else may happen to it instead."""

    shortest: float = 0.1
    longest: float = 2.5
    freeze_chance: float = 0.12
    in_birth_chance: float = 0.1  # killed again before it serves
    longest_freeze: float = 1.2
    survival_chance: float = 0.0  # of one that was frozen: it wakes up and is not killed

    def life(self, dice: random.Random) -> float:
        """How long it may live this time; short lives are many."""
        return self.shortest * (self.longest / self.shortest) ** dice.random()


Moment = Callable[[float], Awaitable[None]]  # waits for when to strike, for at most so many seconds


async def hunt(
    world: World,
    replica: Replica,
    ledger: Ledger,
    dice: random.Random,
    pace: Pace,
    most: int,
    until: float,
    moment: Moment = asyncio.sleep,
) -> None:
    """Kill this replica so many times, or until the clock says so, but once at least; it serves at the end."""
    await asyncio.to_thread(replica.until_serving)
    while replica.kills < most and (time.monotonic() < until or not replica.kills):
        await moment(pace.life(dice))
        away_since = time.time()
        if dice.random() < pace.freeze_chance and await _freeze(replica, ledger, dice, pace):
            ledger.away[replica.part].append((away_since, time.time()))
            continue
        await asyncio.to_thread(_kill, replica, ledger)
        if dice.random() < pace.in_birth_chance and replica.kills < most:
            replica.start()
            await asyncio.sleep(dice.uniform(0.0, 0.3))
            await asyncio.to_thread(_kill, replica, ledger)
            ledger.happened["killed while starting"] += 1
        replica.start()
        took = await asyncio.to_thread(replica.until_serving)
        ledger.away[replica.part].append((away_since, time.time()))
        if replica.part == SERVICE:
            ledger.slowest_start = max(ledger.slowest_start, took)


def _kill(replica: Replica, ledger: Ledger) -> None:
    replica.kill()
    replica.kills += 1
    if replica.part == SERVICE:
        ledger.killed_at.append(time.time())
    ledger.happened["kills"] += 1
    ledger.happened[f"kills of {replica.part}"] += 1


async def _freeze(replica: Replica, ledger: Ledger, dice: random.Random, pace: Pace) -> bool:
    """A pause of the machine; half of the frozen wake up again, the others are killed as they are.

    True if it woke up and is to live on.
    """
    replica.freeze()
    ledger.happened["freezes"] += 1
    await asyncio.sleep(dice.uniform(0.2, pace.longest_freeze))
    if dice.random() >= 0.5:
        return False
    replica.thaw()
    if dice.random() < pace.survival_chance:
        return True
    await asyncio.sleep(dice.uniform(0.1, 0.5))
    return False


async def visit(
    world: World, replica: Replica, ledger: Ledger, points: Sequence[str], within: float, until: float
) -> None:
    """Let the process end itself at each boundary in turn, under way; those it never came to are noted."""
    await asyncio.to_thread(replica.until_serving)
    calm, told = replica.fate, world.directory / "boundaries"
    for point in points:
        if time.monotonic() > until:
            break
        await asyncio.to_thread(replica.kill)
        replica.fate = replace(calm, crash_at=point, told=str(told))
        replica.start()
        fired = await _until_dead(replica, within)
        ledger.points[point] = fired
        ledger.killed_at.append(time.time())
        ledger.happened["kills"] += 1
        ledger.happened["kills at a named boundary"] += fired
    await asyncio.to_thread(replica.kill)
    replica.fate = calm
    replica.start()
    ledger.slowest_start = await asyncio.to_thread(replica.until_serving)


async def _until_dead(replica: Replica, within: float) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within):
            while replica.is_alive():
                await asyncio.sleep(0.02)
    return not replica.is_alive()
