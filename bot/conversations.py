"""Labelled conversations: what customers wrote, and when a person should have come, if at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from bot.protocol import LANGUAGES


class MalformedConversationError(ValueError):
    """A labelled conversation is not written as they are; says which and why."""


@dataclass(frozen=True)
class Needed:
    """A person must have come by the customer's message `at` (from 1), and not before `not_before`."""

    at: int
    not_before: int
    reason: str


@dataclass(frozen=True)
class Conversation:
    """What the customer wrote, in order, and when a person was needed; None for never."""

    id: str
    language: str
    turns: tuple[str, ...]
    needed: Needed | None
    kind: str  # the reason, or what keeps it from needing one; for reports

    def is_right(self, came_at: int | None) -> bool:
        """Was that the right moment, or rightly none?"""
        if self.needed is None or came_at is None:
            return self.needed is None and came_at is None
        return self.needed.not_before <= came_at <= self.needed.at


def read_conversations(folder: Path) -> list[Conversation]:
    """All conversations of the folder's files."""
    found: list[Conversation] = []
    for path in sorted(folder.glob("*.yml")):
        found += [_read(written, path) for written in read_yaml_file(path)["conversations"]]
    seen: set[str] = set()
    for conversation in found:
        if conversation.id in seen:
            raise MalformedConversationError(f"{conversation.id}: there are two of this name")
        seen.add(conversation.id)
    return found


def _read(written: dict[str, Any], path: Path) -> Conversation:
    name = str(written.get("id", "?"))
    turns = tuple(str(turn["text"] if isinstance(turn, dict) else turn) for turn in written.get("turns") or [])
    if not turns or written.get("language") not in LANGUAGES:
        raise MalformedConversationError(f"{path}: {name}: needs `turns` and a `language`, es or en")
    needed = _needed(written.get("handoff"), len(turns), f"{path}: {name}")
    kind = needed.reason if needed else str(written.get("kind", "no_need"))
    return Conversation(name, written["language"], turns, needed, kind)


def _needed(written: Any, turns: int, place: str) -> Needed | None:
    if written is None:
        return None
    try:
        at, reason = int(written["at"]), str(written["reason"])
        not_before = int(written.get("not_before", at))
    except (KeyError, TypeError, ValueError):
        raise MalformedConversationError(f"{place}: `handoff` needs `at` and `reason`, or is null") from None
    if not 1 <= not_before <= at <= turns:
        raise MalformedConversationError(f"{place}: `handoff` must be at one of the {turns} messages")
    return Needed(at, not_before, reason)
