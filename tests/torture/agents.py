"""Agents: they race for what is queued, answer with running numbers, and give back or resolve."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.emulators.slack import Message, NotPossible
from tests.torture.customers import Stopped
from tests.torture.ledger import Claim, Ledger, Reply, Talk
from tests.torture.marks import by_agent, marks_in, said_in
from tests.torture.world import World

RELEASE_CHANCE = 0.2
SHOWN_WITHIN = 60.0  # seconds until an agent sees the own line delivered, between one death of the service and the next
Json = dict[str, Any]


class Agent:
    """What both desks share: the agents' API, asked again until it answers."""

    rest = (0.05, 0.3)  # seconds between two cases

    def __init__(self, world: World, ledger: Ledger, dice: random.Random, name: str) -> None:
        self.world, self.ledger, self.dice, self.name = world, ledger, dice, name
        self._http = httpx.AsyncClient(
            verify=False, trust_env=False, timeout=3, headers={"Authorization": f"Bearer token-of-{name.lower()}"}
        )

    async def live(self, stopped: Stopped) -> None:
        """Work until told to stop, and end what is begun."""
        while not stopped:
            with contextlib.suppress(httpx.HTTPError):
                await self._work(stopped)
            await stopped.pause(self.dice.uniform(*self.rest))
        await self._http.aclose()

    async def _work(self, stopped: Stopped) -> None:
        queued = (await self.get("/handoffs?status=queued&limit=6"))["handoffs"]
        if not queued:
            return
        handoff_id = self.dice.choice(queued[:2])["id"]  # where the others reach, too
        if not await self.claim(handoff_id):
            return
        self.ledger.claims.append(Claim(handoff_id, self.name))
        talk = await self._whose(handoff_id)
        if talk is None:
            return
        for _ in range(self.dice.randint(1, 5)):
            if stopped:
                break
            await self.reply(handoff_id, talk)
            await stopped.pause(self.dice.choice((0.0, 0.05, 0.3)))
        await self._until_shown(handoff_id, talk)
        verb = "release" if self.dice.random() < RELEASE_CHANCE else "resolve"
        await self.insist("POST", f"/handoffs/{handoff_id}/{verb}")

    async def claim(self, handoff_id: str) -> bool:
        raise NotImplementedError

    async def reply(self, handoff_id: str, talk: Talk) -> None:
        raise NotImplementedError

    async def _whose(self, handoff_id: str) -> Talk | None:
        """The conversation's mark, read in its transcript; one that bears two is what must never be."""
        case = await self.get(f"/handoffs/{handoff_id}")
        found: set[str] = set()
        for message in case["messages"]:
            found |= marks_in(message["text"])
        talk = next((self.ledger.talks[mark] for mark in found if mark in self.ledger.talks), None)
        if talk is not None:
            talk.conversation_id = case["conversation_id"]
            talk.foreign += sorted(found - {talk.mark})
        return talk

    async def _until_shown(self, handoff_id: str, talk: Talk) -> None:
        """An agent who resolves a case has seen that the own words went out."""
        mine = {r.number for r in self.ledger.replies if r.handoff_id == handoff_id and r.agent == self.name}
        deadline = time.monotonic() + SHOWN_WITHIN
        while time.monotonic() < deadline:
            case = await self.get(f"/handoffs/{handoff_id}")
            shown = {said.number for m in case["messages"] if (said := said_in(m["text"])) and said.side == "a"}
            if mine <= shown:
                return
            await asyncio.sleep(0.1)
        self.ledger.happened["resolved without waiting"] += 1

    async def get(self, path: str) -> Json:
        answer: Json = (await self.insist("GET", path)).json()
        return answer

    async def insist(self, method: str, path: str, body: Json | None = None) -> httpx.Response:
        """Until the service answers; the same request again changes nothing."""
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(httpx.HTTPError):
                answer = await self._http.request(method, f"{self.world.url()}/v1{path}", json=body)
                if answer.status_code < 500:
                    return answer
            if time.monotonic() > deadline:
                raise httpx.TimeoutException(f"{path} is not answered")
            await asyncio.sleep(self.dice.uniform(0.02, 0.1))


class ConsoleAgent(Agent):
    """At the console, by the agents' API. Quicker than the button in Slack, so it takes more rest."""

    rest = (0.3, 1.0)

    async def claim(self, handoff_id: str) -> bool:
        answer = await self.insist("POST", f"/handoffs/{handoff_id}/claim")
        self.ledger.refused_claims += answer.status_code == httpx.codes.CONFLICT
        return answer.status_code == httpx.codes.OK

    async def reply(self, handoff_id: str, talk: Talk) -> None:
        talk.answered_by_agents += 1
        number = talk.answered_by_agents
        body = {"id": f"{talk.mark}-{number}", "text": by_agent(talk.mark, number)}
        answer = await self.insist("POST", f"/handoffs/{handoff_id}/messages", body)
        if answer.status_code == httpx.codes.OK:
            self.ledger.replies.append(Reply(talk.mark, number, handoff_id, self.name))


class SlackAgent(Agent):
    """In Slack: presses the card's button, types in its thread."""

    _card: Message

    async def claim(self, handoff_id: str) -> bool:
        card = await self._until(lambda: self._card_of(handoff_id), 3.0)
        if card is None:
            return False
        try:
            pressed = await asyncio.to_thread(self.world.slack.press, self._user, card, "handoff.claim")
        except NotPossible:
            return False
        if not pressed:
            return False
        self._card = card
        for _ in range(40):
            case = await self.get(f"/handoffs/{handoff_id}")
            if case["agent"] is not None:
                is_mine = bool(case["agent"]["name"] == self.name)
                self.ledger.refused_claims += not is_mine
                return is_mine
            await asyncio.sleep(0.1)
        return False

    async def reply(self, handoff_id: str, talk: Talk) -> None:
        talk.answered_by_agents += 1
        number, text = talk.answered_by_agents, by_agent(talk.mark, talk.answered_by_agents)
        posted = await asyncio.to_thread(
            lambda: self.world.slack.post(self._user, self.world.channel, text, thread_ts=self._card.ts)
        )
        self.ledger.replies.append(Reply(talk.mark, number, handoff_id, self.name, posted.ts))

    @property
    def _user(self) -> str:
        return self.world.users[self.name]

    def _card_of(self, handoff_id: str) -> Message | None:
        cards = self.world.slack.cards(self.world.channel)
        return next((card for card in reversed(cards) if handoff_id in str(card.blocks)), None)

    async def _until(self, look: Callable[[], Message | None], seconds: float) -> Message | None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if (seen := await asyncio.to_thread(look)) is not None:
                return seen
            await asyncio.sleep(0.1)
        return None
