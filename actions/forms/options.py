"""Choosing one of several things in the customer's own words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actions.forms.message import CHOICE, Message, folded

_OTHER = re.compile(r"\b(otr[oa]|other)\b")


@dataclass(frozen=True)
class Option:
    """Something to choose: its value, what its button says, and by which named things or words it may be meant.

    Without a title it has no button of its own: then its button stands with the trainers' words.
    """

    value: str
    title: str
    named: frozenset[tuple[str, Any]] = frozenset()
    words: tuple[str, ...] = ()


def chosen(message: Message, options: Sequence[Option], is_asked: bool, now: str | None = None) -> str | None:
    """The value of the one option the message means; None when it means none, or several.

    Places in the list («la segunda», «2») and «the other one» mean something only where this is being asked, or where
    `now` is what had been chosen before.
    """
    pressed = message.named(CHOICE)
    if pressed is not None:
        return next((option.value for option in options if option.value == str(pressed)), None)
    named = _named(message, options) or _worded(message, options)
    if named is None and is_asked:
        named = _in_place(message, options)
    if named is None and now is not None and len(options) == 2 and _OTHER.search(folded(message.text)):
        named = next(option.value for option in options if option.value != now)
    return named


def _named(message: Message, options: Sequence[Option]) -> str | None:
    """By what the message names: the option that most of it speaks for, if there is only one such."""
    said = set(message.entities)
    fitting = sorted(((len(option.named & said), option.value) for option in options), reverse=True)
    if not fitting or fitting[0][0] == 0 or (len(fitting) > 1 and fitting[1][0] == fitting[0][0]):
        return None
    return fitting[0][1]


def _worded(message: Message, options: Sequence[Option]) -> str | None:
    text = f" {re.sub(r'[^a-z0-9]+', ' ', folded(message.text))} "
    fitting = [option.value for option in options if any(f" {word} " in text for word in option.words)]
    return fitting[0] if len(fitting) == 1 else None


def _in_place(message: Message, options: Sequence[Option]) -> str | None:
    place = message.named("ordinal")
    if place is None:
        place = message.named("number")
    if place == -1:
        place = len(options)
    return options[place - 1].value if isinstance(place, int) and 1 <= place <= len(options) else None
