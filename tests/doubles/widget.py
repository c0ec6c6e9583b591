"""A customer's widget as the contract has it, for tests that need no browser."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import websockets

from tests.doubles.service import IDENTITY_SECRET
from tests.patience import patient

Frame = dict[str, Any]
_numbers = itertools.count(1)


def identity(customer: str, name: str = "Lucía", seconds: float = 3600, secret: str = IDENTITY_SECRET) -> str:
    expires = datetime.now(UTC) + timedelta(seconds=seconds)
    return jwt.encode({"sub": customer, "name": name, "exp": expires}, secret, algorithm="HS256")


class Widget:
    """One open socket; keeps every frame it got."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.frames: list[Frame] = []
        self.token = ""
        self.conversation_id = ""

    async def send(self, frame: Any) -> None:
        await self.socket.send(frame if isinstance(frame, str) else json.dumps(frame))

    async def hello(self, **more: Any) -> Frame:
        """Greet and give back the welcome, or the error."""
        await self.send({"type": "hello", "token": None, "after": 0, "locale": "es", **more})
        answer = await self.until(lambda f: f["type"] in ("welcome", "error"))
        if answer["type"] == "welcome":
            self.token, self.conversation_id = answer["token"], answer["conversation_id"]
        return answer

    async def say(self, text: str, payload: str | None = None, message_id: str | None = None) -> Frame:
        """Write a message and give back its ack, or the error."""
        frame = {"type": "message", "id": message_id or f"m{next(_numbers)}", "text": text}
        if payload is not None:
            frame["payload"] = payload
        await self.send(frame)
        return await self.until(lambda f: f["type"] in ("ack", "error") and f.get("id") == frame["id"])

    async def until(self, wanted: Callable[[Frame], bool], seconds: float = 10.0) -> Frame:
        """The next frame like this; all frames on the way are kept."""
        async with asyncio.timeout(patient(seconds)):
            while True:
                frame: Frame = json.loads(await self.socket.recv())
                self.frames.append(frame)
                if wanted(frame):
                    return frame

    async def message(self, author: str, containing: str = "", seconds: float = 10.0) -> Frame:
        """The next message of this author."""
        return await self.until(
            lambda f: f["type"] == "message" and f["author"] == author and containing in f["text"], seconds
        )

    async def owner(self, owner: str, seconds: float = 10.0) -> Frame:
        """The next word that the conversation has this owner."""
        return await self.until(lambda f: f["type"] == "owner" and f["owner"] == owner, seconds)

    async def quiet(self, seconds: float) -> list[Frame]:
        """All frames that come within this time."""
        before = len(self.frames)
        with contextlib.suppress(TimeoutError):
            await self.until(lambda f: False, seconds)
        return self.frames[before:]

    def messages(self, author: str | None = None) -> list[Frame]:
        """The messages seen so far, those of the welcome included, in order."""
        seen = [m for f in self.frames if f["type"] == "welcome" for m in f["messages"]]
        seen += [f for f in self.frames if f["type"] == "message"]
        return [m for m in seen if author is None or m["author"] == author]


@contextlib.asynccontextmanager
async def open_widget(url: str, greet: bool = True, **hello: Any) -> AsyncIterator[Widget]:
    """A widget connected to the service at this address, greeted unless told otherwise."""
    address = url.replace("http", "ws", 1) + "/v1/widget"
    async with websockets.connect(address) as socket:
        widget = Widget(socket)
        if greet:
            await widget.hello(**hello)
        yield widget
