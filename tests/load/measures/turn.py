"""What the switchboard itself adds to a bot turn."""

from __future__ import annotations

from dataclasses import dataclass

from tests.load.customer import Customer, sentence
from tests.load.echo import echo_server, round_trips
from tests.load.figures import Figure, at, median
from tests.load.flushing import flush_seconds
from tests.load.scale import Scale
from tests.load.stage import Stage, Venue, cpu_of

TARGET_MS = 5.0
COMMITS = 3  # the message, the turn's beginning, its answer: each is on the disk before anybody is told
CUSTOMERS = 10  # a conversation takes 60 messages at once, then one a second


@dataclass(frozen=True)
class Turns:
    """What turns took, in milliseconds: the switchboard's share of each, and the service's processor time of one."""

    shares: list[float]
    processor: float


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """From the customer's frame to the assistant's message, less the time that was the assistant's own."""
    with venue.stage() as stage, echo_server() as server:
        plain = median(await round_trips(server, scale.turns)) + COMMITS * flush_seconds(venue.directory)
        took = await turns_of(stage, scale.turns)
    name, beside = "the switchboard's share of a turn, p50", f"echo and {COMMITS} flushes"
    note = (
        f"p95 {at(0.95, took.shares):.1f} ms; {took.processor:.1f} ms of processor a turn; "
        f"one at a time, {len(took.shares)} turns"
    )
    return [Figure(name, "ms", TARGET_MS, median(took.shares), False, beside, plain * 1000, note)]


async def turns_of(stage: Stage, turns: int, tokens: list[str | None] | None = None) -> Turns:
    """So many turns, one at a time, spread over conversations: new ones, or those of the tokens."""
    customers = [await Customer.come(stage.url, token) for token in tokens or [None] * CUSTOMERS]
    for number, customer in enumerate(customers):  # the first message brings the welcome as well
        await customer.turn(sentence(-1 - number))
    stage.spent()
    took, before = {}, cpu_of(stage.pid)
    for number in range(turns):
        took[sentence(number)] = await customers[number % len(customers)].turn(sentence(number))
    processor = (cpu_of(stage.pid) - before) / turns
    spent = stage.spent()
    for customer in customers:
        customer.leave()
    return Turns([(seconds - spent[text]) * 1000 for text, seconds in took.items()], processor * 1000)
