"""A pause after repeated abuse: how long it may be, and whether it holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff_service.switchboard.rules.handoff import Owner

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(days=1)
TELL_EVERY = timedelta(minutes=1)


def end_of(now: datetime, seconds: float) -> datetime:
    """When a pause that begins now is over; never endless."""
    return now + min(max(timedelta(seconds=seconds), SHORTEST), LONGEST)


def in_force(until: datetime | None, owner: Owner, now: datetime) -> datetime | None:
    """Its end while it holds. It is between customer and assistant: with a person asked for or there it is void."""
    return until if until is not None and until > now and owner is Owner.ASSISTANT else None


def may_tell_again(told_at: datetime | None, now: datetime) -> bool:
    """Whether a channel without its own sign of the pause may be told of it once more."""
    return told_at is None or now - told_at >= TELL_EVERY


def minutes_left(until: datetime, now: datetime) -> int:
    """Whole minutes, at least one, upward: nobody is told a time at which it isn't over yet."""
    return max(1, -(-int((until - now).total_seconds()) // 60))
