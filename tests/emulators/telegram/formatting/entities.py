"""Entities of a text: counting in UTF-16 units, ordering, and finding the ones Telegram marks by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Entity = dict[str, Any]

# Which of several entities over the same stretch comes first.
_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_FOUND_BY_TELEGRAM = 50
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]+[^\s<>\".,!?;:)]|\bwww\.[\w-]+\.\w[^\s<>\"]*[^\s<>\".,!?;:)]"
    r"|\b(?<!@)[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|es|mx|ar|io|me|dev)\b(?![@\w])(?:/[^\s<>\"]*[^\s<>\".,!?;:)])?)"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?P<bot_command>(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<mention>(?<![\w/@])@[A-Za-z0-9_]{3,32}\b)"
    r"|(?P<hashtag>(?<![\w/#])#\w*[^\W\d]\w*)"
    r"|(?P<cashtag>(?<![\w$])\$[A-Z]{3,8}\b)"
    r"|(?P<phone_number>(?<![\w+])\+\d[\d ()-]{6,18}\d\b)"
)


@dataclass(frozen=True)
class FormattedText:
    """A text and what is marked in it; offsets and lengths count UTF-16 units."""

    text: str
    entities: tuple[Entity, ...] = ()

    def __len__(self) -> int:
        return utf16_length(self.text)


def utf16_length(text: str) -> int:
    """How Telegram counts: a character outside the basic plane, like most emoji, counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def in_order(entities: list[Entity]) -> tuple[Entity, ...]:
    """Sorted as Telegram hands them out: by place, the longer first, then by kind."""
    return tuple(
        sorted(
            entities,
            key=lambda entity: (
                entity["offset"],
                -entity["length"],
                _PRIORITY.get(entity["type"], _FOUND_BY_TELEGRAM),
            ),
        )
    )


def trimmed(formatted: FormattedText) -> FormattedText:
    """Without white space around it; entities follow, and those that only marked it are gone."""
    text = formatted.text.rstrip()
    cut = len(text) - len(text.lstrip())
    shift = utf16_length(text[:cut])
    text = text[cut:]
    end = utf16_length(text)
    kept = []
    for entity in formatted.entities:
        start = max(0, entity["offset"] - shift)
        stop = min(end, entity["offset"] + entity["length"] - shift)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return FormattedText(text, in_order(kept))


def with_found(formatted: FormattedText) -> FormattedText:
    """With the links, commands, mentions, addresses and numbers that Telegram marks by itself."""
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in formatted.entities
        if entity["type"] in ("code", "pre", "text_link", "text_mention")
    ]
    found = list(formatted.entities)
    for match in _FOUND.finditer(formatted.text):
        start = utf16_length(formatted.text[: match.start()])
        stop = start + utf16_length(match.group())
        if not any(start < taken_stop and taken_start < stop for taken_start, taken_stop in taken):
            found.append({"offset": start, "length": stop - start, "type": str(match.lastgroup)})
    return FormattedText(formatted.text, in_order(found))


def checked_url(url: str) -> str | None:
    """The link as Telegram would store it, None where it takes it for no link at all."""
    candidate = url.strip()
    if "://" not in candidate:
        candidate = f"http://{candidate}"
    try:
        parts = urlsplit(candidate)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https", "tg", "ton", "tonsite") or (
        parts.scheme.startswith("http") and ("." not in host or host.startswith(".") or host.endswith("."))
    ):
        return None
    if not parts.path:
        candidate = candidate.replace(parts.netloc, f"{parts.netloc}/", 1)
    return candidate


def mentioned_user(url: str) -> int | None:
    """The user of a `tg://user?id=…` link."""
    match = re.fullmatch(r"tg:(?://)?user/?\?id=(\d+)", url.strip(), re.IGNORECASE)
    return int(match.group(1)) if match else None


def link(offset: int, length: int, url: str) -> Entity | None:
    """The entity of a marked link; None where the link is none, which leaves plain text."""
    user = mentioned_user(url)
    if user is not None:
        return {"offset": offset, "length": length, "type": "text_mention", "user": {"id": user}}
    checked = checked_url(url)
    return {"offset": offset, "length": length, "type": "text_link", "url": checked} if checked else None
