"""What happened, for tests to look at: every call to the Web API, and everything it changed."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Request:
    """One call of a Web API method. `status` is 0 while it runs and when the caller never got an answer."""

    number: int
    method: str
    at: float
    token: str
    args: Json
    status: int = 0
    ok: bool | None = None
    error: str = ""
    fault: str = ""
    answer: Json = field(default_factory=dict)
    landed: bool = False
    """Whether the method was carried out, answered or not."""


@dataclass(frozen=True)
class Effect:
    """Something the app changed: `kind` is post, update, delete, ephemeral, reaction, view or response."""

    kind: str
    at: float
    method: str
    channel: str
    ts: str
    user: str
    body: Json


class Journal:
    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.effects: list[Effect] = []
        self.deliveries: list[Json] = []

    def begin(self, method: str, token: str, args: Json) -> Request:
        entry = Request(len(self.requests) + 1, method, time.time(), token, args)
        self.requests.append(entry)
        return entry

    def note(self, kind: str, method: str, *, channel: str = "", ts: str = "", user: str = "", body: Json) -> None:
        self.effects.append(Effect(kind, time.time(), method, channel, ts, user, body))

    def requests_of(self, method: str, since: int) -> list[Json]:
        """Those of a method (or all) after the first `since` requests."""
        return [asdict(entry) for entry in self.requests[since:] if not method or entry.method == method]

    def effects_of(self, kind: str, since: int) -> list[Json]:
        """Those of a kind (or all) after the first `since` effects."""
        return [asdict(effect) for effect in self.effects[since:] if not kind or effect.kind == kind]
