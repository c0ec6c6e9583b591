"""What counts as the same words, what counts as half a sentence, and what may be stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

MESSAGE_LIMIT = 4000  # characters a customer may send at once
LONGEST_PHRASE_MESSAGE = 8  # words; a longer message is more than the phrase it contains

_DANGLING = frozenset(
    [
        "y",
        "e",
        "o",
        "u",
        "que",
        "de",
        "del",
        "con",
        "para",
        "por",
        "en",
        "a",
        "al",
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "mi",
        "mis",
        "tu",
        "su",
        "pero",
        "porque",
        "como",
        "cuando",
        "si",
        "sobre",
        "entre",
        "and",
        "or",
        "but",
        "because",
        "that",
        "the",
        "my",
        "your",
        "of",
        "to",
        "for",
        "with",
        "about",
        "in",
        "on",
        "at",
        "from",
        "a",
        "an",
    ]
)


def clean(text: str) -> str:
    """The text as it can be stored anywhere: no NUL, no lone surrogate, no space around it."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "").strip()


def fold(text: str) -> str:
    """Lower case, no accents, no punctuation, single spaces: «¿Cuánto debo?» and «cuanto debo» are the same."""
    text = re.sub(r"(?<=\w)['’](?=\w)", "", text)  # «don't» is one word
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s]", " ", bare).split())


_folded = lru_cache(maxsize=2_000)(fold)  # of the trainers' phrases, which are the same for every message


def says(text: str, phrases: Iterable[str]) -> bool:
    """Whether a short message is one of these phrases, or contains one of several words."""
    said = fold(text)
    if len(said.split()) > LONGEST_PHRASE_MESSAGE:
        return False
    return any(said == p or (" " in p and f" {p} " in f" {said} ") for p in map(_folded, phrases))


def is_fragment(text: str, greetings: Iterable[str]) -> bool:
    """Whether the customer is likely still writing: a bare greeting, or a sentence that breaks off."""
    if text.rstrip().endswith((",", ":", "...", "…")):
        return True
    said = fold(text)
    if not said:
        return True
    return said in {_folded(g) for g in greetings} or (said.split()[-1] in _DANGLING and text.rstrip()[-1].isalnum())
