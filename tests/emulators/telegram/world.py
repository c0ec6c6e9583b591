"""The whole of the emulated Telegram, in memory: one bot, its people, chats, files and queue of updates."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.emulators.telegram.changes import Changes
from tests.emulators.telegram.clock import Clock
from tests.emulators.telegram.faults import Faults
from tests.emulators.telegram.files import FileShelf
from tests.emulators.telegram.journal import Journal
from tests.emulators.telegram.limits import Limits
from tests.emulators.telegram.model import GROUP, PRIVATE, Bot, Chat, Json, Message, Person, Press, ShownAction
from tests.emulators.telegram.updates import UpdateQueue

DEFAULT_TOKEN = "7000000001:EMULATED-relevo-bot-token-0123456789"


@dataclass
class Settings:
    """How closely to keep to Telegram's own waiting times; tests want them short."""

    # The real server makes hasty pollers wait 3 s and answers a second conflict within 3 s only after 3 s.
    real_poll_timing: bool = False
    # The second from which the waiting between failed webhook deliveries is doubled.
    webhook_retry_unit: float = 1.0
    webhook_timeout: float = 60.0
    webhook_needs_https: bool = False


class World:
    """Everything that is the case, and how it is shown to the bot."""

    def __init__(self, token: str = DEFAULT_TOKEN, seed: int = 0) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.changes = Changes()
        self.clock = Clock()
        self.settings = Settings()
        self.faults = Faults(seed)
        self.limits = Limits(self.clock)
        self.journal = Journal()
        self.files = FileShelf(self.chance)
        self.updates = UpdateQueue(self.clock, self.chance, self.changes.tell)
        self.bot = Bot(_bot_id(token), token, "Relevo", "relevo_emulated_bot")
        self.people: dict[int, Person] = {}
        self.deactivated: set[int] = set()
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.actions: list[ShownAction] = []

    def now(self) -> int:
        return int(self.clock.now())

    def new_person_id(self) -> int:
        return self._unused(lambda: self.chance.randrange(1_000_000_000, 8_000_000_000))

    def new_group_id(self) -> int:
        return self._unused(lambda: -self.chance.randrange(4_000_000_000, 5_000_000_000))

    def new_supergroup_id(self) -> int:
        return self._unused(lambda: -1_000_000_000_000 - self.chance.randrange(1_000_000_000, 3_000_000_000))

    def private_chat(self, person: Person) -> Chat:
        """The person's chat with the bot; it is there before it was ever opened."""
        if person.id not in self.chats:
            self.chats[person.id] = Chat(person.id, PRIVATE, members=[person.id])
        return self.chats[person.id]

    def groups_of(self, person: int) -> list[Chat]:
        return [chat for chat in self.chats.values() if not chat.is_private and person in chat.members]

    def show_chat(self, chat: Chat) -> Json:
        """A `Chat` object."""
        if chat.is_private:
            return self.people[chat.id].as_chat()
        shown: Json = {"id": chat.id, "title": chat.title, "type": chat.type}
        return {**shown, "all_members_are_administrators": True} if chat.type == GROUP else shown

    def show(self, chat: Chat, message: Message, with_reply: bool = True) -> Json:
        """A `Message` object, as updates and answers carry it."""
        shown: Json = {
            "message_id": message.id,
            "from": message.sender,
            "chat": self.show_chat(chat),
            "date": message.date,
        }
        if message.edit_date is not None:
            shown["edit_date"] = message.edit_date
        answered = chat.messages.get(message.reply_to) if message.reply_to is not None else None
        if with_reply and answered is not None and not answered.deleted:
            shown["reply_to_message"] = self.show(chat, answered, with_reply=False)
        shown.update(message.content)
        if message.inline_keyboard is not None:
            shown["reply_markup"] = message.inline_keyboard
        return shown

    def announce(self, kind: str, chat: Chat, message: Message) -> None:
        """Queue an update about a message. Telegram keeps no word of a message older than a day."""
        written_at = message.edit_date if message.edit_date is not None else message.date
        left = written_at + 86_400 - self.clock.now()
        if left > 0:
            self.updates.push(kind, self.show(chat, message), f"chat {chat.id}", left)
        self.changes.tell()

    def announce_bot_status(self, chat: Chat, by: Json, old: Json, new: Json) -> None:
        """Queue a `my_chat_member` update."""
        user = self.bot.as_user()
        body: Json = {
            "chat": self.show_chat(chat),
            "from": by,
            "date": self.now(),
            "old_chat_member": {"user": user, **old},
            "new_chat_member": {"user": user, **new},
        }
        self.updates.push("my_chat_member", body, f"member {chat.id}")
        self.changes.tell()

    def _unused(self, draw: Callable[[], int]) -> int:
        number = draw()
        while number in self.people or number in self.chats:
            number = draw()
        return number


def _bot_id(token: str) -> int:
    head = token.partition(":")[0]
    return int(head) if head.isdigit() else 7_000_000_001
