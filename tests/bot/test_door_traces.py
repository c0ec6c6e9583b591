"""A trace that comes with a turn goes on to the actions of that turn, and to nobody else's."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bot.project import Assistant, turn
from tests.bot.stub_actions import StubActions


def trace() -> str:
    return f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01"


def test_each_turn_s_actions_are_told_that_turn_s_trace(assistant: Assistant, actions: StubActions) -> None:
    sent = {uuid.uuid4().hex: trace() for _ in range(4)}
    with ThreadPoolExecutor(4) as at_once:
        answers = [
            at_once.submit(assistant.turn, turn("¿cuánto debo?", conversation), traceparent=traceparent)
            for conversation, traceparent in sent.items()
        ]
    assert {answer.result().status for answer in answers} == {200}
    told = {
        (call["tracker"]["sender_id"], traceparent)
        for call, traceparent in zip(actions.calls, actions.traceparents, strict=True)
    }
    assert told == set(sent.items())


@pytest.mark.parametrize(
    "wrong", ["", "nonsense", "00-zz-11-01", f"00-{'a' * 32}-{'b' * 16}-01-more", "calle de nadie 7"]
)
def test_what_is_no_trace_is_told_to_nobody(
    assistant: Assistant, actions: StubActions, conversation: str, wrong: str
) -> None:
    assert assistant.turn(turn("¿cuánto debo?", conversation), traceparent=wrong).status == 200
    assert actions.traceparents == [None]
