"""The widget's frames: what may come in, and how what goes out looks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError

from handoff_service.switchboard.files import MOST_PER_MESSAGE, url_of
from handoff_service.switchboard.rules.text import clean
from handoff_service.switchboard.transcript import Message
from handoff_service.switchboard.views import CustomerView, OwnerView

Frame = dict[str, Any]
FileId = Annotated[str, StringConstraints(min_length=1, max_length=60)]
ClientId = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class Hello(BaseModel):
    """The first frame: who this widget is and what it has."""

    type: Literal["hello"]
    token: Annotated[str, StringConstraints(max_length=200)] | None = None
    after: int = Field(default=0, ge=0, le=2**31 - 1)
    locale: Annotated[str, StringConstraints(max_length=35)] | None = None
    identity: Annotated[str, StringConstraints(max_length=8000)] | None = None


class Written(BaseModel):
    """What the customer wrote or pressed."""

    type: Literal["message"]
    id: ClientId
    text: str
    payload: Annotated[str, StringConstraints(max_length=2000)] | None = None
    attachments: Annotated[list[FileId], Field(max_length=MOST_PER_MESSAGE)] = []


class LinkWanted(BaseModel):
    """The customer would like to go on elsewhere."""

    type: Literal["link"]
    to: Annotated[str, StringConstraints(max_length=20)]


class TypingNow(BaseModel):
    """The customer is typing."""

    type: Literal["typing"]


class Ping(BaseModel):
    """Still there?"""

    type: Literal["ping"]


class Pong(BaseModel):
    """Still here."""

    type: Literal["pong"]


Frames = Hello | Written | LinkWanted | TypingNow | Ping | Pong
Incoming = Annotated[Frames, Field(discriminator="type")]
_incoming: TypeAdapter[Frames] = TypeAdapter(Incoming)


class BadFrame(Exception):
    """Not a frame of the contract. `message_id` is set where the frame at least named one."""

    def __init__(self, message_id: str | None = None) -> None:
        super().__init__()
        self.message_id = message_id


def read_frame(raw: str) -> Frames:
    """The frame, or `BadFrame`."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadFrame from None
    if not isinstance(content, dict):
        raise BadFrame
    whole = {str(k): clean(v) if isinstance(v, str) else v for k, v in content.items()}
    try:
        return _incoming.validate_python(whole)
    except ValidationError:
        named = whole.get("id")
        raise BadFrame(named if isinstance(named, str) and len(named) <= 128 else None) from None


def as_time(time: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return None if time is None else time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def message_frame(message: Message, base: str) -> Frame:
    """A message as its customer sees it; `base` is the address under which they reach its files."""
    frame: Frame = {
        "type": "message",
        "seq": message.seq,
        "author": message.author,
        "name": message.name,
        "text": message.text,
        "sent_at": as_time(message.sent_at),
    }
    if message.buttons:
        frame["buttons"] = list(message.buttons)
    if message.attachments:
        frame["attachments"] = [
            {"name": a["name"], "url": url_of(a, base), "mime": a["mime"]} for a in message.attachments
        ]
    if message.author == "customer" and message.client_id is not None:
        frame["id"] = message.client_id
    if message.edited_at is not None:
        frame["edited"] = True
    return frame


def change_frame(message: Message) -> Frame | None:
    """What became of a message the widget has already, if anything."""
    if message.deleted_at is not None:
        return {"type": "deleted", "seq": message.seq}
    if message.edited_at is not None:
        return {"type": "edited", "seq": message.seq, "text": message.text}
    return None


def owner_frame(owner: OwnerView) -> Frame:
    """Who has the conversation now."""
    frame: Frame = {
        "type": "owner",
        "owner": owner.owner,
        "agent": owner.agent,
        "position": owner.position,
        "wait_seconds": list(owner.wait_seconds) if owner.wait_seconds else None,
        "opens_at": as_time(owner.opens_at),
    }
    if owner.paused_until is not None:
        frame["paused_until"] = as_time(owner.paused_until)
    return frame


def link_frame(to: str, url: str, expires_at: datetime) -> Frame:
    """The way on to another channel: good once, until then."""
    return {"type": "link", "to": to, "url": url, "expires_at": as_time(expires_at)}


def welcome_frame(view: CustomerView, token: str, after: int, base: str, ways_on: Sequence[str] = ()) -> Frame:
    """The conversation as it is now, for a widget that has everything up to `after`."""
    alive = [m for m in view.messages if m.seq > after and m.deleted_at is None]
    known = [m for m in view.messages if m.seq <= after]
    frame: Frame = {
        "type": "welcome",
        "token": token,
        "conversation_id": view.conversation.id,
        "owner": view.conversation.owner.value,
        "language": view.conversation.language,
        "messages": [message_frame(m, base) for m in alive],
        "changes": [change for m in known if (change := change_frame(m)) is not None],
    }
    if ways_on:
        frame["links"] = list(ways_on)
    if view.owner.paused_until is not None:
        frame["paused_until"] = as_time(view.owner.paused_until)
    return frame


def news(view: CustomerView, after: int, base: str) -> Sequence[Frame]:
    """Frames for what is new or different since `after`, in order."""
    frames = []
    for message in view.messages:
        if message.seq > after and message.deleted_at is None:
            frames.append(message_frame(message, base))
        elif message.seq <= after and (frame := change_frame(message)) is not None:
            frames.append(frame)
    return frames
