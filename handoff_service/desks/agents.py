"""The agents this service knows, and how they prove who they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from handoff_service.desks.turned_away import TurnedAway
from handoff_service.settings import Settings
from handoff_service.switchboard.rules.handoff import Agent
from handoff_service.switchboard.rules.roster import Roster


class NoSuchAgent(Exception):
    """Nobody of this name works here."""


@dataclass(frozen=True)
class Agents:
    """Names by the digest of their token; the tokens themselves are not kept."""

    by_digest: dict[str, Agent]
    elsewhere: dict[str, Agent] = field(default_factory=dict)  # by name; those who prove themselves at another desk
    turned_away: TurnedAway = field(default_factory=TurnedAway)

    def of_token(self, token: str) -> Agent | None:
        """Whose token this is; nobody's once it was revoked. Raises `StoreUnavailable` while that isn't known."""
        digest = digest_of(token)
        agent = self.by_digest.get(digest)
        return None if agent is None or self.turned_away.holds(digest) else agent

    def named(self, name: str) -> Agent:
        """The agent of this name; raises `NoSuchAgent`."""
        for agent in self.by_digest.values():
            if agent.name == name:
                return agent
        if name in self.elsewhere:
            return self.elsewhere[name]
        raise NoSuchAgent(name)

    def welcome(self, agent: Agent) -> None:
        """From now on this agent of another desk can be given a handoff, too."""
        self.elsewhere[agent.name] = agent

    def names(self) -> list[str]:
        """All names, in order."""
        return sorted({agent.name for agent in self.by_digest.values()} | set(self.elsewhere))


def load_agents(settings: Settings, desk_file: Roster) -> Agents:
    """The agents of AGENT_TOKENS, with the roles DESK_FILE gives them."""
    supervisors = {agent.name for agent in desk_file.agents.values() if agent.supervisor}
    return Agents(
        {
            digest_of(token): Agent(name, supervisor=name in supervisors)
            for name, token in settings.tokens_by_agent().items()
        }
    )


def digest_of(token: str) -> str:
    """Tokens are random and long, so a plain digest suffices; looking it up tells nothing about the token."""
    return hashlib.sha256(token.encode()).hexdigest()
