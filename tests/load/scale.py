"""How much a run puts on the service."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """The sizes of all measures; the defaults are those the targets are meant for."""

    seconds: float = 30.0  # of each phase in which customers write
    turns: int = 300  # of which the share is taken
    connections: int = 5_000  # idle ones, whose memory is taken
    reconnecting: int = 10_000  # who all come back at once
    customers: int = 500  # active at the same time
    every: float = 10.0  # seconds between two messages of one of them
    lines: int = 200  # of an agent
    backlog: int = 30  # cases that wait for Slack
    neighbours: int = 20  # of a flooder
    phases: int = 6  # with and without the flooder, by turns
    soak_minutes: float = 2.0
    ages: tuple[int, ...] = (10_000, 100_000)  # messages in the record
    lengths: tuple[int, ...] = (10, 100, 1_000)  # messages in a conversation


FULL = Scale()
QUICK = Scale(
    seconds=8.0,
    turns=80,
    connections=500,
    reconnecting=1_000,
    customers=100,
    lines=50,
    backlog=6,
    neighbours=10,
    phases=2,
    soak_minutes=0.5,
    ages=(1_000, 10_000),
    lengths=(10, 100, 1_000),
)
