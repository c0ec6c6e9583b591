"""The switchboard on a real database with a clock that tests set: customers write, agents act, hours pass."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from handoff_service.desks.desk_file import load_desk_file
from handoff_service.store import tables
from handoff_service.store.database import Store, Transaction
from handoff_service.switchboard import conversations, handoffs, receiving, replies, staffing, transcript, turns, views
from handoff_service.switchboard.answers import Answer, Said, Understood
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.hub import Hub
from handoff_service.switchboard.rules.handoff import Agent, Priority, Reason
from handoff_service.switchboard.rules.roster import Roster
from handoff_service.switchboard.staffing import Availability
from handoff_service.switchboard.watchdog import Watchdog
from handoff_service.words import load_words

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
ANA, LUIS, EVA = Agent("Ana"), Agent("Luis"), Agent("Eva")
_numbers = itertools.count(1)


class World:
    """One desk; `now` is what every transaction takes for the time."""

    def __init__(self, url: str, roster: Roster | None = None, now: datetime = MONDAY) -> None:
        self.now = now
        self.words = load_words("Alborada")
        self.roster = roster or load_desk_file(None)
        self.hub = Hub()
        self._loop = asyncio.new_event_loop()
        self.store = Store(url, self.hub, clock=lambda: self.now, roster=self.roster)
        self.watchdog = Watchdog(self.store, self.hub, self.words, self.roster)
        self.run(_empty)

    def close(self) -> None:
        self.store.close()
        self._loop.close()

    def run(self, use_case: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """One transaction, as the service runs it."""
        return self._loop.run_until_complete(self.store.run(use_case, *arguments, **named))

    def pass_time(self, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Time goes by, and the watchdog looks at every point at which something is due."""
        until = self.now + timedelta(seconds=seconds, minutes=minutes, hours=hours)
        while True:
            self.look()
            due = self.run(_next_due)
            if due is None or due > until:
                break
            self.now = max(due, self.now + timedelta(seconds=1))
        self.now = until
        self.look()

    def look(self) -> None:
        self._loop.run_until_complete(self.watchdog.look())

    def refresh(self) -> None:
        self._loop.run_until_complete(self.watchdog.refresh())

    def customer(self, language: str = "es", channel: str = "widget") -> Customer:
        return Customer(self, self.run(conversations.open_conversation, channel, language).id)

    def is_available(self, *agents: Agent) -> None:
        for agent in agents:
            self.run(staffing.set_availability, agent, Availability.AVAILABLE)

    def events(self, conversation_id: str, kind: str) -> list[dict[str, Any]]:
        def read(tx: Transaction) -> list[dict[str, Any]]:
            query = select(tables.events.c.data).where(
                tables.events.c.conversation_id == conversation_id, tables.events.c.kind == kind
            )
            return list(tx.connection.execute(query.order_by(tables.events.c.id)).scalars())

        return list(self.run(read))

    def listed(self) -> list[str]:
        """The conversations that wait, in the order in which they should be taken."""
        return [view.handoff.conversation_id for view in self.run(views.handoff_list, handoffs.Status.QUEUED)]


class Customer:
    """One conversation, from both ends."""

    def __init__(self, world: World, conversation_id: str) -> None:
        self.world = world
        self.id = conversation_id

    def says(self, text: str, intent: str | None = None, confidence: float = 0.9, payload: str | None = None) -> None:
        """Write; with an intent, the assistant answers that it understood."""
        world = self.world
        world.run(receiving.receive, world.words, self.id, text, payload, f"c{next(_numbers)}")
        if intent is not None:
            self.is_answered(intent, confidence)

    def is_answered(self, intent: str, confidence: float = 0.9, reason: Reason | None = None) -> None:
        world = self.world
        world.now += timedelta(seconds=2)  # a fragment waits for its rest
        turn = world.run(turns.begin_turn, world.words, self.id)
        assert isinstance(turn, turns.Turn), turn
        understood = Understood(intent, confidence, 0.1)
        said = () if reason else (Said(f"respuesta a {intent}", ()),)
        answer = Answer(said, turn.language, understood, reason, [])
        world.run(turns.finish_turn, world.words, turn.id, answer)

    def wants_person(self, reason: Reason = Reason.ASKED_FOR_PERSON, priority: Priority | None = None) -> Handoff:
        def ask(tx: Transaction) -> None:
            conversation = conversations.load(tx, self.id)
            handoffs.open_handoff(tx, self.world.words, conversation, reason, [], priority)

        self.world.run(ask)
        return self.handoff

    @property
    def handoff(self) -> Handoff:
        """The newest handoff of the conversation."""
        view: views.CaseView = self.world.run(views.case, self.id)
        return view.handoffs[0].handoff

    @property
    def view(self) -> views.HandoffView:
        view: views.HandoffView = self.world.run(views.one_handoff, self.handoff.id)
        return view

    def clock(self, name: str) -> Any:
        return next(clock for clock in self.view.clocks if clock.name == name)

    @property
    def owner(self) -> views.OwnerView:
        owner: views.OwnerView = self.world.run(views.for_customer, self.id, 0, 0).owner
        return owner

    @property
    def told(self) -> list[transcript.Message]:
        """What stands in the transcript that isn't the customer's."""
        messages: list[transcript.Message] = self.world.run(transcript.since, self.id, 0)
        return [message for message in messages if message.author != "customer"]

    @property
    def last(self) -> transcript.Message:
        return self.told[-1]

    def claimed_by(self, agent: Agent) -> None:
        self.world.run(handoffs.claim, self.world.words, self.handoff.id, agent)

    def answered_by(self, agent: Agent, text: str = "Hola, dime") -> None:
        self.world.run(replies.reply, self.handoff.id, agent, text, f"r{next(_numbers)}")

    def resolved_by(self, agent: Agent, outcome: str | None = "solved", topic: str | None = None) -> None:
        self.world.run(handoffs.resolve, self.world.words, self.handoff.id, agent, outcome, topic)

    def notes(self) -> list[str]:
        view: views.CaseView = self.world.run(views.case, self.id)
        return [note.text for note in view.notes]


def _empty(tx: Transaction) -> None:
    for table in reversed(tables.metadata.sorted_tables):
        if table is tables.audit:  # nobody empties that
            continue
        tx.connection.execute(delete(table))


def _next_due(tx: Transaction) -> datetime | None:
    query = select(tables.handoffs.c.due_at).where(
        tables.handoffs.c.status.in_(("queued", "assigned")), tables.handoffs.c.due_at.is_not(None)
    )
    return min(tx.connection.execute(query).scalars(), default=None)
