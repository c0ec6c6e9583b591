"""One call of a Web API method: its arguments, read as Slack reads them, and who calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .channels import HISTORY_SCOPES, READ_SCOPES, Channel
from .errors import SlackError, invalid_arguments
from .messages import Message
from .people import Person
from .tokens import Token
from .workspace import Workspace

Json = dict[str, Any]


@dataclass
class Call:
    method: str
    ws: Workspace
    token: Token
    args: Json

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name, default)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise invalid_arguments(f"must be a number [json-pointer:/{name}]") from None

    def has(self, name: str) -> bool:
        return self.args.get(name) is not None

    def parsed(self, name: str, error: str) -> Any:
        """An argument that is JSON, whether it came as such or as a string; `error` where it isn't."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def need(self, scope: str) -> None:
        if scope not in self.token.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(self.token.scopes)))

    def person(self, name: str = "user") -> Person:
        found = self.ws.people.get(self.required(name))
        if found is None:
            raise SlackError("user_not_found")
        return found

    def channel(self, name: str = "channel") -> Channel:
        """A channel the app may know of: private ones only as a member."""
        asked = self.required(name)
        by_name = (c for c in self.ws.channels.values() if c.kind != "im" and f"#{c.name}" == f"#{asked.lstrip('#')}")
        found = self.ws.channels.get(asked) or next(by_name, None)
        if found is None or (found.kind != "public" and not self.ws.app_sees(found)):
            raise SlackError("channel_not_found")
        return found

    def joined_channel(self) -> Channel:
        """A channel the app's bot is a member of."""
        channel = self.channel()
        if not self.ws.app_sees(channel):
            raise SlackError("not_in_channel")
        return channel

    def readable_channel(self) -> Channel:
        channel = self.joined_channel()
        self.need(HISTORY_SCOPES[channel.kind])
        return channel

    def known_channel(self) -> Channel:
        channel = self.channel()
        self.need(READ_SCOPES[channel.kind])
        return channel

    def message(self, channel: Channel, name: str = "ts") -> Message:
        found = self.ws.messages.get(channel.id, self.required(name))
        if found is None or found.subtype == "tombstone":
            raise SlackError("message_not_found")
        return found


Method = Callable[[Call], Json]


@dataclass(frozen=True)
class Listed:
    """A method as it is registered: what it needs, and whether it reads JSON bodies."""

    run: Method
    scope: str
    token_kind: str
    takes_json: bool


METHODS: dict[str, Listed] = {}


def method(
    name: str, scope: str = "", *, token_kind: str = "bot", takes_json: bool = True
) -> Callable[[Method], Method]:
    """Register a Web API method. Slack's reading methods ignore JSON bodies (`takes_json=False`)."""

    def register(run: Method) -> Method:
        METHODS[name] = Listed(run, scope, token_kind, takes_json)
        return run

    return register


def paged(items: Iterable[Any], call: Call, default: int, most: int) -> tuple[list[Any], str]:
    """One page and the cursor of the next, or an empty one."""
    listed = list(items)
    limit = min(call.number("limit", default), most)
    start = 0
    cursor = call.text("cursor")
    if cursor:
        if not cursor.startswith("page:") or not cursor[5:].rstrip("=").isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor[5:].rstrip("="))
    end = start + max(limit, 1)
    return listed[start:end], f"page:{end}=" if end < len(listed) else ""
