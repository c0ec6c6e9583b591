"""Who waits where and how long: routing, order, assignment and honest ranges, as pure functions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_service.switchboard.rules.assignment import Colleague, next_assignee
from handoff_service.switchboard.rules.calendar import Calendar, Interval
from handoff_service.switchboard.rules.handoff import Priority, Reason
from handoff_service.switchboard.rules.ordering import HEAD_STARTS, stands_since
from handoff_service.switchboard.rules.roster import Roster, Team, UrgentPath
from handoff_service.switchboard.rules.routing import route, topic_of
from handoff_service.switchboard.rules.waiting import Figures, Promise, came_true, in_minutes, waiting_range

UTC_ZONE = ZoneInfo("UTC")
OFFICE = Calendar(UTC_ZONE, ((Interval(540, 1080),),) * 7)
NOON, NIGHT = datetime(2027, 3, 1, 12, tzinfo=UTC), datetime(2027, 3, 1, 23, tzinfo=UTC)
OPEN = Calendar(UTC_ZONE)


def teams(*listed: Team, **more: object) -> Roster:
    return Roster(teams={team.name: team for team in listed}, **more)  # type: ignore[arg-type]


BILLING = Team("billing", frozenset({"refund"}), frozenset({"es"}), OFFICE, overflow="night")
ENGLISH = Team("english", frozenset(), frozenset({"en"}), OPEN)
GENERAL = Team("general", calendar=OFFICE, overflow="night")
WATCH = Team("night", frozenset({"outage"}), frozenset({"es"}), OPEN, overflow="billing")
ROSTER = teams(BILLING, ENGLISH, GENERAL, WATCH, urgent=UrgentPath(frozenset({"vulnerable_customer"}), "night"))


@pytest.mark.parametrize(
    ("topic", "language", "reason", "at", "team"),
    [
        ("refund", "es", Reason.ASKED_FOR_PERSON, NOON, "billing"),
        ("refund", "en", Reason.ASKED_FOR_PERSON, NOON, "english"),  # who knows it doesn't speak it
        ("roaming", "es", Reason.ASKED_FOR_PERSON, NOON, "general"),
        (None, "es", Reason.FRUSTRATION, NOON, "general"),
        ("outage", "es", Reason.ASKED_FOR_PERSON, NOON, "night"),
        ("refund", "es", Reason.ASKED_FOR_PERSON, NIGHT, "night"),  # over there somebody is awake
        ("refund", "es", Reason.VULNERABLE_CUSTOMER, NOON, "night"),
        ("roaming", "en", Reason.ASKED_FOR_PERSON, NIGHT, "english"),
    ],
)
def test_a_conversation_goes_to_who_knows_speaks_and_is_there(
    topic: str | None, language: str, reason: Reason, at: datetime, team: str
) -> None:
    assert route(ROSTER, topic, language, reason, at).name == team


def test_a_closed_team_keeps_what_nobody_else_can_take() -> None:
    circle = teams(Team("a", calendar=OFFICE, overflow="b"), Team("b", calendar=OFFICE, overflow="a"))
    assert route(circle, None, "es", Reason.COMPLAINT, NIGHT).name == "a"
    assert route(teams(BILLING, WATCH), "refund", "en", Reason.COMPLAINT, NIGHT).name == "billing"


def test_the_matter_is_the_newest_thing_that_is_one() -> None:
    assert topic_of(["human", None, "thanks", "refund", "roaming"]) == "refund"
    assert topic_of(["human", "greeting"]) is None


@dataclass(frozen=True)
class Waiting:
    name: int
    priority: Priority
    since: datetime
    channel: str

    @property
    def key(self) -> tuple[datetime, int]:
        return stands_since(self.priority, self.since), self.name


waiting = st.builds(
    Waiting,
    st.integers(0, 10**6),
    st.sampled_from(Priority),
    st.integers(0, 100_000).map(lambda s: NOON + timedelta(seconds=s)),
    st.sampled_from(["widget", "telegram"]),
)


@given(st.lists(waiting, max_size=30, unique_by=lambda w: w.name), st.randoms())
def test_order_is_by_need_and_waiting_time_and_never_by_channel(queue: list[Waiting], chance: random.Random) -> None:
    order = sorted(queue, key=lambda w: w.key)
    swapped = [Waiting(w.name, w.priority, w.since, "telegram" if w.channel == "widget" else "widget") for w in queue]
    chance.shuffle(swapped)
    assert [w.name for w in sorted(swapped, key=lambda w: w.key)] == [w.name for w in order]
    for earlier, later in pairwise(order):
        if earlier.since == later.since:
            assert earlier.priority.urgency >= later.priority.urgency
        if earlier.priority is later.priority:
            assert earlier.since <= later.since


@given(waiting, st.lists(st.tuples(st.sampled_from(Priority), st.integers(0, 400_000)), max_size=60))
def test_nobody_starves_however_many_urgent_ones_keep_coming(
    patient: Waiting, crowd: list[tuple[Priority, int]]
) -> None:
    newcomers = [
        Waiting(10**7 + i, p, patient.since + timedelta(seconds=s), "widget") for i, (p, s) in enumerate(crowd)
    ]
    overtaking = [w for w in newcomers if w.key < patient.key]
    longest = HEAD_STARTS[Priority.URGENT] - HEAD_STARTS[patient.priority]
    assert all(w.since - patient.since <= longest for w in overtaking)


def colleague(name: str, load: int, capacity: int = 3, there: bool = True, given: datetime | None = None) -> Colleague:
    return Colleague(name, "console", there, load, capacity, given)


def test_whoever_has_most_room_gets_it_and_of_equals_who_rested_longest() -> None:
    people = [
        colleague("Ana", 2),
        colleague("Eva", 1, 2),
        colleague("Luis", 1, given=NOON),
        colleague("Sam", 1, given=NIGHT),
    ]
    assert getattr(next_assignee(people), "name", None) == "Luis"
    assert getattr(next_assignee(people, preferred="Ana"), "name", None) == "Ana"


def test_nobody_gets_more_than_they_can_carry_or_while_away() -> None:
    assert (
        next_assignee([colleague("Ana", 3), colleague("Eva", 0, there=False), colleague("Sam", 0, capacity=0)]) is None
    )
    assert next_assignee([colleague("Luis", 0)], preferred="Ana") is None


def test_without_history_the_range_is_wide_and_grows_with_the_place() -> None:
    team = Figures(slots=4, free=1)
    first, third = waiting_range(1, team), waiting_range(3, team)
    assert 0 < first[0] < first[1] <= 180
    assert third[0] > first[0] and third[1] > first[1]


def test_more_agents_mean_less_waiting() -> None:
    assert (
        waiting_range(5, Figures(slots=9, handling=[300.0]))[1]
        < waiting_range(5, Figures(slots=3, handling=[300.0]))[1]
    )


def test_a_range_is_told_in_whole_minutes_outward() -> None:
    assert in_minutes((30, 210)) == (1, 4)
    assert in_minutes((1, 60)) == (1, 1)


@given(
    st.lists(st.floats(1, 5000), max_size=60),
    st.lists(st.builds(Promise, st.floats(1, 5000), st.floats(0, 9000)), max_size=60),
    st.integers(1, 300),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_a_range_is_always_one(
    handling: Sequence[float], promises: Sequence[Promise], position: int, slots: int, free: int
) -> None:
    low, high = waiting_range(position, Figures(slots, free, handling, promises))
    assert 0 < low < high


def test_ranges_learn_from_what_came_true() -> None:
    """Waits that are five times what one would think, with much chance in them: after a while most promises hold."""
    chance = random.Random(7)
    promises: list[Promise] = []
    kept = 0
    for turn in range(400):
        team = Figures(slots=5, free=chance.randint(0, 3), handling=[400.0], promises=promises[-60:])
        position = chance.randint(1, 8)
        promised = waiting_range(position, team)
        expected = 45 + max(0, position - team.free) * 80
        waited = expected * 5 * chance.lognormvariate(0, 0.6)
        kept += turn >= 100 and came_true(promised, waited)
        promises.append(Promise(expected, waited))
    assert kept / 300 >= 0.8
