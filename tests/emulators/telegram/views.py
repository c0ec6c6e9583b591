"""What a test sees of the emulated world, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class ShownButton:
    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True)
class ShownMessage:
    """A message as it stands now; `raw` is the `Message` object the bot would get."""

    id: int
    chat: int
    sender: int
    from_bot: bool
    text: str
    date: int
    buttons: tuple[tuple[ShownButton, ...], ...]
    keyboard: tuple[tuple[str, ...], ...]
    edited: bool
    deleted: bool
    reply_to: int | None
    earlier_texts: tuple[str, ...]
    raw: Json

    @property
    def button_texts(self) -> list[str]:
        return [button.text for row in self.buttons for button in row]


@dataclass(frozen=True)
class SeenCall:
    """A call to the Bot API; `status` is None while unanswered, `carried_out` whether it had its effect."""

    number: int
    method: str
    chat: int | None
    parameters: dict[str, str]
    at: float
    status: int | None
    description: str
    result: Any
    fault: str
    carried_out: bool
    finished_at: float | None


@dataclass(frozen=True)
class SeenAction:
    """A chat action, such as "typing", and when it was shown."""

    action: str
    at: float


@dataclass(frozen=True)
class Pressed:
    """A press of an inline button."""

    id: str
    data: str
    message: int


@dataclass(frozen=True)
class PressAnswer:
    """What the bot answered to a press; the text is shown for a moment, or as an alert."""

    text: str
    show_alert: bool
    url: str


def shown_message(state: Json) -> ShownMessage:
    """A message out of what the control answers."""
    raw = state["message"]
    inline = (raw.get("reply_markup") or {}).get("inline_keyboard", [])
    reply = (state["keyboard"] or {}).get("keyboard", [])
    return ShownMessage(
        id=raw["message_id"],
        chat=raw["chat"]["id"],
        sender=raw["from"]["id"],
        from_bot=raw["from"]["is_bot"],
        text=text_of(raw),
        date=raw["date"],
        buttons=tuple(tuple(_button(button) for button in row) for row in inline),
        keyboard=tuple(tuple(button["text"] for button in row) for row in reply),
        edited="edit_date" in raw,
        deleted=state["deleted"],
        reply_to=(raw.get("reply_to_message") or {}).get("message_id"),
        earlier_texts=tuple(text_of(earlier) for earlier in state["earlier"]),
        raw=raw,
    )


def text_of(raw: Json) -> str:
    """The words of a message: its text or its caption."""
    return str(raw.get("text") or raw.get("caption") or "")


def _button(button: Json) -> ShownButton:
    return ShownButton(button["text"], button.get("callback_data", ""), button.get("url", ""))
