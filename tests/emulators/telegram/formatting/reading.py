"""Text and captions of a request, checked as Telegram checks them."""

from __future__ import annotations

from typing import Any

from tests.emulators.telegram.errors import bad_request
from tests.emulators.telegram.formatting.entities import FormattedText, in_order, trimmed, utf16_length, with_found
from tests.emulators.telegram.formatting.html_markup import MarkupError, parse_html
from tests.emulators.telegram.formatting.markdown_v2 import parse_markdown_v2
from tests.emulators.telegram.parameters import Parameters

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
_PARSERS = {"html": parse_html, "markdownv2": parse_markdown_v2}
_GIVEN_TYPES = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
}


def read_text(parameters: Parameters) -> FormattedText:
    """The `text` argument; raises what Telegram answers to an empty, too long or badly marked one."""
    if not parameters.text("text"):
        raise bad_request("message text is empty")
    formatted = _read(parameters, "text", "entities")
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if len(formatted) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return formatted


def read_caption(parameters: Parameters) -> FormattedText:
    """The `caption` argument, which may be empty."""
    formatted = _read(parameters, "caption", "caption_entities")
    if len(formatted) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def _read(parameters: Parameters, name: str, entities_name: str) -> FormattedText:
    text = parameters.text(name).replace("\r", "").replace("\0", "")
    mode = parameters.text("parse_mode").lower()
    if mode and mode != "none":
        if mode == "markdown":
            raise bad_request("this emulator knows HTML and MarkdownV2, not the legacy Markdown")
        if mode not in _PARSERS:
            raise bad_request("unsupported parse_mode")
        try:
            formatted = _PARSERS[mode](text)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from None
    else:
        given = parameters.json(entities_name, "can't parse entities JSON object") or []
        formatted = FormattedText(text, in_order(_given(given, text)))
    return with_found(trimmed(formatted))


def _given(entities: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Entities that the bot gave by itself; those Telegram finds on its own are ignored, as there."""
    kept = []
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad_request("can't parse MessageEntity: Can't find field \"type\"")
        offset, length = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(length, int):
            raise bad_request("can't parse MessageEntity: Field must be of type Number")
        if offset < 0 or length < 0 or offset + length > utf16_length(text):
            raise bad_request(f"entity beginning at UTF-16 offset {offset} ends after the end of the text")
        if entity["type"] in _GIVEN_TYPES and length:
            kept.append(entity)
    return kept
