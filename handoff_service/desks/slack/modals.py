"""The forms behind a card's buttons, opened within the three seconds a trigger lives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from handoff_service.desks.agents import Agents
from handoff_service.desks.slack.api import SlackApi, SlackTrouble
from handoff_service.desks.slack.canned_form import canned_form, suggestion_form
from handoff_service.desks.slack.form_blocks import form, option, optional, select, text_input
from handoff_service.desks.slack.people import People
from handoff_service.desks.slack.refusals import sentence_for
from handoff_service.desks.slack.words import DeskWords
from handoff_service.store.database import Store, StoreUnavailable, Transaction
from handoff_service.switchboard import canned, views
from handoff_service.switchboard.canned import Canned
from handoff_service.switchboard.handoffs import NoSuchHandoff
from handoff_service.switchboard.rules import handoff as rules
from handoff_service.switchboard.rules.handoff import Agent, HandoffRefused
from handoff_service.switchboard.views import HandoffView

TELL_WITHIN = 1.2  # seconds for finding out who presses; the form's own check comes at its submission
MOST_OPTIONS = 100
LONGEST_NOTE = 3000
LONGEST_PROMISE = 300
BY_HOLDER = frozenset({"resolve", "canned", "canned_pick", "snooze", "suggestion_edit"})
SNOOZED_FOR = 24 * 60 * 60  # seconds, where nobody chooses another time

log = structlog.get_logger()
Json = dict[str, Any]
Tell = Callable[[Json, str], Awaitable[None]]


@dataclass
class Modals:
    """Opens the forms for those who may fill them in, and tells the others why not."""

    api: SlackApi
    store: Store
    people: People
    agents: Agents
    words: DeskWords
    tell: Tell
    teams: Sequence[str]
    canned: Canned

    async def open(self, press: Json, trigger_id: str) -> None:
        """Open the form this press is for, or show in an open one what was chosen."""
        try:
            agent = await self._presser(press["user"])
            if agent is None:
                await self.tell(press, self.words.say("say.not_an_agent"))
                return
            view = await self.store.read(_allowed, press["handoff"], press["verb"], agent)
            shown = await self._form(press, view, agent)
            if press["verb"] == "canned_pick":
                await self.api.call("views.update", view_id=press["view_id"], view=shown)
            else:
                await self.api.call("views.open", trigger_id=trigger_id, view=shown)
        except (HandoffRefused, NoSuchHandoff) as error:
            await self.tell(press, sentence_for(self.words, error))
        except (SlackTrouble, StoreUnavailable) as trouble:
            log.warning("slack_form_not_opened", verb=press["verb"], trouble=str(trouble))

    async def _presser(self, user_id: str) -> Agent | None:
        """Who presses; somebody whose standing can't be told in time gets the form, and is checked when sending it."""
        try:
            async with asyncio.timeout(TELL_WITHIN):
                return await self.people.agent(user_id)
        except (TimeoutError, SlackTrouble):
            return Agent(self.people.name_of(user_id) or "", "slack", supervisor=True)

    async def _form(self, press: Json, view: HandoffView, agent: Agent) -> Json:
        if press["verb"] == "resolve":
            return self.resolve_form(view)
        if press["verb"] == "transfer":
            return self.transfer_form(view, agent)
        if press["verb"] == "snooze":
            return self.snooze_form(view)
        if press["verb"] == "suggestion_edit":
            return suggestion_form(self.words, view)
        ready = await self.store.read(canned.for_handoff, self.canned, view.handoff.id, agent)
        return canned_form(self.words, view.handoff.id, ready, press.get("chosen"))

    def resolve_form(self, view: HandoffView) -> Json:
        """Outcome, topic, what was promised and by when, and a note, all optional."""
        outcomes = [option(label, value) for value, label in self.words.all_of("outcomes").items()]
        topics = [option(label, value) for value, label in self.words.all_of("topics").items()]
        promise = text_input(longest=LONGEST_PROMISE)
        note = text_input(multiline=True, longest=LONGEST_NOTE)
        blocks = [
            optional("outcome", self.words.say("modal.outcome"), select(self.words, outcomes)),
            optional("topic", self.words.say("modal.topic"), select(self.words, topics)),
            optional("promise", self.words.say("modal.promise"), promise, self.words.say("modal.promise_hint")),
            optional("due", self.words.say("modal.due"), {"type": "datepicker"}, self.words.say("modal.due_hint")),
            optional("note", self.words.say("modal.note"), note, self.words.say("modal.note_hint")),
        ]
        return form(self.words, "resolve", view.handoff.id, blocks)

    def snooze_form(self, view: HandoffView) -> Json:
        """Until when; left empty, until the customer writes."""
        element = {"type": "datetimepicker", "initial_date_time": int(time.time()) + SNOOZED_FOR}
        label, hint = self.words.say("modal.snooze_until"), self.words.say("modal.snooze_hint")
        return form(self.words, "snooze", view.handoff.id, [optional("until", label, element, hint)])

    def transfer_form(self, view: HandoffView, agent: Agent) -> Json:
        """A team or an agent."""
        others = [name for name in self.agents.names() if name not in (view.handoff.agent, "")]
        teams = [option(name, name) for name in self.teams[:MOST_OPTIONS]]
        blocks = [optional("team", self.words.say("modal.team"), select(self.words, teams))]
        if others:
            options = [option(name, name) for name in others[:MOST_OPTIONS]]
            blocks.append(optional("agent", self.words.say("modal.agent"), select(self.words, options)))
        return form(self.words, "transfer", view.handoff.id, blocks)


def _allowed(tx: Transaction, handoff_id: str, verb: str, agent: Agent) -> HandoffView:
    """The handoff, if this agent may do this to it now; raises what the use-case would."""
    view = views.one_handoff(tx, handoff_id)
    if verb in BY_HOLDER and agent.name:
        rules.must_hold(view.handoff.held, agent)
    elif verb == "transfer":
        rules.transfer_to_team(view.handoff.held, agent)
    return view
