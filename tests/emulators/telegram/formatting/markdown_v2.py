"""`parse_mode=MarkdownV2`: what is marked, what must be escaped, and Telegram's words for what is not."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.emulators.telegram.formatting.entities import Entity, FormattedText, in_order, link, utf16_length
from tests.emulators.telegram.formatting.html_markup import MarkupError

_RESERVED = "_*[]()~`>#+-=|{}.!"
_TYPES = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "TextUrl": "text_link",
    "CustomEmoji": "custom_emoji",
}
_ENDS = {
    "Bold": "*",
    "Underline": "__",
    "Strikethrough": "~",
    "Spoiler": "||",
    "Code": "`",
    "Pre": "```",
    "PreCode": "```",
    "TextUrl": "]",
    "CustomEmoji": "]",
}


@dataclass
class _Open:
    name: str
    offset: int
    byte: int
    written: int
    language: str = ""


@dataclass
class _Reader:
    source: str
    at: int = 0
    written: str = ""
    offset: int = 0
    nested: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    quote: int | None = None
    hidden_quote: bool = False

    def read(self) -> FormattedText:
        while self.at < len(self.source):
            self._step()
        if self.nested:
            raise self._endless(self.nested[-1])
        self._end_quote()
        return FormattedText(self.written, in_order(self.entities))

    def _step(self) -> None:
        character = self.source[self.at]
        following = self.source[self.at + 1 : self.at + 2]
        innermost = self.nested[-1] if self.nested else None
        in_code = innermost is not None and innermost.name in ("Code", "Pre", "PreCode")
        if character == "\\" and following and ord(following) <= 126:
            self._write(following)
            self.at += 2
        elif not in_code and self._quotes():
            pass
        elif character not in ("`" if in_code else _RESERVED):
            self._write(character)
            self.at += 1
        elif innermost is not None and self._ends(innermost):
            self._close(self.nested.pop())
        else:
            self._open(character, following)

    def _quotes(self) -> bool:
        """Begins, carries on or ends a quotation where a line begins; false where it is nothing of that."""
        line_begins = self.at == 0 or self.source[self.at - 1] in "\r\n"
        if not line_begins or self.source[self.at] in "\r\n":
            return False
        expandable = self.source.startswith("**>", self.at)
        if expandable or self.source[self.at] == ">":
            if self.quote is None or expandable:
                self._end_quote()
                self.quote = self.offset
            self.at += 3 if expandable else 1
            return True
        self._end_quote()
        return False

    def _end_quote(self) -> None:
        if self.quote is not None and self.offset > self.quote:
            within = [opened for opened in self.nested if opened.offset >= self.quote]
            if within:
                raise self._endless(within[-1])
            kind = "expandable_blockquote" if self.hidden_quote else "blockquote"
            self.entities.append({"offset": self.quote, "length": self.offset - self.quote, "type": kind})
        self.quote, self.hidden_quote = None, False

    def _ends(self, opened: _Open) -> bool:
        if opened.name == "Italic":
            return self.source[self.at] == "_" and not self.source.startswith("__", self.at)
        return self.source.startswith(_ENDS[opened.name], self.at)

    def _open(self, character: str, following: str) -> None:
        begin, language = self.at, ""
        if character == "_":
            name, width = ("Underline", 2) if following == "_" else ("Italic", 1)
        elif character == "|" and following == "|":
            if self._ends_hidden_quote():
                return
            name, width = "Spoiler", 2
        elif character == "!" and following == "[":
            name, width = "CustomEmoji", 2
        elif self.source.startswith("```", self.at):
            name, width, language = self._block()
        elif character in "*~[`":
            name, width = {"*": "Bold", "~": "Strikethrough", "[": "TextUrl", "`": "Code"}[character], 1
        else:
            raise MarkupError(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
        self.nested.append(_Open(name, self.offset, self._byte(begin), len(self.written), language))
        self.at += width

    def _ends_hidden_quote(self) -> bool:
        """Two bars at the end of a quotation's last line, with nothing open, fold the quotation."""
        after = self.source[self.at + 2 : self.at + 3]
        if self.quote is None or self.nested or after not in ("", "\r", "\n"):
            return False
        self.hidden_quote = True
        self.at += 2
        return True

    def _block(self) -> tuple[str, int, str]:
        start = stop = self.at + 3
        while stop < len(self.source) and self.source[stop] not in " \t\r\n`":
            stop += 1
        name, language, end = "Pre", "", start
        if start < stop < len(self.source) and self.source[stop] != "`":
            name, language, end = "PreCode", self.source[start:stop], stop
        line_end = self.source[end : end + 2]
        if line_end in ("\r\n", "\n\r"):
            end += 2
        elif line_end[:1] in ("\r", "\n") and line_end:
            end += 1
        return name, end - self.at, language

    def _close(self, opened: _Open) -> None:
        self.at += 1 if opened.name == "Italic" else len(_ENDS[opened.name])
        length = self.offset - opened.offset
        entity: Entity | None = {"offset": opened.offset, "length": length, "type": _TYPES[opened.name]}
        if opened.name == "TextUrl":
            shown = self.written[opened.written :]
            entity = link(opened.offset, length, self._address("a URL") if self._here() == "(" else shown)
        elif opened.name == "CustomEmoji":
            if self._here() != "(":
                raise MarkupError("Custom emoji entity must contain a tg://emoji URL")
            address = self._address("a custom emoji URL")
            entity = {**(entity or {}), "custom_emoji_id": address.partition("id=")[2]}
        elif opened.language:
            entity = {**(entity or {}), "language": opened.language}
        if entity and length:
            self.entities.append(entity)

    def _address(self, what: str) -> str:
        self.at += 1
        begin, address = self.at, ""
        while self._here() and self._here() != ")":
            following = self.source[self.at + 1 : self.at + 2]
            if self._here() == "\\" and following and ord(following) <= 126:
                self.at += 1
            address += self._here()
            self.at += 1
        if not self._here():
            raise MarkupError(f"Can't find end of {what} at byte offset {self._byte(begin)}")
        self.at += 1
        return address

    def _write(self, character: str) -> None:
        self.written += character
        self.offset += utf16_length(character)

    def _here(self) -> str:
        return self.source[self.at : self.at + 1]

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    @staticmethod
    def _endless(opened: _Open) -> MarkupError:
        return MarkupError(f"Can't find end of {opened.name} entity at byte offset {opened.byte}")


def parse_markdown_v2(text: str) -> FormattedText:
    """The text without its marks, and what they marked; raises MarkupError in Telegram's words."""
    return _Reader(text).read()
