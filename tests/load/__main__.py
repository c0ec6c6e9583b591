"""`make load`: put customers, agents and messages on the service, and compare what it does with what is promised."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.doubles import postgres
from tests.load import customer, sampling
from tests.load.crowd import talk
from tests.load.figures import COLUMNS, Figure, line
from tests.load.flushing import flush_seconds
from tests.load.measures import ack, disk, flood, growth, memory, slack, soak, turn
from tests.load.measures import line as agents_line
from tests.load.scale import FULL, QUICK, Scale
from tests.load.stage import Venue

Measure = Callable[[Venue, Scale], Awaitable[list[Figure]]]
MEASURES: dict[str, Measure] = {
    "turn": turn.measure,
    "ack": ack.measure,
    "line": agents_line.measure,
    "memory": memory.measure,
    "flood": flood.measure,
    "slack": slack.measure,
    "disk": disk.measure,
    "growth": growth.measure,
    "soak": soak.measure,
}
PROFILE = "profile"
A_MILLION = 1_000_000
MISSED, NOT_MEASURED = 1, 3


def main(arguments: list[str]) -> int:
    """0 if all that was asked for was measured and kept; 1 if a target was missed, 3 if something was not measured."""
    told = _arguments(arguments)
    directory = Path(tempfile.mkdtemp(prefix="relevo-load-"))
    try:
        with _server(told.database, directory) as server:
            return _run(told, Venue(directory, server))
    finally:
        if told.keep:
            print(f"kept: {directory}")
        else:
            shutil.rmtree(directory, ignore_errors=True)


def _arguments(arguments: list[str]) -> argparse.Namespace:
    names = [*MEASURES, PROFILE]
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--only", default=",".join(names), help=f"some of {', '.join(names)} (default all)")
    parser.add_argument("--quick", action="store_true", help="small numbers: shows that it runs, proves little")
    parser.add_argument("--long", action="store_true", help="also with a million stored messages")
    parser.add_argument("--seconds", type=float, help="of each phase in which customers write")
    parser.add_argument("--connections", type=int, help="idle ones (default 5,000)")
    parser.add_argument("--reconnecting", type=int, help="who come back at once (default 10,000)")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="how long (default 2; 60 is what is promised)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--keep", action="store_true", help="leave databases and logs for a look")
    told = parser.parse_args(arguments)
    told.only = [name.strip() for name in told.only.split(",")]
    unknown = sorted(set(told.only) - set(names))
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(names)}")
    return told


def scale_of(told: argparse.Namespace) -> Scale:
    """The sizes that the arguments ask for."""
    scale = QUICK if told.quick else FULL
    asked = {
        "seconds": told.seconds,
        "connections": told.connections,
        "reconnecting": told.reconnecting,
        "soak_minutes": told.soak,
        "ages": (*scale.ages, A_MILLION) if told.long else None,
    }
    return replace(scale, **{name: value for name, value in asked.items() if value is not None})


@contextlib.contextmanager
def _server(kind: str, directory: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    with postgres.server(directory / "postgres.log") as url:
        yield url


def _run(told: argparse.Namespace, venue: Venue) -> int:
    scale = scale_of(told)
    flush = f"a flush of the disk takes {flush_seconds(venue.directory) * 1000:.2g} ms"
    print(f"{told.database}, {os.cpu_count()} cores, load average {_load()} at the start; {flush}", flush=True)
    print(line(COLUMNS), flush=True)
    figures: list[Figure] = []
    for name, measure in MEASURES.items():
        if name in told.only:
            for figure in asyncio.run(measured(name, measure, venue, scale)):
                print(line(figure.cells()), flush=True)
                figures.append(figure)
    if PROFILE in told.only:
        print("\nwhere the service's time goes while customers write:\n" + asyncio.run(profile(venue, scale)))
    print(f"\nload average {_load()} at the end (this run is part of it)")
    return _judged(figures)


async def measured(name: str, measure: Measure, venue: Venue, scale: Scale) -> list[Figure]:
    """What the measure gives; where it breaks down, a line that says so, and the run goes on."""
    try:
        return await measure(venue, scale)
    except Exception as broken:
        first: BaseException = broken
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        return [Figure(name, "", 0.0, None, note=f"{type(first).__name__}: {first}")]


async def profile(venue: Venue, scale: Scale) -> str:
    """Where the time goes while customers write and the assistant answers."""
    with venue.stage(profile=True) as stage:
        customers = await customer.come_all(stage.url, [None] * min(scale.customers, 200))
        await talk([each.write for each in customers], scale.seconds / 2, min(scale.every, 4.0))
        await asyncio.sleep(2 * sampling.WRITTEN_EVERY)
        return sampling.shown(stage.profile)


def _judged(figures: list[Figure]) -> int:
    missed = [figure for figure in figures if figure.is_kept is False]
    lacking = [figure for figure in figures if figure.is_kept is None]
    for figure in lacking:
        print(f"not measured: {figure.name}: {figure.note}")
    print(f"{len(figures) - len(missed) - len(lacking)} of {len(figures)} targets were kept")
    return MISSED if missed else NOT_MEASURED if lacking else 0


def _load() -> str:
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
