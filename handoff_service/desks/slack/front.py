"""What agents see besides the cards: answers to `/relevo`, for their eyes alone, and the App Home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog

from handoff_service.desks.slack import command
from handoff_service.desks.slack.api import Refused, SlackApi
from handoff_service.desks.slack.command import Command, command_of
from handoff_service.desks.slack.courtesies import Courtesies
from handoff_service.desks.slack.home import HomeMaker, desk_of
from handoff_service.store.database import Store, Transaction
from handoff_service.switchboard import inbox, staffing, views
from handoff_service.switchboard.inbox import Incoming
from handoff_service.switchboard.rules.handoff import Agent
from handoff_service.switchboard.staffing import Availability
from handoff_service.switchboard.views import HandoffView

AT_HOME = frozenset(
    {"refresh", Availability.AVAILABLE.value, Availability.AWAY.value}
)  # verbs of the home's own buttons
MOST_LISTED = 20

log = structlog.get_logger()
Json = dict[str, Any]


@dataclass
class Front:
    """One answer per command, one home per opening or press."""

    api: SlackApi
    store: Store
    courtesies: Courtesies
    maker: HomeMaker

    async def take(self, incoming: Incoming, record: Json, agent: Agent) -> None:
        """Carry out a command, the opening of the home, or a press on one of its own buttons."""
        if record["kind"] == "command":
            await self._answer(incoming, record, agent)
            return
        await self.store.run(_handled, incoming, agent, record.get("verb"))
        await self.show_home(record["user"], agent)

    async def show_home(self, user: str, agent: Agent) -> None:
        """The home as it is now. Raises `SlackTrouble` where trying again may help."""
        await self._publish(user, self.maker.home(await self.store.read(desk_of, agent)))

    async def close_home(self, user: str) -> None:
        """Nothing of the desk for who is no agent."""
        await self._publish(user, self.maker.closed())

    async def _publish(self, user: str, view: Json) -> None:
        try:
            await self.api.call("views.publish", user_id=user, view=view)
        except Refused as refused:
            log.warning("slack_home_refused", error=refused.error)

    async def _answer(self, incoming: Incoming, record: Json, agent: Agent) -> None:
        meant = command_of(record.get("text") or "")
        await self.store.run(_handled, incoming, agent, meant.verb)
        text = await self._said(meant, agent)
        self.courtesies.tell(record["channel"], record["user"], text, None, record.get("response_url", ""))

    async def _said(self, meant: Command, agent: Agent) -> str:
        words = self.maker.words
        if meant.verb == command.HELP:
            return words.say("say.help")
        if meant.verb in (command.AVAILABLE, command.AWAY):
            return words.say(f"home.{meant.verb}")
        if meant.verb == command.SEARCH:
            found = await self.store.read(views.search, meant.wanted, MOST_LISTED)
            return await self._lines(found, "say.found", "say.found_nothing")
        return await self._lines(await self.store.read(views.open_handoffs), "say.queue", "say.queue_empty")

    async def _lines(self, listed: list[HandoffView], heading: str, nothing: str) -> str:
        if not listed:
            return self.maker.words.say(nothing)
        now = await self.store.read(_now)
        lines = [f"• {self.maker.line(view, now)}" for view in listed[:MOST_LISTED]]
        return "\n".join([self.maker.words.say(heading), *lines])


def _handled(tx: Transaction, incoming: Incoming, agent: Agent, verb: str | None) -> None:
    if verb in (Availability.AVAILABLE.value, Availability.AWAY.value):
        staffing.seen(tx, agent)
        staffing.set_availability(tx, agent, Availability(verb))
    inbox.handled(tx, incoming)


def _now(tx: Transaction) -> Any:
    return tx.now
