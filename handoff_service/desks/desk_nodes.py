"""Reads YAML nodes rather than values, so that each complaint about DESK_FILE can name its line and a remedy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from handoff_service.settings import SettingsAreWrong

Found = dict[str, tuple[yaml.Node, yaml.Node]]  # by key: the key's node and the value's
NOTHING = ("", "~", "null")
UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|min|h|d)?")


@dataclass(frozen=True)
class Nodes:
    """The file's nodes; `name` is what the file is called in complaints."""

    name: str

    def wrong(self, node: yaml.Node, what: str, remedy: str) -> SettingsAreWrong:
        """The complaint, to be raised."""
        return SettingsAreWrong(f"{self.name}, line {node.start_mark.line + 1}: {what}. {remedy}.")

    def is_empty(self, node: yaml.Node) -> bool:
        """Whether nothing stands behind the key."""
        return isinstance(node, yaml.ScalarNode) and node.value in NOTHING

    def mapping(self, node: yaml.Node, what: str, known: Sequence[str] | None = None) -> Found:
        """The keys with their nodes; only those that are `known`, where that is said."""
        if self.is_empty(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(node, f"{what} must consist of `key: value` lines", "Take away the dashes")
        found: Found = {}
        for key, value in node.value:
            if str(key.value) in found:
                raise self.wrong(key, f"`{key.value}` stands there twice", "Put both together")
            if known is not None and str(key.value) not in known:
                of = "" if what == "the file" else f" of {what}"
                raise self.wrong(key, f"unknown key `{key.value}`{of}", f"Known are {', '.join(known)}")
            found[str(key.value)] = (key, value)
        return found

    def scalar(self, node: yaml.Node) -> str:
        """One value as text."""
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(node, "one value is expected here", "Write it on the same line as its key")
        return str(node.value).strip()

    def one_of(self, node: yaml.Node, known: Sequence[str], what: str) -> str:
        """One of the values that are known."""
        value = self.scalar(node)
        if value not in known:
            raise self.wrong(node, f"`{value}` is no {what}", f"Write {' or '.join(known)}")
        return value

    def listed(self, node: yaml.Node) -> list[yaml.Node]:
        """The items of a list, or the one value that stands alone."""
        if self.is_empty(node):
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if isinstance(node, yaml.ScalarNode):
            return [node]
        raise self.wrong(node, "a list is expected here", "Write [one, two], or one per line behind a dash")

    def whole(self, node: yaml.Node, what: str, least: int, most: int) -> int:
        """A whole number within these bounds."""
        value = self.scalar(node)
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise self.wrong(node, f"`{value}` is no {what}", f"Write a whole number from {least} to {most}")
        return int(value)

    def yes(self, node: yaml.Node, what: str) -> bool:
        """Yes or no."""
        value = self.scalar(node).casefold()
        if value not in ("true", "yes", "on", "false", "no", "off"):
            raise self.wrong(node, f"`{value}` is no answer to `{what}`", "Write yes or no")
        return value in ("true", "yes", "on")

    def share(self, node: yaml.Node, what: str) -> float:
        """A share between 0 and 1, written as 0.8 or 80%."""
        value = self.scalar(node)
        match = re.fullmatch(r"(\d+(?:\.\d+)?)(\s*%)?", value)
        number = float(match[1]) / (100 if match[2] else 1) if match else -1.0
        if not 0 < number <= 1:
            raise self.wrong(node, f"`{value}` is no {what}", "Write a share like 80% or 0.8")
        return number

    def duration(self, node: yaml.Node, what: str) -> float | None:
        """Seconds, written as 90s, 15m, 8h, 2d or a bare number of seconds; None for `never`."""
        value = self.scalar(node).casefold()
        if value in ("never", "off", "no", "false"):
            return None
        match = _DURATION.fullmatch(value)
        if match is None or float(match[1]) <= 0:
            raise self.wrong(node, f"`{value}` is no time for `{what}`", "Write one like 90s, 15m, 8h or 2d, or never")
        return float(match[1]) * UNITS[match[2] or "s"]
