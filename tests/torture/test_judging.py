"""The judgement itself: each promise, broken on paper, is found broken; kept, it is left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.torture.ledger import Claim, Ledger, Reply, Talk
from tests.torture.promises import Seen, judge
from tests.torture.record import Record

MARK, OTHER = "zbcdfghjklmz", "zmlkjhgfdcbz"
BEGAN = datetime(2027, 3, 1, 9, tzinfo=UTC)
CARD = "1000.0001"


@dataclass
class Case:
    """A conversation with a customer, the assistant and Ana, in which all went well."""

    ledger: Ledger = field(default_factory=Ledger)
    record: Record = field(default_factory=lambda: Record({}, {}, {}, {}, {}, {}))
    seen: Seen = field(default_factory=Seen)

    def __post_init__(self) -> None:
        said = [
            ("customer", f"c1 {MARK} tengo algo que decir."),
            ("assistant", f"eco: c1 {MARK} tengo algo que decir."),
            ("customer", f"c2 {MARK} quiero hablar con una persona."),
            ("system", "Te paso con una persona."),
            ("system", "Soy Ana."),
            ("agent", f"a1 {MARK} ahora lo miro."),
            ("customer", f"c3 {MARK} tengo algo que decir."),
            ("agent", f"a2 {MARK} ahora lo miro."),
            ("system", "Hasta pronto."),
        ]
        self.messages = [self._message(seq, *each) for seq, each in enumerate(said, 1)]
        self.talk = Talk(MARK, "widget", "c", written=3, acked={1: 1, 2: 3, 3: 7})
        self.talk.seen = {m["seq"]: {"author": m["author"], "text": m["text"]} for m in self.messages}
        self.ledger.talks[MARK] = self.talk
        self.ledger.replies = [Reply(MARK, 1, "h", "Ana"), Reply(MARK, 2, "h", "Ana", "1000.0002")]
        self.ledger.claims = [Claim("h", "Ana")]
        self.events = [
            self._event("handoff_claimed", 5, "agent:Ana", agent="Ana"),
            self._event("agent_replied", 6, "agent:Ana"),
            self._event("agent_replied", 8, "agent:Ana"),
            self._event("handoff_resolved", 9, "agent:Ana", agent="Ana"),
        ]
        conversation = {"id": "c", "owner": "assistant", "last_seq": 9}
        handoff = {"id": "h", "conversation_id": "c", "status": "resolved", "code": "R-1"}
        self.record = Record(
            {"c": conversation}, {"c": self.messages}, {"c": self.events}, {"h": handoff}, {"h": {"ts": CARD}}, {}
        )
        lines = [f"*Cliente:* {self.messages[at]['text']}" for at in (0, 2)] + [f"*Ana:* {self.messages[5]['text']}"]
        self.seen = Seen({CARD: ["\n".join(lines), f"*Cliente:* {self.messages[6]['text']}"]}, Counter({"h": 1}))

    def _message(self, seq: int, author: str, text: str) -> dict[str, Any]:
        at = BEGAN + timedelta(seconds=seq)
        client_id = "Ana:slack:C1:1000.0002" if seq == 8 else None
        handoff_id = "h" if seq > 3 and author != "customer" else None
        row = {"seq": seq, "author": author, "text": text, "sent_at": at, "deleted_at": None}
        return {**row, "client_id": client_id, "handoff_id": handoff_id, "conversation_id": "c"}

    def _event(self, kind: str, seq: int, actor: str, **data: Any) -> dict[str, Any]:
        at = BEGAN + timedelta(seconds=seq)
        return {"kind": kind, "actor": actor, "at": at, "handoff_id": "h", "data": data}

    def on_telegram(self) -> Case:
        self.talk.channel, self.talk.chat, self.talk.acked, self.talk.seen = "telegram", 5, {}, {}
        self.record.chats["c"] = {"chat_id": 5, "repeats": 0}
        told = [m["text"] if m["author"] != "agent" else f"👤 Ana\n{m['text']}" for m in self.messages]
        self.seen.chats[5] = [text for m, text in zip(self.messages, told, strict=True) if m["author"] != "customer"]
        return self

    def broken(self) -> set[str]:
        return {each.promise for each in judge(self.ledger, self.record, self.seen).broken}


def test_a_case_in_which_all_went_well_breaks_nothing() -> None:
    assert Case().broken() == set()
    assert Case().on_telegram().broken() == set()


def _swap(case: Case, first: int, second: int) -> None:
    texts = case.messages[first]["text"], case.messages[second]["text"]
    case.messages[second]["text"], case.messages[first]["text"] = texts
    for at in (first, second):
        case.talk.seen[at + 1]["text"] = case.messages[at]["text"]


def _replace_post(case: Case, old: str, new: str) -> None:
    case.seen.threads[CARD] = [post.replace(old, new) for post in case.seen.threads[CARD]]


DAMAGE: dict[str, tuple[Callable[[Case], Any], str]] = {
    "acknowledged, and not stored": (lambda c: c.talk.acked.update({4: 10}), "acknowledged and lost"),
    "stored under another number": (lambda c: c.talk.acked.update({3: 6}), "acknowledged under another number"),
    "the same words stored again": (lambda c: c.messages[6].update(text=c.messages[2]["text"]), "stored twice"),
    "customer's words swapped": (lambda c: _swap(c, 0, 2), "stored out of order"),
    "agent's words swapped": (lambda c: _swap(c, 5, 7), "out of order to the customer"),
    "agent's line not relayed": (
        lambda c: c.ledger.replies.append(Reply(MARK, 3, "h", "Ana", "1000.0003")),
        "lost on the way to the customer",
    ),
    "not shown in the widget": (lambda c: c.talk.seen.pop(6), "lost on the way to the customer"),
    "shown twice in the widget": (lambda c: c.talk.seen_twice.append(6), "twice to the customer"),
    "shown late in the widget": (lambda c: c.talk.out_of_order.append((7, 6)), "out of order to the customer"),
    "not in the thread": (lambda c: c.seen.threads[CARD].pop(), "lost on the way to the agent"),
    "twice in the thread": (lambda c: c.seen.threads[CARD].append(c.seen.threads[CARD][1]), "twice to the agent"),
    "out of order in the thread": (lambda c: c.seen.threads[CARD].reverse(), "out of order to the agent"),
    "two cards": (lambda c: c.seen.cards.update(["h"]), "twice to the agent"),
    "another's mark in the thread": (lambda c: c.seen.threads[CARD].append(f"eco: {OTHER}"), "foreign mark"),
    "another's mark in the widget": (lambda c: c.talk.foreign.append(OTHER), "foreign mark"),
    "answered twice": (
        lambda c: c.messages[3].update(author="assistant", text=c.messages[1]["text"]),
        "answered twice",
    ),
    "the assistant over Ana": (lambda c: c.messages[6].update(author="assistant", text="eco"), "machine over person"),
    "a reminder over Ana": (
        lambda c: c.messages[6].update(author="system", text="¿Sigues ahí?", handoff_id=None),
        "machine over person",
    ),
    "claimed by two": (
        lambda c: c.events.insert(1, c._event("handoff_claimed", 5, "agent:Luis", agent="Luis")),
        "two owners",
    ),
    "somebody else speaks": (lambda c: c.events[2].update(actor="agent:Luis"), "two owners"),
    "told to be theirs, and is not": (lambda c: c.ledger.claims.append(Claim("h", "Luis")), "two owners"),
    "nobody's, though it is open": (lambda c: c.record.conversations["c"].update(owner="agent"), "two owners"),
    "a gap in the transcript": (lambda c: c.record.conversations["c"].update(last_seq=10), "database"),
    "a damaged file": (lambda c: c.record.faults.append("row 5 missing from index"), "database"),
    "words in a log": (lambda c: setattr(c.seen, "logs", f"text={MARK}"), "words in a log"),
    "in the thread, but not said by anybody": (
        lambda c: _replace_post(c, "*Cliente:* c3", "c3"),
        "lost on the way to the agent",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_every_damage_is_seen(name: str) -> None:
    damage, promise = DAMAGE[name]
    case = Case()
    damage(case)
    assert promise in case.broken()


def test_telegram_may_repeat_what_the_service_knows_to_be_in_doubt() -> None:
    case = Case().on_telegram()
    case.seen.chats[5].insert(1, case.seen.chats[5][0])
    assert case.broken() == {"repeated without a lost answer"}
    case.record.chats["c"]["repeats"] = 1
    assert case.broken() == set()
    assert judge(case.ledger, case.record, case.seen).repetitions == 1


def test_on_telegram_nothing_is_lost_and_nothing_overtakes() -> None:
    lost, mixed, doubted = Case().on_telegram(), Case().on_telegram(), Case().on_telegram()
    doubted.seen.chats[5].pop(0)
    doubted.record.given_up.add(("c", 2))
    assert doubted.broken() == set()
    lost.seen.chats[5].pop(0)
    mixed.seen.chats[5].reverse()
    assert lost.broken() == {"lost on the way to the customer"}
    assert mixed.broken() == {"out of order to the customer"}


def test_a_line_that_slack_brought_late_may_come_late() -> None:
    case = Case()
    _swap(case, 5, 7)
    case.ledger.replies[0] = Reply(MARK, 1, "h", "Ana", "999.0001")
    case.seen.late_lines = frozenset({"999.0001"})
    assert "out of order to the customer" not in case.broken()
