"""What is typed behind `/relevo`: the queue, one's availability, a search."""

from __future__ import annotations

from dataclasses import dataclass

QUEUE, SEARCH, HELP = "queue", "search", "help"
AVAILABLE, AWAY = "available", "away"
VERBS = {
    "": QUEUE,
    "cola": QUEUE,
    "queue": QUEUE,
    "disponible": AVAILABLE,
    "available": AVAILABLE,
    "ausente": AWAY,
    "away": AWAY,
    "ayuda": HELP,
    "help": HELP,
}
SEARCHES = ("buscar", "search")


@dataclass(frozen=True)
class Command:
    """One of the verbs above; `wanted` is what a search is for."""

    verb: str
    wanted: str = ""


def command_of(text: str) -> Command:
    """What somebody means, in either language; what is no verb is searched for."""
    typed = " ".join(text.split())
    verb = VERBS.get(typed.casefold())
    if verb is not None:
        return Command(verb)
    first, _, rest = typed.partition(" ")
    if first.casefold() in SEARCHES:
        return Command(SEARCH, rest) if rest else Command(HELP)
    return Command(SEARCH, typed)
