"""Who and what there is: the bot, people, chats, messages, files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

PRIVATE = "private"
GROUP = "group"
SUPERGROUP = "supergroup"


def member_status(status: str) -> Json:
    """A member's status as `ChatMember` shows it."""
    return {"status": status, "until_date": 0} if status == "kicked" else {"status": status}


@dataclass
class Bot:
    id: int
    token: str
    first_name: str
    username: str
    reads_all_group_messages: bool = False
    commands: dict[str, list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)

    def as_user(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def as_me(self) -> Json:
        return {
            **self.as_user(),
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_all_group_messages,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }


@dataclass
class Person:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    phone: str = ""

    def as_user(self) -> Json:
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return user | _filled(last_name=self.last_name, username=self.username, language_code=self.language_code)

    def as_chat(self) -> Json:
        names = _filled(first_name=self.first_name, last_name=self.last_name, username=self.username)
        return {"id": self.id, **names, "type": PRIVATE}


def _filled(**values: str) -> Json:
    return {name: value for name, value in values.items() if value}


@dataclass
class Message:
    """A message as it stands; `content` holds what the Bot API shows of it beside its frame."""

    id: int
    sender: Json
    date: int
    content: Json
    inline_keyboard: Json | None = None
    reply_keyboard: Json | None = None
    reply_to: int | None = None
    edit_date: int | None = None
    deleted: bool = False
    request: int | None = None
    earlier: list[Json] = field(default_factory=list)

    @property
    def is_from_bot(self) -> bool:
        return bool(self.sender["is_bot"])


@dataclass
class Chat:
    """A private chat with one person, or a group; `bot_status` is what the bot is in it."""

    id: int
    type: str
    title: str = ""
    members: list[int] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    bot_status: str = "member"
    was_opened: bool = False
    keyboard: Json | None = None
    keyboard_from: int | None = None
    migrated_to: int | None = None

    @property
    def is_private(self) -> bool:
        return self.type == PRIVATE

    def add(self, message: Message) -> Message:
        self.messages[message.id] = message
        return message

    def next_id(self) -> int:
        self.last_message_id += 1
        return self.last_message_id

    def visible(self) -> Iterator[Message]:
        return (message for message in self.messages.values() if not message.deleted)


@dataclass
class StoredFile:
    """A file at Telegram; `size` may be claimed larger than the content, so that a test needs no 20 MB."""

    id: str
    unique_id: str
    kind: str
    path: str
    content: bytes
    size: int
    name: str = ""
    mime: str = ""
    details: Json = field(default_factory=dict)

    def reference(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}


@dataclass
class Press:
    """One press of an inline button, and what the bot answered to it."""

    id: str
    person: int
    chat: int
    message: int
    data: str
    at: float
    answer: Json | None = None


@dataclass(frozen=True)
class ShownAction:
    """A chat action ("typing…") the bot showed."""

    chat: int
    action: str
    at: float
