"""The App Home: an agent's availability, their conversations with clocks, and the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from handoff_service.desks.slack.cards import button
from handoff_service.desks.slack.mrkdwn import escape
from handoff_service.desks.slack.words import DeskWords
from handoff_service.store.database import Transaction
from handoff_service.switchboard import staffing, views
from handoff_service.switchboard.rules.clocks import Clock, ClockState
from handoff_service.switchboard.rules.handoff import Agent, Status
from handoff_service.switchboard.staffing import Availability
from handoff_service.switchboard.views import HandoffView

MOST_LISTED = 20  # of each kind, so that all blocks together stay below Slack's hundred
MINUTE = 60.0

Json = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """What an agent sees at home. `is_available` only if they said so themselves and it still counts."""

    is_available: bool
    mine: Sequence[HandoffView]
    queue: Sequence[HandoffView]
    at: datetime


def desk_of(tx: Transaction, agent: Agent) -> Desk:
    """The desk as it is now."""
    held = views.handoff_list(tx, Status.ASSIGNED)
    return Desk(
        is_available=staffing.can_be_given(tx, agent.name),
        mine=[view for view in held if view.handoff.agent == agent.name],
        queue=views.handoff_list(tx, Status.QUEUED),
        at=tx.now,
    )


@dataclass(frozen=True)
class HomeMaker:
    """Makes the home in the desk's language and time zone."""

    words: DeskWords
    timezone: ZoneInfo

    def home(self, desk: Desk) -> Json:
        """What Slack is asked to show."""
        blocks = [*self._availability(desk)]
        blocks += self._listed("mine", desk.mine, desk.at)
        blocks += self._listed("queue", desk.queue, desk.at)
        at = desk.at.astimezone(self.timezone).strftime("%H:%M")
        blocks.append({"type": "context", "elements": [_mrkdwn(self.words.say("home.as_of", time=at))]})
        blocks.append({"type": "actions", "elements": [button(self.words, "refresh", "refresh")]})
        return {"type": "home", "blocks": blocks}

    def closed(self) -> Json:
        """For somebody who is no agent."""
        return {"type": "home", "blocks": [_section(self.words.say("say.not_an_agent"))]}

    def _availability(self, desk: Desk) -> list[Json]:
        said = Availability.AVAILABLE if desk.is_available else Availability.AWAY
        other = Availability.AWAY if desk.is_available else Availability.AVAILABLE
        block = _section(f"*{self.words.say(f'home.{said.value}')}*")
        return [{**block, "accessory": button(self.words, other.value, other.value)}]

    def _listed(self, name: str, listed: Sequence[HandoffView], now: datetime) -> list[Json]:
        title = self.words.say(f"home.{name}", n=len(listed))
        blocks: list[Json] = [{"type": "header", "text": {"type": "plain_text", "text": title}}]
        if not listed:
            blocks.append(_section(self.words.say(f"home.{name}_empty")))
        for view in listed[:MOST_LISTED]:
            block = _section(self.line(view, now))
            if view.handoff.status is Status.QUEUED:
                block["accessory"] = button(self.words, "claim", view.handoff.id)
            blocks.append(block)
        return blocks

    def line(self, view: HandoffView, now: datetime) -> str:
        """A case in two lines: code, reason, customer; who has it, clocks and snooze."""
        handoff = view.handoff
        customer = escape(view.customer.name or self.words.say("unknown_customer"))
        priority = self.words.say(f"priority.{handoff.priority.value}")
        first = [f"*{handoff.code}*", self.words.called("reasons", handoff.reason.value), customer, priority]
        status = self.words.say(f"status.{handoff.status.value}")
        second = [status, escape(handoff.agent or ""), *(self._clock(clock, now) for clock in view.clocks)]
        if view.snoozed_until is not None:
            until = view.snoozed_until.astimezone(self.timezone).strftime("%d/%m %H:%M")
            second.append(f"{self.words.say('field.snoozed')} {until}")
        return "\n".join(" · ".join(filter(None, parts)) for parts in (first, second))

    def _clock(self, clock: Clock, now: datetime) -> str:
        """What is left of a clock that runs; nothing for one that stands still."""
        if not clock.is_running:
            return ""
        name = self.words.called("clocks", clock.name)
        if clock.state is ClockState.BREACHED or clock.due_at is None:
            return self.words.say("home.overdue", clock=name)
        return self.words.say(
            "home.left", clock=name, minutes=max(1, round((clock.due_at - now).total_seconds() / MINUTE))
        )


def _section(text: str) -> Json:
    return {"type": "section", "text": {**_mrkdwn(text), "verbatim": True}}


def _mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}
