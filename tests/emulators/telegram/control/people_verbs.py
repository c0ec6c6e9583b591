"""Verbs about people and groups: who there is, what they do, what they see."""

from __future__ import annotations

import base64
import re
from typing import Any

from tests.emulators.telegram.bot_api import BotApi
from tests.emulators.telegram.content import (
    caption_content,
    contact_content,
    file_content,
    location_content,
    text_contents,
)
from tests.emulators.telegram.groups import Groups
from tests.emulators.telegram.model import Chat, Json, Message, Person
from tests.emulators.telegram.people import ImpossibleError, People


class PeopleVerbs:
    """Each public method is a verb; its arguments come as JSON and its answer goes out as JSON."""

    def __init__(self, api: BotApi) -> None:
        self._world = api.world
        self._people = People(api.world)
        self._groups = Groups(api.world)

    def person(self, id: int | None = None, **about: Any) -> Json:
        person = Person(self._world.new_person_id() if id is None else id, **about)
        return dict(vars(self._people.join(person)))

    def write(self, person: int, chat: int, text: str, reply_to: int | None = None, age: float = 0) -> list[Json]:
        return self._shown(chat, self._people.send(person, chat, text_contents(text), reply_to, age))

    def start(self, person: int, chat: int, payload: str = "") -> list[Json]:
        """Open the bot; by a link with a payload, if there is one."""
        if payload and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload):
            raise ImpossibleError("Telegram passes no such payload on")
        return self.write(person, chat, f"/start {payload}".strip())

    def send_file(
        self,
        person: int,
        chat: int,
        kind: str,
        content: str,
        name: str = "",
        mime: str = "",
        size: int | None = None,
        caption: str = "",
    ) -> list[Json]:
        """A photo, document, voice message, video or sticker; the content comes in base64."""
        held = file_content(self._world.files, kind, base64.b64decode(content), name, mime, size)
        return self._shown(chat, self._people.send(person, chat, [held | caption_content(caption)]))

    def send_album(self, person: int, chat: int, photos: list[str], caption: str = "") -> list[Json]:
        """Several photos at once: a message each, with one `media_group_id`, and the caption on the first."""
        group = {"media_group_id": str(self._world.chance.randrange(10**16, 10**17))}
        contents = [file_content(self._world.files, "photo", base64.b64decode(photo)) | group for photo in photos]
        contents[0] |= caption_content(caption)
        return self._shown(chat, self._people.send(person, chat, contents))

    def send_location(self, person: int, chat: int, latitude: float, longitude: float) -> list[Json]:
        return self._shown(chat, self._people.send(person, chat, [location_content(latitude, longitude)]))

    def share_contact(self, person: int, chat: int, of: int, with_user_id: bool = True) -> list[Json]:
        if of not in self._world.people:
            raise ImpossibleError(f"nobody has the id {of}")
        content = contact_content(self._world.people[of], with_user_id)
        return self._shown(chat, self._people.send(person, chat, [content]))

    def send_raw(self, person: int, chat: int, content: Json) -> list[Json]:
        """A message with any content, for kinds that have no verb here."""
        return self._shown(chat, self._people.send(person, chat, [content]))

    def edit(self, person: int, chat: int, message: int, text: str) -> list[Json]:
        place = self._chat(chat)
        is_text = message not in place.messages or "text" in place.messages[message].content
        content = text_contents(text)[0] if is_text else caption_content(text)
        return self._shown(chat, [self._people.edit(person, chat, message, content)])

    def delete(self, person: int, chat: int, message: int) -> None:
        self._people.delete(person, chat, message)

    def press(self, person: int, chat: int, text: str = "", data: str = "", message: int | None = None) -> Json:
        return dict(vars(self._people.press(person, chat, text, data, message)))

    def press_answer(self, press: str) -> Json | None:
        if press not in self._world.presses:
            raise ImpossibleError(f"there was no press {press}")
        return self._world.presses[press].answer

    def tap(self, person: int, text: str) -> list[Json]:
        return self._shown(person, [self._people.tap(person, text)])

    def block(self, person: int, blocked: bool) -> None:
        self._people.block(person, blocked)

    def deactivate(self, person: int) -> None:
        self._people.deactivate(person)

    def create_group(self, title: str, members: list[int], supergroup: bool = False) -> int:
        return self._groups.create(title, members, supergroup).id

    def add_bot(self, group: int) -> None:
        self._groups.add_bot(group)

    def remove_bot(self, group: int) -> None:
        self._groups.remove_bot(group)

    def migrate(self, group: int) -> int:
        return self._groups.migrate(group).id

    def messages(self, chat: int) -> list[Json]:
        """Every message of the chat, the deleted ones included, as they are now."""
        place = self._chat(chat)
        return self._shown(chat, list(place.messages.values()))

    def chat_state(self, chat: int) -> Json:
        place = self._chat(chat)
        return {
            "keyboard": place.keyboard,
            "bot_status": place.bot_status,
            "was_opened": place.was_opened,
            "migrated_to": place.migrated_to,
        }

    def actions(self, chat: int) -> list[Json]:
        return [{"action": act.action, "at": act.at} for act in self._world.actions if act.chat == chat]

    def _chat(self, chat: int) -> Chat:
        if chat not in self._world.chats:
            raise ImpossibleError(f"there is no chat {chat}")
        return self._world.chats[chat]

    def _shown(self, chat: int, messages: list[Message]) -> list[Json]:
        place = self._chat(chat)
        return [
            {
                "message": self._world.show(place, message),
                "deleted": message.deleted,
                "keyboard": message.reply_keyboard,
                "earlier": message.earlier,
            }
            for message in messages
        ]
