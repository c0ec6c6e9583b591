"""The judgement of the real assistant: each promise, broken on paper, is found broken; kept, it is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.torture.ledger import Ledger, Talk
from tests.torture.nursery import SERVICE
from tests.torture.promises import Seen
from tests.torture.real import AGAIN, COMPLAINT, CONFIRM
from tests.torture.real_promises import SAID_WITHIN, RealRecord, judge
from tests.torture.record import Record

MARK = "zbcdfghjklmz"
BEGAN = datetime(2027, 3, 1, 9, tzinfo=UTC)
SAID = (
    ("customer", f"c1 {MARK} {COMPLAINT}", "t1", None),
    ("assistant", "¿La envío?", "t1", None),
    ("customer", f"c2 {MARK} Sí", "t2", CONFIRM),
    ("assistant", "Quedó registrada con el código R-4TX7QK.", "t2", None),
)


class Case:
    """A customer on Telegram who complained, confirmed and was told; all went well."""

    def __init__(self) -> None:
        keys = ("author", "text", "turn_id", "payload")
        self.messages: list[dict[str, Any]] = [
            {**dict(zip(keys, each, strict=True)), "seq": seq, "sent_at": BEGAN + timedelta(seconds=seq)}
            for seq, each in enumerate(SAID, 1)
        ]
        ended = {"status": "answered", "started_at": BEGAN, "deadline_at": BEGAN + timedelta(seconds=6)}
        self.real = RealRecord({"t1": dict(ended), "t2": dict(ended)}, {}, [])
        for _, text, turn_id, _ in (SAID[1], SAID[3]):
            self.real.answers[turn_id] = {"messages": [{"text": text}], "handoff": None, "pause": None}
        self.real.complaints = [{"code": "R-4TX7QK", "conversation_id": "c", "text": SAID[0][1]}]
        self.shown = [SAID[1][1], SAID[3][1]]
        self.ledger = Ledger({MARK: Talk(MARK, "telegram", "c", chat=7)})
        self.ledger.happened[AGAIN] = 1

    def broken(self) -> set[str]:
        events = [{"kind": "assistant_answered", "data": {"turn_id": turn_id}} for turn_id in ("t1", "t2")]
        record = Record({}, {"c": self.messages}, {"c": events}, {}, {}, {"c": {"chat_id": 7, "repeats": 0}})
        found = judge(self.ledger, record, Seen(chats={7: self.shown}), self.real, SAID_WITHIN)
        return {each.promise for each in found}


def test_what_went_well_is_left_alone() -> None:
    assert Case().broken() == set()


def _late(case: Case) -> None:
    for message in case.messages[1:]:
        message["sent_at"] += timedelta(seconds=SAID_WITHIN)


BREAKS: dict[str, Callable[[Case], Any]] = {
    "done twice": lambda case: case.real.complaints.append({**case.real.complaints[0], "code": "R-9MHC3D"}),
    "done without a confirmation": lambda case: case.messages[2].update(payload=None),
    "said to be done and not done": lambda case: case.real.complaints.clear(),
    "a turn that did not end": lambda case: case.real.turns["t1"].update(status="running"),
    "answered without a record": lambda case: case.real.answers.pop("t1"),
    "answered with nothing": lambda case: case.real.answers["t1"].update(messages=[]),
    "answered twice": lambda case: case.messages.insert(2, case.messages[1]),
    "lost on the way to the customer": lambda case: case.shown.pop(),
    "out of order to the customer": lambda case: case.shown.reverse(),
    "repeated without a lost answer": lambda case: case.shown.append(case.shown[0]),
    "left without a word": lambda case: case.messages.pop(),
    "said too late": _late,
    "does not recover": lambda case: case.ledger.happened.clear(),
}


@pytest.mark.parametrize("promise", BREAKS)
def test_a_broken_promise_is_found(promise: str) -> None:
    case = Case()
    BREAKS[promise](case)
    assert promise in case.broken()


def test_nobody_is_late_while_the_service_is_away() -> None:
    case = Case()
    _late(case)
    case.ledger.away[SERVICE].append((BEGAN.timestamp() + 4, BEGAN.timestamp() + 7))
    assert case.broken() == set()
