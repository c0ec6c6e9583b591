"""A message in Telegram's form: plain text in parts that fit, buttons that carry a short reference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from handoff_service.switchboard.rules.buttons import Button
from handoff_service.switchboard.transcript import Message

LARGEST_TEXT = 4096  # UTF-16 code units in one message
TINY, MOST_IN_A_ROW = 2, 8  # characters of a title; buttons
SHARE_CONTACT = "contact.share"  # a button with this payload asks Telegram for the customer's own number
_BREAKS = ("\n\n", "\n", ". ", " ")


def text_of(message: Message) -> str:
    """The words, and who says them where it is a person."""
    return f"👤 {message.name}\n{message.text}" if message.author == "agent" else message.text


def parts_of(text: str, largest: int = LARGEST_TEXT) -> list[str]:
    """The text in as few parts as fit, broken at paragraphs, lines, sentences or words where possible."""
    parts = []
    while units(text) > largest:
        head = _prefix(text, largest)
        cut = next((at for mark in _BREAKS if (at := head.rfind(mark)) > len(head) // 2), None)
        end = len(head) if cut is None else cut + 1
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*parts, text] if text or not parts else parts


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def _prefix(text: str, largest: int) -> str:
    """The longest beginning that fits, never half a character."""
    return text.encode("utf-16-le")[: largest * 2].decode("utf-16-le", "ignore")


def keyboard_of(message: Message) -> dict[str, Any] | None:
    """One button a row, tiny ones together; each carries the message's number and its own, so that any payload fits."""
    if not message.buttons:
        return None
    shared = [b["title"] for b in message.buttons if b["payload"] == SHARE_CONTACT]
    if shared:
        # Such a keyboard can't carry payloads: its other keys write their title, which is understood like any words.
        keys = [{"text": title, "request_contact": True} for title in shared]
        keys += [{"text": b["title"]} for b in message.buttons if b["payload"] != SHARE_CONTACT]
        return {"keyboard": [[key] for key in keys], "resize_keyboard": True, "one_time_keyboard": True}
    rows: list[list[dict[str, str]]] = []
    for i, button in enumerate(message.buttons):
        key = {"text": button["title"], "callback_data": f"b:{message.seq}:{i}"}
        is_tiny = len(button["title"]) <= TINY
        if rows and is_tiny and len(rows[-1]) < MOST_IN_A_ROW and len(rows[-1][-1]["text"]) <= TINY:
            rows[-1].append(key)
        else:
            rows.append([key])
    return {"inline_keyboard": rows}


def button_pressed(data: str) -> tuple[int, int] | None:
    """The message's number and the button's place that this callback data refers to."""
    match = re.fullmatch(r"b:(\d{1,9}):(\d{1,3})", data)
    return (int(match[1]), int(match[2])) if match else None


def button_at(buttons: Sequence[Button] | None, place: int) -> Button | None:
    """The button at this place, if there is one."""
    return buttons[place] if buttons and place < len(buttons) else None
