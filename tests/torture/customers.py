"""Customers: they write on with running numbers, and what was not acknowledged they send again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from typing import Any

import websockets

from tests.emulators.telegram.handles import Person
from tests.torture.ledger import Ledger, Talk
from tests.torture.marks import by_customer, marks_in, new_mark
from tests.torture.world import World

LONGEST_TALK = 60  # messages after which another customer comes
PATIENCE = 1.5  # seconds for an acknowledgement before the connection is given up
BROKEN = (OSError, TimeoutError, websockets.WebSocketException)


class Stopped:
    """Whether the people of a run go home."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def stop(self) -> None:
        self._event.set()

    def __bool__(self) -> bool:
        return self._event.is_set()

    async def pause(self, seconds: float) -> None:
        """That long, unless it is time to go."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)


class WidgetCustomer:
    """One browser. It keeps its token, its place and what is not acknowledged yet, as the widget does."""

    def __init__(self, world: World, ledger: Ledger, dice: random.Random) -> None:
        self._world, self._ledger, self._dice = world, ledger, dice
        self.talk = Talk(new_mark(dice), "widget")
        ledger.talks[self.talk.mark] = self.talk
        self._token: str | None = None
        self._after = 0
        self._unacked: dict[int, dict[str, str]] = {}

    async def live(self, stopped: Stopped, most: int = LONGEST_TALK) -> None:
        """Write until told to stop, then until all is acknowledged."""
        while (not stopped and self.talk.written < most) or self._unacked:
            try:
                async with asyncio.timeout(20), self._connected() as socket:
                    await self._talk(socket, stopped, most)
            except BROKEN:
                await stopped.pause(self._dice.uniform(0.02, 0.15))
                await asyncio.sleep(0.02)

    async def look_again(self) -> None:
        """Greet once more and take what there is; afterwards everything that can come has come."""
        for _ in range(50):
            try:
                async with asyncio.timeout(10), self._connected():
                    return
            except BROKEN:
                await asyncio.sleep(0.1)
        raise TimeoutError("the widget is not served")

    @contextlib.asynccontextmanager
    async def _connected(self) -> Any:
        address = self._world.url().replace("http", "ws", 1) + "/v1/widget"
        async with websockets.connect(address, open_timeout=2, close_timeout=0.2, compression=None) as socket:
            hello = {"type": "hello", "token": self._token, "after": self._after, "locale": "es"}
            await socket.send(json.dumps(hello))
            while self._take(json.loads(await asyncio.wait_for(socket.recv(), 5))) != "welcome":
                pass
            yield socket

    async def _talk(self, socket: websockets.ClientConnection, stopped: Stopped, most: int) -> None:
        reader = asyncio.create_task(self._read(socket))
        try:
            for number in sorted(self._unacked):
                await self._send(socket, number)
            await self._until_acked(reader)
            while not stopped and self.talk.written < most:
                for _ in range(self._dice.choice((1, 1, 1, 2, 3))):
                    self.talk.written += 1
                    self._unacked[self.talk.written] = self._compose(self.talk.written)
                    await self._send(socket, self.talk.written)
                await self._until_acked(reader)
                await self._rest(reader, stopped)
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    def _compose(self, number: int) -> dict[str, str]:
        """What the message with this number says: its text, and the button's payload if one is pressed."""
        return {"text": by_customer(self.talk.mark, number, self._dice)}

    async def _rest(self, reader: asyncio.Task[None], stopped: Stopped) -> None:
        """Between two messages."""
        await stopped.pause(self._dice.uniform(0.1, 1.2))

    async def _send(self, socket: websockets.ClientConnection, number: int) -> None:
        frame = {"type": "message", "id": f"{self.talk.mark}-{number}", **self._unacked[number]}
        await socket.send(json.dumps(frame))

    async def _until_acked(self, reader: asyncio.Task[None]) -> None:
        for _ in range(int(PATIENCE / 0.01)):
            if not self._unacked:
                return
            if reader.done():
                raise ConnectionResetError
            await asyncio.sleep(0.01)
        raise TimeoutError

    async def _read(self, socket: websockets.ClientConnection) -> None:
        async for raw in socket:
            self._take(json.loads(raw))

    def _take(self, frame: dict[str, Any]) -> str:
        kind = str(frame["type"])
        if kind == "welcome":
            self._token = frame["token"]
            self.talk.conversation_id = frame["conversation_id"]
            for message in frame["messages"]:
                self._show(message)
        elif kind == "message":
            self._show(frame)
        elif kind == "ack":
            number = int(frame["id"].rpartition("-")[2])
            self.talk.acked[number] = int(frame["seq"])
            self._unacked.pop(number, None)
        elif kind == "error":
            self._ledger.happened[f"widget {frame['code']}"] += 1
        self.talk.foreign += sorted(marks_in(json.dumps(frame)) - {self.talk.mark})
        return kind

    def _show(self, message: dict[str, Any]) -> None:
        seq = int(message["seq"])
        if seq in self.talk.seen:
            self.talk.seen_twice.append(seq)
        elif seq < self._after:
            self.talk.out_of_order.append((self._after, seq))
        self.talk.seen.setdefault(seq, message)
        self._after = max(self._after, seq)


class TelegramCustomer:
    """One chat. Telegram keeps what the bot has not confirmed, so everything written must arrive."""

    def __init__(self, world: World, ledger: Ledger, dice: random.Random) -> None:
        self._dice = dice
        self.talk = Talk(new_mark(dice), "telegram")
        self._person: Person = world.telegram.person(f"T{len(ledger.talks)}")
        self.talk.chat = self._person.chat.id
        ledger.talks[self.talk.mark] = self.talk

    async def live(self, stopped: Stopped, most: int = LONGEST_TALK) -> None:
        """Write until told to stop."""
        while not stopped and self.talk.written < most:
            await self._write(self.talk.written + 1)
            await stopped.pause(self._dice.uniform(0.3, 1.5))

    async def _write(self, number: int) -> None:
        await self._say(number, by_customer(self.talk.mark, number, self._dice))

    async def _say(self, number: int, text: str) -> None:
        await asyncio.to_thread(self._person.writes, text)
        self.talk.written = number
