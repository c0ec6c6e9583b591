"""What people did and what they were told: the test's own book, against which the service's record is held."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Talk:
    """One conversation as its customer and its agents know it."""

    mark: str
    channel: str  # widget or telegram
    conversation_id: str = ""
    chat: int = 0  # on Telegram
    written: int = 0  # the customer's highest number
    acked: dict[int, int] = field(default_factory=dict)  # the customer's number -> seq; on the widget only
    seen: dict[int, dict[str, Any]] = field(default_factory=dict)  # seq -> frame; on the widget only
    seen_twice: list[int] = field(default_factory=list)
    out_of_order: list[tuple[int, int]] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    answered_by_agents: int = 0  # the agents' highest number


@dataclass(frozen=True)
class Reply:
    """Something an agent said to a customer, and by which way. `ts` is Slack's stamp, "" from the console."""

    mark: str
    number: int
    handoff_id: str
    agent: str
    ts: str = ""


@dataclass(frozen=True)
class Claim:
    """An agent was told that the case is theirs."""

    handoff_id: str
    agent: str


@dataclass
class Ledger:
    """The whole run."""

    talks: dict[str, Talk] = field(default_factory=dict)  # by mark
    replies: list[Reply] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    refused_claims: int = 0
    happened: Counter[str] = field(default_factory=Counter)  # kills, freezes and what else the table tells
    points: dict[str, bool] = field(default_factory=dict)  # named boundaries, and whether the process ended there
    killed_at: list[float] = field(default_factory=list)  # by the clock on the wall
    away: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))  # each part's gaps
    slowest_start: float = 0.0
    slowest_word: float = 0.0  # of the real assistant, in seconds of an unbroken life of the service

    def talk_of(self, conversation_id: str) -> Talk | None:
        return next((talk for talk in self.talks.values() if talk.conversation_id == conversation_id), None)
