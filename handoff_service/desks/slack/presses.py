"""Carries out presses, forms and commands: finds out who pressed, calls one verb, explains a refusal privately."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import structlog

from handoff_service.desks.agents import Agents
from handoff_service.desks.slack import relaying, threads
from handoff_service.desks.slack.api import SlackApi, SlackTrouble
from handoff_service.desks.slack.canned_form import text_of
from handoff_service.desks.slack.courtesies import Courtesies
from handoff_service.desks.slack.front import AT_HOME, Front
from handoff_service.desks.slack.people import People
from handoff_service.desks.slack.refusals import REFUSALS, sentence_for
from handoff_service.desks.slack.words import DeskWords
from handoff_service.store.database import Store, Transaction
from handoff_service.switchboard import giving_back, handoffs, inbox, promises, replies, snoozing, suggestions, verdicts
from handoff_service.switchboard.inbox import Incoming
from handoff_service.switchboard.promises import Wanted
from handoff_service.switchboard.rules.handoff import Agent, Verdict, must_hold
from handoff_service.switchboard.rules.sensitive import sensitive_number
from handoff_service.switchboard.rules.text import clean
from handoff_service.words import Words

VERDICTS = {f"verdict.{verdict.value}": verdict for verdict in Verdict}
OUTCOMES = ("solved", "unsolved", "no_reply", "spam")
LONGEST_TOPIC = 60

log = structlog.get_logger()
Json = dict[str, Any]


@dataclass
class Presses:
    """One verb of the switchboard per press."""

    api: SlackApi
    store: Store
    people: People
    agents: Agents
    courtesies: Courtesies
    words: DeskWords
    customer_words: Words
    channel: str
    front: Front

    async def take(self, incoming: Incoming) -> None:
        """Carry it out. Raises `SlackTrouble` where Slack can't say who pressed."""
        record = incoming.payload
        agent = await self.people.agent(record["user"])
        try:
            if agent is None:
                await self._turn_away(incoming, record)
                return
            await self._verb(record)(incoming, record, agent)
        except REFUSALS as refusal:
            await self.store.run(inbox.handled, incoming)
            await self.tell(record, sentence_for(self.words, refusal))
        if record.get("is_home") and agent is not None and record["verb"] not in AT_HOME:
            await self.front.show_home(record["user"], agent)

    async def _turn_away(self, incoming: Incoming, record: Json) -> None:
        await self.store.run(inbox.handled, incoming)
        if record["kind"] == "home":
            await self.front.close_home(record["user"])
        else:
            await self.tell(record, self.words.say("say.not_an_agent"))

    async def tell(self, record: Json, text: str) -> None:
        """Tell whoever pressed, and nobody else."""
        channel, thread_ts = record.get("channel"), record.get("thread_ts")
        if not channel:
            thread = await self.store.read(threads.of_handoff, record["handoff"])
            channel, thread_ts = (thread.channel, thread.ts) if thread else (self.channel, None)
        self.courtesies.tell(channel, record["user"], text, thread_ts, record.get("response_url", ""))

    def _verb(self, record: Json) -> Callable[[Incoming, Json, Agent], Awaitable[None]]:
        if record["kind"] in ("command", "home") or record["verb"] in AT_HOME:
            return self.front.take
        if record["kind"] == "form":
            forms = {"resolve": self._resolve, "transfer": self._transfer, "canned": self._send, "snooze": self._snooze}
            return forms[record["verb"]]
        if record["verb"] in VERDICTS:
            return self._judge
        if record["verb"] == "suggestion_send":
            return self._send_suggestion
        return self._press if record["verb"] in DIRECT else self._decide_held

    async def _press(self, incoming: Incoming, record: Json, agent: Agent) -> None:
        await self.store.run(_direct, incoming, self.customer_words, record["verb"], record["handoff"], agent)

    async def _judge(self, incoming: Incoming, record: Json, agent: Agent) -> None:
        await self.store.run(_judge, incoming, record["handoff"], agent, VERDICTS[record["verb"]])

    async def _resolve(self, incoming: Incoming, record: Json, agent: Agent) -> None:
        values = record["values"]
        outcome = values.get("outcome") if values.get("outcome") in OUTCOMES else None
        topic = (values.get("topic") or "")[:LONGEST_TOPIC] or None
        promise, due = values.get("promise"), values.get("due")
        if promise and sensitive_number(promise) is not None:
            await self.store.run(inbox.handled, incoming)
            await self.tell(record, self.words.say("say.promise_sensitive"))
            return
        promised = Wanted(clean(promise or ""), date.fromisoformat(due) if due else None) if promise or due else None
        ending = (outcome, topic, values.get("note"), promised)
        await self.store.run(_resolve, incoming, self.customer_words, record["handoff"], agent, ending)

    async def _transfer(self, incoming: Incoming, record: Json, agent: Agent) -> None:
        team, name = record["values"].get("team"), record["values"].get("agent")
        if (team is None) == (name is None):
            await self.store.run(inbox.handled, incoming)
            await self.tell(record, self.words.say("say.choose_one"))
            return
        receiver = None if name is None else self.agents.named(name)
        await self.store.run(_transfer, incoming, self.customer_words, record["handoff"], agent, team or "", receiver)

    async def _snooze(self, incoming: Incoming, record: Json, agent: Agent) -> None:
        chosen = record["values"].get("until")
        until = None if chosen is None else datetime.fromtimestamp(float(chosen), UTC)
        await self.store.run(_snooze, incoming, record["handoff"], agent, until)

    async def _send(self, incoming: Incoming, record: Json, agent: Agent) -> None:
        await self.store.run(relaying.take_form, incoming, record, agent, clean(text_of(record["values"])))
        self.courtesies.wake()

    async def _send_suggestion(self, incoming: Incoming, record: Json, agent: Agent) -> None:
        seq = record["value"].partition(" ")[2]
        if not await self.store.run(_send_suggestion, incoming, record["handoff"], agent, int(seq or 0)):
            await self.tell(record, self.words.say("say.suggestion_gone"))

    async def _decide_held(self, incoming: Incoming, record: Json, agent: Agent) -> None:
        channel, ts = relaying.place_of_held(record)
        is_sent = record["verb"] == "send_held"
        told = await self.store.run(relaying.decide_held, incoming, channel, ts, record["user"], agent, is_sent)
        self.courtesies.wake()
        try:
            answer = {"replace_original": True, "text": self.words.say(f"say.{told}")}
            await self.api.respond(record["response_url"], answer)
        except SlackTrouble:
            log.info("slack_question_not_replaced")


def _wake(tx: Transaction, _words: Words, handoff_id: str, agent: Agent) -> None:
    snoozing.wake_early(tx, handoff_id, agent)


def _keep(tx: Transaction, _words: Words, handoff_id: str, agent: Agent) -> None:
    promises.keep(tx, handoff_id, agent)


DIRECT = {
    "claim": handoffs.claim,
    "release": handoffs.release,
    "reopen": handoffs.reopen,
    "unpause": handoffs.unpause,
    "give_back": giving_back.give_back,
    "wake": _wake,
    "promise_kept": _keep,
}


def _direct(tx: Transaction, incoming: Incoming, words: Words, verb: str, handoff_id: str, agent: Agent) -> None:
    DIRECT[verb](tx, words, handoff_id, agent)
    inbox.handled(tx, incoming)


def _send_suggestion(tx: Transaction, incoming: Incoming, handoff_id: str, agent: Agent, seq: int) -> bool:
    """Send it as the agent's own words, once; False where the customer or somebody else has gone on meanwhile."""
    handoff, _ = handoffs.load(tx, handoff_id)
    must_hold(handoff.held, agent)
    suggestion = suggestions.of_handoff(tx, handoff)
    fits = suggestion is not None and suggestion.seq == seq and suggestion.text is not None
    if suggestion is not None and suggestion.text is not None and fits:
        replies.reply(tx, handoff_id, agent, suggestion.text, f"slack:suggestion:{seq}")
    inbox.handled(tx, incoming)
    return fits


def _judge(tx: Transaction, incoming: Incoming, handoff_id: str, agent: Agent, verdict: Verdict) -> None:
    verdicts.judge(tx, handoff_id, agent, verdict)
    threads.change(tx, handoff_id, closed=False)
    inbox.handled(tx, incoming)


def _snooze(tx: Transaction, incoming: Incoming, handoff_id: str, agent: Agent, until: datetime | None) -> None:
    snoozing.snooze(tx, handoff_id, agent, until)
    inbox.handled(tx, incoming)


def _resolve(
    tx: Transaction,
    incoming: Incoming,
    words: Words,
    handoff_id: str,
    agent: Agent,
    ending: tuple[str | None, str | None, str | None, Wanted | None],
) -> None:
    handoffs.resolve(tx, words, handoff_id, agent, *ending)
    inbox.handled(tx, incoming)


def _transfer(
    tx: Transaction, incoming: Incoming, words: Words, handoff_id: str, agent: Agent, team: str, receiver: Agent | None
) -> None:
    if receiver is None:
        handoffs.transfer_to_team(tx, words, handoff_id, agent, team)
    else:
        handoffs.transfer_to_agent(tx, words, handoff_id, agent, receiver)
    inbox.handled(tx, incoming)
