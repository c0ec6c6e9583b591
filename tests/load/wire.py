"""A WebSocket client that costs next to nothing, so that thousands of them leave the machine to the service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.frames import Opcode
from websockets.http11 import Response
from websockets.uri import WebSocketURI, parse_uri

CONNECTED_WITHIN = 60.0  # seconds; a service to which thousands come at once may take its time
Json = dict[str, Any]


class NotLetIn(Exception):
    """The handshake was refused or the connection broke before it was done."""


class Wire(asyncio.Protocol):
    """One connection; every text that comes is handed to `on_text` at once."""

    def __init__(self, uri: WebSocketURI, on_text: Callable[[str], None]) -> None:
        self._protocol = ClientProtocol(uri)
        self._transport: asyncio.Transport | None = None
        self._on_text = on_text
        self._open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.needed: list[asyncio.Future[Json]] = []  # what fails when the connection is lost

    @classmethod
    async def open(cls, url: str, on_text: Callable[[str], None]) -> Self:
        """Connect; raises `NotLetIn`."""
        uri, place = parse_uri(url), urlsplit(url)
        wire = cls(uri, on_text)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECTED_WITHIN):
                await loop.create_connection(lambda: wire, place.hostname, place.port)
                await wire._open
        except (OSError, TimeoutError) as error:
            wire.cut()
            raise NotLetIn(str(error) or type(error).__name__) from error
        return wire

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._protocol.send_request(self._protocol.connect())
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        self._flush()
        for event in self._protocol.events_received():
            if isinstance(event, Response):
                self._shake_hands()
            elif event.opcode is Opcode.TEXT:
                self._on_text(bytes(event.data).decode())

    def _shake_hands(self) -> None:
        if self._open.done():
            return
        if self._protocol.handshake_exc is None:
            self._open.set_result(None)
        else:
            self._open.set_exception(NotLetIn(str(self._protocol.handshake_exc)))

    def connection_lost(self, exc: Exception | None) -> None:
        lost = NotLetIn("the connection was closed")
        for waiting in (self._open, *self.needed):
            if not waiting.done():
                waiting.set_exception(lost)

    def send(self, text: str) -> None:
        self._protocol.send_text(text.encode())
        self._flush()

    def cut(self) -> None:
        """Gone without a goodbye, as when a network is lost."""
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        assert self._transport is not None
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()


class Answers:
    """Who waits for which answer; what nobody waits for is dropped."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    def wait_for(self, key: str) -> asyncio.Future[Json]:
        """Done when the answer with this key comes."""
        self._waiting[key] = asyncio.get_running_loop().create_future()
        return self._waiting[key]

    def came(self, key: str, frame: Json) -> None:
        waiting = self._waiting.pop(key, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)


def as_text(frame: Json) -> str:
    return json.dumps(frame, ensure_ascii=False)
