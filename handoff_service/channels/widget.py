"""The website's widget: one socket, on which what the customer writes is stored before it is acknowledged."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter
from starlette.responses import PlainTextResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from handoff_service.channels import widget_frames as frames
from handoff_service.channels.identity import IdentityRefused, read_identity
from handoff_service.channels.limits import Crowd, Limit, Places
from handoff_service.crash_points import reached
from handoff_service.observability import instruments
from handoff_service.settings import Settings
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard import links, receiving, views, visitors
from handoff_service.switchboard.conversations import NoSuchConversation
from handoff_service.switchboard.files import NoSuchFile
from handoff_service.switchboard.hub import QUEUE, ConversationChanged, Hub, Missed, Subscription, Typing
from handoff_service.switchboard.pauses import ConversationPaused
from handoff_service.switchboard.rules.text import MESSAGE_LIMIT
from handoff_service.words import LANGUAGES, Words

HELLO_WITHIN = 10.0  # seconds
MESSAGE_BURST, MESSAGES_PER_SECOND = 60, 1.0
SOCKETS_PER_CONVERSATION = 30  # tabs and devices of one customer, with room for those that a lost network left behind
RETRY_FOR_A_PLACE = 60  # seconds
CLOSE_POLICY = 1008

log = structlog.get_logger()


@dataclass
class Widget:
    """What every widget socket needs; one for the whole service."""

    store: Store
    hub: Hub
    words: Words
    settings: Settings
    ways_on: Mapping[str, Callable[[str], str | None]] = field(default_factory=dict)  # by channel: a token's address

    def __post_init__(self) -> None:
        self.message_limit = Limit(MESSAGE_BURST, MESSAGES_PER_SECOND)
        self.crowd = Crowd(self.settings.widget_connections_per_address)
        self.places = Places(SOCKETS_PER_CONVERSATION)

    @property
    def open_ways(self) -> list[str]:
        """The channels on which a customer can go on now."""
        return [name for name, address in self.ways_on.items() if address("-") is not None]

    def router(self) -> APIRouter:
        """The socket's route; a plain one, since thousands come back at once and need nothing that FastAPI adds."""

        async def widget(socket: WebSocket) -> None:
            if not self._may_embed(socket):
                await socket.send_denial_response(PlainTextResponse("This site may not embed the chat.", 403))
                return
            wait = self.crowd.wait_for(_address_of(socket))
            if wait:
                headers = {"Retry-After": str(math.ceil(wait))}
                await socket.send_denial_response(PlainTextResponse("Too many connections.", 429, headers))
                return
            await socket.accept()
            with instruments.sockets.labels("widget").track_inprogress():
                await WidgetSession(self, socket).run()

        return APIRouter(routes=[WebSocketRoute("/v1/widget", widget)])

    def _may_embed(self, socket: WebSocket) -> bool:
        """Our own origin always, those of the settings, and what is no browser (it sends none)."""
        origin = socket.headers.get("origin")
        if origin is None:
            return True
        return origin in self.settings.allowed_origins or urlsplit(origin).netloc == socket.headers.get("host")


class WidgetSession:
    """One socket of one customer."""

    def __init__(self, widget: Widget, socket: WebSocket) -> None:
        self._widget = widget
        self._socket = socket
        self._base = widget.settings.files_url or _public_address(socket)
        self._language = LANGUAGES[0]
        self._conversation_id: str | None = None
        self._place: str | None = None
        self._has_greeted = False
        self._logged_in = False
        self._seq = 0
        self._revision = 0
        self._owner: frames.Frame | None = None
        self._sending = asyncio.Lock()
        self._subscription: Subscription | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve until the socket closes."""
        try:
            async with asyncio.timeout(HELLO_WITHIN):
                while self._conversation_id is None:
                    await self._handle(await self._receive())
            while True:
                await self._handle(await self._receive())
        except TimeoutError:
            await self._close()
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            await self._stop_watching()
            self._leave_place()

    def _take_place(self, conversation_id: str) -> bool:
        """Whether this conversation has room for one more socket."""
        if self._place == conversation_id:
            return True
        if not self._widget.places.take(conversation_id):
            return False
        self._leave_place()
        self._place = conversation_id
        return True

    def _leave_place(self) -> None:
        if self._place is not None:
            self._widget.places.leave(self._place)
            self._place = None

    async def _close(self) -> None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await self._socket.close(CLOSE_POLICY)

    async def _receive(self) -> str:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        return message.get("text") or ""

    async def _handle(self, raw: str) -> None:
        try:
            frame = frames.read_frame(raw)
        except frames.BadFrame as error:
            await self._error("bad_request", error.message_id)
            return
        if isinstance(frame, frames.Ping):
            await self._send({"type": "pong"})
        elif isinstance(frame, frames.Hello):
            await self._greet(frame)
        elif self._conversation_id is None:
            await self._error("bad_request", getattr(frame, "id", None))
        elif isinstance(frame, frames.Written):
            await self._take(self._conversation_id, frame)
        elif isinstance(frame, frames.LinkWanted):
            await self._lead_on(self._conversation_id, frame.to)
        elif isinstance(frame, frames.TypingNow):
            await self._widget.store.pass_on(Typing(self._conversation_id, "customer"))

    async def _greet(self, hello: frames.Hello) -> None:
        locale = (hello.locale or "")[:2].lower()
        self._language = locale if locale in LANGUAGES else self._language
        wait = self._widget.crowd.wait_for(_address_of(self._socket)) if self._has_greeted else 0.0
        if wait:  # each greeting may open a conversation, so a further one costs what a connection does
            await self._error("rate_limited", seconds=math.ceil(wait), retry_after=math.ceil(wait))
            return
        self._has_greeted = True
        secret = self._widget.settings.widget_identity_secret.get_secret_value()
        try:
            identity = read_identity(hello.identity, secret) if hello.identity else None
            visit = await self._widget.store.run(
                visitors.greet, hello.token, identity, locale if locale in LANGUAGES else None
            )
            if not self._take_place(visit.conversation.id):
                await self._error("rate_limited", seconds=RETRY_FOR_A_PLACE, retry_after=RETRY_FOR_A_PLACE)
                return
            self._logged_in = identity is not None
            await self._enter(visit, hello.after)
        except (IdentityRefused, visitors.TokenRefused):
            await self._error("unauthorized")
            return
        except StoreUnavailable:
            await self._error("unavailable")

    async def _enter(self, visit: visitors.Visit, after: int) -> None:
        """Watch first, then read: nothing falls between the state and what follows it."""
        await self._stop_watching()
        self._subscription = self._widget.hub.subscribe(visit.conversation.id, QUEUE)
        after = min(after, visit.conversation.last_seq)
        view = await self._widget.store.read(views.for_customer, visit.conversation.id, after, 0)
        self._conversation_id = visit.conversation.id
        self._note_progress(view)
        await self._send(frames.welcome_frame(view, visit.token, after, self._base, self._widget.open_ways))
        self._owner = frames.owner_frame(view.owner)
        if view.owner.owner != "assistant" or view.owner.paused_until is not None:
            await self._send(self._owner)
        self._watcher = asyncio.create_task(self._watch(self._subscription))

    async def _lead_on(self, conversation_id: str, to: str) -> None:
        """A one-time link to the same conversation on another channel."""
        wait = self._widget.message_limit.wait_for(conversation_id)
        if wait:
            await self._error("rate_limited", seconds=math.ceil(wait), retry_after=math.ceil(wait))
            return
        if to not in self._widget.open_ways:
            await self._error("bad_request")
            return
        try:
            link = await self._widget.store.run(links.make_link, conversation_id)
        except links.NothingToGoOnWith:
            await self._error("bad_request")
            return
        except NoSuchConversation:
            await self._leave()
            return
        except StoreUnavailable:
            await self._error("unavailable")
            return
        url = self._widget.ways_on[to](link.token)
        await self._send(frames.link_frame(to, url or "", link.expires_at))

    async def _take(self, conversation_id: str, written: frames.Written) -> None:
        if not written.text and not written.attachments:
            await self._error("bad_request", written.id, "utter_empty_message")
            return
        if len(written.text) > MESSAGE_LIMIT:
            await self._error("too_long", written.id, limit=MESSAGE_LIMIT)
            return
        wait = self._widget.message_limit.wait_for(conversation_id)
        if wait:
            await self._error("rate_limited", written.id, seconds=math.ceil(wait), retry_after=math.ceil(wait))
            return
        began = time.monotonic()
        try:
            stored = await self._widget.store.run(
                receiving.receive,
                self._widget.words,
                conversation_id,
                written.text,
                written.payload,
                written.id,
                written.attachments,
            )
        except NoSuchFile:
            await self._error("bad_request", written.id)
            return
        except NoSuchConversation:
            await self._leave(written.id)
            return
        except ConversationPaused as pause:
            clock = self._widget.words.clock(pause.until)
            await self._error("paused", written.id, told={"until": frames.as_time(pause.until)}, until=clock)
            return
        except StoreUnavailable:
            await self._error("unavailable", written.id)
            return
        reached("before ack", "widget")
        await self._send({"type": "ack", "id": written.id, "seq": stored.seq})
        reached("after ack", "widget")
        instruments.ack_seconds.observe(time.monotonic() - began)

    async def _watch(self, subscription: Subscription) -> None:
        """Tell the widget what changes, read from the record each time, so that nothing can be missed."""
        try:
            while True:
                event = await subscription.next()
                if self._conversation_id is None:
                    return
                if isinstance(event, Typing):
                    if event.author != "customer":
                        await self._send({"type": "typing", "author": event.author, "name": event.name})
                elif isinstance(event, ConversationChanged | Missed) or self._waits():
                    await self._refresh()
        except (WebSocketDisconnect, RuntimeError):
            return

    def _waits(self) -> bool:
        return self._owner is not None and self._owner["owner"] == "queue"

    async def _refresh(self) -> None:
        if self._conversation_id is None:
            return
        try:
            view = await self._widget.store.read(views.for_customer, self._conversation_id, self._seq, self._revision)
        except StoreUnavailable:
            log.warning("widget_without_store")
            return
        except NoSuchConversation:
            await self._leave()
            return
        if view.conversation.address is not None and not self._logged_in:
            await self._leave()  # somebody logged in there: from now on it is for them alone
            return
        for frame in frames.news(view, self._seq, self._base):
            await self._send(frame)
        self._note_progress(view)
        owner = frames.owner_frame(view.owner)
        if owner != self._owner:
            self._owner = owner
            await self._send(owner)

    async def _leave(self, message_id: str | None = None) -> None:
        """The conversation was erased: its token opens nothing any more, and the widget may greet anew."""
        self._conversation_id = None
        await self._error("unauthorized", message_id)

    def _note_progress(self, view: views.CustomerView) -> None:
        self._language = view.conversation.language
        self._revision = view.conversation.revision
        self._seq = view.conversation.last_seq

    async def _error(
        self,
        code: str,
        message_id: str | None = None,
        words: str | None = None,
        *,
        told: frames.Frame | None = None,
        **values: int | str,
    ) -> None:
        instruments.refused.labels(code).inc()
        frame: frames.Frame = {
            "type": "error",
            "code": code,
            "message": self._widget.words.say(words or f"utter_error_{code}", self._language, **values),
        }
        frame |= told or {}
        if message_id is not None:
            frame["id"] = message_id
        if "retry_after" in values:
            frame["retry_after"] = values["retry_after"]
        await self._send(frame)

    async def _send(self, frame: frames.Frame) -> None:
        async with self._sending:
            await self._socket.send_text(json.dumps(frame, ensure_ascii=False))

    async def _stop_watching(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
            self._watcher = None
        if self._subscription is not None:
            self._widget.hub.remove(self._subscription)
            self._subscription = None


def _address_of(socket: WebSocket) -> str:
    return socket.client.host if socket.client else ""


def _public_address(socket: WebSocket) -> str:
    """Under which address the customer's browser reaches us."""
    scheme = "https" if socket.url.scheme == "wss" else "http"
    return f"{scheme}://{socket.headers.get('host', '')}"
