"""What a customer's message is to a form that waits for an answer. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

SURE = 0.6
SHORT_WORDS = 7
# Intents that say nothing about what a message is about.
UNDECIDED: frozenset[str] = frozenset({"", "nlu_fallback", "human"})
# Not the operator's business: asked, it is an aside; stated, it may well be an answer.
OUT_OF_SCOPE = "out_of_scope"
AFFIRM, DENY, CANCEL = "affirm", "deny", "cancel"
CHOICE = "choice"


class Meaning(Enum):
    """What the message is to the form."""

    LEAVES = "leaves"
    AGREES = "agrees"
    ASIDE = "aside"
    TOO_SHORT = "too_short"
    TELLS = "tells"


@dataclass(frozen=True)
class Message:
    """The customer's words with what was understood of them."""

    text: str
    intent: str
    confidence: float
    entities: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def from_latest(cls, latest: Mapping[str, Any]) -> Message:
        """The tracker's latest message."""
        intent = latest.get("intent") or {}
        text = str(latest.get("text") or "").strip()
        entities = tuple((str(found["entity"]), found["value"]) for found in latest.get("entities") or ())
        return cls(text, str(intent.get("name") or ""), float(intent.get("confidence") or 0.0), entities)

    @property
    def is_button(self) -> bool:
        """A pressed button. What a customer types never begins with a slash here: the door sees to that."""
        return self.text.startswith("/")

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def is_question(self) -> bool:
        return self.text.startswith("¿") or self.text.endswith("?")

    @property
    def is_sure(self) -> bool:
        """Is the intent to be relied on?"""
        return self.is_button or self.confidence >= SURE

    def named(self, entity: str) -> Any:
        """The first thing of this kind that the message names; None when it names none."""
        return next((value for name, value in self.entities if name == entity), None)


def meaning_of_answer(message: Message, topic: str, tells_something: bool, awaits_confirmation: bool) -> Meaning:
    """The meaning of an answer to a form about `topic`; `tells_something`: does it name what the form may ask?"""
    if _is_aside(message, topic, tells_something):
        return Meaning.ASIDE
    cancels = message.intent == CANCEL and (message.is_sure or message.words <= 2)
    if tells_something and not (cancels and awaits_confirmation):
        return Meaning.TELLS
    if cancels:
        return Meaning.LEAVES
    if message.intent == DENY and message.is_sure:
        return Meaning.LEAVES
    if message.intent == AFFIRM and message.is_sure and awaits_confirmation:
        return Meaning.AGREES
    return Meaning.TOO_SHORT


def _is_aside(message: Message, topic: str, tells_something: bool) -> bool:
    """A sure question or wish about something else, which its own rule answers."""
    if not message.is_sure or message.intent in UNDECIDED | {topic, AFFIRM, DENY, CANCEL}:
        return False
    if message.is_button:
        return True
    return message.is_question or not tells_something


def folded(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
