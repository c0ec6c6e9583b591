"""The life of a handoff: who may do what to it, and what it is afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Owner(StrEnum):
    """Who has the conversation. Exactly one has."""

    ASSISTANT = "assistant"
    QUEUE = "queue"
    AGENT = "agent"


class Status(StrEnum):
    """Where a handoff stands."""

    QUEUED = "queued"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"
    ABANDONED = "abandoned"


class Reason(StrEnum):
    """Why a person is needed."""

    ASKED_FOR_PERSON = "asked_for_person"
    FRUSTRATION = "frustration"
    NOT_UNDERSTOOD = "not_understood"
    COMPLEX_CASE = "complex_case"
    VULNERABLE_CUSTOMER = "vulnerable_customer"
    LEAVING = "leaving"
    COMPLAINT = "complaint"
    ASSISTANT_UNAVAILABLE = "assistant_unavailable"


class Priority(StrEnum):
    """How much a handoff presses; the order in which a queue is worked off, before waiting time."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"

    @property
    def urgency(self) -> int:
        """The priority as a number: the higher, the sooner."""
        return {Priority.URGENT: 2, Priority.HIGH: 1, Priority.NORMAL: 0}[self]


def priority_of(reason: Reason) -> Priority:
    """Need alone decides, never the channel."""
    if reason is Reason.VULNERABLE_CUSTOMER:
        return Priority.URGENT
    if reason in (Reason.FRUSTRATION, Reason.LEAVING, Reason.COMPLAINT):
        return Priority.HIGH
    return Priority.NORMAL


APPEAL = "appeal"  # the signal of a customer who wants their pause reviewed
DELICATE = frozenset(
    [
        "bereavement",
        "disability",
        "health",
        "violence",
        "self_harm",
        "poverty",
        "fraud",
        "legal_action",
        "press",
        APPEAL,
    ]
)

Signals = Sequence[Mapping[str, Any]]


def is_appeal(signals: Signals) -> bool:
    """Whether somebody is wanted to look at a pause."""
    return any(signal.get("name") == APPEAL for signal in signals)


def telling_signals(reason: Reason, signals: Signals) -> list[str]:
    """The names of the signals that may choose the words with which a person is announced, the weightiest first."""
    if reason not in (Reason.VULNERABLE_CUSTOMER, Reason.COMPLAINT):
        return []
    ordered = sorted(signals, key=lambda signal: -float(signal.get("weight") or 0))
    return [name for signal in ordered if (name := str(signal.get("name"))) in DELICATE]


def may_be_surveyed(reason: Reason, signals: Signals) -> bool:
    """Whether it is fitting to ask afterwards how it went: not after a bereavement and the like."""
    return reason is not Reason.VULNERABLE_CUSTOMER and not any(s.get("name") in DELICATE for s in signals)


class Verdict(StrEnum):
    """What an agent thinks of a handoff's timing."""

    TOO_EARLY = "too_early"
    RIGHT = "right"
    TOO_LATE = "too_late"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True)
class Agent:
    """A person at a desk. `supervisor` may also move what others hold."""

    name: str
    desk: str = "console"
    supervisor: bool = False


@dataclass(frozen=True)
class Held:
    """A handoff as its rules see it."""

    status: Status
    agent: str | None = None
    desk: str | None = None

    @property
    def owner(self) -> Owner:
        """Who owns the conversation while its handoff is so."""
        return {Status.QUEUED: Owner.QUEUE, Status.ASSIGNED: Owner.AGENT}.get(self.status, Owner.ASSISTANT)


class HandoffRefused(Exception):
    """What was asked doesn't fit the handoff as it is now; `held` says how it is."""

    def __init__(self, detail: str, held: Held) -> None:
        super().__init__(detail)
        self.detail = detail
        self.held = held


class HeldByAnother(HandoffRefused):
    """A colleague has it."""


class NotHeldByYou(HandoffRefused):
    """Only who holds a handoff may do this."""


class NotOpen(HandoffRefused):
    """It has ended."""


class NotEnded(HandoffRefused):
    """Only what has ended can be opened again."""


def claim(held: Held, agent: Agent) -> Held:
    """Take it from the queue. Who has it already keeps it: a second press changes nothing."""
    if held.status is Status.ASSIGNED and held.agent == agent.name:
        return held
    if held.status is Status.ASSIGNED:
        raise HeldByAnother(f"{held.agent} already has this conversation.", held)
    if held.status is not Status.QUEUED:
        raise NotOpen("This handoff has ended.", held)
    return Held(Status.ASSIGNED, agent.name, agent.desk)


def must_hold(held: Held, agent: Agent) -> None:
    """Only the holder speaks with the customer, resolves and releases."""
    if held.status is Status.ASSIGNED and held.agent == agent.name:
        return
    if held.status is Status.ASSIGNED:
        raise NotHeldByYou(f"{held.agent} has this conversation, not you.", held)
    if held.status is Status.QUEUED:
        raise NotHeldByYou("Take the conversation first.", held)
    raise NotOpen("This handoff has ended.", held)


def release(held: Held, agent: Agent) -> Held:
    """Back to its queue."""
    must_hold(held, agent)
    return Held(Status.QUEUED)


def transfer_to_team(held: Held, agent: Agent) -> Held:
    """To a team's queue, by the holder or a supervisor."""
    _may_move(held, agent)
    return Held(Status.QUEUED)


def transfer_to_agent(held: Held, agent: Agent, receiver: Agent) -> Held:
    """To a colleague, by the holder or a supervisor."""
    _may_move(held, agent)
    return Held(Status.ASSIGNED, receiver.name, receiver.desk)


def _may_move(held: Held, agent: Agent) -> None:
    if held.status not in (Status.QUEUED, Status.ASSIGNED):
        raise NotOpen("This handoff has ended.", held)
    if not agent.supervisor:
        must_hold(held, agent)


def resolve(held: Held, agent: Agent) -> Held:
    """End it; the assistant owns the conversation again."""
    must_hold(held, agent)
    return replace(held, status=Status.RESOLVED)


def reopen(held: Held, agent: Agent) -> Held:
    """Open an ended one again, held by whoever reopens it."""
    if held.status in (Status.QUEUED, Status.ASSIGNED):
        raise NotEnded("This handoff is still open.", held)
    return Held(Status.ASSIGNED, agent.name, agent.desk)


def judge(held: Held) -> None:
    """Whoever looks into it may say whether it came in time; nobody can before."""
    if held.status is Status.QUEUED:
        raise NotHeldByYou("Take the conversation first.", held)


def cancel(held: Held) -> Held:
    """The customer doesn't want to wait any more."""
    if held.status is not Status.QUEUED:
        raise NotOpen("Nothing is waiting here.", held)
    return Held(Status.ABANDONED)
