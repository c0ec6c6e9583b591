"""Refusals: of the Web API towards the app, and of Slack's screens towards a person."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """Answered as `{"ok": false, "error": code, …}`."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

    def as_json(self) -> dict[str, Any]:
        return {"ok": False, "error": self.code, **self.more}


def invalid_arguments(*problems: str) -> SlackError:
    """What is wrong with the arguments, told as Slack tells it."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {p}" for p in problems]})


class NotPossible(Exception):
    """A person could not do this in Slack's own screens either."""
