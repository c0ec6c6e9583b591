"""Handles on people, chats and groups: what they do, and what they show."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from tests.emulators.telegram.views import Json, PressAnswer, Pressed, SeenAction, ShownMessage, shown_message

if TYPE_CHECKING:
    from tests.emulators.telegram.client import TelegramWorld


class Chat:
    """A chat as it looks now; every look asks the emulator anew."""

    def __init__(self, world: TelegramWorld, id: int) -> None:
        self.world = world
        self.id = id

    @property
    def all_messages(self) -> list[ShownMessage]:
        """Also those that were deleted."""
        return [shown_message(state) for state in self.world.ask("messages", chat=self.id)]

    @property
    def messages(self) -> list[ShownMessage]:
        return [message for message in self.all_messages if not message.deleted]

    @property
    def from_bot(self) -> list[ShownMessage]:
        return [message for message in self.messages if message.from_bot]

    @property
    def texts(self) -> list[str]:
        """What is to be read in the chat, from top to bottom."""
        return [message.text for message in self.messages]

    @property
    def last(self) -> ShownMessage:
        return self.messages[-1]

    def message(self, id: int) -> ShownMessage:
        return next(message for message in self.all_messages if message.id == id)

    @property
    def keyboard(self) -> list[str]:
        """The buttons in place of the person's own keyboard, if the bot put some there."""
        rows = (self._state["keyboard"] or {}).get("keyboard", [])
        return [button["text"] for row in rows for button in row]

    @property
    def bot_status(self) -> str:
        """What the bot is here: "member", "left", or "kicked", which in a private chat means blocked."""
        return str(self._state["bot_status"])

    @property
    def actions(self) -> list[SeenAction]:
        return [SeenAction(**action) for action in self.world.ask("actions", chat=self.id)]

    def wait_for(self, text: str, within: float = 5) -> ShownMessage:
        """The newest message of the bot that holds these words, once it is there."""

        def found() -> list[ShownMessage]:
            return [message for message in self.from_bot if text in message.text]

        self.world.wait_until(lambda: bool(found()), within, f"{text!r} in the chat, which shows {self.texts},")
        return found()[-1]

    def wait_for_count(self, count: int, within: float = 5) -> list[ShownMessage]:
        """The bot's messages, once there are that many."""
        self.world.wait_until(lambda: len(self.from_bot) >= count, within, f"{count} messages of the bot")
        return self.from_bot

    @property
    def _state(self) -> Json:
        return dict(self.world.ask("chat_state", chat=self.id))


class Person:
    """Somebody with Telegram; without a `to`, everything happens in the private chat with the bot."""

    def __init__(self, world: TelegramWorld, id: int, first_name: str, phone: str) -> None:
        self.world = world
        self.id = id
        self.first_name = first_name
        self.phone = phone
        self.chat = Chat(world, id)

    def starts(self, payload: str = "") -> ShownMessage:
        """Open the bot, perhaps by a link `t.me/bot?start=payload`."""
        return self._do("start", None, payload=payload)

    def writes(
        self, text: str, *, to: Group | None = None, reply_to: int | None = None, age: float = 0
    ) -> ShownMessage:
        """Send a text (the last message, where it took several); with an `age`, as if written that long ago."""
        return self._do("write", to, text=text, reply_to=reply_to, age=age)

    def edits(self, message: ShownMessage, text: str) -> ShownMessage:
        states = self.world.ask("edit", person=self.id, chat=message.chat, message=message.id, text=text)
        return shown_message(states[-1])

    def deletes(self, message: ShownMessage) -> None:
        """Delete a message for both sides. Telegram tells bots nothing of it."""
        self.world.ask("delete", person=self.id, chat=message.chat, message=message.id)

    def presses(
        self, text: str = "", *, data: str = "", message: int | None = None, to: Group | None = None
    ) -> Pressed:
        """Press an inline button, found by its text or data in the newest message that has it.

        Of a `message` that is named, it may be a button that was deleted or edited away in the meantime.
        """
        press = self.world.ask("press", person=self.id, chat=self._place(to), text=text, data=data, message=message)
        return Pressed(press["id"], press["data"], press["message"])

    def answer_to(self, press: Pressed, within: float = 5) -> PressAnswer:
        """What the bot answered to the press, once it did."""
        self.world.wait_until(lambda: self._answer(press) is not None, within, "an answer to the press")
        return PressAnswer(**(self._answer(press) or {}))

    def taps(self, text: str) -> ShownMessage:
        """Tap a button of the keyboard that the bot put there."""
        return shown_message(self.world.ask("tap", person=self.id, text=text)[-1])

    def shares_contact(self, of: Person | None = None, *, with_user_id: bool = True) -> ShownMessage:
        """Share the own contact, or that of somebody else."""
        return self._do("share_contact", None, of=(of or self).id, with_user_id=with_user_id)

    def sends_photo(self, content: bytes = b"\xff\xd8\xff\xe0 a photo", caption: str = "") -> ShownMessage:
        return self._sends("photo", content, caption=caption)

    def sends_album(self, photos: int = 2, caption: str = "") -> list[ShownMessage]:
        """Several photos at once, which is a message each."""
        contents = [base64.b64encode(b"\xff\xd8\xff\xe0 photo %d" % number).decode() for number in range(photos)]
        states = self.world.ask("send_album", person=self.id, chat=self.id, photos=contents, caption=caption)
        return [shown_message(state) for state in states]

    def sends_document(
        self,
        content: bytes = b"%PDF-1.4 a bill",
        name: str = "factura.pdf",
        mime: str = "application/pdf",
        caption: str = "",
        size: int | None = None,
    ) -> ShownMessage:
        """With a `size`, Telegram takes the file for that large."""
        return self._sends("document", content, name=name, mime=mime, caption=caption, size=size)

    def sends_voice(self, content: bytes = b"OggS a voice") -> ShownMessage:
        return self._sends("voice", content)

    def sends_sticker(self, content: bytes = b"RIFF a sticker") -> ShownMessage:
        return self._sends("sticker", content)

    def sends_location(self, latitude: float = 40.416775, longitude: float = -3.70379) -> ShownMessage:
        return self._do("send_location", None, latitude=latitude, longitude=longitude)

    def sends_raw(self, content: Json) -> ShownMessage:
        """A message with any content, e.g. `{"dice": {"emoji": "🎲", "value": 3}}`."""
        return self._do("send_raw", None, content=content)

    def blocks_bot(self) -> None:
        self.world.ask("block", person=self.id, blocked=True)

    def unblocks_bot(self) -> None:
        self.world.ask("block", person=self.id, blocked=False)

    def deletes_account(self) -> None:
        self.world.ask("deactivate", person=self.id)

    def _sends(self, kind: str, content: bytes, **about: Any) -> ShownMessage:
        return self._do("send_file", None, kind=kind, content=base64.b64encode(content).decode(), **about)

    def _do(self, verb: str, to: Group | None, **arguments: Any) -> ShownMessage:
        states = self.world.ask(verb, person=self.id, chat=self._place(to), **arguments)
        return shown_message(states[-1])

    def _place(self, to: Group | None) -> int:
        return self.id if to is None else to.id

    def _answer(self, press: Pressed) -> Json | None:
        answer: Json | None = self.world.ask("press_answer", press=press.id)
        return answer


class Group(Chat):
    """A group; its first member acts."""

    def add_bot(self) -> None:
        self.world.ask("add_bot", group=self.id)

    def remove_bot(self) -> None:
        self.world.ask("remove_bot", group=self.id)

    def becomes_supergroup(self) -> Group:
        """Telegram makes it another chat with another id."""
        return Group(self.world, self.world.ask("migrate", group=self.id))
