"""The simulated day once more, through the real record: what customers and agents did, on a database, with all that can
go wrong on the way. Messages come twice, agents press at the same moment, the assistant answers after a person came.

What is counted is read back from the record, as a customer's channel reads it: nothing may be lost or doubled, no case
held by two, and no machine may speak while a person has the conversation.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select

from handoff_service.store import tables
from handoff_service.store.database import Store, Transaction
from handoff_service.store.migrate import upgrade
from handoff_service.switchboard import conversations, handoffs, receiving, replies, transcript, turns
from handoff_service.switchboard.answers import Answer, Said, Understood
from handoff_service.switchboard.hub import Hub
from handoff_service.switchboard.rules.handoff import Agent, HandoffRefused, Priority, Reason
from handoff_service.switchboard.rules.roster import Roster
from handoff_service.switchboard.watchdog import Watchdog
from handoff_service.words import Words, load_words

PARTS = 4  # the day's customers are dealt out to so many databases, played side by side
IN_MEMORY = Path("/dev/shm")  # noqa: S108  (a fresh directory in it; where there is none, on the disk)
READ_ON = 0.25  # of all deeds: the customer's channel reads on, the rest waits for the next time
SENT_TWICE = 0.15  # of all messages: the answer was lost on the way, so they come again with the same id
PRESSED_TOGETHER = 0.30  # of all claims: a colleague presses at the same moment
ANSWERED_LATE = 0.40  # of all customers: the assistant's answer to an earlier question comes after the person
LEFT = ("handoff_released", "handoff_transferred", "handoff_resolved", "handoff_cancelled", "handoff_abandoned")
COLLEAGUE = Agent("a colleague")


class Deed(StrEnum):
    """What somebody does at the desk."""

    ARRIVES = "arrives"
    LEAVES = "leaves"
    CLAIMS = "claims"
    REPLIES = "replies"
    WRITES = "writes"
    RESOLVES = "resolves"
    TIME_PASSES = "time passes"


@dataclass(frozen=True)
class Entry:
    """One line of a day's journal."""

    at: datetime
    deed: Deed
    case: int
    agent: Agent | None = None
    priority: Priority | None = None


@dataclass(frozen=True)
class Found:
    """What the record says after the day; all but the first two must be 0."""

    customers: int
    messages: int
    lost: int
    doubled: int
    double_claims: int
    machine_words: int  # of the assistant, while a person had the conversation

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.lost or self.doubled or self.double_claims or self.machine_words)


@dataclass
class _Case:
    conversation_id: str
    handoff_id: str = ""
    late_turn: str | None = None
    expected: list[str] = field(default_factory=list)  # the words of both sides, each once
    read: list[transcript.Message] = field(default_factory=list)  # as a channel got them, piece by piece


class Record:
    """Plays a journal on a database of its own."""

    def __init__(self, url: str, roster: Roster, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  (a play, no secret)
        self._now = datetime.now(UTC)
        hub = Hub()
        self._store = Store(url, hub, clock=lambda: self._now, roster=roster)
        self._words: Words = load_words("Alborada")
        self._watchdog = Watchdog(self._store, hub, self._words, roster)
        self._cases: dict[int, _Case] = {}
        self._numbers = itertools.count(1)

    def reopen(self, url: str, roster: Roster) -> None:
        """Look at the database again after somebody else did."""
        self._store = Store(url, Hub(), clock=lambda: self._now, roster=roster)
        for case in self._cases.values():
            case.read = []

    def close(self) -> None:
        """Let the database go."""
        self._store.close()

    async def play(self, journal: Sequence[Entry]) -> None:
        """Let the day pass."""
        deeds: Mapping[Deed, Callable[[Entry], Coroutine[Any, Any, None]]] = {
            Deed.ARRIVES: self._arrives,
            Deed.LEAVES: self._leaves,
            Deed.CLAIMS: self._claims,
            Deed.REPLIES: self._replies,
            Deed.WRITES: self._writes,
            Deed.RESOLVES: self._resolves,
            Deed.TIME_PASSES: self._time_passes,
        }
        for entry in journal:
            self._now = entry.at
            await deeds[entry.deed](entry)
            if entry.deed is not Deed.TIME_PASSES and self._chance.random() < READ_ON:
                await self._read_on(self._cases[entry.case])

    async def found(self) -> Found:
        """What stands in the record by now."""
        for case in self._cases.values():
            await self._read_on(case)
        return await self._store.read(self._count)

    async def _arrives(self, entry: Entry) -> None:
        """A question to the assistant, and the wish for a person, before the answer or after it."""
        opened = await self._store.run(conversations.open_conversation, "widget", "es")
        case = self._cases[entry.case] = _Case(opened.id)
        await self._customer_says(case, "¿me podéis mirar la factura de este mes?")
        turn = await self._store.run(turns.begin_turn, self._words, opened.id)
        if not isinstance(turn, turns.Turn):
            raise TypeError("a whole question is taken at once")
        is_late = self._chance.random() < ANSWERED_LATE
        case.late_turn = turn.id if is_late else None
        if not is_late:
            await self._store.run(turns.finish_turn, self._words, turn.id, _answer())
        reason = Reason.VULNERABLE_CUSTOMER if entry.priority is Priority.URGENT else Reason.ASKED_FOR_PERSON
        case.handoff_id = await self._store.run(_ask, self._words, opened.id, reason, entry.priority)

    async def _leaves(self, entry: Entry) -> None:
        await self._customer_says(self._cases[entry.case], "cancelar la espera")

    async def _claims(self, entry: Entry) -> None:
        """Often two at once; which of them gets it is the database's to say, so whoever the journal names goes on."""
        case, agent = self._cases[entry.case], _agent_of(entry)
        presses = [self._press(case, agent)]
        if self._chance.random() < PRESSED_TOGETHER:
            presses.insert(self._chance.randrange(2), self._press(case, COLLEAGUE))
        await asyncio.gather(*presses)
        await self._pass_on_to(case, agent)
        if case.late_turn is not None:
            turn, case.late_turn = case.late_turn, None
            await self._store.run(turns.finish_turn, self._words, turn, _answer())

    async def _press(self, case: _Case, agent: Agent) -> None:
        try:
            await self._store.run(handoffs.claim, self._words, case.handoff_id, agent)
        except HandoffRefused:
            return

    async def _pass_on_to(self, case: _Case, agent: Agent) -> None:
        """The colleague was faster: they hand it over, so that the day goes on as it did."""
        try:
            await self._store.run(handoffs.transfer_to_agent, self._words, case.handoff_id, COLLEAGUE, agent)
        except HandoffRefused:
            return

    async def _replies(self, entry: Entry) -> None:
        case, agent = self._cases[entry.case], _agent_of(entry)
        number = next(self._numbers)
        text, key = f"respuesta {number}", f"r{number}"
        try:
            await self._perhaps_twice(lambda: self._store.run(replies.reply, case.handoff_id, agent, text, key))
        except HandoffRefused:
            return  # it went back to the queue meanwhile, and the agent is told so
        case.expected.append(text)

    async def _writes(self, entry: Entry) -> None:
        await self._customer_says(self._cases[entry.case], f"mensaje {next(self._numbers)}")

    async def _resolves(self, entry: Entry) -> None:
        handoff_id = self._cases[entry.case].handoff_id
        try:
            await self._store.run(handoffs.resolve, self._words, handoff_id, _agent_of(entry), "solved")
        except HandoffRefused:
            return

    async def _time_passes(self, entry: Entry) -> None:
        await self._watchdog.look()

    async def _customer_says(self, case: _Case, text: str) -> None:
        key = f"c{next(self._numbers)}"
        about = (case.conversation_id, text, None, key)
        await self._perhaps_twice(lambda: self._store.run(receiving.receive, self._words, *about))
        case.expected.append(text)

    async def _perhaps_twice(self, send: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """The same again, at the same moment, where the first answer was lost."""
        times = 2 if self._chance.random() < SENT_TWICE else 1
        done = await asyncio.gather(*(send() for _ in range(times)), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result

    async def _read_on(self, case: _Case) -> None:
        """As a channel does: whatever follows what it has."""
        seen = case.read[-1].seq if case.read else 0
        case.read += await self._store.read(transcript.since, case.conversation_id, seen, NEVER)

    def _count(self, tx: Transaction) -> Found:
        lost = doubled = machine = claims = 0
        for case in self._cases.values():
            read = Counter(message.text for message in case.read if message.author in ("customer", "agent"))
            wanted = Counter(case.expected)
            lost += (wanted - read).total() + _gaps(case.read)
            doubled += (read - wanted).total()
            spans, twice = _held_spans(tx, case.conversation_id)
            claims += twice
            spoken = [message.sent_at for message in case.read if message.author == "assistant"]
            machine += sum(any(start <= at < end for start, end in spans) for at in spoken)
        sent = sum(len(case.read) for case in self._cases.values())
        return Found(len(self._cases), sent, lost, doubled, claims, machine)


NEVER = 2**31 - 1  # a revision that is never reached: corrections aren't what is counted


def _ask(tx: Transaction, words: Words, conversation_id: str, reason: Reason, priority: Priority | None) -> str:
    conversation = conversations.load(tx, conversation_id)
    handoffs.open_handoff(tx, words, conversation, reason, [], priority)
    handoff = handoffs.open_one(tx, conversations.load(tx, conversation_id))
    return handoff.id if handoff is not None else ""


def _agent_of(entry: Entry) -> Agent:
    return entry.agent or COLLEAGUE


def _answer() -> Answer:
    said = (Said("Tu factura es de 30 €.", ()),)
    return Answer(said, "es", Understood("explain_charge", 0.9, 0.1), None, [])


def _gaps(read: Sequence[transcript.Message]) -> int:
    """Numbers that a channel was never given, and such as came twice or out of order."""
    return sum(message.seq != at for at, message in enumerate(read, 1))


def _held_spans(tx: Transaction, conversation_id: str) -> tuple[list[tuple[datetime, datetime]], int]:
    """When a person had the conversation, and how often somebody took what another had."""
    query = (
        select(tables.events.c.kind, tables.events.c.at, tables.events.c.data)
        .where(tables.events.c.conversation_id == conversation_id)
        .order_by(tables.events.c.id)
    )
    spans: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    twice = 0
    for kind, at, data in tx.connection.execute(query):
        if kind == "handoff_claimed":
            twice += since is not None
            since = since or at
        elif kind in LEFT and since is not None and not (kind == "handoff_transferred" and data.get("agent")):
            spans.append((since, at))
            since = None
    if since is not None:
        spans.append((since, datetime.max.replace(tzinfo=since.tzinfo)))
    return spans, twice


def part_of(journal: Sequence[Entry], part: int) -> list[Entry]:
    """What happens to the customers of that part."""
    return [entry for entry in journal if entry.case % PARTS == part]


def together(parts: Iterable[Found]) -> Found:
    """The sums."""
    figures = [[getattr(part, each.name) for each in fields(Found)] for part in parts]
    return Found(*map(sum, zip(*figures, strict=True)))


def play(journal: Sequence[Entry], roster: Roster, seed: int) -> Found:
    """The day on a fresh database, which is gone afterwards."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="relevo-day-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as directory:
        url = f"sqlite:///{Path(directory) / 'day.db'}"
        upgrade(url)
        record = Record(url, roster, seed)
        try:
            return asyncio.run(_play_and_count(record, journal))
        finally:
            record.close()


async def _play_and_count(record: Record, journal: Sequence[Entry]) -> Found:
    await record.play(journal)
    return await record.found()
