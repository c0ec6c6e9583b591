"""`parse_mode=HTML`: the few tags Telegram knows, and its words for what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.emulators.telegram.formatting.entities import Entity, FormattedText, in_order, link, utf16_length

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = {*_STYLES, "a", "code", "pre", "blockquote", "tg-emoji"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-f]{1,8})|#(\d{1,10})|(lt|gt|amp|quot)(?![a-z]));?", re.IGNORECASE)
_SPACE = " \t\r\n\v\f"


class MarkupError(ValueError):
    """What is wrong with the markup, in Telegram's words."""


@dataclass
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int


@dataclass
class _Reader:
    """One pass over the text, with the tags that are open."""

    source: str
    at: int = 0
    written: list[str] = field(default_factory=list)
    offset: int = 0
    open_tags: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> FormattedText:
        while self.at < len(self.source):
            if self.source[self.at] != "<":
                self._read_text()
            elif self.source.startswith("</", self.at):
                self._read_end_tag()
            else:
                self._read_start_tag()
        if self.open_tags:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.open_tags[-1].name}"')
        return FormattedText("".join(self.written), in_order(_with_languages(self.entities)))

    def _read_text(self) -> None:
        stop = self.source.find("<", self.at)
        text = _without_references(self.source[self.at : stop if stop >= 0 else len(self.source)])
        self.at = stop if stop >= 0 else len(self.source)
        self.written.append(text)
        self.offset += utf16_length(text)

    def _read_start_tag(self) -> None:
        begin = self.at
        name = self._until(_SPACE + ">", self.at + 1)
        if self.at >= len(self.source):
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        name = name.lower()
        if name not in _TAGS:
            raise MarkupError(f'Unsupported start tag "{name}" at byte offset {self._byte(begin)}')
        attributes = self._read_attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.open_tags.append(_OpenTag(name, attributes, self.offset))

    def _read_attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._here() == ">":
                self.at += 1
                return attributes
            name = self._until(_SPACE + "=>/\"'", self.at).lower()
            if not name:
                raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}')
            self._skip_space()
            if self._here() != "=":
                attributes[name] = ""
            else:
                self.at += 1
                self._skip_space()
                attributes[name] = self._read_value(tag, begin)
            if self.at >= len(self.source):
                raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")

    def _read_value(self, tag: str, begin: int) -> str:
        quote = self._here()
        if not quote:
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
        if quote in "\"'":
            stop = self.source.find(quote, self.at + 1)
            if stop < 0:
                raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
            value = _without_references(self.source[self.at + 1 : stop])
            self.at = stop + 1
            return value
        start = self.at
        token = re.compile(r"[A-Za-z0-9.-]*").match(self.source, start)
        assert token is not None
        self.at = token.end()
        if self._here() not in (*_SPACE, ">", ""):
            raise MarkupError(f"Unexpected end of name token at byte offset {self._byte(start)}")
        return token.group().lower()

    def _read_end_tag(self) -> None:
        begin = self.at
        if not self.open_tags:
            raise MarkupError(f"Unexpected end tag at byte offset {self._byte(begin)}")
        name = self._until(_SPACE + ">", self.at + 2).lower()
        self._skip_space()
        if self._here() != ">":
            raise MarkupError(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self.at += 1
        tag = self.open_tags.pop()
        if name and name != tag.name:
            raise MarkupError(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{tag.name}>", found "</{name}>"'
            )
        if self.offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        length = self.offset - tag.offset
        entity: Entity | None = {"offset": tag.offset, "length": length, "type": _STYLES.get(tag.name, tag.name)}
        if tag.name == "a":
            shown = "".join(self.written).encode("utf-16-le")[tag.offset * 2 :].decode("utf-16-le")
            entity = link(tag.offset, length, tag.attributes.get("href") or shown)
        elif tag.name == "tg-emoji":
            entity = {**(entity or {}), "type": "custom_emoji", "custom_emoji_id": tag.attributes.get("emoji-id", "")}
        elif tag.name == "blockquote" and "expandable" in tag.attributes:
            entity = {**(entity or {}), "type": "expandable_blockquote"}
        elif tag.name == "code" and tag.attributes.get("class", "").startswith("language-"):
            entity = {**(entity or {}), "language": tag.attributes["class"].removeprefix("language-")}
        if entity:
            self.entities.append(entity)

    def _here(self) -> str:
        return self.source[self.at : self.at + 1]

    def _skip_space(self) -> None:
        while self._here() and self._here() in _SPACE:
            self.at += 1

    def _until(self, stops: str, start: int) -> str:
        self.at = start
        while self._here() and self._here() not in stops:
            self.at += 1
        return self.source[start : self.at]

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))


def _without_references(text: str) -> str:
    def decoded(match: re.Match[str]) -> str:
        hexadecimal, decimal, named = match.groups()
        if named:
            return _NAMED[named.lower()]
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        if 0xD800 <= code <= 0xDFFF:
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return chr(code) if 0 < code <= 0x10FFFF else match.group()

    return _REFERENCE.sub(decoded, text)


def _with_languages(entities: list[Entity]) -> list[Entity]:
    """`<pre><code class="language-…">` over the same stretch is one block of code with a language."""
    coded = {(e["offset"], e["length"]): e.get("language") for e in entities if e["type"] == "code"}
    merged: list[Entity] = []
    blocks = {(e["offset"], e["length"]) for e in entities if e["type"] == "pre"}
    for entity in entities:
        stretch = (entity["offset"], entity["length"])
        language = coded.get(stretch)
        if entity["type"] == "code" and language and stretch in blocks:
            continue
        if entity["type"] == "pre" and language:
            entity = {**entity, "language": language}
        elif entity["type"] == "code":
            entity = {name: value for name, value in entity.items() if name != "language"}
        merged.append(entity)
    return merged


def parse_html(text: str) -> FormattedText:
    """The text without its tags, and what they marked; raises MarkupError in Telegram's words."""
    return _Reader(text).read()
