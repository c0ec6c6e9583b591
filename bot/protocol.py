"""The words between the switchboard and the door, as docs/protocols.md has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("es", "en")
DEFAULT_LANGUAGE = "es"
LONGEST_TEXT = 4_000
_IDENTIFIER = re.compile(r"^[\x21-\x7e]{1,200}$")
_NAME_LENGTH = 200
_TOKEN_LENGTH = 4_000
_CASE_PARTS = ("code", "status", "opened_at", "topic", "promise", "promised_for")
_MOST_CASES = 10


class MalformedRequestError(Exception):
    """The request is not what the protocol says; the message names the field, never its content."""


@dataclass(frozen=True)
class Turn:
    """One thing the customer said, and what is known of who said it."""

    turn_id: str
    conversation_id: str
    channel: str
    text: str
    payload: str | None
    language: str
    operator: str
    customer_name: str | None
    verification: str | None
    cases: tuple[dict[str, Any], ...] = ()
    """What people took on for this customer, as the switchboard tells it."""

    @property
    def pressed(self) -> bool:
        """Did the customer press one of our buttons?"""
        return self.payload is not None

    @classmethod
    def from_json(cls, body: Any) -> Turn:
        """Read a request's body, or say which field is wrong."""
        if not isinstance(body, dict):
            raise MalformedRequestError("the body must be a JSON object")
        payload = _optional(body, "payload", LONGEST_TEXT)
        text = _text(body, "text", LONGEST_TEXT) if payload is None else _optional(body, "text", LONGEST_TEXT) or ""
        if payload is None and not text.strip():
            raise MalformedRequestError("text: must say something")
        customer = body.get("customer") or {}
        if not isinstance(customer, dict):
            raise MalformedRequestError("customer: must be an object")
        return cls(
            turn_id=_identifier(body, "turn_id"),
            conversation_id=_identifier(body, "conversation_id"),
            channel=_identifier(body, "channel"),
            text=text,
            payload=payload,
            language=_language(body),
            operator=_text(body, "operator", _NAME_LENGTH),
            customer_name=_optional(customer, "name", _NAME_LENGTH),
            verification=_optional(body, "verification", _TOKEN_LENGTH),
            cases=_cases(body),
        )

    @classmethod
    def to_understand(cls, body: Any) -> Turn:
        """Read a message that is only to be understood: no turn, no button, no rights; or say which field is wrong."""
        if not isinstance(body, dict):
            raise MalformedRequestError("the body must be a JSON object")
        return cls.from_json({**body, "turn_id": "-", "payload": None, "verification": None, "cases": []})


@dataclass(frozen=True)
class Understanding:
    """What the classifier made of a message: its best guess, whether or not it was dared to act on."""

    intent: str
    confidence: float
    ranking: list[list[Any]]

    def as_json(self) -> dict[str, Any]:
        """The guess in the protocol's words."""
        return {"intent": self.intent, "confidence": self.confidence, "ranking": self.ranking}


def answer_json(
    turn: Turn,
    messages: list[dict[str, Any]],
    language: str,
    nlu: Understanding | None,
    mood: tuple[float, float] | None,
    handoff: dict[str, Any] | None,
    pause: dict[str, Any] | None = None,
    verified: str | None = None,
    order: str | None = None,
) -> dict[str, Any]:
    """The answer to a turn in the protocol's words; `mood` is frustration and abuse, none for a pressed button."""
    frustration, abuse = mood or (None, None)
    return {
        "turn_id": turn.turn_id,
        "messages": messages,
        "language": language,
        "nlu": nlu.as_json() if nlu else None,
        "frustration": frustration,
        "abuse": abuse,
        "handoff": handoff,
        "pause": pause,
        "verified": verified,
        "order": order,
    }


def _identifier(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not _IDENTIFIER.match(value):
        raise MalformedRequestError(f"{name}: 1 to 200 printable characters without blanks")
    return value


def _text(body: Mapping[str, Any], name: str, longest: int) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise MalformedRequestError(f"{name}: must be text")
    if len(value) > longest:
        raise MalformedRequestError(f"{name}: at most {longest} characters")
    return value


def _optional(body: Mapping[str, Any], name: str, longest: int) -> str | None:
    return None if body.get(name) is None else _text(body, name, longest)


def _cases(body: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    cases = body.get("cases") or []
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise MalformedRequestError("cases: must be a list of objects")
    return tuple({name: case.get(name) for name in _CASE_PARTS} for case in cases[:_MOST_CASES])


def _language(body: Mapping[str, Any]) -> str:
    language = body.get("language") or DEFAULT_LANGUAGE
    if language not in LANGUAGES:
        raise MalformedRequestError(f"language: one of {', '.join(LANGUAGES)}")
    return str(language)
