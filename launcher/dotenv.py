"""The `.env` file: lines of KEY=VALUE, nothing cleverer."""

from __future__ import annotations

import re
from pathlib import Path

from launcher.project import Problem

LINE = re.compile(r"(?:export\s+)?(?P<key>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*)")
QUOTED = re.compile(r"""(?P<quote>["'])(?P<text>.*)(?P=quote)\s*(?:#.*)?""")
COMMENT = re.compile(r"(?:^|\s)#.*$")


def read(path: Path) -> dict[str, str]:
    """The settings in the file, none if there is no file. A line it does not understand is a Problem."""
    if not path.is_file():
        return {}
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path.name} cannot be read: {error}") from None


def parse(text: str, name: str = ".env") -> dict[str, str]:
    """The settings in the text. The error names the line, never its content: it may hold a secret."""
    settings = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if match is None:
            raise Problem(f"{name}, line {number}: expected KEY=VALUE.")
        settings[match["key"]] = _value(match["value"])
    return settings


def _value(written: str) -> str:
    """Without its quotes, or, where it has none, without the comment behind it."""
    quoted = QUOTED.fullmatch(written)
    return quoted["text"] if quoted else COMMENT.sub("", written).strip()
