"""What the switchboard itself adds to a bot turn."""

from __future__ import annotations

from tests.load.customer import Customer, sentence
from tests.load.echo import echo_server, round_trips
from tests.load.figures import Figure, at, median
from tests.load.scale import Scale
from tests.load.stage import Stage, Venue

TARGET_MS = 5.0
CUSTOMERS = 10  # a conversation takes 60 messages at once, then one a second


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """From the customer's frame to the assistant's message, less the time that was the assistant's own."""
    with venue.stage() as stage, echo_server() as server:
        echoed = median(await round_trips(server, scale.turns)) * 1000
        shares = await shares_of(stage, scale.turns)
    ours = Figure("the switchboard's share of a turn, p50", "ms", TARGET_MS, median(shares), False, "echo", echoed)
    note = f"p95 {at(0.95, shares):.1f} ms; one turn at a time, {len(shares)} turns"
    return [_noted(ours, note)]


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


def _noted(figure: Figure, note: str) -> Figure:
    return Figure(**{**vars(figure), "note": note})
