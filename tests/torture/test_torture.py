"""A short round of the torture: three worlds at once, killed while customers and agents talk, then held to account.

`make torture` goes further: `--kills 1000`, `--points` for every boundary, `--gate` for planted bugs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.doubles import postgres
from tests.torture import report
from tests.torture.killing import Pace
from tests.torture.rounds import Outcome, Plan, play

SEED = 7
KILLS = 100  # in all worlds together; a quiet machine is through with them in less than a minute
SECONDS = 150.0  # of storm at the most; a slow machine ends with fewer kills, and says so
BOUNDARIES = (  # one of each kind; all of them are in `points.REQUIRED`
    "before commit: switchboard.receiving.receive",
    "after commit: switchboard.receiving.receive",
    "before ack: widget",
    "after commit: switchboard.turns.finish_turn",
    "after commit: channels.telegram.intake._keep_all",
    "after commit: channels.telegram.delivery.next_call",
    "after call: telegram",
    "after commit: switchboard.handoffs.claim",
    "after commit: desks.slack.attempts.begin_sending",
    "after call: chat.postMessage",
    "before ack: slack",
)
# What even a machine gets done that is busy with much else.
LEAST_KILLS, LEAST_BOUNDARIES, LEAST_FAULTS = 5, 3, 3
PACE = Pace(0.05, 1.2)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """SQLite, three replicas on PostgreSQL where there is one, and the boundaries one by one."""
    directory = tmp_path_factory.mktemp("torture")
    plans = {
        "sqlite": Plan(SEED, KILLS, SECONDS, widgets=3, chats=2, pace=PACE),
        "boundaries": Plan(SEED, seconds=SECONDS, points=BOUNDARIES, stormy=False, widgets=3, chats=2),
    }
    try:
        with postgres.server(directory / "postgres.log") as server:
            plans["sqlite"] = replace(plans["sqlite"], kills=KILLS // 2)
            plans["postgresql"] = replace(plans["sqlite"], replicas=3)
            yield asyncio.run(_together(plans, directory, server))
    except pytest.skip.Exception:
        yield asyncio.run(_together(plans, directory, ""))


async def _together(plans: dict[str, Plan], directory: Path, server: str) -> dict[str, Outcome]:
    databases = {"postgresql": postgres.new_database(server, "torture")} if server else {}
    played = await asyncio.gather(
        *(play(plan, directory / name, databases.get(name, "")) for name, plan in plans.items())
    )
    together = dict(zip(plans, played, strict=True))
    print("\n" + report.table(list(together.items())))
    print(f"slowest start: {max(outcome.ledger.slowest_start for outcome in played):.2f} s")
    return together


def broken(outcome: Outcome) -> list[str]:
    return [f"{each.promise}: {each.where}" for each in outcome.verdict.broken]


@pytest.mark.parametrize("world", ["sqlite", "boundaries", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_every_promise_holds_while_the_service_is_killed(outcomes: dict[str, Outcome], world: str) -> None:
    assert broken(outcomes[world]) == []


def test_the_round_deserves_its_result(outcomes: dict[str, Outcome]) -> None:
    counts = report.struck(list(outcomes.values()))
    assert counts["kills"] >= LEAST_KILLS
    assert sum(outcome.verdict.acknowledged for outcome in outcomes.values()) > 10 * len(outcomes)
    faults = [f"slack {kind}" for kind in report.SLACKS] + [f"telegram {kind}" for kind in report.TELEGRAMS]
    assert sum(counts[fault] for fault in faults) >= LEAST_FAULTS


def test_the_process_really_ended_at_each_boundary_it_came_to(outcomes: dict[str, Outcome]) -> None:
    fired = outcomes["boundaries"].ledger.points
    assert sum(fired.values()) >= LEAST_BOUNDARIES
    assert fired["before commit: switchboard.receiving.receive"] and fired["before ack: widget"]
