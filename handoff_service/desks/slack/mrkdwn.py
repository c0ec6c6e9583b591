"""Slack's markup: what customers wrote made inert for Slack, what agents wrote made plain for customers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(r"<([^<>]+)>")
_EMOJI = re.compile(r":([a-z0-9_+'-]+(?:::skin-tone-\d)?):")
_PAIRED = [
    re.compile(rf"(?<![\w{mark}]){mark}([^\s{mark}](?:[^{mark}\n]*[^\s{mark}])?){mark}(?![\w{mark}#])")
    for mark in (r"\*", "_", "~")
]
_CODE = re.compile(r"```\n?(.*?)\n?```|`([^`\n]+)`", re.DOTALL)

NameOf = Callable[[str], str | None]


def escape(text: str) -> str:
    """Inert in Slack: no mention, no link, no channel-wide call can come of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_plain(text: str, name_of: NameOf, emoji: Mapping[str, str] | None = None) -> str:
    """What a person typed in Slack as plain words: links spelled out, people by name, no markup."""
    pictures = emoji or {}
    plain = _TOKEN.sub(lambda found: _token(found.group(1), name_of), _without_marks(text))
    plain = _EMOJI.sub(lambda found: pictures.get(found.group(1), found.group(0)), plain)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _without_marks(text: str) -> str:
    text = _CODE.sub(lambda found: found.group(1) or found.group(2) or "", text)
    parts = re.split(r"(<[^<>]+>)", text)  # underscores in addresses are no markup
    return "".join(part if part.startswith("<") else _unpaired(part) for part in parts)


def _unpaired(text: str) -> str:
    for pattern in _PAIRED:
        text = pattern.sub(r"\1", text)
    return text


def _token(inside: str, name_of: NameOf) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return f"@{label or name_of(target[1:]) or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in (target, address) or target.endswith(f"//{label}"):
        return address
    return f"{label} ({address})"


def emoji_in(blocks: Any) -> dict[str, str]:
    """The pictures behind the `:names:` of a typed message, as its rich text tells them."""
    found: dict[str, str] = {}
    _collect_emoji(blocks, found)
    return found


def _collect_emoji(node: Any, found: dict[str, str]) -> None:
    if isinstance(node, list):
        for each in node:
            _collect_emoji(each, found)
    elif isinstance(node, dict):
        if node.get("type") == "emoji" and node.get("unicode"):
            try:
                found[str(node["name"])] = "".join(chr(int(part, 16)) for part in str(node["unicode"]).split("-"))
            except (ValueError, KeyError, OverflowError):
                return
        _collect_emoji(node.get("elements"), found)
