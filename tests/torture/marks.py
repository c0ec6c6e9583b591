"""The mark every conversation bears and the running numbers of what is said in it: how a sink is read."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

LETTERS = "bcdfghjklmnpqrstvwxz"  # no vowels: never a word, a name or half of one
LENGTH = 10
WISH_CHANCE, GO_ON_CHANCE = 0.15, 0.3
MARK = re.compile(rf"\bz[{LETTERS}]{{{LENGTH}}}z\b")
SAID = re.compile(rf"\b([ca])(\d+) (z[{LETTERS}]{{{LENGTH}}}z)")
OF_CUSTOMER = re.compile(rf"^\*[^*\n]+:\* c(\d+) (z[{LETTERS}]{{{LENGTH}}}z)", re.MULTILINE)
OF_AGENT = re.compile(rf"^\*[^*\n]+:\* a(\d+) (z[{LETTERS}]{{{LENGTH}}}z)", re.MULTILINE)
WISH = "quiero hablar con una persona"  # brings a person, by the stand-in of the assistant
GO_ON = "sigo con el asistente"  # while waiting: the assistant answers on


def new_mark(dice: random.Random) -> str:
    """A mark that nothing else says."""
    return "z" + "".join(dice.choice(LETTERS) for _ in range(LENGTH)) + "z"


def by_customer(mark: str, number: int, dice: random.Random) -> str:
    """What a customer writes. An early message asks for a person, so that agents have work."""
    if number == 2 or dice.random() < WISH_CHANCE:
        return f"c{number} {mark} {WISH}."
    return f"c{number} {mark} {GO_ON if dice.random() < GO_ON_CHANCE else 'tengo algo que decir'}."


def by_agent(mark: str, number: int) -> str:
    """What an agent writes."""
    return f"a{number} {mark} ahora lo miro."


def marks_in(text: str) -> set[str]:
    """Every mark in a text."""
    return set(MARK.findall(text))


@dataclass(frozen=True)
class Said:
    """One thing that was said, as a sink shows it."""

    side: str  # c for the customer, a for an agent
    number: int
    mark: str


def said_in(text: str) -> Said | None:
    """Who said this, if it is a marked message in somebody's own words: it begins with its number."""
    found = SAID.match(text)
    return None if found is None else Said(found[1], int(found[2]), found[3])
