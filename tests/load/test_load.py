"""Whether `make load` measures truly: what is planted must show in the right line, and nowhere else.

The targets themselves are not tested here: a machine that runs tests is no place to measure. `make load` does that.
"""

from __future__ import annotations

import asyncio
import math
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from tests.load import aged, sampling
from tests.load.__main__ import MISSED, NOT_MEASURED, _judged, measured
from tests.load.crowd import talk
from tests.load.customer import Customer, come_all, sentence
from tests.load.echo import echo_server, round_trips
from tests.load.figures import Figure, at, slope, table
from tests.load.measures.growth import look_of
from tests.load.measures.turn import turns_of
from tests.load.scale import QUICK, Scale
from tests.load.stage import Stage, Venue, allow_sockets, cpu_of, files_of, memory_of, running

SLOW_RECEIVE, SLOW_ASSISTANT, SLOW_DISK = 0.3, 1.5, 0.1  # seconds
COMMITS_OF_A_TURN = 3


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A service that takes too long for each message, beside an assistant that takes longer still."""
    venue = Venue(tmp_path_factory.mktemp("load"))
    with venue.stage(planted={"slow-receive": SLOW_RECEIVE}, profile=True) as stage:
        stage.control_assistant(delay=SLOW_ASSISTANT)
        yield stage


async def test_a_slow_assistant_is_not_put_down_to_the_switchboard_but_a_slow_switchboard_is(slow: Stage) -> None:
    shares = (await turns_of(slow, 4, [None])).shares
    assert SLOW_RECEIVE * 1000 <= min(shares) < SLOW_ASSISTANT * 1000, shares


async def test_what_slows_the_storing_down_shows_in_the_acknowledgements_and_not_in_the_echo(slow: Stage) -> None:
    customers = await come_all(slow.url, [None] * 2)
    acks = await talk([each.write for each in customers], seconds=0.5, every=0.2)
    with echo_server() as server:
        echoed = await round_trips(server, 20)
    assert min(acks) >= SLOW_RECEIVE > at(0.5, echoed)


async def test_the_profile_names_the_function_that_sleeps(slow: Stage) -> None:
    customer = await Customer.come(slow.url)
    for number in range(5):  # so that it weighs more than the start, which is looked at as well
        await customer.write(sentence(number))
    await asyncio.sleep(2 * sampling.WRITTEN_EVERY)
    by_place = sampling.shown(slow.profile).partition("the innermost function")[2]
    assert "load/planted.py:slow_receive.<locals>.slowly" in by_place.splitlines()[1]


async def test_a_planted_disk_costs_every_commit_that_writes(tmp_path: Path) -> None:
    with Venue(tmp_path).stage(planted={"slow-disk": SLOW_DISK}) as stage:
        shares = (await turns_of(stage, 2, [None])).shares
    assert min(shares) >= COMMITS_OF_A_TURN * SLOW_DISK * 1000


def test_processor_time_counts_work_and_not_waiting() -> None:
    before = cpu_of(os.getpid())
    time.sleep(0.3)
    waited, worked_until = cpu_of(os.getpid()) - before, time.process_time() + 0.3
    while time.process_time() < worked_until:
        pass
    assert waited < 0.2 < cpu_of(os.getpid()) - before - waited


def test_memory_and_files_are_those_of_the_process() -> None:
    before, opened = memory_of_this(), files_of_this()
    held = bytearray(b"x") * 30_000_000
    with Path(sys.executable).open("rb"):
        assert files_of_this() == opened + 1
    assert memory_of_this() - before > 25_000_000
    del held


def memory_of_this() -> float:
    return memory_of(os.getpid())


def files_of_this() -> int:
    return files_of(os.getpid())


def test_more_sockets_than_the_system_allows_are_not_promised() -> None:
    assert allow_sockets(20) == 20
    assert allow_sockets(10**9) < 10**9


def test_an_old_record_has_what_was_ordered_and_can_be_gone_on_with(tmp_path: Path) -> None:
    stage = Venue(tmp_path).unopened()
    aged.fill(stage.database, 400)
    case = aged.conversation_of(stage.database, 10)
    engine = sqlalchemy.create_engine(stage.database)
    with engine.connect() as connection:
        counted = {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()  # noqa: S608 - names of ours
            for name in ("messages", "conversations", "handoffs")
        }
    engine.dispose()
    assert counted == {"messages": 410, "conversations": 21, "handoffs": 6}
    with running(stage), stage.agent("Ana") as api:
        assert len(api.get(f"/handoffs/{case.handoff}").raise_for_status().json()["messages"]) == 10
        customer = asyncio.run(_come_and_write(stage.url, case.token))
        assert customer.conversation_id == case.id


async def test_a_look_at_a_long_conversation_costs_less_than_all_of_it(tmp_path: Path) -> None:
    stage = Venue(tmp_path).unopened()
    short, long = (aged.conversation_of(stage.database, length) for length in (10, 3_000))
    with running(stage):
        await look_of(stage, short.handoff)  # warm
        looked, whole = [await look_of(stage, long.handoff, whole=whole) for whole in (False, True)]
        began = await look_of(stage, short.handoff)
    assert whole > 2 * looked, "what is long shows in the line that asks for all"
    assert looked < 2 * began, "and in no other"


async def _come_and_write(url: str, token: str) -> Customer:
    customer = await Customer.come(url, token)
    await customer.turn(sentence(1))
    customer.leave()
    return customer


async def test_a_measure_that_breaks_down_is_a_line_of_its_own_and_never_a_target_kept() -> None:
    async def broken(_venue: Venue, _scale: Scale) -> list[Figure]:
        async with asyncio.TaskGroup() as group:
            group.create_task(_fail())
        return []

    figures = await measured("memory", broken, Venue(Path()), QUICK)
    assert "OSError: no sockets" in table(figures)
    assert _judged(figures) == NOT_MEASURED


async def _fail() -> None:
    raise OSError("no sockets")


def test_a_target_is_kept_or_missed_by_its_direction() -> None:
    fits = Figure("ack", "ms", 50, 50.0, reference=10.0, beside="echo")
    late, slow_pace = Figure("ack", "ms", 50, 50.1), Figure("pace", "%", 95, 94.9, at_least=True)
    assert (fits.is_kept, late.is_kept, slow_pace.is_kept, fits.ratio) == (True, False, False, 5.0)
    assert _judged([fits]) == 0
    assert _judged([fits, late]) == MISSED
    assert "NOT KEPT" in table([late]) and "NOT KEPT" not in table([fits])


def test_percentiles_are_values_that_were_measured_and_a_flat_line_has_no_slope() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (at(0.5, values), at(0.99, values), at(1.0, values), at(0.0, values)) == (50, 99, 100, 1)
    assert math.isnan(at(0.5, []))
    assert slope([5.0, 5.0, 5.0], 1.0) == 0 and slope([1.0, 3.0, 5.0], 2.0) == pytest.approx(1.0)
