"""Updates in Telegram's shape, read as far as we act upon them; everything else is listed as ignored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
Json = dict[str, Any]


@dataclass(frozen=True)
class Sender:
    """Who wrote, in which private chat."""

    chat_id: int
    user_id: int
    name: str | None
    language: str


@dataclass(frozen=True)
class Wrote:
    """A message with words, files or both."""

    sender: Sender
    message_id: int
    text: str
    file: FileRef | None


@dataclass(frozen=True)
class FileRef:
    """A file at Telegram that can be fetched."""

    file_id: str
    name: str


@dataclass(frozen=True)
class Started:
    """`/start`, with whatever stood behind it in the link."""

    sender: Sender
    message_id: int
    payload: str


@dataclass(frozen=True)
class Edited:
    """The customer changed what they wrote."""

    sender: Sender
    message_id: int
    text: str


@dataclass(frozen=True)
class Pressed:
    """A button under one of our messages."""

    sender: Sender
    callback_id: str
    message_id: int
    data: str


@dataclass(frozen=True)
class SharedContact:
    """A phone number; `is_own` only if Telegram says that it is the sender's."""

    sender: Sender
    message_id: int
    phone: str
    is_own: bool


@dataclass(frozen=True)
class ChangedBlock:
    """The customer blocked the bot, or is back."""

    sender: Sender
    is_blocked: bool


@dataclass(frozen=True)
class InGroup:
    """Somebody wrote in a group, where nothing is answered."""

    chat_id: int
    language: str


Update = Wrote | Started | Edited | Pressed | SharedContact | ChangedBlock | InGroup


def external_id(update: Json) -> str:
    """The update's own id; since numbers may begin anew after a quiet week, with what it is about."""
    query = update.get("callback_query", {})
    message = update.get("message") or update.get("edited_message") or update.get("my_chat_member") or {}
    moment = query.get("id") or message.get("edit_date") or message.get("date") or ""
    return f"{update['update_id']}:{moment}"


def read_update(update: Json) -> Update | None:
    """What happened, or None for what we ignore: channels, bots, service messages, kinds we never asked for."""
    if "callback_query" in update:
        return _pressed(update["callback_query"])
    if "my_chat_member" in update:
        return _changed_block(update["my_chat_member"])
    message = update.get("message") or update.get("edited_message")
    if message is None or message.get("from", {}).get("is_bot", True):
        return None
    if message["chat"]["type"] != "private":
        return InGroup(message["chat"]["id"], _language(message["from"]))
    sender = _sender(message["chat"], message["from"])
    if "edited_message" in update:
        return Edited(sender, message["message_id"], _words(message))
    if "contact" in message:
        return _contact(sender, message)
    text = _words(message)
    if text.split(" ")[0].split("@")[0] == "/start":
        return Started(sender, message["message_id"], text.partition(" ")[2])
    return Wrote(sender, message["message_id"], text, _file(message))


def _pressed(query: Json) -> Pressed | None:
    message = query.get("message", {})
    chat = message.get("chat", {})
    if chat.get("type") != "private":
        return None
    return Pressed(_sender(chat, query["from"]), query["id"], message.get("message_id", 0), query.get("data", ""))


def _changed_block(member: Json) -> Update | None:
    chat = member["chat"]
    status = member["new_chat_member"]["status"]
    if chat["type"] == "private":
        return ChangedBlock(_sender(chat, member["from"]), status == "kicked")
    return InGroup(chat["id"], _language(member["from"])) if status in ("member", "administrator") else None


def _contact(sender: Sender, message: Json) -> SharedContact:
    contact = message["contact"]
    is_own = contact.get("user_id") == sender.user_id and not message.get("forward_origin")
    return SharedContact(sender, message["message_id"], contact["phone_number"], is_own)


def _sender(chat: Json, user: Json) -> Sender:
    return Sender(chat["id"], user["id"], user.get("first_name"), _language(user))


def _language(user: Json) -> str:
    return "en" if str(user.get("language_code", "")).startswith("en") else "es"


def _words(message: Json) -> str:
    if "location" in message:
        place = message["location"]
        return f"📍 {place['latitude']:.5f}, {place['longitude']:.5f}"
    return str(message.get("text") or message.get("caption") or message.get("sticker", {}).get("emoji") or "")


def _file(message: Json) -> FileRef | None:
    if message.get("photo"):
        return FileRef(message["photo"][-1]["file_id"], "photo.jpg")
    for kind, name in (
        ("document", "document"),
        ("voice", "voice.ogg"),
        ("audio", "audio.mp3"),
        ("video", "video.mp4"),
    ):
        if kind in message:
            return FileRef(message[kind]["file_id"], message[kind].get("file_name") or name)
    return None
