"""A customer in the widget, timed: how long until a message is acknowledged, and until it is answered."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from typing import Self

from tests.load.wire import Answers, Json, NotLetIn, Wire, as_text

WITHIN = 60.0  # seconds until an answer that does not come fails the run
ALL_WITHIN = 300.0  # seconds for many to come
_numbers = itertools.count(1)


class Refused(Exception):
    """The service answered with an error; its code is the text."""


class Customer:
    """One widget with an open conversation."""

    def __init__(self, answers: Answers, wire: Wire, welcome: Json) -> None:
        self._answers = answers
        self._wire = wire
        self.token: str = welcome["token"]
        self.conversation_id: str = welcome["conversation_id"]

    @classmethod
    async def come(cls, url: str, token: str | None = None, after: int = 0) -> Self:
        """Connect and greet: in a new conversation, or in the token's. Raises `NotLetIn` and `Refused`."""
        answers = Answers()

        def on_text(text: str) -> None:
            frame = json.loads(text)
            answers.came(_key(frame), frame)

        wire = await Wire.open(url.replace("http", "ws", 1) + "/v1/widget", on_text)
        greeted = answers.wait_for("welcome")
        wire.needed.append(greeted)
        wire.send(as_text({"type": "hello", "token": token, "after": after, "locale": "es"}))
        return cls(answers, wire, _well(await asyncio.wait_for(greeted, WITHIN)))

    def leave(self) -> None:
        """As when the network is lost."""
        self._wire.cut()

    async def write(self, text: str) -> float:
        """The seconds until it is acknowledged; raises `Refused`."""
        return await self._send(f"m{next(_numbers)}", text)

    async def turn(self, text: str) -> float:
        """The seconds until the assistant's answer to it stands here. The stand-in repeats the text: keep it unique."""
        answered = self._answers.wait_for(f"eco: {text}")
        began = time.perf_counter()
        await self._send(f"m{next(_numbers)}", text)
        await asyncio.wait_for(answered, WITHIN)
        return time.perf_counter() - began

    async def _send(self, message_id: str, text: str) -> float:
        acknowledged = self._answers.wait_for(message_id)
        began = time.perf_counter()
        self._wire.send(as_text({"type": "message", "id": message_id, "text": text}))
        _well(await asyncio.wait_for(acknowledged, WITHIN))
        return time.perf_counter() - began

    def hears(self, text: str) -> asyncio.Future[Json]:
        """Done when somebody else says exactly this here."""
        return self._answers.wait_for(text)

    def shout(self, text: str) -> None:
        """Write without waiting for anything."""
        self._wire.send(as_text({"type": "message", "id": f"m{next(_numbers)}", "text": text}))

    async def asks_for_person(self) -> None:
        """Until the conversation waits for a person."""
        queued = self._answers.wait_for("owner queue")
        await self.write("Quiero hablar con una persona")
        await asyncio.wait_for(queued, WITHIN)


async def come_all(url: str, tokens: list[str | None], at_once: int = 200) -> list[Customer]:
    """So many customers, as many connecting at a time as told; in the order of the tokens.

    Who is not let in, or not welcomed in time, tries again a little later, as the widget does; for so long at the most.
    """
    places, deadline = asyncio.Semaphore(at_once), time.monotonic() + ALL_WITHIN

    async def one(token: str | None) -> Customer:
        async with places:
            while True:
                try:
                    return await Customer.come(url, token)
                except (NotLetIn, TimeoutError):
                    if time.monotonic() > deadline:
                        raise
                    await asyncio.sleep(random.uniform(0.5, 1.5))

    async with asyncio.TaskGroup() as group:
        coming = [group.create_task(one(token)) for token in tokens]
    return [each.result() for each in coming]


def sentence(number: int) -> str:
    """A whole sentence, so that nobody waits for its rest; unique by its number."""
    return f"Buenas, quería saber cuánto pago este mes por mi línea, es la pregunta {number}"


def _key(frame: Json) -> str:
    kind = frame["type"]
    if kind == "ack":
        return str(frame["id"])
    if kind == "error":
        return str(frame.get("id", "welcome"))
    if kind == "message" and frame["author"] in ("assistant", "agent"):
        return str(frame["text"])
    return f"owner {frame['owner']}" if kind == "owner" else str(kind)


def _well(frame: Json) -> Json:
    if frame["type"] == "error":
        raise Refused(frame["code"])
    return frame
