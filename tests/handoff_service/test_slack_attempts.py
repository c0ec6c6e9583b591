"""What a replica knows of its last post to Slack counts only while nobody else has gone on with the thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from handoff_service.desks.slack import attempts, threads
from handoff_service.desks.slack.threads import Thread
from tests.handoff_service.desk_world import World

FIRST, SECOND = "first", "second"


class Desk:
    """One handoff's thread as two replicas see it."""

    def __init__(self, world: World) -> None:
        self.world = world
        customer = world.customer()
        customer.says("quiero hablar con una persona")
        self.handoff_id: str = customer.wants_person().id
        world.run(threads.adopt, "C1")

    def run(self, use_case: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return self.world.run(use_case, *arguments, **named)

    def thread(self) -> Thread:
        found: Thread = self.run(threads.of_handoff, self.handoff_id)
        return found

    def begins(self, thread: Thread, sending_id: str, team: str = "general") -> bool:
        return bool(self.run(attempts.begin_sending, thread, {"id": sending_id, "kind": "lines", "place": {}}, team))

    def lands(self, sending_id: str, **place: Any) -> bool:
        return bool(self.run(attempts.has_landed, self.handoff_id, sending_id, **place))

    def has_card(self) -> Thread:
        assert self.begins(self.thread(), "card")
        assert self.lands("card", ts="1.0", card_digest="d1", posted_revision=0)
        return self.thread()


@pytest.fixture
def thread_desk(desk: Callable[..., World]) -> Desk:
    return Desk(desk())


def test_a_late_landing_moves_no_place_back(thread_desk: Desk) -> None:
    desk = thread_desk
    assert desk.begins(desk.has_card(), FIRST)
    assert desk.lands(FIRST, posted_seq=1)  # found by the other replica, which goes on
    assert desk.begins(desk.thread(), SECOND)
    assert not desk.lands(FIRST, posted_seq=1)
    assert (desk.thread().sending or {})["id"] == SECOND
    assert desk.lands(SECOND, posted_seq=5)
    assert not desk.lands(FIRST, posted_seq=1)
    assert desk.thread().posted_seq == 5


def test_a_late_failure_frees_no_post_of_the_other(thread_desk: Desk) -> None:
    desk = thread_desk
    assert desk.begins(desk.has_card(), FIRST)
    assert desk.run(attempts.was_not_sent, desk.handoff_id, FIRST)  # as the other replica's look found
    assert desk.begins(desk.thread(), SECOND)
    assert not desk.run(attempts.was_not_sent, desk.handoff_id, FIRST)
    assert (desk.thread().sending or {})["id"] == SECOND


def test_nothing_is_begun_where_another_went_on(thread_desk: Desk) -> None:
    desk = thread_desk
    seen = desk.has_card()
    assert desk.begins(seen, SECOND)
    assert not desk.begins(seen, FIRST)
    assert desk.lands(SECOND, posted_seq=5)
    assert not desk.begins(seen, FIRST)
    assert not desk.run(attempts.needs_no_post, seen, posted_seq=2)
    assert not desk.run(attempts.was_refused, seen, 300.0)
    assert desk.thread().posted_seq == 5 and desk.thread().tries == 0


def test_the_same_is_noted_again_where_it_leaves_later(thread_desk: Desk) -> None:
    desk = thread_desk
    seen = desk.has_card()
    assert desk.begins(seen, FIRST)
    noted_at = desk.thread().sending_at
    desk.world.pass_time(seconds=30)
    assert desk.begins(seen, FIRST)
    sent_at = desk.thread().sending_at
    assert noted_at is not None and sent_at is not None and sent_at > noted_at


@pytest.mark.parametrize("begin_anew", [attempts.moved, attempts.lost_card])
def test_a_late_word_of_the_old_card_takes_no_new_one_away(thread_desk: Desk, begin_anew: Any) -> None:
    desk = thread_desk
    seen = desk.has_card()
    channel = ["C2"] if begin_anew is attempts.moved else []
    assert desk.run(begin_anew, seen, *channel)
    assert desk.begins(desk.thread(), SECOND)
    assert desk.lands(SECOND, ts="2.0", card_digest="d2")
    assert not desk.run(begin_anew, seen, *channel)
    assert desk.thread().ts == "2.0"
    assert desk.run(threads.of_card, "C1", "1.0").handoff_id == desk.handoff_id


def test_a_card_that_two_drew_is_drawn_once_more(thread_desk: Desk) -> None:
    desk = thread_desk
    seen = desk.has_card()
    desk.run(attempts.was_edited, seen, "d2")
    assert desk.thread().card_digest == "d2"
    desk.run(threads.change, desk.handoff_id, closed=True)
    desk.run(attempts.was_edited, seen, "d1a")
    assert desk.thread().card_digest is None and not desk.thread().closed


def test_a_card_is_not_begun_for_a_team_that_has_it_no_more(thread_desk: Desk) -> None:
    desk = thread_desk
    assert not desk.begins(desk.thread(), FIRST, team="billing")
    assert desk.thread().sending is None
    assert desk.begins(desk.thread(), FIRST)
