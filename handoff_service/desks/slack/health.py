"""How the desk is, for `/readyz` and the log: one word, told loudly when it changes."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

OK, STARTING, DOWN = "ok", "starting", "down"

log = structlog.get_logger()


@dataclass
class DeskHealth:
    """What is wrong with each of the desk's activities (listening, posting, reading, checking)."""

    troubles: dict[str, str] = field(default_factory=dict)
    has_started: bool = False

    @property
    def shown(self) -> str:
        """`ok`, `starting`, `down`, or Slack's own name for what somebody must mend."""
        mending = [trouble for trouble in self.troubles.values() if trouble != DOWN]
        if mending:
            return mending[0]
        if self.troubles:
            return DOWN
        return OK if self.has_started else STARTING

    def is_well(self, activity: str) -> None:
        """It works."""
        self.has_started = True
        if self.troubles.pop(activity, None) is not None:
            log.info("slack_works_again", activity=activity)

    def is_down(self, activity: str) -> None:
        """Slack can't be reached; that something needs mending is worse news and stays."""
        if activity not in self.troubles:
            self.troubles[activity] = DOWN
            log.warning("slack_unreachable", activity=activity)

    def is_broken(self, activity: str, error: str) -> None:
        """Slack says something that only a person can mend."""
        if self.troubles.get(activity) != error:
            self.troubles[activity] = error
            log.error("slack_needs_mending", activity=activity, error=error, remedy="docs/guide-slack.md")
