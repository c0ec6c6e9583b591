"""Rules for texts, ids and properties, shared by blocks, elements and views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Problem = tuple[str, str]


def check_text(text: Any, where: str, most: int, *, plain_only: bool = False) -> Iterator[Problem]:
    """A text object of 1 to `most` characters."""
    if not isinstance(text, dict):
        missing = text is None
        yield (
            (where.rpartition("/")[0], f"missing required field: {where.rpartition('/')[2]}")
            if missing
            else (
                where,
                "must provide an object",
            )
        )
        return
    allowed = {"plain_text"} if plain_only else {"plain_text", "mrkdwn"}
    if text.get("type") not in allowed:
        yield f"{where}/type", f"must be one of: {', '.join(sorted(allowed))}"
    yield from check_keys(text, {"type", "text", "emoji", "verbatim"}, where)
    yield from check_length(text.get("text"), f"{where}/text", most)


def check_length(value: Any, where: str, most: int, least: int = 1) -> Iterator[Problem]:
    if value is None:
        yield where.rpartition("/")[0], f"missing required field: {where.rpartition('/')[2]}"
    elif not isinstance(value, str):
        yield where, "must be a string"
    elif len(value) > most:
        yield where, f"must be less than {most + 1} characters"
    elif len(value) < least:
        yield where, f"must be more than {least - 1} characters"


def check_id(item: Json, name: str, where: str) -> Iterator[Problem]:
    if name in item:
        yield from check_length(item[name], f"{where}/{name}", 255)


def check_keys(item: Json, known: set[str], where: str) -> Iterator[Problem]:
    for key in sorted(set(item) - known):
        yield where, f"invalid additional property: {key}"
