"""DESK_FILE: who works at the desks and in which language. What it says wrongly is told with its line and a remedy."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from handoff_service.settings import SettingsAreWrong

KEYS = frozenset({"language", "timezone", "holidays", "teams", "agents", "limits"})
LANGUAGES = ("es", "en")
ROLES = ("agent", "supervisor")
DEFAULT_TIMEZONE = "Europe/Madrid"


@dataclass(frozen=True)
class ListedAgent:
    """An agent as the file has them."""

    name: str
    slack: str | None = None
    supervisor: bool = False


@dataclass(frozen=True)
class DeskFile:
    """What of the file is used."""

    language: str = "es"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo(DEFAULT_TIMEZONE))
    agents: dict[str, ListedAgent] = field(default_factory=dict)

    def of_slack_user(self, user_id: str) -> ListedAgent | None:
        """Who this Slack user is."""
        return next((agent for agent in self.agents.values() if agent.slack == user_id), None)


def load_desk_file(path: Path | None) -> DeskFile:
    """The file's content, or the defaults without one; raises `SettingsAreWrong`."""
    if path is None:
        return DeskFile()
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsAreWrong(f"DESK_FILE: {path} can't be read ({error.strerror}). Set it to a YAML file.") from None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = f"{path.name}, line {line}: {error.problem}. Check the indentation and the quotes."
        raise SettingsAreWrong(problem) from None
    return _Reading(path.name).desk(root)


class _Reading:
    """Reads the YAML's nodes, so that each complaint can name its line."""

    def __init__(self, name: str) -> None:
        self._name = name

    def desk(self, root: yaml.Node | None) -> DeskFile:
        if root is None:
            return DeskFile()
        found = self._mapping(root, "the file")
        for key, (key_node, _) in found.items():
            if key not in KEYS:
                raise self._wrong(key_node, f"unknown key `{key}`", f"Known are {', '.join(sorted(KEYS))}")
        values: dict[str, Any] = {}
        if "language" in found:
            values["language"] = self._one_of(found["language"][1], LANGUAGES, "language")
        if "timezone" in found:
            values["timezone"] = self._timezone(found["timezone"][1])
        if "agents" in found:
            values["agents"] = self._agents(found["agents"][1])
        return DeskFile(**values)

    def _agents(self, node: yaml.Node) -> dict[str, ListedAgent]:
        agents: dict[str, ListedAgent] = {}
        users: dict[str, str] = {}
        for name, (_, value) in self._mapping(node, "`agents`").items():
            agents[name] = agent = self._agent(name, value)
            if agent.slack is not None and agent.slack in users:
                remedy = f"It is {users[agent.slack]}'s already; each Slack user is one agent"
                raise self._wrong(value, f"`{name}` has the Slack user {agent.slack}", remedy)
            if agent.slack is not None:
                users[agent.slack] = name
        return agents

    def _agent(self, name: str, node: yaml.Node) -> ListedAgent:
        if isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null"):
            return ListedAgent(name)
        found = self._mapping(node, f"`{name}`")
        for key, (key_node, _) in found.items():
            if key not in ("slack", "role", "capacity"):
                raise self._wrong(key_node, f"unknown key `{key}` of `{name}`", "Known are slack, role, capacity")
        slack = self._slack_user(found["slack"][1]) if "slack" in found else None
        role = self._one_of(found["role"][1], ROLES, "role") if "role" in found else "agent"
        return ListedAgent(name, slack, role == "supervisor")

    def _slack_user(self, node: yaml.Node) -> str:
        value = self._scalar(node)
        if not (value[:1] in ("U", "W") and value.isalnum() and value.isupper()):
            remedy = "Copy the member ID from the person's Slack profile, for example U024BE7LH"
            raise self._wrong(node, f"`{value}` is no Slack member ID", remedy)
        return value

    def _timezone(self, node: yaml.Node) -> ZoneInfo:
        value = self._scalar(node)
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise self._wrong(node, f"`{value}` is no time zone", "Write one like Europe/Madrid") from None

    def _one_of(self, node: yaml.Node, known: tuple[str, ...], what: str) -> str:
        value = self._scalar(node)
        if value not in known:
            raise self._wrong(node, f"`{value}` is no {what}", f"Write {' or '.join(known)}")
        return value

    def _scalar(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._wrong(node, "one value is expected here", "Write it on the same line as its key")
        return str(node.value).strip()

    def _mapping(self, node: yaml.Node, what: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        if isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null"):
            return {}
        if not isinstance(node, yaml.MappingNode):
            raise self._wrong(node, f"{what} must consist of `key: value` lines", "Take away the dashes")
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if str(key.value) in found:
                raise self._wrong(key, f"`{key.value}` stands there twice", "Put both together")
            found[str(key.value)] = (key, value)
        return found

    def _wrong(self, node: yaml.Node, what: str, remedy: str) -> SettingsAreWrong:
        return SettingsAreWrong(f"{self._name}, line {node.start_mark.line + 1}: {what}. {remedy}.")
