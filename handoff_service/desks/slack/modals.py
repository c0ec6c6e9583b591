"""The forms: how a case ended, and to whom it is passed on. Opened within the three seconds a trigger lives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from handoff_service.desks.agents import Agents
from handoff_service.desks.slack.api import SlackApi, SlackTrouble
from handoff_service.desks.slack.people import People
from handoff_service.desks.slack.refusals import sentence_for
from handoff_service.desks.slack.words import DeskWords
from handoff_service.store.database import Store, StoreUnavailable, Transaction
from handoff_service.switchboard import views
from handoff_service.switchboard.handoffs import NoSuchHandoff
from handoff_service.switchboard.rules import handoff as rules
from handoff_service.switchboard.rules.handoff import Agent, HandoffRefused
from handoff_service.switchboard.views import HandoffView

TELL_WITHIN = 1.2  # seconds for finding out who presses; the form's own check comes at its submission
MOST_OPTIONS = 100
LONGEST_OPTION = 75
LONGEST_NOTE = 3000

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

    async def open(self, press: Json, trigger_id: str) -> None:
        """Open the form this press is for."""
        try:
            agent = await self._presser(press["user"])
            if agent is None:
                await self.tell(press, self.words.say("say.not_an_agent"))
                return
            view = await self.store.read(_allowed, press["handoff"], press["verb"], agent)
            form = self.resolve_form(view) if press["verb"] == "resolve" else self.transfer_form(view, agent)
            await self.api.call("views.open", trigger_id=trigger_id, view=form)
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
            return Agent("", "slack", supervisor=True)

    def resolve_form(self, view: HandoffView) -> Json:
        """Outcome, topic and a note, all optional."""
        outcomes = [_option(label, value) for value, label in self.words.all_of("outcomes").items()]
        topics = [_option(label, value) for value, label in self.words.all_of("topics").items()]
        blocks = [
            _input("outcome", self.words.say("modal.outcome"), self._select(outcomes)),
            _input("topic", self.words.say("modal.topic"), self._select(topics)),
            _input("note", self.words.say("modal.note"), {"type": "plain_text_input", "multiline": True})
            | {"hint": _plain(self.words.say("modal.note_hint"))},
        ]
        blocks[2]["element"]["max_length"] = LONGEST_NOTE
        return self._form("resolve", view.handoff.id, blocks)

    def transfer_form(self, view: HandoffView, agent: Agent) -> Json:
        """A team or an agent."""
        others = [name for name in self.agents.names() if name not in (view.handoff.agent, "")]
        blocks = [
            _input(
                "team",
                self.words.say("modal.team"),
                self._select([_option(name, name) for name in self.teams[:MOST_OPTIONS]]),
            ),
        ]
        if others:
            options = [_option(name, name) for name in others[:MOST_OPTIONS]]
            blocks.append(_input("agent", self.words.say("modal.agent"), self._select(options)))
        return self._form("transfer", view.handoff.id, blocks)

    def _select(self, options: list[Json]) -> Json:
        placeholder = _plain(self.words.say("modal.not_said"))
        return {"type": "static_select", "placeholder": placeholder, "options": options}

    def _form(self, name: str, handoff_id: str, blocks: list[Json]) -> Json:
        return {
            "type": "modal",
            "callback_id": f"handoff.{name}",
            "private_metadata": handoff_id,
            "title": _plain(self.words.say(f"modal.{name}")[:24]),
            "submit": _plain(self.words.say(f"modal.{name}_submit")[:24]),
            "close": _plain(self.words.say("modal.cancel")[:24]),
            "blocks": blocks,
        }


def _allowed(tx: Transaction, handoff_id: str, verb: str, agent: Agent) -> HandoffView:
    """The handoff, if this agent may do this to it now; raises what the use-case would."""
    view = views.one_handoff(tx, handoff_id)
    if verb == "resolve" and agent.name:
        rules.resolve(view.handoff.held, agent)
    elif verb == "transfer":
        rules.transfer_to_team(view.handoff.held, agent)
    return view


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def _option(label: str, value: str) -> Json:
    return {"text": _plain(label[:LONGEST_OPTION]), "value": value[:LONGEST_OPTION]}


def _input(name: str, label: str, element: Json) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": _plain(label),
        "element": {**element, "action_id": name},
    }
