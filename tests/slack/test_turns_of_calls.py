"""Which call to Slack comes next, which may go on beside it, and when it may leave."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from handoff_service.desks.slack.jobs import Job, lane_of, most_pressing
from handoff_service.desks.slack.pacing import TOLERATED, Slots
from handoff_service.desks.slack.posts import News

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
WAY_THERE, WAY_BACK = 0.06, 0.05  # seconds


def job(kind: str, minute: int = 0, urgency: int = 0, channel: str = "C1") -> Job:
    opened = NOON + timedelta(minutes=minute)
    handoff = SimpleNamespace(urgency=urgency, opened_at=opened)
    thread = SimpleNamespace(channel=channel)
    news: Any = SimpleNamespace(view=SimpleNamespace(handoff=handoff), messages=[], thread=thread)
    return Job(kind, cast(News, news), opened)


def test_cards_come_before_chatter_and_the_urgent_before_the_old() -> None:
    waiting = [job("lines", 0), job("card", 2), job("card", 1), job("card", 3, urgency=2)]
    done = []
    while waiting:
        chosen = most_pressing(waiting)
        waiting.remove(chosen)
        done.append((chosen.kind, chosen.due.minute))
    assert done == [("card", 3), ("card", 1), ("card", 2), ("lines", 0)]


def test_what_is_new_in_a_channel_waits_for_no_edit_no_upload_and_no_other_channel() -> None:
    assert lane_of(job("card")) == lane_of(job("lines"))
    assert lane_of(job("move")) == lane_of(job("update", channel="C2"))
    apart = [job("lines"), job("lines", channel="C2"), job("update"), job("files"), job("probe")]
    assert len({lane_of(each) for each in apart}) == len(apart)


class Time:
    """A clock that goes only as told."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def arrivals(delays: list[float]) -> list[float]:
    """When calls with these extra delays on their way arrive, each sent as soon as it may be and answered at once."""
    time = Time()
    slots, found = Slots(1.0, time), []
    for delay in delays:
        time.now += slots.wait()
        slots.left()
        found.append(time.now + WAY_THERE + delay)
        time.now = found[-1] + WAY_BACK
        slots.answered()
    return found


def test_an_even_way_costs_nothing_however_long_it_is() -> None:
    came = arrivals([0.0] * 50)
    assert came[-1] - came[1] == pytest.approx(48.0)


def test_no_two_arrive_within_a_second_however_uneven_the_way() -> None:
    dice = random.Random(5)
    came = arrivals([0.0, *(dice.choice((0.0, 0.0, 0.01, 0.2, 0.7)) for _ in range(300))])
    allowed_at = came[0]
    for moment in came:  # as a bucket of one a second counts
        assert moment >= allowed_at - TOLERATED - 1e-9
        allowed_at = max(moment, allowed_at) + 1.0


def test_after_a_lost_answer_and_after_slacks_own_word_it_waits() -> None:
    time = Time()
    slots = Slots(1.0, time)
    slots.left()
    time.now += 10.0
    slots.lost()
    assert slots.wait() == pytest.approx(1.0)
    slots.not_before(time.now + 30.0)
    assert slots.wait() == pytest.approx(30.0)
    assert slots.opens_within(30.1) and not slots.opens_within(29.9)
