"""What the switchboard itself adds to a bot turn."""

from __future__ import annotations

from tests.load.customer import Customer, sentence
from tests.load.echo import echo_server, round_trips
from tests.load.figures import Figure, at, median
from tests.load.flushing import flush_seconds
from tests.load.scale import Scale
from tests.load.stage import Stage, Venue, cpu_of

TARGET_MS = 5.0
COMMITS = 3  # the message, the turn's beginning, its answer: each is on the disk before anybody is told
CUSTOMERS = 10  # a conversation takes 60 messages at once, then one a second


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """From the customer's frame to the assistant's message, less the time that was the assistant's own."""
    with venue.stage() as stage, echo_server() as server:
        plain = median(await round_trips(server, scale.turns)) + COMMITS * flush_seconds(venue.directory)
        before = cpu_of(stage.pid)
        shares = await shares_of(stage, scale.turns)
        processor = (cpu_of(stage.pid) - before) / (scale.turns + CUSTOMERS) * 1000
    name, beside = "the switchboard's share of a turn, p50", f"echo and {COMMITS} flushes"
    note = f"p95 {at(0.95, shares):.1f} ms; {processor:.1f} ms of processor a turn; one at a time, {len(shares)} turns"
    return [Figure(name, "ms", TARGET_MS, median(shares), False, beside, plain * 1000, note)]


async def shares_of(stage: Stage, turns: int, tokens: list[str | None] | None = None) -> list[float]:
    """Milliseconds of so many turns, one at a time, spread over conversations: new ones, or those of the tokens."""
    customers = [await Customer.come(stage.url, token) for token in tokens or [None] * CUSTOMERS]
    for number, customer in enumerate(customers):  # the first message brings the welcome as well
        await customer.turn(sentence(-1 - number))
    stage.spent()
    took = {}
    for number in range(turns):
        took[sentence(number)] = await customers[number % len(customers)].turn(sentence(number))
    spent = stage.spent()
    for customer in customers:
        customer.leave()
    return [(seconds - spent[text]) * 1000 for text, seconds in took.items()]
