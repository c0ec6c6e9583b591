"""The reference: a bare echo over the same kind of WebSocket, by the same server with the same switches."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.doubles.service import Process, free_port, until_it_answers
from tests.load.wire import Answers, Wire


async def echo(socket: WebSocket) -> None:
    """Whatever comes goes back."""
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await socket.send_text(await socket.receive_text())


@dataclass(frozen=True)
class EchoServer:
    """A running one."""

    url: str
    pid: int


@contextlib.contextmanager
def echo_server() -> Iterator[EchoServer]:
    """One in a process of its own."""
    port = free_port()
    process = Process(["-m", "tests.load.echo", str(port)], {})
    try:
        process.start()
        until_it_answers(f"http://127.0.0.1:{port}/")
        assert process.child is not None
        yield EchoServer(f"ws://127.0.0.1:{port}/echo", process.child.pid)
    finally:
        process.kill()


class Echoed:
    """One connection to it."""

    def __init__(self, wire: Wire, answers: Answers) -> None:
        self._wire, self._answers = wire, answers

    @classmethod
    async def come(cls, server: EchoServer) -> Self:
        answers = Answers()
        return cls(await Wire.open(server.url, lambda text: answers.came(text, {})), answers)

    async def write(self, text: str) -> float:
        """The seconds until it is back."""
        back = self._answers.wait_for(text)
        began = time.perf_counter()
        self._wire.send(text)
        await back
        return time.perf_counter() - began

    def leave(self) -> None:
        self._wire.cut()


async def round_trips(server: EchoServer, count: int) -> list[float]:
    """The seconds of so many, one after another over one connection."""
    client = await Echoed.come(server)
    try:
        return [await client.write(f"Buenas, quería saber cuánto pago este mes, {number}") for number in range(count)]
    finally:
        client.leave()


async def come_all(server: EchoServer, count: int, at_once: int = 200) -> list[Echoed]:
    """So many connections."""
    places = asyncio.Semaphore(at_once)

    async def one() -> Echoed:
        async with places:
            return await Echoed.come(server)

    async with asyncio.TaskGroup() as group:
        coming = [group.create_task(one()) for _ in range(count)]
    return [each.result() for each in coming]


if __name__ == "__main__":
    uvicorn.run(
        Starlette(routes=[WebSocketRoute("/echo", echo)]),
        port=int(sys.argv[1]),
        log_level="critical",
        access_log=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
    )
