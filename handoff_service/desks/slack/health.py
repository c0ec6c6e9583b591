"""How the desk is, for `/readyz` and the log: one word, told loudly when it changes."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

OK, STARTING, DOWN = "ok", "starting", "down"

log = structlog.get_logger()


@dataclass
class DeskHealth:
    """`ok`, `starting`, `down`, or Slack's own name for what somebody must mend."""

    state: str = STARTING
    broken_content: str = ""

    @property
    def shown(self) -> str:
        """What stands in `/readyz`."""
        return self.broken_content if self.state == OK and self.broken_content else self.state

    def is_well(self) -> None:
        """A call succeeded."""
        self._become(OK)

    def is_down(self) -> None:
        """Slack can't be reached; that it needs mending is worse news and stays."""
        if self.state in (OK, STARTING):
            self._become(DOWN)

    def is_broken(self, error: str) -> None:
        """Slack says something that only a person can mend."""
        self._become(error)

    def cannot_post(self, error: str) -> None:
        """Slack refuses what we wrote for one case."""
        if error != self.broken_content:
            log.error("slack_refuses_content", error=error)
        self.broken_content = error

    def _become(self, state: str) -> None:
        if state == self.state:
            return
        if state == OK:
            log.info("slack_desk_is_well", before=self.state)
        elif state == DOWN:
            log.warning("slack_unreachable")
        else:
            log.error("slack_desk_is_broken", error=state, remedy="docs/guide-slack.md")
        self.state = state
