"""Which team a conversation goes to: by topic, language, need and hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from handoff_service.switchboard.rules.calendar import is_open
from handoff_service.switchboard.rules.handoff import Reason
from handoff_service.switchboard.rules.roster import Roster, Team

# What customers say that is no matter of its own.
NO_TOPIC = frozenset(
    {"human", "greeting", "thanks", "goodbye", "affirm", "deny", "bot_identity", "out_of_scope", "nlu_fallback"}
)


def topic_of(intents: Iterable[str | None]) -> str | None:
    """What the customer came for: the newest of these (newest first) that is a matter."""
    return next((intent for intent in intents if intent and intent not in NO_TOPIC), None)


def home_team(roster: Roster, topic: str | None, language: str, reason: Reason) -> Team:
    """Whose it is, whatever the hour: urgent reasons first, then topic and language, then language, then the first."""
    if reason.value in roster.urgent.reasons and roster.urgent.team is not None:
        return roster.team(roster.urgent.team)
    teams = list(roster.teams.values())
    speaking = [team for team in teams if _speaks(team, language)]
    experts = [team for team in speaking if topic is not None and topic in team.topics]
    general = [team for team in speaking if not team.topics]
    return next(iter([*experts, *general, *speaking, *teams]))


def route(roster: Roster, topic: str | None, language: str, reason: Reason, now: datetime) -> Team:
    """The home team, or while it is closed the first open one along its overflow."""
    home = home_team(roster, topic, language, reason)
    return home if is_open(home.calendar, now) else open_overflow(roster, home, language, now) or home


def open_overflow(roster: Roster, team: Team, language: str, now: datetime) -> Team | None:
    """The first open team along the overflow of this one that speaks the language."""
    seen = {team.name}
    helper = team
    while helper.overflow is not None and helper.overflow not in seen:
        seen.add(helper.overflow)
        helper = roster.team(helper.overflow)
        if _speaks(helper, language) and is_open(helper.calendar, now):
            return helper
    return None


def _speaks(team: Team, language: str) -> bool:
    return not team.languages or language in team.languages
