"""One round: a world, its people, its weather, the kills; then calm, and the judgement."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.torture import killing, real, real_promises, weather
from tests.torture.agents import Agent, ConsoleAgent, SlackAgent
from tests.torture.customers import Stopped, TelegramCustomer, WidgetCustomer
from tests.torture.killing import Pace
from tests.torture.ledger import Ledger
from tests.torture.nursery import Fate
from tests.torture.promises import Broken, Seen, Verdict, judge
from tests.torture.real import RealTelegramCustomer, RealWidgetCustomer
from tests.torture.record import known_lines, read, unsettled
from tests.torture.world import ON_CONSOLE, ON_SLACK, World, new_world

REST_WITHIN = 90.0  # seconds, on a machine that is busy with much else
SETTLED_LOOKS = 3
FEW = 2  # agents at each desk
IN_ORDER_WITHIN = 0.2  # seconds between two events' arrivals; the desk promises 0.3, a busy machine measures badly
Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What one world goes through. It ends after so many kills or seconds, whichever comes first."""

    seed: int
    kills: int = 50
    seconds: float = 60.0
    replicas: int = 1
    widgets: int = 5
    chats: int = 3
    pace: Pace = field(default_factory=Pace)
    stormy: bool = True
    cold: bool = False
    planted: str = ""
    slack: tuple[str, ...] = ()  # the only faults of Slack's Web API; all where empty
    drop: float = 0.12  # of Slack's events that never come
    jitter: float = 0.4  # of them that come late, each by another moment
    console: bool = True  # whether agents work there as well as in Slack
    real: bool = False  # the real assistant, killed as well, in place of the stand-in
    said_within: float = real_promises.SAID_WITHIN
    points: tuple[str, ...] = ()  # in place of random kills: die at each of these boundaries
    rest_within: float = REST_WITHIN
    point_within: float = 30.0  # seconds until it must have come to a boundary


@dataclass
class Outcome:
    """What came of it."""

    plan: Plan
    verdict: Verdict
    ledger: Ledger
    fired: Counter[str]
    unsettled: dict[str, int]
    seconds: float

    @property
    def is_kept(self) -> bool:
        return not self.verdict.broken


async def play(plan: Plan, directory: Path, database_url: str = "") -> Outcome:
    """Run the round and judge it."""
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        world = await asyncio.to_thread(
            stack.enter_context, new_world(directory, plan.seed, database_url, plan.replicas, plan.cold, plan.real)
        )
        await real.start(world)
        ledger, dice = Ledger(), random.Random(plan.seed)
        for replica in world.replicas:
            replica.fate = Fate(planted=plan.planted)
            replica.start()
        customers = await _live(world, ledger, dice, plan)
        left = await _come_to_rest(world, ledger, plan.rest_within)
        for customer in customers:
            await customer.look_again()
        for replica in world.replicas:
            replica.kill()
        seen = await asyncio.to_thread(look, world, ledger)
        record = read(world.database)
        verdict = judge(ledger, record, seen)
        if plan.real:
            of_all = real_promises.read(world.database, database_url, directory / "var")
            verdict.broken += real_promises.judge(ledger, record, seen, of_all, plan.said_within)
        verdict.broken += [Broken("stuck", f"{count} {name}") for name, count in left.items()]
        return Outcome(plan, verdict, ledger, _fired(world, ledger), left, time.monotonic() - began)


async def _live(world: World, ledger: Ledger, dice: random.Random, plan: Plan) -> list[WidgetCustomer]:
    """The stormy part: until the last kill."""
    stopped, killed = Stopped(), Stopped()
    customers: list[WidgetCustomer] = []
    until = time.monotonic() + plan.seconds
    if plan.points:
        hunts = [killing.visit(world, world.replicas[0], ledger, plan.points, plan.point_within, until)]
    elif plan.real:
        hunts = real.hunts(world, ledger, dice, plan.kills, until)
    else:
        hunts = [
            killing.hunt(world, r, ledger, _dice(dice), plan.pace, _share(plan, n), until)
            for n, r in enumerate(world.replicas)
        ]
    writing, chatting = (RealWidgetCustomer, RealTelegramCustomer) if plan.real else (WidgetCustomer, TelegramCustomer)

    async def widgets(own: random.Random) -> None:
        while not stopped:
            customers.append(writing(world, ledger, own))
            await customers[-1].live(stopped)

    async def chats(own: random.Random) -> None:
        while not stopped:
            await chatting(world, ledger, own).live(stopped)

    async with asyncio.TaskGroup() as people:
        for _ in range(plan.widgets):
            people.create_task(widgets(_dice(dice)))
        for _ in range(plan.chats):
            people.create_task(chats(_dice(dice)))
        for agent in _agents(world, ledger, dice, plan):
            people.create_task(agent.live(stopped))
        if plan.stormy:
            people.create_task(
                weather.blow(world, _dice(dice), killed, ledger.happened, plan.slack, plan.drop, plan.jitter)
            )
        await asyncio.gather(*hunts)
        killed.stop()
        if plan.real:
            await real.until_it_works_again(world, ledger)
        stopped.stop()
    await asyncio.to_thread(world.everything_well)
    return customers


def _dice(dice: random.Random) -> random.Random:
    return random.Random(dice.getrandbits(64))


def _share(plan: Plan, number: int) -> int:
    return plan.kills // plan.replicas + (number < plan.kills % plan.replicas)


def _agents(world: World, ledger: Ledger, dice: random.Random, plan: Plan) -> list[Agent]:
    most = FEW if plan.real else None  # what they look up takes the processor that Rasa needs
    at_console = [ConsoleAgent(world, ledger, _dice(dice), name) for name in ON_CONSOLE[:most] if plan.console]
    return [*at_console, *(SlackAgent(world, ledger, _dice(dice), name) for name in ON_SLACK[:most])]


async def _come_to_rest(world: World, ledger: Ledger, within: float) -> dict[str, int]:
    """Wait until nothing is under way any more; what is left when patience ends."""
    deadline, quiet, left = time.monotonic() + within, 0, {"everything": 1}
    while time.monotonic() < deadline and quiet < SETTLED_LOOKS:
        await asyncio.sleep(0.4)
        left = await asyncio.to_thread(_left, world, ledger)
        quiet = 0 if left else quiet + 1
    return left


def _left(world: World, ledger: Ledger) -> dict[str, int]:
    left = unsettled(world.database)
    pending = world.telegram.updates.pending
    written = {reply.ts for reply in ledger.replies if reply.ts}
    unread = written - known_lines(world.database)
    return (
        left
        | ({"updates at Telegram": len(pending)} if pending else {})
        | ({"lines unread": len(unread)} if unread else {})
    )


def look(world: World, ledger: Ledger) -> Seen:
    """What stands on the platforms."""
    seen = Seen(logs=world.logs)
    handoffs = _handoffs(world)
    for card in world.slack.cards(world.channel):
        thread = world.slack.thread(card)
        seen.threads[card.ts] = [message.words for message in thread[1:] if message.by_app]
        seen.cards.update(ref for ref in handoffs if f'"{ref}"' in str(card.blocks).replace("'", '"'))
    for talk in ledger.talks.values():
        if talk.chat:
            seen.chats[talk.chat] = [message.text for message in world.telegram.chat(talk.chat).from_bot]
    seen.late_lines = late_lines(world.slack.events(), world.slack.deliveries(), ledger.killed_at, len(world.replicas))
    return seen


def late_lines(events: list[Json], deliveries: list[Json], killed_at: list[float], replicas: int) -> frozenset[str]:
    """The stamps of lines that came later than a newer one of their thread by more than the desk waits for.

    Not those between which and the newer one the only process was killed: their history was to be read first.
    """
    came: dict[str, float] = {}
    for each in deliveries:
        if each.get("acknowledged"):
            came.setdefault(each["event_id"], each["at"] + each["seconds"])
    threads: dict[str, list[tuple[float, str, float]]] = defaultdict(list)
    for each in events:
        said = each["payload"]["event"]
        if said.get("thread_ts") and said.get("ts"):
            line = (float(said["ts"]), str(said["ts"]), came.get(each["event_id"], math.inf))
            threads[str(said["thread_ts"])].append(line)
    late: set[str] = set()
    for lines in threads.values():
        lines.sort()
        for place, (said_at, ts, arrived) in enumerate(lines):
            first = min((newer for _, _, newer in lines[place + 1 :]), default=math.inf)
            must_be_read = replicas == 1 and any(said_at < killed < first for killed in killed_at)
            if arrived - first > IN_ORDER_WITHIN and not must_be_read:
                late.add(ts)
    return frozenset(late)


def _handoffs(world: World) -> set[str]:
    return set(read(world.database).handoffs)


def _fired(world: World, ledger: Ledger) -> Counter[str]:
    """How often each fault struck."""
    fired = Counter(ledger.happened)
    fired.update({f"slack {name}": n for name, n in world.slack.faults_fired().items() if " " not in name})
    with contextlib.suppress(httpx.HTTPError):
        fired.update({f"telegram {name}": n for name, n in dict(world.telegram.faults.fired).items()})
    return fired
