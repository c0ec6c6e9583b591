"""What a customer writes is text, whatever it begins with."""

from __future__ import annotations

import unicodedata

_SLASHES = {"/", "\u2044", "\u2215", "\u29f8", "\u2571", "\u27cb"}
_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me", "Cs", "Co"}
_FILLERS = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
NOTHING_SAID = "?"


def neutralised(text: str) -> str:
    """The text without anything at its start that Rasa could take for a command, and storable as it is.

    Rasa obeys messages that begin with a slash. The slash goes, in all its typographical forms, with the invisible
    characters and blanks it may hide behind; the words stay. Text that consists of nothing else becomes a question
    mark, which is not understood and so is asked back.
    """
    storable = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    start = 0
    while start < len(storable) and _may_hide_a_command(storable[start]):
        start += 1
    return storable[start:].rstrip() or NOTHING_SAID


def _may_hide_a_command(character: str) -> bool:
    if character in _SLASHES or character in _FILLERS:
        return True
    if unicodedata.category(character) in _INVISIBLE:
        return True
    return unicodedata.normalize("NFKC", character).lstrip()[:1] in _SLASHES | {""}
