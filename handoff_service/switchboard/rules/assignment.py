"""Who gets the next conversation where nobody picks it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Colleague:
    """An agent of the team as they are now; `load` counts the conversations they hold."""

    name: str
    desk: str
    is_available: bool
    load: int
    capacity: int
    busy_since: datetime | None = None  # when they last got one

    @property
    def room(self) -> int:
        """How many more may be assigned to them."""
        return max(0, self.capacity - self.load) if self.is_available else 0


def next_assignee(colleagues: Iterable[Colleague], preferred: str | None = None) -> Colleague | None:
    """Whoever has most room for their capacity; of equals, who got one longest ago. None if nobody has room.

    While somebody has a head start (`preferred`), nobody else gets it.
    """
    able = [each for each in colleagues if each.room and preferred in (None, each.name)]
    return min(able, key=_burden, default=None)


def _burden(colleague: Colleague) -> tuple[float, float, str]:
    since = colleague.busy_since.timestamp() if colleague.busy_since else 0.0
    return (colleague.load / colleague.capacity, since, colleague.name)
