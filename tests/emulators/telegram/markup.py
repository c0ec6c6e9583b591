"""`reply_markup`: inline keyboards, reply keyboards, and what Telegram refuses in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.emulators.telegram.errors import bad_request
from tests.emulators.telegram.formatting.entities import checked_url
from tests.emulators.telegram.model import Chat, Json
from tests.emulators.telegram.parameters import Parameters

LONGEST_CALLBACK_DATA = 64
_PASSED_ON = ("switch_inline_query", "switch_inline_query_current_chat", "web_app", "login_url", "copy_text", "pay")


@dataclass(frozen=True)
class Markup:
    """At most one of the two keyboards, or the wish to remove the reply keyboard."""

    inline: Json | None = None
    reply: Json | None = None
    removes: bool = False


def read_markup(parameters: Parameters) -> Markup:
    """The call's `reply_markup`; raises what Telegram answers to a wrong one."""
    given = parameters.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if given is None:
        return Markup()
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if given.get("keyboard"):
        rows = _rows(given["keyboard"], 'field "keyboard" must be an Array of Arrays')
        keyboard = [[_keyboard_button(button) for button in row] for row in rows]
        return Markup(reply={**given, "keyboard": keyboard})
    if given.get("inline_keyboard"):
        complaint = 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        rows = _rows(given["inline_keyboard"], complaint)
        inline = [[_inline_button(button) for button in row] for row in rows]
        return Markup(inline={"inline_keyboard": inline})
    return Markup(removes=bool(given.get("remove_keyboard") or given.get("hide_keyboard")))


def check_place(markup: Markup, chat: Chat) -> None:
    """Raise where a button is not for that kind of chat."""
    for row in (markup.reply or {}).get("keyboard", []):
        for button in row:
            if button.get("request_contact") and not chat.is_private:
                raise bad_request("phone number can be requested in private chats only")
            if button.get("request_location") and not chat.is_private:
                raise bad_request("location can be requested in private chats only")


def _rows(value: Any, complaint: str) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request(complaint)
    return value


def _keyboard_button(button: Any) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    return button


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if "url" in button:
        if checked_url(str(button["url"])) is None:
            raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    elif "callback_data" in button:
        size = len(str(button["callback_data"]).encode())
        if not 1 <= size <= LONGEST_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif not any(name in button for name in _PASSED_ON):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    return button
