"""What a test may turn: how patient Slack is, how many connections it allows, whether it limits rates."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass
class Settings:
    """Defaults are Slack's own figures."""

    ack_seconds: float = 3.0
    retry_seconds: tuple[float, ...] = (0.0, 60.0, 300.0)
    """Pauses before each repeated delivery of an event; interactions are never repeated."""
    trigger_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    response_url_uses: int = 5
    max_connections: int = 10
    ping_seconds: float = 5.0
    enforce_rate_limits: bool = False
    distributed_app: bool = False
    """An app sold outside the Marketplace reads history once a minute, 15 messages at a time."""
    bots_read_threads: bool = True
    """Slack's pages disagree on whether a bot token may read the threads of channels."""
    parent_on_every_page: bool = True
    """Whether `conversations.replies` repeats the parent on later pages; sources disagree."""
    refuse_orphans: bool = True
    """Whether a reply to a thread that never was or is gone is refused. If not, it is accepted and nobody sees it,
    which apps have reported as well."""
    share_seconds: float = 0.05
    """How long after `files.completeUploadExternal` the file's message appears."""
    latency_seconds: float = 0.0

    def change(self, values: dict[str, Any]) -> None:
        known = {field.name for field in fields(self)}
        unknown = set(values) - known
        if unknown:
            raise ValueError(f"there is no setting {', '.join(sorted(unknown))}")
        for name, value in values.items():
            setattr(self, name, tuple(value) if name == "retry_seconds" else value)
