"""A service with its Slack desk on, its people, and the way to a case."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.doubles.http import HTTP
from tests.doubles.service import Service
from tests.doubles.widget import Widget, identity, open_widget
from tests.emulators.slack import Message, SlackWorkspace
from tests.patience import patient

T = TypeVar("T")
GRACE = 1.0
DESK_FILE = """
agents:
  Ana:
    slack: {ana}
  Marga:
    slack: {marga}
    role: supervisor
"""
TEAMS = """
agents:
  Ana: {{slack: {ana}}}
  Marga: {{slack: {marga}, role: supervisor}}
teams:
  general: {{}}
  billing: {{topics: [refund], channel: {billing}}}
"""


class SlackDesk:
    """Ana, Luis and Marga (a supervisor) in the queue's channel; Ana and Marga are mapped in DESK_FILE."""

    def __init__(self, slack: SlackWorkspace, directory: Path, **environment: str) -> None:
        self.slack = slack
        self.ana = slack.add_person("Ana")
        self.luis = slack.add_person("Luisa Pérez")
        self.marga = slack.add_person("Marga")
        self.guest = slack.add_person("Gus", guest="single_channel")
        self.outsider = slack.add_person("Olga")
        self.queue = slack.add_channel("queue", members=[self.ana, self.luis, self.marga, self.guest])
        file = directory / "desk.yml"
        file.write_text(DESK_FILE.format(ana=self.ana, marga=self.marga), encoding="utf-8")
        self.service = Service(
            directory / "var",
            **{
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_CHANNEL": self.queue,
                "SLACK_API_URL": slack.api_url,
                "SLACK_GRACE_SECONDS": str(GRACE),
                "SLACK_PACE_SECONDS": "0.1",
                "SLACK_REREAD_SECONDS": "2",
                "DESK_FILE": str(file),
                "AGENT_TOKENS": "Ana:token-of-ana,Luis:token-of-luis,Marga:token-of-marga",
                **environment,
            },
        )

    def start(self) -> SlackDesk:
        self.service.migrate()
        self.service.assistant.start()
        self.service.service.start()
        until_up(f"{self.service.assistant_url}/health")
        until_up(f"{self.service.url}/healthz")
        if "SLACK_SIGNING_SECRET" not in self.service.environment:
            self.slack.until(lambda: self.slack.connections()["open"] == 2, 60)
        return self

    def stop(self) -> None:
        self.service.stop()

    def restart(self) -> None:
        """As after kill -9."""
        self.service.service.kill()
        self.service.service.start()
        until_up(f"{self.service.url}/healthz")

    @contextlib.asynccontextmanager
    async def customer(self, name: str, **hello: Any) -> AsyncIterator[Case]:
        """A customer of that (unique) name who asked for a person, with the card that came of it."""
        async with open_widget(self.service.url, identity=identity(f"C-{name}", name), **hello) as widget:
            await widget.say(f"hola, soy {name} y quiero hablar con una persona")
            await widget.owner("queue")
            case = Case(self, name, widget)
            try:
                yield case
            finally:
                await asyncio.to_thread(case.end)

    @contextlib.asynccontextmanager
    async def customer_again(self, name: str, token: str) -> AsyncIterator[Case]:
        """The same customer on a new socket."""
        async with open_widget(self.service.url, identity=identity(f"C-{name}", name), token=token) as widget:
            yield Case(self, name, widget)


class TwoTeamsDesk(SlackDesk):
    """The same people with a second team, whose cases stand in a channel of its own."""

    def __init__(self, slack: SlackWorkspace, directory: Path, **environment: str) -> None:
        file = directory / "teams.yml"
        super().__init__(slack, directory, DESK_FILE=str(file), **environment)
        self.billing = slack.add_channel("billing", members=[self.ana])
        file.write_text(TEAMS.format(ana=self.ana, marga=self.marga, billing=self.billing), encoding="utf-8")


def until_up(url: str, seconds: float = 90.0) -> None:
    """A loaded machine takes its time to start a process."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            HTTP.get(url, timeout=1)
            return
        time.sleep(0.05)
    raise TimeoutError(f"{url} does not answer")


@dataclass
class Case:
    """One customer's conversation, seen from the widget and from Slack."""

    desk: SlackDesk
    name: str
    widget: Widget

    @property
    def slack(self) -> SlackWorkspace:
        return self.desk.slack

    async def card(self, words: str = "") -> Message:
        """The case's card, once it says this."""

        def look() -> Message | None:
            mine = (m for m in self.slack.cards(self.desk.queue) if f"{self.name} (" in m.words)
            return next((m for m in mine if words in m.words), None)

        return await self.until(look, f"a card of {self.name} with {words!r}")

    async def claimed(self, by: str) -> Message:
        """The card, after this person pressed claim."""
        card = await self.card("En espera")
        assert await asyncio.to_thread(self.slack.press, by, card, "handoff.claim")
        await self.widget.owner("agent")
        return await self.card("En curso")

    async def writes(self, user: str, text: str, **more: Any) -> Message:
        """Somebody writes in the case's thread."""
        card = await self.card()
        return await asyncio.to_thread(self.slack.post, user, self.desk.queue, text, thread_ts=card.ts, **more)

    async def said(self, words: str) -> Message:
        """What the thread says, once it says this."""
        card = await self.card()
        return await self.until(
            lambda: next((m for m in self.slack.thread(card)[1:] if words in m.words), None), f"{words!r} in the thread"
        )

    async def whispered(self, user: str, words: str) -> Message:
        """What this person alone is told, once they are."""
        return await self.until(
            lambda: next((m for m in self.slack.ephemerals(user) if words in m.words), None), f"{words!r} whispered"
        )

    async def reacted(self, message: Message, name: str) -> None:
        await self.until(lambda: name in (self.slack.now(message) or message).reactions, f"the reaction {name}")

    async def until(self, look: Callable[[], T | None], what: str, seconds: float = 30.0) -> T:
        """Look until there is something; the widget's socket stays alive meanwhile."""
        async with asyncio.timeout(patient(seconds)):
            while not (seen := await asyncio.to_thread(look)):
                await asyncio.sleep(0.05)
        return seen

    def handoff(self, agent: str = "Luis") -> dict[str, Any]:
        """The case as the API has it."""
        with self.desk.service.agent(agent) as api:
            listed = api.get("/handoffs").json()["handoffs"]
            found = next(h for h in listed if h["conversation_id"] == self.widget.conversation_id)
            whole: dict[str, Any] = api.get(f"/handoffs/{found['id']}").json()
            return whole

    def api(self, agent: str, verb: str, **body: Any) -> httpx.Response:
        with self.desk.service.agent(agent) as api:
            return api.post(f"/handoffs/{self.handoff()['id']}/{verb}", json=body or None)

    async def until_reply(self, words: str) -> None:
        """Until the customer has this from an agent, whether it came at once or now."""
        if not any(words in text for text in self.to_customer()):
            await self.widget.message("agent", words, 30)

    def end(self) -> None:
        """Leave no open case behind: a supervisor takes it over and resolves it."""
        with self.desk.service.agent("Marga") as api:
            listed = api.get("/handoffs").json()["handoffs"]
            for each in listed:
                if each["conversation_id"] == self.widget.conversation_id and each["status"] in ("queued", "assigned"):
                    api.post(f"/handoffs/{each['id']}/transfer", json={"agent": "Marga"}).raise_for_status()
                    api.post(f"/handoffs/{each['id']}/resolve").raise_for_status()

    def notes(self) -> list[str]:
        return [m["text"] for m in self.handoff()["messages"] if m["author"] == "note"]

    def to_customer(self) -> list[str]:
        """What agents said to the customer, as the widget has it."""
        return [m["text"] for m in self.widget.messages("agent")]
