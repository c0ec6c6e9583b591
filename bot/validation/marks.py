"""Entities that trainers mark in their examples, as in `[Madrid](place)` or `[Madrid]{"entity": "place"}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARKED = re.compile(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})")
_NAME = re.compile(r"""^\((\w+)|"entity"\s*:\s*"(\w+)""")


def taught_text(written: str) -> str:
    """An example as a customer would write it, without the marks."""
    return _MARKED.sub(r"\1", written)


def marked_entities(written: str) -> Iterator[str]:
    """The names of the entities that an example marks."""
    for _, mark in _MARKED.findall(written):
        name = _NAME.search(mark)
        if name:
            yield name[1] or name[2]
