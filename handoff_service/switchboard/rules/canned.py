"""Canned replies: an agent's ready words, with what is known of the case filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

ALWAYS_KNOWN = ("agent", "code", "operator")
PLACEHOLDERS = ("name", *ALWAYS_KNOWN)
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class CannedReply:
    """Titles (for agents) and texts (for customers) by language. No teams: everybody's."""

    name: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    teams: frozenset[str] = field(default_factory=frozenset)

    def is_for(self, team: str, known_teams: frozenset[str]) -> bool:
        """Whether this team uses it; one that is kept for teams that aren't there is everybody's."""
        kept_for = self.teams & known_teams
        return not kept_for or team in kept_for


def fill(text: str, values: Mapping[str, str | None]) -> str:
    """The text with the values in place of {names}; what stands in [ ] goes where something in it is not known."""

    def kept(part: re.Match[str]) -> str:
        return part[1] if all(values.get(name) for name in _PLACEHOLDER.findall(part[1])) else ""

    return _PLACEHOLDER.sub(lambda hole: values.get(hole[1]) or "", _OPTIONAL.sub(kept, text))


def mistake(text: str) -> tuple[str, str] | None:
    """What is wrong with such a text and what to do about it, if anything."""
    unknown = next((name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS), None)
    if unknown is not None:
        return f"nothing fills {{{unknown}}}", f"There are {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}"
    certain = _OPTIONAL.sub("", text)
    if any(bracket in certain for bracket in "[]"):
        return "a [ or ] stands alone", "Close each [ with a ], one pair not inside another"
    if any(brace in _PLACEHOLDER.sub("", text) for brace in "{}"):
        return "a { or } stands alone", "Write a placeholder like {name}"
    missing = next((name for name in _PLACEHOLDER.findall(certain) if name not in ALWAYS_KNOWN), None)
    if missing is not None:
        return f"{{{missing}}} is not always known", f"Put what needs it in brackets, like [, {{{missing}}}]"
    return None
