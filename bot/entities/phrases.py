"""Things that are found by their names: plans, places, services, and what is being asked about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.entities.found import Found, plain

_WORD = re.compile(r"[^\W_]+")

_SERVICE = re.compile(
    r"\b(?:(?P<mobile>moviles|movil|celular|cel|mobile|cell\s?phone|cell)|"
    r"(?P<fibre>fibra|internet\s+(?:de|en)\s+casa|fibre|fiber|broadband|home\s+internet)|"
    r"(?P<landline>(?:telefono\s+)?fijo|landline))\b"
)
_ASKS = re.compile(
    r"\b(?:(?P<asks_when>hasta\s+cuando|(?:para|desde)\s+cuando|cuando|que\s+dia|until\s+when|since\s+when|when|"
    r"till\s+when|how\s+long|what\s+(?:day|date))|"
    r"(?P<asks_price>cuanto\s+(?:cuesta|vale|es|sale|me\s+(?:cuesta|sale)|seria|cobra\w*)|que\s+precio|por\s+cuanto|"
    r"a\s+cuanto|how\s+much|what(?:'s|\s+is)\s+the\s+price))\b"
)
_ORDINALS = {
    "primero": 1, "primera": 1, "primer": 1, "first": 1, "segundo": 2, "segunda": 2, "second": 2, "tercero": 3,
    "tercera": 3, "tercer": 3, "third": 3, "cuarto": 4, "cuarta": 4, "fourth": 4, "ultimo": -1, "ultima": -1,
    "last": -1,
}  # fmt: skip
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b(?!\s+(?:factura|bill|recibo|month|mes|week|vez|time))")


@dataclass(frozen=True)
class Lookup:
    """Names of one kind of thing; each leads to the thing's value and what more is known of it."""

    entity: str
    names: Mapping[str, tuple[str, Mapping[str, str]]]
    longest: Mapping[str, int]
    """By a name's first word: how many words the longest such name has."""

    @classmethod
    def of(cls, entity: str, things: list[dict[str, Any]]) -> Lookup:
        """Read a trainers' list: each thing has `es` and `en`, maybe `also` (further names) and more to be known."""
        names: dict[str, tuple[str, Mapping[str, str]]] = {}
        for thing in things:
            more = {key: str(value) for key, value in thing.items() if key != "also"}
            for name in (thing["es"], thing["en"], *thing.get("also", [])):
                names[" ".join(_WORD.findall(plain(str(name))))] = (str(thing.get("code") or thing["es"]), more)
        longest: dict[str, int] = {}
        for name in names:
            words = name.split()
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
        return cls(entity, names, longest)

    def find(self, text: str) -> Iterator[Found]:
        """Each name in the plain text, the longest where several begin at one word."""
        words = list(_WORD.finditer(text))
        following = 0
        for first, word in enumerate(words):
            longest = self.longest.get(word[0])
            if longest is None or first < following:
                continue
            for last in range(min(first + longest, len(words)), first, -1):
                known = self.names.get(" ".join(match[0] for match in words[first:last]))
                if known:
                    yield Found(self.entity, known[0], word.start(), words[last - 1].end(), dict(known[1]))
                    following = last
                    break


def services(text: str) -> Iterator[Found]:
    """`mobile`, `fibre` or `landline`."""
    for match in _SERVICE.finditer(text):
        yield Found("service", match.lastgroup or "", match.start(), match.end())


def questions(text: str) -> Iterator[Found]:
    """What is asked about: `asks_when` a time, `asks_price` a price."""
    for match in _ASKS.finditer(text):
        yield Found(match.lastgroup or "", match[0], match.start(), match.end())


def ordinals(text: str) -> Iterator[Found]:
    """Which of several, counted from 1; the last is -1."""
    for match in _ORDINAL.finditer(text):
        yield Found("ordinal", _ORDINALS[match[0]], match.start(), match.end())
