"""A pressed button: `/intent` or `/intent{"slot": "value"}`, as its definition in `data/` has it."""

from __future__ import annotations

import json
import re
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

_PAYLOAD = re.compile(r"^/(?P<intent>[A-Za-z0-9_]+)\s*(?P<values>\{.*\})?$", re.DOTALL)
# Intents by which Rasa is steered, not spoken to.
_STEERING = frozenset({"restart", "session_start", "back", "nlu_fallback"})


class UnknownPayloadError(Exception):
    """The payload is none that a button of this model can have."""


@dataclass(frozen=True)
class Pressed:
    """What pressing the button says: an intent, and values for entities."""

    intent: str
    values: dict[str, Any] = field(default_factory=dict)

    def parse_data(self, payload: str) -> dict[str, Any]:
        """The button as Rasa's understanding of a message: certain, and with the values as entities."""
        entities: list[dict[str, Any]] = [
            {"entity": name, "value": value, "start": 0, "end": len(payload)} for name, value in self.values.items()
        ]
        return {"text": payload, "intent": {"name": self.intent, "confidence": 1.0}, "entities": entities}


def read_payload(payload: str, intents: Set[str], entities: Set[str]) -> Pressed:
    """Read a payload; only intents and entities that the model knows, never one that steers Rasa itself."""
    match = _PAYLOAD.match(payload)
    if match is None or match["intent"] in _STEERING or match["intent"] not in intents:
        raise UnknownPayloadError("the payload names no intent of this model")
    values = _values(match["values"])
    if not values.keys() <= entities:
        raise UnknownPayloadError("the payload names an entity that this model does not know")
    return Pressed(match["intent"], values)


def _values(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        values = json.loads(text)
    except ValueError:
        raise UnknownPayloadError("the payload's values are not JSON") from None
    if not all(isinstance(value, (str, int, float, bool)) for value in values.values()):
        raise UnknownPayloadError("the payload's values must be plain")
    return dict(values)
