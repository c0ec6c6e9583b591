"""What people do in Telegram, and the updates that come of it."""

from __future__ import annotations

from tests.emulators.telegram.content import contact_content, location_content, text_contents
from tests.emulators.telegram.model import Chat, Json, Message, Person, Press, member_status
from tests.emulators.telegram.updates import CALLBACK_LIFETIME
from tests.emulators.telegram.world import World


class ImpossibleError(Exception):
    """A person can't do that in Telegram: there is no such button, message, chat…"""


class People:
    """The hands of everybody but the bot."""

    def __init__(self, world: World) -> None:
        self._world = world

    def join(self, person: Person) -> Person:
        if person.id in self._world.people:
            raise ImpossibleError(f"there is already somebody with the id {person.id}")
        self._world.people[person.id] = person
        self._world.private_chat(person)
        return person

    def send(
        self, person: int, chat: int, contents: list[Json], reply_to: int | None = None, age: float = 0
    ) -> list[Message]:
        """Write messages into a chat; with an `age`, as if that many seconds ago."""
        writer, place = self._person(person), self._place(person, chat)
        place.was_opened = True
        return [self._write(writer, place, content, reply_to, age) for content in contents]

    def edit(self, person: int, chat: int, number: int, content: Json) -> Message:
        place = self._place(person, chat)
        message = self._message(place, number)
        if message.sender["id"] != person:
            raise ImpossibleError("nobody can edit what another wrote")
        message.earlier.append(self._world.show(place, message))
        message.content = {**message.content, **content}
        if "text" in content and "entities" not in content:
            message.content.pop("entities", None)
        message.edit_date = self._world.now()
        self._tell_bot("edited_message", place, message)
        return message

    def delete(self, person: int, chat: int, number: int) -> None:
        """Bots are not told."""
        message = self._message(self._place(person, chat), number)
        message.deleted = True
        self._world.changes.tell()

    def press(self, person: int, chat: int, text: str, data: str, number: int | None) -> Press:
        """Press an inline button: of that message, else of the newest message that has it."""
        place = self._place(person, chat)
        message, button = self._inline_button(place, text, data, number)
        if "callback_data" not in button:
            raise ImpossibleError(f"the button {button['text']!r} tells the bot nothing")
        query = str(self._world.chance.randrange(10**17, 10**18))
        press = Press(query, person, place.id, message.id, button["callback_data"], self._world.clock.now())
        self._world.presses[query] = press
        gone: Json = {"chat": self._world.show_chat(place), "message_id": message.id, "date": 0}
        body = {
            "id": query,
            "from": self._person(person).as_user(),
            "message": gone if message.deleted else self._world.show(place, message),
            "chat_instance": str(hash((place.id, self._world.bot.id))),
            "data": press.data,
        }
        self._world.updates.push("callback_query", body, f"press {person}", CALLBACK_LIFETIME)
        return press

    def tap(self, person: int, text: str) -> Message:
        """Tap a button of the keyboard that the bot put in place of the person's own."""
        place = self._place(person, person)
        buttons = [button for row in (place.keyboard or {}).get("keyboard", []) for button in row]
        button = next((button for button in buttons if button["text"] == text), None)
        if button is None:
            raise ImpossibleError(f"the keyboard has no {text!r}, only {[button['text'] for button in buttons]}")
        asked_in = place.keyboard_from
        if (place.keyboard or {}).get("one_time_keyboard"):
            place.keyboard = place.keyboard_from = None
        if button.get("request_contact"):
            return self.send(person, place.id, [contact_content(self._person(person))], asked_in)[0]
        if button.get("request_location"):
            return self.send(person, place.id, [location_content(40.416775, -3.70379)], asked_in)[0]
        return self.send(person, place.id, text_contents(text))[0]

    def block(self, person: int, blocked: bool) -> None:
        place = self._world.chats[self._person(person).id]
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        if place.bot_status == new:
            raise ImpossibleError("already so")
        place.bot_status = new
        user = self._person(person).as_user()
        self._world.announce_bot_status(place, user, member_status(old), member_status(new))

    def deactivate(self, person: int) -> None:
        """The person deletes the account; bots are not told."""
        self._world.deactivated.add(self._person(person).id)

    def _write(self, writer: Person, place: Chat, content: Json, reply_to: int | None, age: float) -> Message:
        date = int(self._world.clock.now() - age)
        message = Message(place.next_id(), writer.as_user(), date, content, reply_to=reply_to)
        place.add(message)
        self._tell_bot("message", place, message)
        return message

    def _tell_bot(self, kind: str, place: Chat, message: Message) -> None:
        if place.is_private or self._reaches_bot(place, message):
            self._world.announce(kind, place, message)
        self._world.changes.tell()

    def _reaches_bot(self, group: Chat, message: Message) -> bool:
        """Privacy mode: in groups a bot gets commands and answers to what it wrote."""
        if group.bot_status not in ("member", "administrator") or self._world.bot.reads_all_group_messages:
            return group.bot_status in ("member", "administrator")
        answered = group.messages.get(message.reply_to) if message.reply_to is not None else None
        if answered is not None and answered.is_from_bot:
            return True
        name = self._world.bot.username.lower()
        commands = [entity for entity in message.content.get("entities", []) if entity["type"] == "bot_command"]
        addressed = [str(message.content["text"]).split()[0].lower() for entity in commands if entity["offset"] == 0]
        return any("@" not in command or command.endswith(f"@{name}") for command in addressed)

    def _inline_button(self, place: Chat, text: str, data: str, number: int | None) -> tuple[Message, Json]:
        for message in [place.messages[number]] if number in place.messages else reversed(list(place.visible())):
            keyboards = [message.inline_keyboard]
            if number is not None:
                # Of a message that was named, also a button that is gone by now: the finger was faster.
                keyboards += [earlier.get("reply_markup") for earlier in reversed(message.earlier)]
            for button in (button for keyboard in keyboards for button in _buttons(keyboard)):
                if (text and button["text"] == text) or (data and button.get("callback_data") == data):
                    return message, button
        raise ImpossibleError(f"no message shows the button {text or data!r}")

    def _person(self, person: int) -> Person:
        if person not in self._world.people:
            raise ImpossibleError(f"nobody has the id {person}")
        if person in self._world.deactivated:
            raise ImpossibleError(f"{person} left Telegram")
        return self._world.people[person]

    def _place(self, person: int, chat: int) -> Chat:
        place = self._world.chats.get(chat)
        if place is None or person not in place.members or place.migrated_to is not None:
            raise ImpossibleError(f"{person} can't write in {chat}")
        if place.is_private and place.bot_status == "kicked":
            raise ImpossibleError("who blocked the bot has to unblock it before writing")
        return place

    def _message(self, place: Chat, number: int) -> Message:
        message = place.messages.get(number)
        if message is None or message.deleted:
            raise ImpossibleError(f"there is no message {number} in {place.id}")
        return message


def _buttons(keyboard: Json | None) -> list[Json]:
    return [button for row in (keyboard or {}).get("inline_keyboard", []) for button in row]
