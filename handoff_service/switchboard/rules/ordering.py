"""In which order a queue is worked off: by need and by waiting time, never by channel."""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff_service.switchboard.rules.handoff import Priority

# A need counts as having come so much earlier. As it is a fixed head start and no rank of its own, whoever waits ages
# past it: behind somebody who waits stand all who come later than the head start, however many and however urgent.
HEAD_STARTS = {Priority.URGENT: timedelta(hours=4), Priority.HIGH: timedelta(minutes=30), Priority.NORMAL: timedelta()}


def stands_since(priority: Priority, waiting_since: datetime) -> datetime:
    """Since when it counts as waiting; the earliest of a queue is the next."""
    return waiting_since - HEAD_STARTS[priority]
