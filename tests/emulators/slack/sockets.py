"""Socket Mode: up to ten connections, each envelope to one of them, an acknowledgement within three seconds."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from .abrupt import reset
from .delivery import Outcome, Parcel
from .workspace import Workspace

Json = dict[str, Any]


@dataclass
class Connection:
    name: str
    socket: web.WebSocketResponse
    request: web.Request
    leaving: bool = False
    acknowledged: int = 0
    received: list[str] = field(default_factory=list)


class Sockets:
    """The transport over the app's WebSockets."""

    def __init__(self, ws: Workspace, seed: int = 0) -> None:
        self._ws = ws
        self._random = random.Random(seed)
        self.connections: list[Connection] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._made = 0
        self.opened = 0
        self.late_acks = 0
        self.silent = False
        """A half-dead network: nothing is sent or answered, pings neither, but connections stay."""

    def ticket(self) -> str:
        ticket = self._ws.ids.uuid()
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection of the app, from handshake to close."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404, text="no such ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, compress=False)
        await socket.prepare(request)
        if len(self.connections) >= self._ws.settings.max_connections:
            await socket.send_json(self._disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self._made += 1
        connection = Connection(f"applink-{self._made}", socket, request)
        self.connections.append(connection)
        self.opened += 1
        pinging = asyncio.create_task(self._ping(connection))
        try:
            await socket.send_json(self._hello(connection))
            await self._listen(connection)
        finally:
            pinging.cancel()
            if connection in self.connections:
                self.connections.remove(connection)
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if self.silent:
                continue
            if message.type == WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                self._acknowledge(connection, message.data)

    def _acknowledge(self, connection: Connection, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.pop(str(frame.get("envelope_id", "")), None) if isinstance(frame, dict) else None
        if waiting is None or waiting.done():
            self.late_acks += 1
            return
        connection.acknowledged += 1
        waiting.set_result(frame.get("payload"))

    async def bring(self, parcel: Parcel) -> Outcome:
        connection = self._choose()
        if connection is None:
            return Outcome(False, "connection_failed")
        envelope_id = self._ws.ids.uuid()
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiting
        connection.received.append(envelope_id)
        try:
            if not self.silent:
                await connection.socket.send_json(_envelope(envelope_id, parcel))
            response = await asyncio.wait_for(waiting, self._ws.settings.ack_seconds)
        except (TimeoutError, ConnectionError):
            return Outcome(False, "timeout", connection=connection.name)
        finally:
            self._waiting.pop(envelope_id, None)
        return Outcome(True, response=response, connection=connection.name)

    def _choose(self) -> Connection | None:
        usable = [c for c in self.connections if not c.leaving and not c.socket.closed]
        return self._random.choice(usable) if usable else None

    async def refresh(self, warning_seconds: float) -> None:
        """Ask every connection to be renewed, as Slack does every few hours: warn, ask, close."""
        old = list(self.connections)
        for connection in old:
            await connection.socket.send_json(self._disconnect("warning", connection))
        await asyncio.sleep(warning_seconds)
        for connection in old:
            connection.leaving = True
            if not connection.socket.closed:
                await connection.socket.send_json(self._disconnect("refresh_requested", connection))
        await asyncio.sleep(warning_seconds)
        for connection in old:
            await connection.socket.close()

    def kill(self, count: int | None = None) -> int:
        """Cut connections without a goodbye; all of them unless told how many."""
        doomed = list(self.connections)[:count]
        for connection in doomed:
            self.connections.remove(connection)
            reset(connection.request)
        return len(doomed)

    async def _ping(self, connection: Connection) -> None:
        while not connection.socket.closed:
            await asyncio.sleep(self._ws.settings.ping_seconds)
            if not self.silent:
                await connection.socket.ping(f"Ping from {connection.name}".encode())

    def _hello(self, connection: Connection) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": connection.name, "build_number": 10, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._ws.app.id},
        }

    def _disconnect(self, reason: str, connection: Connection | None = None) -> Json:
        return {
            "type": "disconnect",
            "reason": reason,
            "debug_info": {"host": connection.name if connection else "applink-0"},
        }


def _envelope(envelope_id: str, parcel: Parcel) -> Json:
    frame: Json = {
        "envelope_id": envelope_id,
        "payload": parcel.payload,
        "type": parcel.family,
        "accepts_response_payload": parcel.accepts_response,
    }
    if parcel.family == "events_api":
        frame |= {"retry_attempt": parcel.retry_attempt, "retry_reason": parcel.retry_reason}
    return frame
