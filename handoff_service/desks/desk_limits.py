"""The limits of DESK_FILE: what happens by itself, and after how long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import yaml

from handoff_service.desks.desk_nodes import Nodes
from handoff_service.switchboard.rules.roster import AnswerTimes, Limits

# By section: its keys, each with the field of `Limits` it sets. One value alone sets the first.
SECTIONS: dict[str, dict[str, str]] = {
    "waiting": {"abandon": "abandon", "reassure": "reassure", "overflow": "overflow"},
    "silence": {"agent": "agent_silence", "customer": "customer_silence"},
    "reminders": {"agent": "agent_reminder", "customer": "customer_reminder"},
    "return": {"within": "return_within", "head_start": "head_start"},
}
ANSWERS = ("first", "next", "resolution", "warn_at", "supervisor")
NEVER_OFF = frozenset({"return_within", "head_start", "supervisor"})


@dataclass(frozen=True)
class LimitsReading:
    """Reads `limits`."""

    nodes: Nodes

    def limits(self, node: yaml.Node) -> Limits:
        """The defaults with what the file says instead."""
        values: dict[str, Any] = {}
        for name, (_, value) in self.nodes.mapping(node, "`limits`", (*SECTIONS, "answers", "survey")).items():
            if name == "answers":
                values["answers"] = self._answers(value)
            elif name == "survey":
                values["asks_survey"] = self.nodes.yes(value, "survey")
            else:
                values |= self._section(name, value)
        limits = replace(Limits(), **values)
        self._in_order(node, limits.agent_reminder, limits.agent_silence, "agent", values)
        self._in_order(node, limits.customer_reminder, limits.customer_silence, "customer", values)
        return limits

    def _section(self, name: str, node: yaml.Node) -> dict[str, Any]:
        fields = SECTIONS[name]
        if isinstance(node, yaml.ScalarNode) and not self.nodes.is_empty(node):
            only = next(iter(fields))
            return {fields[only]: self._time(node, f"limits.{name}", fields[only])}
        found = self.nodes.mapping(node, f"`limits.{name}`", tuple(fields))
        return {fields[key]: self._time(value, f"{name}.{key}", fields[key]) for key, (_, value) in found.items()}

    def _answers(self, node: yaml.Node) -> AnswerTimes:
        values: dict[str, Any] = {}
        for key, (_, value) in self.nodes.mapping(node, "`limits.answers`", ANSWERS).items():
            is_share = key == "warn_at"
            values[key] = self.nodes.share(value, key) if is_share else self._time(value, f"answers.{key}", key)
        return replace(AnswerTimes(), **values)

    def _time(self, node: yaml.Node, what: str, field: str) -> float | None:
        seconds = self.nodes.duration(node, what)
        if seconds is None and field in NEVER_OFF:
            raise self.nodes.wrong(node, f"`{what}` can't be switched off", "Write a time like 15m")
        return seconds

    def _in_order(
        self, node: yaml.Node, reminder: float | None, end: float | None, who: str, said: dict[str, Any]
    ) -> None:
        """A reminder that would come after the end never comes; that is told only to those who wrote it so."""
        if reminder is None or end is None or reminder < end:
            return
        if f"{who}_reminder" in said:
            what = f"`reminders.{who}` would come only after `silence.{who}`"
            raise self.nodes.wrong(node, what, "Make the reminder shorter, or write never")
