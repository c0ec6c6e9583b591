"""The agents this service knows, and how they prove who they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from handoff_service.settings import Settings
from handoff_service.switchboard.rules.handoff import Agent


class NoSuchAgent(Exception):
    """Nobody of this name works here."""


@dataclass(frozen=True)
class Agents:
    """Names by the digest of their token; the tokens themselves are not kept."""

    by_digest: dict[str, Agent]

    def of_token(self, token: str) -> Agent | None:
        """Whose token this is."""
        return self.by_digest.get(_digest(token))

    def named(self, name: str) -> Agent:
        """The agent of this name; raises `NoSuchAgent`."""
        for agent in self.by_digest.values():
            if agent.name == name:
                return agent
        raise NoSuchAgent(name)

    def names(self) -> list[str]:
        """All names, in order."""
        return sorted(agent.name for agent in self.by_digest.values())


def load_agents(settings: Settings) -> Agents:
    """The agents of AGENT_TOKENS."""
    return Agents({_digest(token): Agent(name) for name, token in settings.tokens_by_agent().items()})


def _digest(token: str) -> str:
    """Tokens are random and long, so a plain digest suffices; looking it up tells nothing about the token."""
    return hashlib.sha256(token.encode()).hexdigest()
