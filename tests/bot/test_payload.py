"""A button says what its definition says, and nothing that a customer could invent."""

from __future__ import annotations

import pytest

from bot.payload import Pressed, UnknownPayloadError, read_payload

INTENTS = {"human", "inform", "restart", "nlu_fallback"}
ENTITIES = {"plan", "lines"}


def test_a_plain_button_is_its_intent() -> None:
    pressed = read_payload("/human", INTENTS, ENTITIES)
    assert pressed == Pressed("human")
    assert pressed.parse_data("/human") == {
        "text": "/human",
        "intent": {"name": "human", "confidence": 1.0},
        "entities": [],
    }


def test_a_button_may_carry_values() -> None:
    pressed = read_payload('/inform{"plan": "Marea", "lines": 2}', INTENTS, ENTITIES)
    assert pressed.values == {"plan": "Marea", "lines": 2}
    assert [entity["entity"] for entity in pressed.parse_data("…")["entities"]] == ["plan", "lines"]


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "human",
        "/",
        "/unknown",
        "/restart",
        "/nlu_fallback",
        "/human extra",
        "/human\n/restart",
        '/inform{"plan"}',
        '/inform{"plan": ["Marea"]}',
        '/inform{"plan": {"a": 1}}',
        '/inform{"verified": true}',
        '/inform{"plan": "Marea"} /restart',
        "/human@0.9",
        "queue.cancel",
    ],
)
def test_anything_else_is_refused(payload: str) -> None:
    with pytest.raises(UnknownPayloadError):
        read_payload(payload, INTENTS, ENTITIES)
