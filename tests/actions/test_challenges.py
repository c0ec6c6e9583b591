"""Challenges and tries as they are stored: once, in time, few, and the same for numbers that nobody has."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from actions.identification import tables
from actions.identification.challenges import Asked, Challenges, Outcome, Tried
from actions.identification.rules import CODE_LIFE_S, Key
from tests.bot.postgres_server import new_database, running_postgres

KEY = Key.from_secret("a-secret-of-the-tests-0123456789abcdef")
PHONE, UNKNOWN_PHONE = "phone:34600001001", "phone:34699999999"
CUSTOMER = "C-1001"
A_MOMENT = 0.5


@dataclass
class Desk:
    """Challenges with a clock that the test moves and turns that are never the same by accident."""

    challenges: Challenges
    clock: list[float]
    turns: Iterator[int]

    def later(self, seconds: float) -> None:
        self.clock[0] += seconds

    def ask(self, conversation: str = "a", contact: str = PHONE, customer: str | None = CUSTOMER) -> Asked:
        return self.challenges.ask(conversation, f"ask-{next(self.turns)}", contact, customer)

    def again(self, conversation: str = "a") -> Asked:
        return self.challenges.ask_again(conversation, f"ask-{next(self.turns)}")

    def tried(self, code: str, conversation: str = "a") -> Tried:
        return self.challenges.try_code(conversation, f"try-{next(self.turns)}", code)

    def code(self, conversation: str = "a", contact: str = PHONE, customer: str = CUSTOMER) -> str:
        asked = self.ask(conversation, contact, customer)
        assert asked.code
        return asked.code


def new_desk(url: str) -> Desk:
    clock = [1_000_000.0]
    return Desk(Challenges(url, KEY, lambda: clock[0]), clock, count())


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def desk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(tables, "BUSY_S", 20.0)  # what comes of many at once is asked here, not how soon
    if request.param == "sqlite":
        return new_desk(f"sqlite:///{tmp_path / 'identification.db'}")
    return new_desk(new_database(request.getfixturevalue("postgres")))


def wrong(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 10**6:06d}"


def test_the_right_code_names_the_customer_once(desk: Desk) -> None:
    code = desk.code()
    assert desk.tried(code) == Tried(Outcome.RIGHT, CUSTOMER)
    assert desk.tried(code).outcome is Outcome.NONE


def test_a_code_is_good_in_its_own_conversation_only(desk: Desk) -> None:
    code = desk.code("a")
    assert desk.tried(code, "b").outcome is Outcome.NONE
    desk.later(60)
    desk.code("b")
    assert desk.tried(code, "b").outcome is Outcome.WRONG
    assert desk.tried(code, "a").outcome is Outcome.RIGHT


def test_a_new_code_ends_the_one_before(desk: Desk) -> None:
    first = desk.code()
    desk.later(60)
    second = desk.again().code
    assert second is not None
    if first != second:
        assert desk.tried(first).outcome is Outcome.WRONG
    assert desk.tried(second) == Tried(Outcome.RIGHT, CUSTOMER)


def test_a_code_is_over_after_ten_minutes(desk: Desk) -> None:
    code = desk.code()
    desk.later(CODE_LIFE_S)
    assert desk.tried(code).outcome is Outcome.OVER


def test_five_tries_then_the_right_one_is_worth_nothing(desk: Desk) -> None:
    code = desk.code()
    tried = [desk.tried(wrong(code, by)) for by in range(1, 6)]
    assert [t.tries_left for t in tried] == [4, 3, 2, 1, 0]
    assert [t.outcome for t in tried] == [Outcome.WRONG] * 4 + [Outcome.SPENT]
    assert desk.tried(code).outcome is Outcome.NONE


def test_after_five_wrong_ones_a_new_code_must_wait_in_every_conversation_and_longer_each_time(desk: Desk) -> None:
    code = desk.code()
    for by in range(1, 6):
        desk.tried(wrong(code, by))
    assert desk.ask("b").wait_s == pytest.approx(60, abs=1)
    desk.later(61)
    second = desk.code("b")
    assert desk.tried(wrong(second), "b").outcome is Outcome.WRONG
    waiting = desk.tried(second, "b")
    assert waiting.outcome is Outcome.WAIT and waiting.wait_s == pytest.approx(120, abs=1)
    desk.later(121)
    assert desk.tried(second, "b") == Tried(Outcome.RIGHT, CUSTOMER), "slowed down, never locked out"


def test_codes_are_sent_ever_more_seldom(desk: Desk) -> None:
    waits = []
    for number in range(4):
        desk.code(f"conversation-{number}")
        waits.append(desk.ask(f"conversation-{number}").wait_s)
        desk.later(waits[-1] + A_MOMENT)
    assert waits == pytest.approx([30, 60, 120, 240])


def test_while_a_new_code_must_wait_the_one_on_its_way_still_counts(desk: Desk) -> None:
    code = desk.code("a")
    assert desk.ask("a").has_open and desk.again("a").has_open
    assert not desk.ask("b").has_open, "it is another conversation's"
    desk.tried(code)
    assert not desk.ask("a").has_open


def test_one_conversation_may_not_go_through_many_numbers(desk: Desk) -> None:
    asked = [desk.ask(contact=f"phone:3460000{n:04d}", customer=f"C-{n}") for n in range(6)]
    assert [bool(a.code) for a in asked] == [True] * 4 + [False] * 2
    assert asked[-1].wait_s > 0
    assert desk.ask("another").code


def test_an_unknown_number_takes_the_same_way_to_the_same_answers(desk: Desk) -> None:
    def course(conversation: str, contact: str, customer: str | None) -> list[object]:
        shown: list[object] = [desk.ask(conversation, contact, customer).wait_s]
        shown.append(desk.again(conversation).wait_s)
        for _ in range(6):
            tried = desk.tried("not it", conversation)
            shown.append((tried.outcome, tried.tries_left, tried.wait_s))
        shown.append(desk.ask(f"{conversation}-2", contact, customer).wait_s)
        desk.later(CODE_LIFE_S)
        shown.append(desk.ask(conversation, contact, customer).wait_s)
        shown.append(desk.tried("not it", conversation).outcome)
        return shown

    assert course("a", PHONE, CUSTOMER) == course("b", UNKNOWN_PHONE, None)


def test_that_two_contacts_are_one_customer_shows_nowhere(desk: Desk) -> None:
    """The second contact gets no wait that would give it away, but no second code either."""
    desk.code("a", PHONE)
    asked = desk.ask("b", "id:C-1001")
    assert asked == Asked()
    assert desk.tried("123456", "b").outcome is Outcome.WRONG


@pytest.mark.parametrize("made_up", ["", "no code was sent", "000000"])
def test_what_was_never_sent_is_met_by_nothing(desk: Desk, made_up: str) -> None:
    desk.ask(contact=UNKNOWN_PHONE, customer=None)
    assert desk.tried(made_up).outcome is Outcome.WRONG


def test_a_repeated_turn_asks_once_and_tries_once(desk: Desk) -> None:
    first = desk.challenges.ask("a", "turn-1", PHONE, CUSTOMER)
    assert first.code
    assert desk.challenges.ask("a", "turn-1", PHONE, CUSTOMER) == Asked(), "there is nothing to send again"
    for _ in range(3):
        tried = desk.challenges.try_code("a", "turn-2", wrong(first.code))
        assert tried == Tried(Outcome.WRONG, tries_left=4)
    for _ in range(3):
        assert desk.challenges.try_code("a", "turn-3", first.code) == Tried(Outcome.RIGHT, CUSTOMER)


def test_another_code_without_an_earlier_one_is_for_nobody(desk: Desk) -> None:
    assert desk.again().is_unknown


def test_fifty_guesses_at_once_are_five_tries(desk: Desk) -> None:
    code = desk.code()
    guesses = [wrong(code, by) for by in range(1, 51)]
    with ThreadPoolExecutor(8) as pool:
        outcomes = [tried.outcome for tried in pool.map(desk.tried, guesses)]
    assert outcomes.count(Outcome.WRONG) == 4 and outcomes.count(Outcome.SPENT) == 1
    assert outcomes.count(Outcome.NONE) == 45


def test_the_right_code_sent_in_eight_times_at_once_is_used_once(desk: Desk) -> None:
    code = desk.code()
    with ThreadPoolExecutor(8) as pool:
        outcomes = [tried.outcome for tried in pool.map(lambda _: desk.tried(code), range(8))]
    assert outcomes.count(Outcome.RIGHT) == 1


def test_neither_code_nor_number_is_stored_and_the_file_is_the_owners(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "identification.db"
    desk = new_desk(f"sqlite:///{path}")
    code = desk.code()
    desk.tried(wrong(code))
    stored = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert CUSTOMER.encode() in stored, "the test reads what is there"
    assert code.encode() not in stored and wrong(code).encode() not in stored and b"34600001001" not in stored
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_after_a_day_nothing_is_left(desk: Desk) -> None:
    code = desk.code()
    desk.tried(wrong(code))
    desk.later(2 * 24 * 3600)
    desk.code("b", "phone:34600001002", "C-1002")
    assert desk.again("a").is_unknown
