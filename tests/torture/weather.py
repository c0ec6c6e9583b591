"""What goes wrong outside: at each moment something else, drawn from the seed, and counted where it struck."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass

from tests.torture.customers import Stopped
from tests.torture.world import GRACE, World

SHORTEST, LONGEST = 0.3, 1.0  # seconds that one weather lasts
JITTER = 0.15  # seconds; the desk puts in order what comes within 0.3
POST = "chat.postMessage"


@dataclass(frozen=True)
class Slack:
    """Faults of Slack's Web API: each a kind, the methods it strikes, how often, and its seconds."""

    kind: str
    method: str = "chat.*"
    probability: float = 0.4
    seconds: float = 0.0


SLACK = (
    Slack("lost_reply", POST),
    Slack("lost_reply", "chat.update"),
    Slack("late_landing", POST, 0.4, GRACE / 2),
    Slack("ratelimited"),
    Slack("server_error"),
    Slack("reset"),
    Slack("slow", POST, 0.5, 0.2),
    Slack("html"),
    Slack("server_error", "conversations.replies"),
)
TELEGRAM: tuple[tuple[str, dict[str, float]], ...] = (
    ("lost_answer", {}),
    ("cut_answer", {}),
    ("too_many_requests", {"retry_after": 1}),
    ("server_error", {"status": 502}),
    ("reset", {}),
    ("slow", {"seconds": 0.2}),
)


def always(world: World, drop: float, jitter: float) -> None:
    """The events' own troubles, all the time: some twice, some late, some never."""
    world.slack.fault_events("duplicate", "message", probability=0.2, copies=2, seconds=0.1)
    world.slack.fault_events("jitter", "message", probability=jitter, seconds=JITTER)
    world.slack.fault_events("drop", "message", probability=drop)
    world.slack.fault_events("only_retry", "message", probability=0.05)
    world.telegram.faults.duplicate_updates(chance=0.15)


async def blow(
    world: World,
    dice: random.Random,
    stopped: Stopped,
    counted: Counter[str],
    only: tuple[str, ...] = (),
    drop: float = 0.12,
    jitter: float = 0.4,
) -> None:
    """Until told to stop, afterwards some of it still holds; of Slack's faults `only` these, if any are named."""
    faults = [fault for fault in SLACK if not only or fault.kind in only]
    await asyncio.to_thread(always, world, drop, jitter)
    while not stopped:
        await asyncio.to_thread(_change_slack, world, dice, faults)
        await asyncio.to_thread(_change_telegram, world, dice)
        await asyncio.to_thread(_change_assistant, world, dice)
        if dice.random() < 0.12:
            counted["Slack's sockets cut"] += await asyncio.to_thread(world.slack.kill_sockets, 1)
        if dice.random() < 0.06:
            counted["Slack away"] += 1
            await asyncio.to_thread(world.slack.down)
            await stopped.pause(dice.uniform(0.2, 0.8))
            await asyncio.to_thread(world.slack.up)
        await stopped.pause(dice.uniform(SHORTEST, LONGEST))


def _change_slack(world: World, dice: random.Random, faults: list[Slack]) -> None:
    for fault in SLACK:
        world.slack.clear_faults(fault.method)
    if dice.random() < 0.8:
        fault = dice.choice(faults)
        world.slack.fault(
            fault.method, fault.kind, probability=fault.probability, seconds=fault.seconds, retry_after="0.3"
        )


def _change_telegram(world: World, dice: random.Random) -> None:
    for kind, _ in TELEGRAM:
        world.telegram.faults.clear(kind)
    if dice.random() < 0.8:
        kind, settings = dice.choice(TELEGRAM)
        world.telegram.faults.add(kind, methods=["sendMessage"], chance=0.35, **settings)


def _change_assistant(world: World, dice: random.Random) -> None:
    mode = "down" if dice.random() < 0.1 else "well"
    world.assistant.control(mode=mode, delay=dice.choice((0.0, 0.0, 0.05, 0.4)))
