"""DESK_FILE: who works at the desks, when and on what. What it says wrongly is told with its line and a remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from handoff_service.desks.desk_hours import Hours, HoursReading
from handoff_service.desks.desk_limits import LimitsReading
from handoff_service.desks.desk_nodes import Nodes
from handoff_service.settings import PROJECT, SettingsAreWrong
from handoff_service.switchboard.rules.handoff import Reason
from handoff_service.switchboard.rules.roster import (
    DEFAULT_CAPACITY,
    DEFAULT_TEAM,
    ListedAgent,
    Roster,
    Team,
    UrgentPath,
)

SHIPPED = PROJECT / "handoff_service" / "desks" / "desk.yml"
KEYS = ("language", "timezone", "holidays", "teams", "agents", "limits", "urgent")
TEAM_KEYS = (
    "topics",
    "languages",
    "hours",
    "timezone",
    "channel",
    "members",
    "on_call",
    "overflow",
    "assignment",
)
LANGUAGES = ("es", "en")
ROLES = ("agent", "supervisor")
ASSIGNMENTS = ("free", "automatic")
MOST_AT_A_TIME = 50


def load_desk_file(path: Path | None) -> Roster:
    """The file's content, the shipped one's without a path; raises `SettingsAreWrong`."""
    path = path or SHIPPED
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise SettingsAreWrong(f"DESK_FILE: {path} can't be read ({why}). Set it to a YAML file.") from None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = f"{path.name}, line {line}: {error.problem}. Check the indentation and the quotes."
        raise SettingsAreWrong(problem) from None
    except yaml.YAMLError:
        raise SettingsAreWrong(f"{path.name}: it holds characters YAML forbids. Write it anew as plain text.") from None
    return Roster() if root is None else _Reading(Nodes(path.name)).roster(root)


class _Reading:
    """Puts the parts together and checks what they say of each other."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._hours = HoursReading(nodes)
        self._closed: frozenset[date] = frozenset()
        self._agents: dict[str, ListedAgent] = {}

    def roster(self, root: yaml.Node) -> Roster:
        found = self._nodes.mapping(root, "the file", KEYS)
        roster = Roster()
        if "language" in found:
            roster = replace(roster, language=self._nodes.one_of(found["language"][1], LANGUAGES, "language"))
        if "timezone" in found:
            roster = replace(roster, timezone=self._hours.timezone(found["timezone"][1]))
        if "holidays" in found:
            self._closed = self._hours.holidays(found["holidays"][1])
        if "agents" in found:
            self._agents = self._listed_agents(found["agents"][1])
        teams = self._teams(found["teams"][1], roster.timezone) if "teams" in found else {}
        if "limits" in found:
            roster = replace(roster, limits=LimitsReading(self._nodes).limits(found["limits"][1]))
        if not teams:
            teams = {DEFAULT_TEAM: Team(DEFAULT_TEAM, calendar=Hours().calendar(roster.timezone, self._closed))}
        urgent = self._urgent(found["urgent"][1], teams) if "urgent" in found else UrgentPath()
        return replace(roster, agents=self._agents, teams=teams, urgent=urgent)

    def _listed_agents(self, node: yaml.Node) -> dict[str, ListedAgent]:
        agents: dict[str, ListedAgent] = {}
        users: dict[str, str] = {}
        for name, (_, value) in self._nodes.mapping(node, "`agents`").items():
            agents[name] = agent = self._agent(name, value)
            if agent.slack is not None and agent.slack in users:
                remedy = f"It is {users[agent.slack]}'s already; each Slack user is one agent"
                raise self._nodes.wrong(value, f"`{name}` has the Slack user {agent.slack}", remedy)
            if agent.slack is not None:
                users[agent.slack] = name
        return agents

    def _agent(self, name: str, node: yaml.Node) -> ListedAgent:
        found = self._nodes.mapping(node, f"`{name}`", ("slack", "role", "capacity"))
        slack = self._slack_user(found["slack"][1]) if "slack" in found else None
        role = self._nodes.one_of(found["role"][1], ROLES, "role") if "role" in found else "agent"
        capacity = DEFAULT_CAPACITY
        if "capacity" in found:
            capacity = self._nodes.whole(found["capacity"][1], "capacity", 0, MOST_AT_A_TIME)
        return ListedAgent(name, slack, role == "supervisor", capacity)

    def _teams(self, node: yaml.Node, timezone: ZoneInfo) -> dict[str, Team]:
        found = self._nodes.mapping(node, "`teams`")
        teams = {name: self._team(name, value, timezone, tuple(found)) for name, (_, value) in found.items()}
        for name, (key, _) in found.items():
            if len(name) > 50:
                raise self._nodes.wrong(key, f"`{name}` is too long for a team's name", "Use at most 50 characters")
        return teams

    def _team(self, name: str, node: yaml.Node, timezone: ZoneInfo, teams: Sequence[str]) -> Team:
        what = f"`{name}`"
        found = {key: value for key, (_, value) in self._nodes.mapping(node, what, TEAM_KEYS).items()}
        timezone = self._hours.timezone(found["timezone"]) if "timezone" in found else timezone
        hours = self._hours.hours(found["hours"], name) if "hours" in found else Hours()
        team = Team(name, calendar=hours.calendar(timezone, self._closed))
        if "topics" in found:
            team = replace(team, topics=frozenset(map(self._topic, self._nodes.listed(found["topics"]))))
        if "languages" in found:
            spoken = [self._nodes.one_of(n, LANGUAGES, "language") for n in self._nodes.listed(found["languages"])]
            team = replace(team, languages=frozenset(spoken))
        if "channel" in found:
            team = replace(team, channel=self._channel(found["channel"]))
        if "members" in found:
            team = replace(team, members=self._people(found["members"]))
        if "on_call" in found:
            team = replace(team, on_call=self._people(found["on_call"]))
        if "overflow" in found:
            others = [other for other in teams if other != name]
            overflow = self._nodes.scalar(found["overflow"])
            if overflow not in others:
                remedy = f"Write {' or '.join(others)}" if others else "There is no other team; take the line away"
                raise self._nodes.wrong(found["overflow"], f"`{overflow}` is no other team", remedy)
            team = replace(team, overflow=overflow)
        if "assignment" in found:
            way = self._nodes.one_of(found["assignment"], ASSIGNMENTS, "assignment")
            team = replace(team, is_automatic=way == "automatic")
        return team

    def _urgent(self, node: yaml.Node, teams: dict[str, Team]) -> UrgentPath:
        found = self._nodes.mapping(node, "`urgent`", ("reasons", "team"))
        urgent = UrgentPath()
        if "reasons" in found:
            known = [reason.value for reason in Reason]
            listed = [self._nodes.one_of(n, known, "reason") for n in self._nodes.listed(found["reasons"][1])]
            urgent = replace(urgent, reasons=frozenset(listed))
        if "team" in found:
            urgent = replace(urgent, team=self._nodes.one_of(found["team"][1], tuple(teams), "team"))
        return urgent

    def _people(self, node: yaml.Node) -> tuple[str, ...]:
        """Names of `agents`; a Slack member ID stands for the agent who has it, or for itself."""
        names = {agent.slack: agent.name for agent in self._agents.values() if agent.slack}
        people: list[str] = []
        for each in self._nodes.listed(node):
            value = self._nodes.scalar(each)
            if value not in self._agents and not _is_slack_user(value):
                remedy = f"Write `{value}:` as a line under `agents:`, or a Slack member ID here"
                raise self._nodes.wrong(each, f"`{value}` is nobody under `agents`", remedy)
            people.append(value if value in self._agents else names.get(value, value))
        return tuple(dict.fromkeys(people))

    def _topic(self, node: yaml.Node) -> str:
        value = self._nodes.scalar(node)
        if not value.replace("_", "").isalnum() or value != value.lower():
            raise self._nodes.wrong(node, f"`{value}` is no topic", "Write an intent's name, like explain_charge")
        return value

    def _channel(self, node: yaml.Node) -> str:
        value = self._nodes.scalar(node)
        if not (value[:1] in ("C", "G") and value.isalnum() and value.isupper()):
            remedy = "Copy the channel ID from the end of the channel's details, for example C024BE7LR"
            raise self._nodes.wrong(node, f"`{value}` is no Slack channel ID", remedy)
        return value

    def _slack_user(self, node: yaml.Node) -> str:
        value = self._nodes.scalar(node)
        if not _is_slack_user(value):
            remedy = "Copy the member ID from the person's Slack profile, for example U024BE7LH"
            raise self._nodes.wrong(node, f"`{value}` is no Slack member ID", remedy)
        return value


def _is_slack_user(value: str) -> bool:
    return value[:1] in ("U", "W") and value.isalnum() and value.isupper()
