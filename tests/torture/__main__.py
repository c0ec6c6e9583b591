"""`make torture`: kill the service as often as told, and say what became of every word."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import shutil
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.doubles import postgres
from tests.torture import real, report
from tests.torture.killing import Pace
from tests.torture.planted import PLANTED
from tests.torture.points import REQUIRED
from tests.torture.rounds import Outcome, Plan, play

KILLS_PER_ROUND = 60
SECONDS_PER_KILL = 4.0  # after which a round on a slow machine ends with fewer kills, and says so
PLANTED_SECONDS = 35.0  # that a planted bug has to show itself
MOST_SHOWN = 20
Named = list[tuple[str, Outcome]]


def main(arguments: list[str]) -> int:
    """0 if every promise held and everything was put to the test; else 1."""
    told = _arguments(arguments)
    directory = Path(tempfile.mkdtemp(prefix="relevo-torture-"))
    try:
        with _server(told.database, directory) as server:
            if told.gate:
                return _gate(told, directory, server)
            return _torture(told, directory, server)
    finally:
        if told.keep:
            print(f"kept: {directory}")
        else:
            shutil.rmtree(directory, ignore_errors=True)


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="what is drawn: moments, weather, words (default 1)")
    parser.add_argument("--kills", type=int, default=100, help="how many in all (default 100)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--replicas", type=int, default=0, help="services on one PostgreSQL (default 3)")
    parser.add_argument("--points", action="store_true", help="die once at every named boundary as well")
    parser.add_argument("--point", action="append", default=[], help="die at this boundary only")
    parser.add_argument(
        "--real", action="store_true", help="with the real assistant, killed as well; fewer kills fit in"
    )
    parser.add_argument("--cold", action="store_true", help="a new interpreter at each start, as in production")
    parser.add_argument("--gate", action="store_true", help="plant bugs, and fail if one gets through")
    parser.add_argument("--bug", action="append", default=[], choices=list(PLANTED), help="plant this one only")
    parser.add_argument("--keep", action="store_true", help="leave databases and logs for a look")
    told = parser.parse_args(arguments)
    told.replicas = told.replicas or (3 if told.database == "postgresql" else 1)
    if told.real and (told.points or told.point or told.gate):
        parser.error("--points and --gate are about the service alone, beside the stand-in")
    if told.replicas > 1 and told.database == "sqlite":
        parser.error("SQLite carries one service; several need --database postgresql")
    return told


@contextlib.contextmanager
def _server(kind: str, directory: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    with postgres.server(directory / "postgres.log") as url:
        yield url


def _database(server: str) -> str:
    return postgres.new_database(server, f"torture-{uuid.uuid4().hex[:8]}") if server else ""


def _torture(told: argparse.Namespace, directory: Path, server: str) -> int:
    done: Named = []
    points = tuple(told.point or (REQUIRED if told.points else ()))
    left, seed = (0 if told.point else told.kills), told.seed
    if points:
        plan = Plan(seed, seconds=60.0 + 25 * len(points), points=points, stormy=False, replicas=1, cold=told.cold)
        done.append(_play("boundaries", plan, directory, server))
    while left > 0:
        kills = min(left, KILLS_PER_ROUND)
        # Of several, one posts to Slack: it must live long enough to get to that, now and then.
        pace = Pace(longest=Pace.longest * 6) if told.replicas > 1 else Pace()
        plan = Plan(seed, kills, SECONDS_PER_KILL * kills, told.replicas, pace=pace, cold=told.cold)
        if told.real:
            plan = replace(plan, real=True, seconds=real.SECONDS_PER_KILL * kills, widgets=4, chats=2)
        done.append(_play(f"{told.database}, seed {seed}", plan, directory, server))
        left -= max(1, done[-1][1].ledger.happened["kills"])
        seed += 1
    return _tell(done, covers=not told.point)


def _play(name: str, plan: Plan, directory: Path, server: str) -> tuple[str, Outcome]:
    outcome = asyncio.run(play(plan, directory / f"{name.replace(', ', '-').replace(' ', '-')}", _database(server)))
    print(report.line(name, report.figures(outcome)), f"  {outcome.seconds:.0f} s", flush=True)
    for broken in outcome.verdict.broken[:MOST_SHOWN]:
        print(f"    broken: {broken.promise}: {broken.where}", flush=True)
    return name, outcome


def _tell(done: Named, covers: bool) -> int:
    outcomes = [outcome for _, outcome in done]
    print("\n" + report.table(done))
    print(f"\nstruck: {report.coverage(outcomes)}")
    print(f"slowest start: {max(outcome.ledger.slowest_start for outcome in outcomes):.2f} s")
    if slowest := max(outcome.ledger.slowest_word for outcome in outcomes):
        print(f"slowest word of the assistant, while the service was there: {slowest:.2f} s")
    lacking = report.missing(outcomes) if covers else []
    for each in lacking:
        print(f"not put to the test: {each}")
    kept = all(outcome.is_kept for outcome in outcomes)
    print("every promise held" if kept else "A PROMISE WAS BROKEN")
    return 0 if kept and not lacking else 1


def _gate(told: argparse.Namespace, directory: Path, server: str) -> int:
    """Every planted bug must be caught; one that gets through means that the torture proves nothing."""
    through = [name for name in told.bug or PLANTED if not _is_caught(name, told.seed, directory, server)]
    for name in through:
        print(f"GOT THROUGH: {name}")
    return 1 if through else 0


def _is_caught(name: str, seed: int, directory: Path, server: str, tries: int = 3) -> bool:
    """The dice, or a machine too busy to let much happen, may spare a bug twice; not three times."""
    for attempt in range(tries):
        outcome = asyncio.run(play(plan_for(name, seed + attempt), directory / f"{name}-{attempt}", _database(server)))
        caught = {b.promise for b in outcome.verdict.broken} & PLANTED[name].breaks
        print(f"{name:<28} {'caught: ' + ', '.join(sorted(caught)) if caught else 'not caught yet'}", flush=True)
        if caught:
            return True
    return False


def plan_for(name: str, seed: int) -> Plan:
    """A round in which this bug must show."""
    bug = PLANTED[name]
    pace = Pace(0.4, 1.5) if bug.by_killing else Pace(6.0, 14.0, in_birth_chance=0.0)
    return Plan(
        seed,
        30,
        PLANTED_SECONDS,
        pace=pace,
        planted=name,
        slack=bug.slack,
        console=bug.console,
        drop=bug.drop,
        jitter=bug.jitter,
        rest_within=PLANTED_SECONDS,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
