"""Whether a turn and an agent's look at a case cost the same however old the record and however long the talk.

The cost is the service's processor time: a busy machine makes everything later, but no work more. A look is what the
console asks for, a part of the transcript; what the whole of it costs stands beside the target, and has none: it is as
long as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.load import aged
from tests.load.figures import Figure
from tests.load.measures.line import agents_api
from tests.load.measures.turn import turns_of
from tests.load.scale import Scale
from tests.load.stage import Stage, Venue, cpu_of, running

MOST_GROWTH = 1.5
LOOKS = 60
AT_A_LOOK = 100  # messages that the console asks for
TURNS_EACH = 40  # in a conversation whose length is measured, which they make longer


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """The largest against the smallest: of stored messages, then of messages in one conversation."""
    by_age = [await _at_age(venue, count, scale) for count in scale.ages]
    by_length = await _by_length(venue, scale)
    return [
        _figure("a turn, by the record's age", scale.ages, [turn for turn, _ in by_age]),
        _figure("a look at a case, by the record's age", scale.ages, [look for _, look in by_age]),
        _figure("a turn, by the talk's length", scale.lengths, [cost.turn for cost in by_length]),
        _looks("a look at a case, by the talk's length", scale.lengths, by_length),
    ]


@dataclass(frozen=True)
class Cost:
    """Processor milliseconds in a conversation of some length."""

    turn: float
    look: float
    whole: float  # a look that asks for every message


def _figure(name: str, sizes: tuple[int, ...], costs: list[float]) -> Figure:
    return Figure(name, "times", MOST_GROWTH, costs[-1] / costs[0], note=_shown(sizes, costs))


def _looks(name: str, lengths: tuple[int, ...], costs: list[Cost]) -> Figure:
    looks, wholes = [cost.look for cost in costs], [cost.whole for cost in costs]
    note = f"{_shown(lengths, looks)}; the whole: {_shown(lengths, wholes)}"
    beside = ("every message", wholes[-1] / wholes[0])
    return Figure(name, "times", MOST_GROWTH, looks[-1] / looks[0], False, *beside, note)


def _shown(sizes: tuple[int, ...], costs: list[float]) -> str:
    return ", ".join(f"{size:,}: {cost:.1f} ms" for size, cost in zip(sizes, costs, strict=True))


async def _at_age(venue: Venue, count: int, scale: Scale) -> tuple[float, float]:
    """Processor milliseconds of a turn and of a look at a case, with so many messages in the record."""
    stage = venue.unopened()
    aged.fill(stage.database, count)
    case = aged.conversation_of(stage.database, aged.LENGTH)
    with running(stage):
        await turns_of(stage, TURNS_EACH)  # warm
        return (await turns_of(stage, scale.turns)).processor, await look_of(stage, case.handoff)


async def _by_length(venue: Venue, scale: Scale) -> list[Cost]:
    """The same, with so many messages in the conversation."""
    stage = venue.unopened()
    cases = [aged.conversation_of(stage.database, length) for length in scale.lengths]
    with running(stage):
        await turns_of(stage, TURNS_EACH)  # warm
        await look_of(stage, cases[0].handoff)
        looks = [await look_of(stage, case.handoff) for case in cases]
        wholes = [await look_of(stage, case.handoff, whole=True) for case in cases]
        turns = [(await turns_of(stage, TURNS_EACH, [case.token])).processor for case in cases]
    return [Cost(*costs) for costs in zip(turns, looks, wholes, strict=True)]


async def look_of(stage: Stage, handoff: str, whole: bool = False) -> float:
    """Processor milliseconds of an agent's look at a case, the console's or at the whole of it."""
    part = {} if whole else {"last": AT_A_LOOK}
    async with agents_api(stage) as api:
        before = cpu_of(stage.pid)
        for _ in range(LOOKS):
            (await api.get(f"/handoffs/{handoff}", params=part)).raise_for_status()
        return (cpu_of(stage.pid) - before) / LOOKS * 1000
