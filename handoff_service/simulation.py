"""`make simulate`: a day at the desk in seconds, through the rules the service runs by, with a clock of its own.

Customers come in waves and bursts, with moods, silences and drop-outs; agents have shifts, reactions and other things
to do. Nothing is drawn but what people do: order, ranges, claims, clocks and steps are the switchboard's own rules.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import random
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from handoff_service.simulated_record import PARTS, Deed, Entry, Found, part_of, play, together
from handoff_service.switchboard.rules.attention import Need, Step, next_step
from handoff_service.switchboard.rules.calendar import Calendar, Interval
from handoff_service.switchboard.rules.course import Happened, course_of
from handoff_service.switchboard.rules.handoff import Agent, HandoffRefused, Held, Priority, Status, claim
from handoff_service.switchboard.rules.ordering import stands_since
from handoff_service.switchboard.rules.roster import AnswerTimes, Limits, Roster, Team
from handoff_service.switchboard.rules.waiting import Figures, Promise, came_true, expected_wait, waiting_range

OPENS, CLOSES = 8, 20  # o'clock
DAY = datetime(2027, 3, 1, tzinfo=UTC)
HOURS = Calendar(ZoneInfo("UTC"), ((Interval(OPENS * 60, CLOSES * 60),),) * 7)
TEAM = Team("general", calendar=HOURS)
LIMITS = Limits(
    answers=AnswerTimes(resolution=4 * 3600.0), abandon=4 * 3600.0, customer_reminder=600.0, customer_silence=1800.0
)
ROSTER = Roster(teams={TEAM.name: TEAM}, limits=LIMITS)
CAPACITY = 3
BURSTS = ((11.0, 0.12), (17.5, 0.08))  # an outage, a bill run: at this hour so many of all customers within 20 minutes
MOODS = ((Priority.URGENT, 0.05), (Priority.HIGH, 0.30), (Priority.NORMAL, 1.0))
SHIFTS = ((8, 16), (12, 20), (9, 17), (10, 18))
LEAVES, IS_SILENT, FORGETS = 0.10, 0.06, 0.01  # drops out of the queue; never answers; an agent who forgets a case
RECENT = 60
IN_WORDS = {
    "lost": "messages lost",
    "doubled": "messages doubled",
    "double_claims": "cases taken by two",
    "machine_words": "words of a machine while a person had the conversation",
}
KINDS = {
    Need.WARN: "clock_warned",
    Need.BREACH: "clock_breached",
    Need.REASSURE: "customer_reassured",
    Need.REMIND_AGENT: "agent_reminded",
    Need.REMIND_CUSTOMER: "customer_reminded",
    Need.OVERFLOW: "handoff_overflowed",
    Need.ABANDON: "handoff_abandoned",
    Need.CLOSE: "handoff_resolved",
    Need.RELEASE: "handoff_released",
}


@dataclass
class Person:
    """An agent with a shift, in hours of the day."""

    agent: Agent
    shift: tuple[int, int]
    load: int = 0

    def room(self, hour: float) -> int:
        """How many more they take now."""
        return CAPACITY - self.load if self.shift[0] <= hour < self.shift[1] else 0


@dataclass
class Case:
    """A customer's wish for a person."""

    number: int
    priority: Priority
    opened_at: datetime
    handling: float  # seconds it takes whoever has it
    is_silent: bool = False  # never answers the agent
    events: list[Happened] = field(default_factory=list)
    held: Held = field(default_factory=lambda: Held(Status.QUEUED))
    expected: float = 0.0
    promised: tuple[int, int] | None = None
    waited: float | None = None
    holder: Person | None = None
    watched_for: datetime | None = None

    @property
    def rank(self) -> tuple[datetime, int]:
        """Its place among others: the smallest is the next."""
        return stands_since(self.priority, self.opened_at), self.number

    def next_step(self, now: datetime) -> Step | None:
        """What is due next by its events."""
        course = course_of(self.events)
        return None if course is None else next_step(course, TEAM, LIMITS, now)


@dataclass(frozen=True)
class Outcome:
    """What a day brought."""

    agents: int
    customers: int
    waits: Sequence[float]
    kept: float  # share of promises that came true
    breaches: int
    abandoned: int
    double_claims: int
    late_presses: int
    unattended: int


class Day:
    """One day of that many agents and customers; the same seed is the same day."""

    def __init__(self, customers: int, agents: int, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  (a play, no secret)
        self._numbers = itertools.count()
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._people = [Person(Agent(f"agent {n}"), SHIFTS[n % len(SHIFTS)]) for n in range(agents)]
        self._cases: list[Case] = []
        self._queue: list[Case] = []
        self._done: list[Case] = []  # in the order of their claims
        self._handled: list[float] = []
        self._coming = 0  # agents on their way to a case
        self._double = self._late = 0
        self._now = DAY
        self.journal: list[Entry] = []
        for at, priority, handling in self._arrivals(customers):
            self._at(at, lambda p=priority, h=handling: self._arrive(p, h))  # type: ignore[misc]
        for hour in range(OPENS, CLOSES):
            self._at(DAY + timedelta(hours=hour), self._call_agents)

    def run(self) -> Outcome:
        """Let it pass, and count."""
        while self._agenda:
            self._now, _, act = heapq.heappop(self._agenda)
            act()
        kept = [came_true(c.promised, c.waited) for c in self._done if c.promised and c.waited is not None]
        waits = [c.waited for c in self._done if c.waited is not None]
        breached = sum(any(e.kind == "clock_breached" for e in c.events) for c in self._cases)
        abandoned = sum(c.held.status is Status.ABANDONED for c in self._cases)
        unattended = sum(c.held.status is Status.QUEUED and not self._is_watched(c) for c in self._cases)
        share = sum(kept) / len(kept) if kept else 1.0
        return Outcome(
            len(self._people), len(self._cases), waits, share, breached, abandoned, self._double, self._late, unattended
        )

    def _arrivals(self, customers: int) -> list[tuple[datetime, Priority, float]]:
        """All that people bring along is drawn first, so that the same day is compared with other agents."""
        chance, found = self._chance, []
        for _ in range(customers):
            draw = chance.random()
            hour = min(max(chance.gauss(13.5, 2.8), OPENS), CLOSES - 1.0)
            for start, share in BURSTS:
                if draw < share:
                    hour = start + chance.random() / 3
                    break
                draw -= share
            mood = chance.random()
            priority = next(kind for kind, up_to in MOODS if mood < up_to)
            found.append((DAY + timedelta(hours=hour), priority, min(chance.lognormvariate(6.3, 0.6), 5400.0)))
        return found

    def _at(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (at, next(self._numbers), act))

    def _in(self, seconds: float, act: Callable[[], None]) -> None:
        self._at(self._now + timedelta(seconds=seconds), act)

    @property
    def _hour(self) -> float:
        return (self._now - DAY).total_seconds() / 3600

    def _note(self, deed: Deed, case: Case, person: Person | None = None) -> None:
        """Write into the journal what somebody does, so that it can be done once more."""
        agent = person.agent if person else None
        self.journal.append(Entry(self._now, deed, case.number, agent, case.priority))

    def _happens(self, case: Case, kind: str, **data: object) -> None:
        case.events.append(Happened(kind, self._now, data))
        self._watch(case)

    def _arrive(self, priority: Priority, handling: float) -> None:
        case = Case(len(self._cases), priority, self._now, handling, is_silent=self._chance.random() < IS_SILENT)
        self._cases.append(case)
        self._queue.append(case)
        position = sum(other.rank < case.rank for other in self._queue) + 1
        figures = self._figures()
        case.expected, case.promised = expected_wait(position, figures), waiting_range(position, figures)
        self._note(Deed.ARRIVES, case)
        self._happens(case, "handoff_opened")
        if self._chance.random() < LEAVES:
            self._in(self._chance.expovariate(1 / 900), lambda: self._leave(case))
        self._call_agents()

    def _figures(self) -> Figures:
        there = [person for person in self._people if person.shift[0] <= self._hour < person.shift[1]]
        lately = self._done[-RECENT:]
        return Figures(
            slots=CAPACITY * len(there),
            free=sum(max(0, person.room(self._hour)) for person in there),
            handling=self._handled[-RECENT:],
            promises=[Promise(case.expected, case.waited or 0.0) for case in lately],
        )

    def _leave(self, case: Case) -> None:
        if case in self._queue:
            self._queue.remove(case)
            case.held = Held(Status.ABANDONED)
            self._note(Deed.LEAVES, case)
            self._happens(case, "handoff_cancelled")

    def _call_agents(self) -> None:
        """Whoever has room looks up after a while, sees the queue and presses; several may at the same moment."""
        for person in self._people:
            if self._coming < len(self._queue) and person.room(self._hour) > 0:
                self._coming += 1
                self._in(self._chance.lognormvariate(3.4, 0.6), lambda p=person: self._look(p))  # type: ignore[misc]

    def _look(self, person: Person) -> None:
        self._coming -= 1
        if not self._queue or person.room(self._hour) <= 0:
            return
        case = min(self._queue, key=lambda each: each.rank)
        seen = self._chance.uniform(0.5, 3.0)  # seconds between seeing it and pressing
        self._in(seen, lambda: self._press(person, case))

    def _press(self, person: Person, case: Case) -> None:
        before = case.holder
        if before is person:
            return
        try:
            held = claim(case.held, person.agent)
        except HandoffRefused:
            self._late += 1
            self._call_agents()
            return
        self._double += before is not None and before is not person
        self._queue.remove(case)
        case.held, case.holder = held, person
        person.load += 1
        if case.waited is None:
            case.waited = (self._now - case.opened_at).total_seconds()
            self._done.append(case)
        self._note(Deed.CLAIMS, case, person)
        self._happens(case, "handoff_claimed", agent=person.agent.name)
        if self._chance.random() >= FORGETS:
            self._in(self._chance.lognormvariate(3.8, 0.5), lambda: self._talk(person, case, self._now))
        self._call_agents()

    def _talk(self, person: Person, case: Case, claimed_at: datetime) -> None:
        """The agent's words, then the customer's, until the time it takes is over."""
        if case.holder is not person:
            return
        self._note(Deed.REPLIES, case, person)
        self._happens(case, "agent_replied")
        if case.is_silent:
            return
        if (self._now - claimed_at).total_seconds() >= case.handling:
            self._note(Deed.RESOLVES, case, person)
            self._happens(case, "handoff_resolved")
            self._handled.append((self._now - claimed_at).total_seconds())
            self._free(case, Status.RESOLVED)
            return
        pause = self._chance.lognormvariate(4.2, 0.7)
        self._in(pause, lambda: self._answer(person, case, claimed_at))

    def _answer(self, person: Person, case: Case, claimed_at: datetime) -> None:
        if case.holder is person:
            self._note(Deed.WRITES, case)
            self._happens(case, "customer_wrote")
            self._in(self._chance.lognormvariate(4.4, 0.6), lambda: self._talk(person, case, claimed_at))

    def _free(self, case: Case, status: Status) -> None:
        if case.holder is not None:
            case.holder.load -= 1
        case.holder = None
        case.held = Held(status)
        self._call_agents()

    def _watch(self, case: Case) -> None:
        """The watchdog's part: whatever is due next is looked at when it is due."""
        step = case.next_step(self._now)
        case.watched_for = step.at if step else None
        if step is not None:
            self._at(max(step.at, self._now), lambda: self._attend(case, step.at))

    def _is_watched(self, case: Case) -> bool:
        return case.watched_for is not None

    def _attend(self, case: Case, due: datetime) -> None:
        if case.watched_for != due:
            return
        step = case.next_step(self._now)
        if step is None or step.at > self._now:
            self._watch(case)
            return
        self._carry_out(case, step)

    def _carry_out(self, case: Case, step: Step) -> None:
        self._note(Deed.TIME_PASSES, case)
        if step.need is Need.ASK_SUPERVISOR:
            self._happens(case, "handoff_escalated", rung="supervisor", asked=["supervisor"])
            return
        self._happens(case, KINDS[step.need], clock=step.clock)
        if step.need is Need.RELEASE:
            self._free(case, Status.QUEUED)
            self._queue.append(case)
            self._call_agents()
        elif step.need is Need.CLOSE:
            self._free(case, Status.RESOLVED)
        elif step.need is Need.ABANDON:
            self._queue.remove(case)
            case.held = Held(Status.ABANDONED)


def simulate(customers: int = 1000, agents: int = 12, seed: int = 1) -> Outcome:
    """What that day brings."""
    return Day(customers, agents, seed).run()


def _at_once(customers: int, agents: int, seed: int) -> tuple[list[Outcome], Found]:
    """That day, with one agent more and one fewer, and what the real record says of it; as many at once as can be."""
    day = Day(customers, agents, seed)
    outcome = day.run()
    with ProcessPoolExecutor() as pool:
        others = [pool.submit(simulate, customers, agents + more, seed) for more in (1, -1)]
        parts = [pool.submit(play, part_of(day.journal, n), ROSTER, seed + n) for n in range(PARTS)]
        return [outcome, *(other.result() for other in others)], together(part.result() for part in parts)


def _line(outcome: Outcome) -> str:
    ninth = quantiles(outcome.waits, n=10)[8] if len(outcome.waits) > 1 else 0.0
    return (
        f"{outcome.agents:>6}  {median(outcome.waits) / 60:>10.1f}  {ninth / 60:>9.1f}  {outcome.breaches:>9}  "
        f"{outcome.abandoned:>9}  {outcome.kept:>12.0%}  {outcome.double_claims:>13}  {outcome.unattended:>10}"
    )


def main(arguments: Sequence[str]) -> int:
    """Print the day, and the same day with one agent more and one fewer; 1 if a promise of ours broke."""
    parser = argparse.ArgumentParser(description="A day at the desk through the real rules.")
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--agents", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    print(f"{given.customers} customers who want a person, from {OPENS}:00 to {CLOSES}:00, seed {given.seed}\n")
    print("agents  median min  worst 10%  breached  abandoned  promise kept  double claims  unattended")
    outcomes, found = _at_once(given.customers, given.agents, given.seed)
    for outcome in outcomes:
        print(_line(outcome))
    today = outcomes[0]
    print(f"\n{today.late_presses} presses came a moment late; none of them got a case that somebody had.")
    print(f"\nThe same day on a real record, {found.customers} conversations with {found.messages} messages:")
    for name in ("lost", "doubled", "double_claims", "machine_words"):
        print(f"{getattr(found, name):>6}  {IN_WORDS[name]}")
    is_broken = today.kept < 0.8 or today.double_claims > 0 or today.unattended > 0
    return int(is_broken or not found.is_clean)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
