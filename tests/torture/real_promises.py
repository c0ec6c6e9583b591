"""What is promised of the real assistant's turns and deeds, held against all parts' records. Only `read` does I/O."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from handoff_service.store.tables import turns
from handoff_service.switchboard.turns import PATIENCE
from tests.torture.ledger import Ledger
from tests.torture.nursery import SERVICE
from tests.torture.promises import Broken, Seen
from tests.torture.real import AGAIN, CONFIRM, Deeds
from tests.torture.record import Record, Row, reading

SAID_WITHIN = 8.0  # seconds of an unbroken life of the service
TAKEN_UP_AGAIN = PATIENCE + timedelta(seconds=0.5)  # a deadline that is further away was set by a second asker
CODE = re.compile(r"\bR-[0-9A-Z]{6}\b")


@dataclass
class RealRecord:
    """What the parts wrote down."""

    turns: dict[str, Row]
    answers: dict[str, dict[str, Any]]  # of Rasa's memory, by turn
    complaints: list[Row] = field(default_factory=list)


def read(database: str, database_url: str, data_dir: Path) -> RealRecord:
    """All of it."""
    with reading(database) as connection:
        taken = {row["id"]: dict(row) for row in connection.execute(select(turns)).mappings()}
    with reading(database_url or f"sqlite:///{data_dir / 'memory.db'}") as connection:
        recorded = connection.execute(text("SELECT turn_id, answer FROM assistant_turns")).all()
    answers = {turn_id: json.loads(answer) for turn_id, answer in recorded}
    return RealRecord(taken, answers, Deeds(data_dir).complaints())


def judge(ledger: Ledger, record: Record, seen: Seen, real: RealRecord, said_within: float) -> list[Broken]:
    """Hold everything against everything; how often what happened is noted in the ledger."""
    broken: list[Broken] = []
    for conversation_id, messages in record.messages.items():
        broken += _turns(messages, record.events.get(conversation_id, []), real)
        broken += _in_time(messages, real, ledger, said_within)
        broken += _deeds(conversation_id, messages, real)
    broken += _on_telegram(ledger, record, seen)
    if not ledger.happened[AGAIN]:
        broken.append(Broken("does not recover", "no answer after the last kill"))
    _count(ledger, real)
    return broken


def _turns(messages: Sequence[Row], events: Sequence[Row], real: RealRecord) -> Iterator[Broken]:
    """Each message that waited has one turn that ended; of an answered one every word stands there, once, in order."""
    asked = {m["turn_id"] for m in messages if m["author"] == "customer" and m["turn_id"]}
    said: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        if message["author"] == "assistant":
            said[message["turn_id"]].append(message["text"])
    spoken = {event["data"].get("turn_id") for event in events if event["kind"] == "assistant_answered"}
    for turn_id in asked | set(said):
        turn = real.turns.get(turn_id)
        if turn is None or turn["status"] not in ("answered", "failed", "stale"):
            yield Broken("a turn that did not end", str(turn_id)[:6])
            continue
        answer = real.answers.get(turn_id)
        due: list[str] = []
        if turn["status"] == "answered" and turn_id in spoken:
            if answer is None:
                yield Broken("answered without a record", turn_id[:6])
                continue
            due = [each["text"] for each in answer["messages"]]
            if not due and not answer["handoff"] and not answer["pause"]:
                yield Broken("answered with nothing", turn_id[:6])
        if said[turn_id] != due:
            extra = len(said[turn_id]) > len(due)
            yield Broken("answered twice" if extra else "lost on the way to the customer", f"turn {turn_id[:6]}")


def _in_time(messages: Sequence[Row], real: RealRecord, ledger: Ledger, said_within: float) -> Iterator[Broken]:
    """Whoever wrote to the assistant got a word while the service lived on for so long at most."""
    for place, message in enumerate(messages):
        turn = real.turns.get(message["turn_id"]) if message["author"] == "customer" else None
        if turn is None or turn["status"] == "stale":
            continue
        word = next((m for m in messages[place + 1 :] if m["author"] != "customer"), None)
        if word is None:
            yield Broken("left without a word", f"seq {message['seq']}")
            continue
        waited = _longest_life(_stamp(message["sent_at"]), _stamp(word["sent_at"]), ledger.away[SERVICE])
        ledger.slowest_word = max(ledger.slowest_word, waited)
        if waited > said_within:
            yield Broken("said too late", f"seq {message['seq']} after {waited:.1f} s")


def _stamp(at: datetime) -> float:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _longest_life(start: float, end: float, away: Sequence[tuple[float, float]]) -> float:
    """The longest piece between two moments in which the service was there all the time."""
    longest, since = 0.0, start
    for left, back in sorted(away):
        if back <= start or left >= end:
            continue
        longest, since = max(longest, left - since), max(since, back)
    return max(longest, end - since)


def _deeds(conversation_id: str, messages: Sequence[Row], real: RealRecord) -> Iterator[Broken]:
    """What a customer confirmed was done once, whatever was asked again; what is said to be done is done."""
    done = [each for each in real.complaints if each["conversation_id"] == conversation_id]
    confirmed = [m["seq"] for m in messages if m["author"] == "customer" and m["payload"] == CONFIRM]
    if len(done) > len(confirmed):
        yield Broken("done without a confirmation", f"{len(done)} complaints, {len(confirmed)} confirmations")
    for wish, count in Counter(each["text"] for each in done).items():
        if count > 1:
            yield Broken("done twice", f"{wish[:16]} {count} times")
    codes = {each["code"] for each in done}
    told = Counter(code for m in messages if m["author"] == "assistant" for code in CODE.findall(m["text"]))
    for code in set(told) - codes:
        yield Broken("said to be done and not done", code)


def _on_telegram(ledger: Ledger, record: Record, seen: Seen) -> Iterator[Broken]:
    """Every word of the assistant is in the chat, in order; what stands there again is what the service knows of."""
    for talk in ledger.talks.values():
        chat = record.chats.get(talk.conversation_id)
        if chat is None:
            continue
        due = [
            m["text"]
            for m in record.messages.get(talk.conversation_id, [])
            if m["author"] == "assistant" and (talk.conversation_id, m["seq"]) not in record.given_up
        ]
        shown = [words for words in seen.chats.get(talk.chat, []) if words in set(due)]
        left = iter(shown)
        missing = sum(words not in left for words in due)  # each search goes on where the one before ended
        if missing:
            promise = "lost on the way" if Counter(due) - Counter(shown) else "out of order"
            yield Broken(f"{promise} to the customer", f"{talk.mark} on Telegram: {missing} of the assistant's")
        if len(shown) - len(due) > chat["repeats"] + len(record.given_up):
            yield Broken("repeated without a lost answer", f"{talk.mark}: {len(shown) - len(due)} of the assistant's")


def _count(ledger: Ledger, real: RealRecord) -> None:
    statuses = Counter(turn["status"] for turn in real.turns.values())
    for status in ("answered", "failed", "stale"):
        ledger.happened[f"turns {status}"] += statuses[status]
    again = (t["deadline_at"] - t["started_at"] > TAKEN_UP_AGAIN for t in real.turns.values())
    ledger.happened["turns asked again"] += sum(again)
    ledger.happened["effects"] += len(real.complaints)
