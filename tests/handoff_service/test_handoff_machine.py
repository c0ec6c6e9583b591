"""Whatever people press, in whatever order: a handoff has one holder, and the machine is silent while it has."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from handoff_service.store.migrate import upgrade
from handoff_service.switchboard import handoffs, receiving, replies, transcript, turns, views
from handoff_service.switchboard.answers import Answer, Said, Understood
from handoff_service.switchboard.conversations import StaleEpoch, load
from handoff_service.switchboard.rules import handoff as rules
from handoff_service.switchboard.rules.handoff import Agent, HandoffRefused, Held, Owner, Status
from tests.handoff_service.desk_world import World

PEOPLE = [Agent("Ana"), Agent("Luis", "slack"), Agent("Marga", supervisor=True)]
people = st.sampled_from(PEOPLE)
ENDED = (Status.RESOLVED, Status.ABANDONED)


class HandoffMachine(RuleBasedStateMachine):
    """The rules alone, against a model that knows only who holds it."""

    def __init__(self) -> None:
        super().__init__()
        self.held = Held(Status.QUEUED)
        self.holder: str | None = None
        self.is_open = True

    def _try(self, move: Any, *arguments: Any) -> bool:
        """Whether it was done; a refusal changes nothing and says how things stand."""
        before = self.held
        try:
            self.held = move(before, *arguments)
        except HandoffRefused as refusal:
            assert refusal.held == before and refusal.detail
            return False
        return True

    @rule(who=people)
    def claim(self, who: Agent) -> None:
        free_or_own = self.is_open and self.holder in (None, who.name)
        assert self._try(rules.claim, who) is free_or_own
        if free_or_own:
            self.holder = who.name

    @rule(who=people)
    def release(self, who: Agent) -> None:
        assert self._try(rules.release, who) is (self.is_open and self.holder == who.name)
        if self.is_open and self.holder == who.name:
            self.holder = None

    @rule(who=people, to=st.one_of(st.none(), people))
    def transfer(self, who: Agent, to: Agent | None) -> None:
        may = self.is_open and (who.supervisor or self.holder == who.name)
        done = self._try(rules.transfer_to_team, who) if to is None else self._try(rules.transfer_to_agent, who, to)
        assert done is may
        if may:
            self.holder = to.name if to else None

    @rule(who=people)
    def resolve(self, who: Agent) -> None:
        may = self.is_open and self.holder == who.name
        assert self._try(rules.resolve, who) is may
        self.is_open = self.is_open and not may

    @rule()
    def cancel(self) -> None:
        may = self.is_open and self.holder is None
        assert self._try(rules.cancel) is may
        self.is_open = self.is_open and not may

    @rule(who=people)
    def reopen(self, who: Agent) -> None:
        may = not self.is_open
        assert self._try(rules.reopen, who) is may
        if may:
            self.is_open, self.holder = True, who.name

    @rule(who=people)
    def speak(self, who: Agent) -> None:
        def hold(held: Held, agent: Agent) -> Held:
            rules.must_hold(held, agent)
            return held

        assert self._try(hold, who) is (self.is_open and self.holder == who.name)

    @invariant()
    def the_owner_follows_the_holder(self) -> None:
        due = Owner.ASSISTANT if not self.is_open else Owner.QUEUE if self.holder is None else Owner.AGENT
        assert self.held.owner is due
        assert (self.held.status in ENDED) is not self.is_open
        if self.is_open:
            assert self.held.agent == self.holder


class SwitchboardMachine(RuleBasedStateMachine):
    """The use-cases on a real database: turns that end late, presses on old cards, repeated ids."""

    @initialize()
    def open(self) -> None:
        self._directory = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self._directory.name) / 'machine.db'}"
        upgrade(url)
        self.world = World(url)
        self.customer = self.world.customer()
        self.texts: list[str] = []
        self.late: list[turns.Turn] = []
        self.owned: list[tuple[int, Owner]] = []  # (seq at the commit, who) of each change of hands
        self.replied: dict[str, int] = {}

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()
            self._directory.cleanup()

    @property
    def owner(self) -> Owner:
        return self.world.run(lambda tx: load(tx, self.customer.id)).owner  # type: ignore[no-any-return]

    def _seq(self) -> int:
        return int(self.world.run(lambda tx: load(tx, self.customer.id)).last_seq)

    def _case(self) -> str | None:
        """The newest handoff, open or not: an old card is pressed too."""
        cases = self.world.run(views.case, self.customer.id).handoffs
        return cases[0].handoff.id if cases else None

    def _write(self) -> None:
        text = self.texts[-1]
        self.world.run(receiving.receive, self.world.words, self.customer.id, text, None, f"m{len(self.texts)}")

    def _note(self, before: Owner) -> None:
        if self.owner is not before:
            self.owned.append((self._seq(), self.owner))

    def _press(self, verb: Any, *arguments: Any) -> None:
        case = self._case()
        if case is None:
            return
        before = self.owner
        try:
            self.world.run(verb, self.world.words, case, *arguments)
        except HandoffRefused:
            assert self.owner is before
        self._note(before)

    @rule(words=st.sampled_from(["¿cuánto debo este mes?", "sigo con el asistente", "no quiero esperar más"]))
    def write(self, words: str) -> None:
        before = self.owner
        self.texts.append(words)
        self._write()
        self._note(before)

    @precondition(lambda self: self.texts)
    @rule()
    def write_again(self) -> None:
        before = self._seq()
        self._write()
        assert self._seq() == before

    @rule()
    def begin_turn(self) -> None:
        step = self.world.run(turns.begin_turn, self.world.words, self.customer.id)
        if isinstance(step, turns.Turn):
            self.late.append(step)

    @precondition(lambda self: self.late)
    @rule(needs_person=st.booleans())
    def answer_comes(self, needs_person: bool) -> None:
        turn, before = self.late.pop(0), self.owner
        reason = rules.Reason.ASKED_FOR_PERSON if needs_person else None
        answer = Answer((Said(f"respuesta a {turn.id}", ()),), "es", Understood("x", 0.9, 0.1), reason, ())
        self.world.run(turns.finish_turn, self.world.words, turn.id, answer)
        self._note(before)

    @precondition(lambda self: self.late)
    @rule()
    def assistant_fails(self) -> None:
        before = self.owner
        self.world.run(turns.fail_turn, self.world.words, self.late.pop(0).id)
        self._note(before)

    @rule(who=people)
    def claim(self, who: Agent) -> None:
        self._press(handoffs.claim, who)

    @rule(who=people)
    def release(self, who: Agent) -> None:
        self._press(handoffs.release, who)

    @rule(who=people)
    def resolve(self, who: Agent) -> None:
        self._press(handoffs.resolve, who)

    @rule(who=people)
    def reopen(self, who: Agent) -> None:
        self._press(handoffs.reopen, who)

    @rule(who=people, number=st.integers(1, 3))
    def reply(self, who: Agent, number: int) -> None:
        case = self._case()
        if case is None:
            return
        key, before = f"{case}:{who.name}:{number}", self._seq()
        try:
            message = self.world.run(replies.reply, case, who, f"palabra {number}", str(number))
        except (HandoffRefused, StaleEpoch):
            assert self._seq() == before
            return
        assert self.replied.setdefault(key, message.seq) == message.seq

    @rule(seconds=st.sampled_from([1, 30, 200]))
    def time_passes(self, seconds: int) -> None:
        before = self.owner
        self.world.pass_time(seconds=seconds)
        self._note(before)

    @invariant()
    def the_assistant_never_speaks_over_a_person(self) -> None:
        if not hasattr(self, "world"):
            return
        said = self.world.run(transcript.since, self.customer.id, 0)
        assert [m.seq for m in said] == list(range(1, len(said) + 1))
        holder = Owner.ASSISTANT
        changes = dict(self.owned)
        for message in said:
            assert not (holder is Owner.AGENT and message.author == "assistant")
            holder = changes.get(message.seq, holder)


TestTheRules = HandoffMachine.TestCase
TestTheRules.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
TestTheSwitchboard = SwitchboardMachine.TestCase
TestTheSwitchboard.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
