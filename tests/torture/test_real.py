"""A short round with the real assistant: Rasa, the action server and the service are killed while customers get served.

`make torture ARGS="--real"` goes further.
"""

from __future__ import annotations

import asyncio

import pytest

from tests.torture import report
from tests.torture.nursery import ACTIONS, ASSISTANT, SERVICE
from tests.torture.rounds import Outcome, Plan, play

SEED, KILLS, SECONDS = 3, 6, 25.0  # of storm; a slow machine gets fewer kills into it
SAID_WITHIN = 20.0  # seconds; 8 are promised, on a machine of one's own
LEAST_ANSWERS, LEAST_EFFECTS = 3, 1
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    plan = Plan(SEED, KILLS, SECONDS, widgets=3, chats=1, stormy=False, real=True, said_within=SAID_WITHIN)
    played = asyncio.run(play(plan, tmp_path_factory.mktemp("real") / "round"))
    print("\n" + report.table([("real assistant", played)]) + f"\n{report.coverage([played])}")
    return played


def test_every_promise_holds_while_all_three_parts_are_killed(outcome: Outcome) -> None:
    assert [f"{each.promise}: {each.where}" for each in outcome.verdict.broken] == []


def test_the_round_with_the_real_assistant_deserves_its_result(outcome: Outcome) -> None:
    happened = outcome.ledger.happened
    assert {part: happened[f"kills of {part}"] >= 1 for part in (SERVICE, ASSISTANT, ACTIONS)} == {
        SERVICE: True,
        ASSISTANT: True,
        ACTIONS: True,
    }
    assert happened["turns answered"] >= LEAST_ANSWERS
    assert happened["effects"] >= LEAST_EFFECTS
