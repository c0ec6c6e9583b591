"""The agents' live socket: each change of a handoff or its messages as it happens."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from handoff_service.desks.agents import Agents, digest_of
from handoff_service.desks.models import HandoffOut, MessageOut
from handoff_service.observability import instruments
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard import views
from handoff_service.switchboard.hub import EVERYTHING, ConversationChanged, Hub, Missed, Subscription, Typing
from handoff_service.switchboard.rules.handoff import Agent
from handoff_service.switchboard.transcript import Message

HELLO_WITHIN = 10.0  # seconds
CLOSE_POLICY = 1008
CLOSE_RESTART = 1012

log = structlog.get_logger()
Frame = dict[str, Any]


@dataclass
class Seen:
    """How far a console has a conversation."""

    seq: int
    revision: int
    note_id: int


@dataclass
class Desk:
    """What every console socket needs."""

    store: Store
    hub: Hub
    agents: Agents
    files_url: str = ""  # base of files' addresses, where that is not the service's own

    def router(self) -> APIRouter:
        """The socket's route."""
        router = APIRouter()

        @router.websocket("/v1/desk")
        async def desk(socket: WebSocket) -> None:
            await socket.accept()
            with instruments.sockets.labels("desk").track_inprogress():
                await DeskSession(self, socket).run()

        return router


class DeskSession:
    """One console of one agent."""

    def __init__(self, desk: Desk, socket: WebSocket) -> None:
        self._desk = desk
        self._socket = socket
        self._agent: Agent | None = None
        self._digest = ""  # of the token it greeted with
        self._seen: dict[str, Seen] = {}
        self._conversations: dict[str, str] = {}  # of open handoffs, by handoff id
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        """Serve until the socket closes."""
        with self._desk.hub.watch(EVERYTHING) as subscription:
            tasks: list[asyncio.Task[None]] = []
            try:
                async with asyncio.timeout(HELLO_WITHIN):
                    while self._agent is None:
                        await self._greet(await self._receive())
                tasks = [asyncio.create_task(work) for work in (self._watch(subscription), self._end_when_revoked())]
                while True:
                    await self._handle(await self._receive())
            except TimeoutError:
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                    await self._socket.close(CLOSE_POLICY)
            except (WebSocketDisconnect, RuntimeError):
                pass
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _receive(self) -> Frame:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        try:
            frame = json.loads(message.get("text") or "")
        except (ValueError, RecursionError):
            return {}
        return frame if isinstance(frame, dict) else {}

    async def _greet(self, frame: Frame) -> None:
        token = frame.get("token")
        agent = self._desk.agents.of_token(token) if frame.get("type") == "hello" and isinstance(token, str) else None
        if agent is None:
            await self._error("unauthorized", "Greet with a valid agent's token.")
            return
        opened = await self._desk.store.read(views.open_handoffs)
        for view in opened:
            await self._note_progress(view.handoff.conversation_id, view.handoff.id)
        role = "supervisor" if agent.supervisor else "agent"
        await self._send(
            {
                "type": "welcome",
                "agent": {"name": agent.name, "role": role},
                "handoffs": [_shown(view) for view in opened],
            }
        )
        self._agent, self._digest = agent, digest_of(str(token))

    async def _end_when_revoked(self) -> None:
        await self._desk.agents.turned_away.until(self._digest)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await self._error("unauthorized", "This token was revoked.")
            await self._socket.close(CLOSE_POLICY)

    async def _note_progress(self, conversation_id: str, handoff_id: str) -> None:
        case = await self._desk.store.read(views.progress, conversation_id)
        self._seen[conversation_id] = Seen(case.seq, case.revision, case.note_id)
        self._conversations[handoff_id] = conversation_id

    async def _handle(self, frame: Frame) -> None:
        kind = frame.get("type")
        if kind == "ping":
            await self._send({"type": "pong"})
        elif kind == "typing":
            conversation_id = self._conversations.get(str(frame.get("handoff_id")))
            if conversation_id is not None and self._agent is not None:
                await self._desk.store.pass_on(Typing(conversation_id, "agent", self._agent.name))
        elif kind != "pong":
            await self._error("bad_request", "Unknown frame.")

    async def _watch(self, subscription: Subscription) -> None:
        while True:
            event = await subscription.next()
            try:
                if isinstance(event, ConversationChanged):
                    await self._tell_changes(event.conversation_id)
                elif isinstance(event, Typing) and event.author == "customer":
                    await self._tell_typing(event.conversation_id)
                elif isinstance(event, Missed):
                    await self._socket.close(CLOSE_RESTART)  # it greets again and reads everything anew
            except StoreUnavailable:
                log.warning("desk_without_store")
            except (WebSocketDisconnect, RuntimeError):
                return

    async def _tell_typing(self, conversation_id: str) -> None:
        for handoff_id, known in self._conversations.items():
            if known == conversation_id:
                about = {"handoff_id": handoff_id, "conversation_id": conversation_id}
                await self._send({"type": "typing", **about, "author": "customer"})
                return

    async def _tell_changes(self, conversation_id: str) -> None:
        seen = self._seen.get(conversation_id)
        news = await self._desk.store.read(
            views.for_desk,
            conversation_id,
            seen.seq if seen else None,
            seen.revision if seen else 0,
            seen.note_id if seen else 0,
        )
        if news.handoff is None:
            return
        handoff = news.handoff.handoff
        about = {"handoff_id": handoff.id, "conversation_id": conversation_id}
        after = seen.seq if seen else news.progress.seq
        self._conversations[handoff.id] = conversation_id
        self._seen[conversation_id] = Seen(news.progress.seq, news.progress.revision, news.progress.note_id)
        await self._send({"type": "handoff", "handoff": _shown(news.handoff)})
        for message in news.messages:
            await self._send({**_message_frame(message, after, self._desk.files_url), **about})
        for note in news.notes:
            await self._send({"type": "message", **about, "message": MessageOut.of_note(note).model_dump(mode="json")})

    async def _error(self, code: str, sentence: str) -> None:
        await self._send({"type": "error", "code": code, "message": sentence})

    async def _send(self, frame: Frame) -> None:
        async with self._sending:
            await self._socket.send_text(json.dumps(frame, ensure_ascii=False))


def _shown(view: views.HandoffView) -> Frame:
    return HandoffOut.of(view).model_dump(mode="json")


def _message_frame(message: Message, after: int, files_url: str) -> Frame:
    if message.deleted_at is not None:
        return {"type": "deleted", "seq": message.seq}
    if message.seq <= after:
        return {"type": "edited", "seq": message.seq, "text": message.text}
    return {"type": "message", "message": MessageOut.of(message, files_url).model_dump(mode="json")}
