"""Who works when, on what, and how long anything may take: the content of DESK_FILE as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from handoff_service.switchboard.rules.calendar import Calendar

DEFAULT_TEAM = "general"
DEFAULT_TIMEZONE = "Europe/Madrid"
DEFAULT_CAPACITY = 3  # conversations at a time
MINUTE, HOUR = 60.0, 3600.0
Seconds = float


@dataclass(frozen=True)
class ListedAgent:
    """An agent as the file has them. `capacity` bounds what is assigned to them, never what they take themselves."""

    name: str
    slack: str | None = None
    supervisor: bool = False
    capacity: int = DEFAULT_CAPACITY


@dataclass(frozen=True)
class Team:
    """A queue and those who work it off. No topics or languages: all of them; no members: every agent."""

    name: str
    topics: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    calendar: Calendar = field(default_factory=lambda: Calendar(ZoneInfo(DEFAULT_TIMEZONE)))
    channel: str | None = None
    members: tuple[str, ...] = ()
    on_call: tuple[str, ...] = ()
    overflow: str | None = None
    is_automatic: bool = False

    def has(self, agent: str) -> bool:
        """Whether this agent works in the team."""
        return not self.members or agent in self.members


@dataclass(frozen=True)
class AnswerTimes:
    """Seconds of working time within which a person answers; None where no clock is kept."""

    first: Seconds | None = 15 * MINUTE
    next: Seconds | None = 10 * MINUTE
    resolution: Seconds | None = None
    warn_at: float = 0.8  # share of a limit at which a breach is warned of
    supervisor: Seconds = 15 * MINUTE  # after a breach, until a supervisor is asked


@dataclass(frozen=True)
class Limits:
    """Seconds of working time until something happens by itself; None where it never does."""

    reassure: Seconds | None = 15 * MINUTE  # nobody came: the customer is told how it stands
    abandon: Seconds | None = 24 * HOUR  # no sign of life of a waiting customer
    overflow: Seconds | None = 10 * MINUTE  # until the team named as `overflow` gets it
    agent_reminder: Seconds | None = 5 * MINUTE  # the customer waits for the agent's answer
    agent_silence: Seconds | None = 20 * MINUTE  # until it goes back to the queue
    customer_reminder: Seconds | None = 2 * HOUR  # the agent waits for the customer's answer
    customer_silence: Seconds | None = 24 * HOUR  # until it is closed as `no_reply`
    return_within: Seconds = 48 * HOUR  # after the end, of the clock on the wall: the same matter is taken up again
    head_start: Seconds = 3 * MINUTE  # of the agent who knows the matter
    answers: AnswerTimes = AnswerTimes()
    asks_survey: bool = True


@dataclass(frozen=True)
class UrgentPath:
    """Where the reasons that can't wait for opening hours go."""

    reasons: frozenset[str] = frozenset({"vulnerable_customer"})
    team: str | None = None


@dataclass(frozen=True)
class Roster:
    """The whole desk. Without a file: one team, always open, whoever is an agent."""

    language: str = "es"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo(DEFAULT_TIMEZONE))
    teams: Mapping[str, Team] = field(default_factory=lambda: {DEFAULT_TEAM: Team(DEFAULT_TEAM)})
    agents: Mapping[str, ListedAgent] = field(default_factory=dict)
    limits: Limits = Limits()
    urgent: UrgentPath = UrgentPath()

    def of_slack_user(self, user_id: str) -> ListedAgent | None:
        """Who this Slack user is."""
        return next((agent for agent in self.agents.values() if agent.slack == user_id), None)

    def team(self, name: str) -> Team:
        """The team of this name; one that the file has no more is worked off by the first there is."""
        return self.teams.get(name) or next(iter(self.teams.values()))

    def capacity_of(self, agent: str) -> int:
        """How many conversations may be assigned to this agent at a time."""
        listed = self.agents.get(agent)
        return DEFAULT_CAPACITY if listed is None else listed.capacity

    @property
    def supervisors(self) -> tuple[str, ...]:
        """The names of those who supervise."""
        return tuple(agent.name for agent in self.agents.values() if agent.supervisor)
