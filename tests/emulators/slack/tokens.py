"""Which token may do what."""

from __future__ import annotations

from dataclasses import dataclass, field

BOT_TOKEN = "xoxb-1000000000-emulator"
APP_TOKEN = "xapp-1-emulator"
BOT_SCOPES = (
    "app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "chat:write.customize",
    "commands", "files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write",
    "reactions:read", "reactions:write", "team:read", "users:read", "users:read.email",
)  # fmt: skip


@dataclass
class Token:
    kind: str
    scopes: set[str] = field(default_factory=set)
    dead: str = ""
    """The error it is answered with since it was revoked, or empty."""


class Tokens:
    """The tokens the workspace knows; tests take scopes away or revoke them."""

    def __init__(self) -> None:
        self._known = {
            BOT_TOKEN: Token("bot", set(BOT_SCOPES)),
            APP_TOKEN: Token("app", {"connections:write"}),
        }

    def find(self, token: str) -> Token | None:
        return self._known.get(token)

    def kill(self, token: str, error: str) -> None:
        """From now on every call with it is answered `error`; an empty one brings it back."""
        self._known[token].dead = error

    def set_scopes(self, token: str, scopes: set[str]) -> None:
        self._known[token].scopes = scopes
