"""A scripted service that speaks the widget's socket, for faults the real one cannot be made to have on demand.

It keeps the contract (durable ids, acks, seq, changes, owners) and can be told to lose, refuse or stay silent.
All its methods may be called from the test's thread.

    python -m tests.browser.widget_server 8310     serves the demo site, to look at
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.browser.widget_site import IDENTITY_SECRET, site_routes
from tests.patience import patient

Frame = dict[str, Any]


@dataclass
class Talk:
    """One conversation."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(8))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    person: str | None = None
    messages: list[Frame] = field(default_factory=list)
    changes: list[Frame] = field(default_factory=list)
    owner: Frame = field(default_factory=lambda: {"type": "owner", "owner": "assistant"})
    sockets: list[WebSocket] = field(default_factory=list)
    last_seq: int = 0

    def add(self, message: Frame) -> Frame:
        """Give it the next number and keep it."""
        self.last_seq += 1
        sent_at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        stored = {"type": "message", "seq": self.last_seq, "name": None, "sent_at": sent_at, **message}
        self.messages.append(stored)
        return stored

    def with_client_id(self, client_id: str) -> Frame | None:
        return next((m for m in self.messages if m.get("id") == client_id), None)


class ScriptedService:
    """See the module. `said` is what was stored, `received` every frame that came in."""

    def __init__(self, port: int = 0) -> None:
        self.talks: list[Talk] = []
        self.received: list[Frame] = []
        self.greetings: list[Frame] = []
        self.refuses_connections = False
        self.withholds_acks = False
        self.is_silent = False
        self.gathers = 0
        self.errors: deque[Frame] = deque()
        self.hello_errors: deque[Frame] = deque()
        self.files: dict[str, str] = {}
        self.links: list[str] = []  # channels on which a customer can go on
        self.upload_status = 200
        self.upload_code: str | None = None  # why a file is not taken
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._app(), port=port, log_level="error", ws_ping_interval=None, timeout_graceful_shutdown=1
            )
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    # ---- what tests call --------------------------------------------------------------------------------------

    def start(self) -> ScriptedService:
        self._thread.start()
        wait_until(lambda: self._server.started)
        self._loop = self._server.servers[0].get_loop()
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"
        return self

    def run(self) -> None:
        """Serve until interrupted."""
        self._server.run()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)

    @property
    def talk(self) -> Talk:
        """The newest conversation."""
        return self.talks[-1]

    def said(self) -> list[str]:
        """The customer's words of the newest conversation, as stored."""
        return [m["text"] for m in self.talk.messages if m["author"] == "customer"]

    def sent(self, kind: str = "message") -> list[Frame]:
        """The frames of this kind that widgets sent."""
        return [frame for frame in list(self.received) if frame.get("type") == kind]

    def say(self, text: str, author: str = "assistant", talk: Talk | None = None, **more: Any) -> int:
        """A new message to the customer; its number."""
        chosen = talk or self.talk
        message = chosen.add({"author": author, "text": text, **more})
        self._do(self._broadcast(chosen, message))
        return int(message["seq"])

    def say_unheard(self, text: str) -> int:
        """A message that is stored, but whose frame gets lost."""
        return int(self.talk.add({"author": "assistant", "text": text})["seq"])

    def edit(self, seq: int, text: str, live: bool = True) -> None:
        message = next(m for m in self.talk.messages if m["seq"] == seq)
        message |= {"text": text, "edited": True}
        self._change({"type": "edited", "seq": seq, "text": text}, live)

    def delete(self, seq: int, live: bool = True) -> None:
        self.talk.messages = [m for m in self.talk.messages if m["seq"] != seq]
        self._change({"type": "deleted", "seq": seq}, live)

    def give_to(self, owner: str, **details: Any) -> None:
        """Change the owner; `agent`, `position`, `wait_seconds`, `opens_at` as in the contract."""
        empty = {"agent": None, "position": None, "wait_seconds": None, "opens_at": None}
        self.talk.owner = {"type": "owner", "owner": owner, **empty, **details}
        self.send(self.talk.owner)

    def send(self, frame: Frame) -> None:
        """Any frame, to every socket of the newest conversation."""
        self._do(self._broadcast(self.talk, frame))

    def drop_connections(self) -> None:
        """All sockets are closed, as by a restart."""
        self._do(self._close_all())

    def lose_network(self) -> None:
        """Nobody is connected and nobody can connect, until `refuses_connections` is taken back."""
        self.refuses_connections = True
        self.drop_connections()
        wait_until(lambda: not self.connections())

    def connections(self) -> int:
        """How many widgets are connected and greeted."""
        return sum(len(talk.sockets) for talk in self.talks)

    # ---- inside -----------------------------------------------------------------------------------------------

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(15)

    def _change(self, frame: Frame, live: bool) -> None:
        self.talk.changes.append(frame)
        if live:
            self.send(frame)

    async def _broadcast(self, talk: Talk, frame: Frame) -> None:
        for socket in list(talk.sockets):
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await socket.send_text(json.dumps(frame))

    async def _close_all(self) -> None:
        for socket in [socket for talk in self.talks for socket in talk.sockets]:
            with contextlib.suppress(RuntimeError):
                await socket.close(1012)

    async def _socket(self, socket: WebSocket) -> None:
        if self.refuses_connections:
            await socket.close()
            return
        await socket.accept()
        talk: Talk | None = None
        try:
            while True:
                frame = json.loads(await socket.receive_text())
                self.received.append(frame)
                if self.is_silent:
                    continue
                if frame["type"] == "hello":
                    talk = await self._greet(socket, frame)
                elif talk is not None:
                    await self._answer(socket, talk, frame)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            for known in self.talks:
                if socket in known.sockets:
                    known.sockets.remove(socket)

    async def _greet(self, socket: WebSocket, hello: Frame) -> Talk | None:
        self.greetings.append(hello)
        while len(self.greetings) < self.gathers:
            await asyncio.sleep(0.01)
        if self.hello_errors:
            await socket.send_text(json.dumps({"type": "error", "message": "", **self.hello_errors.popleft()}))
            return None
        talk = self._conversation_for(hello)
        if talk is None:
            await socket.send_text(json.dumps({"type": "error", "code": "unauthorized", "message": "Inicia sesión."}))
            return None
        after = int(hello["after"])
        await socket.send_text(
            json.dumps(
                {
                    "type": "welcome",
                    "token": talk.token,
                    "conversation_id": talk.id,
                    "owner": talk.owner["owner"],
                    "messages": [m for m in talk.messages if m["seq"] > after],
                    "changes": [c for c in talk.changes if c["seq"] <= after],
                    **({"links": self.links} if self.links else {}),
                }
            )
        )
        if talk.owner["owner"] != "assistant":
            await socket.send_text(json.dumps(talk.owner))
        talk.sockets.append(socket)
        return talk

    def _conversation_for(self, hello: Frame) -> Talk | None:
        person = None
        if hello.get("identity"):
            try:
                person = jwt.decode(hello["identity"], IDENTITY_SECRET, algorithms=["HS256"])["sub"]
            except jwt.InvalidTokenError:
                return None
        by_token = next((t for t in self.talks if t.token == hello["token"]), None)
        if hello["token"] and (by_token is None or by_token.person not in (None, person)):
            return None
        own = next((t for t in self.talks if person and t.person == person), None)
        talk = own or by_token or Talk()
        if talk not in self.talks:
            self.talks.append(talk)
        talk.person = talk.person or person
        return talk

    async def _answer(self, socket: WebSocket, talk: Talk, frame: Frame) -> None:
        if frame["type"] == "ping":
            await socket.send_text('{"type":"pong"}')
        elif frame["type"] == "message":
            await self._store(socket, talk, frame)

    async def _store(self, socket: WebSocket, talk: Talk, frame: Frame) -> None:
        if self.errors:
            error = {"type": "error", "message": "", "id": frame["id"], **self.errors.popleft()}
            await socket.send_text(json.dumps(error))
            return
        known = talk.with_client_id(frame["id"])
        files = [
            {"name": self.files[i], "url": f"/v1/files/{i}", "mime": "text/plain"} for i in frame.get("attachments", [])
        ]
        more = {"attachments": files} if files else {}
        stored = known or talk.add({"author": "customer", "id": frame["id"], "text": frame["text"], **more})
        if self.withholds_acks:
            return
        await socket.send_text(json.dumps({"type": "ack", "id": frame["id"], "seq": stored["seq"]}))
        if known is None:
            await self._broadcast(talk, stored)

    # ---- pages ------------------------------------------------------------------------------------------------

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                *site_routes(),
                Route("/v1/widget/files", self._take_file, methods=["POST"]),
                WebSocketRoute("/v1/widget", self._socket),
            ]
        )

    async def _take_file(self, request: Request) -> Response:
        if request.headers.get("authorization") not in {f"Bearer {talk.token}" for talk in self.talks}:
            return JSONResponse({"detail": "The widget's token is needed."}, 401)
        if self.upload_status != 200:
            return JSONResponse({"detail": "no", "code": self.upload_code}, self.upload_status)
        file = (await request.form())["file"]
        assert isinstance(file, UploadFile)
        file_id = secrets.token_urlsafe(8)
        self.files[file_id] = str(file.filename)
        return JSONResponse({"id": file_id})


def wait_until(condition: Callable[[], object], within: float = 15.0) -> None:
    """Return as soon as it holds; fail if it does not in time."""
    deadline = time.monotonic() + patient(within)
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("did not happen in time")
        time.sleep(0.02)


if __name__ == "__main__":
    ScriptedService(int(sys.argv[1])).run()
