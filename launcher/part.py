"""What the launcher knows of a part, and how patient it is with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from launcher.children import Command


@dataclass(frozen=True)
class Health:
    """Where a part says whether it is well: 200 is well, anything else is not."""

    url: str
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Part:
    """One process of the product. `ends_first`: it is given time to finish before the others are asked to end."""

    name: str
    command: Command
    environment: Mapping[str, str] = field(repr=False)
    health: Health | None = None
    ends_first: bool = False


@dataclass(frozen=True)
class Patience:
    """All in seconds. What dies is started again at once; what dies again before it was steady, after a wait."""

    wait_to_restart: float = 0.5
    longest_wait_to_restart: float = 10.0
    steady_after: float = 30.0
    poll_every: float = 2.0
    poll_may_take: float = 5.0
    silence_is_hanging: float = 15.0
    start_may_take: float = 300.0
    first_may_finish: float = 5.0
    all_may_finish: float = 10.0
