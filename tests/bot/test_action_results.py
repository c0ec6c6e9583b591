"""The prepared check of action results agrees with Rasa's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.action_results import check_with_prepared_schema

RASAS_OWN = RemoteAction._validate_action_result
ACTION = RemoteAction("action_any", None)
GOOD: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": None, "timestamp": None}], "responses": [{"text": "hola"}]},
    {"events": [{"event": "followup", "name": "action_x", "timestamp": 1.5}]},
    {"events": [{"event": "action", "name": "x", "policy": None, "confidence": None, "timestamp": None}]},
]
BAD: list[Any] = [
    [],
    None,
    "text",
    {"events": {}},
    {"responses": ["text"]},
    {"events": [{"event": "slot"}]},
    {"events": [{"event": "nonsense"}]},
    {"events": [{"name": "a"}]},
]


@pytest.fixture(autouse=True)
def _prepared() -> Iterator[None]:
    assert check_with_prepared_schema()
    yield
    RemoteAction._validate_action_result = RASAS_OWN


@pytest.mark.parametrize("result", GOOD)
def test_what_rasa_accepts_is_accepted(result: Any) -> None:
    assert RASAS_OWN(ACTION, result)
    assert ACTION._validate_action_result(result)


@pytest.mark.parametrize("result", BAD)
def test_what_rasa_refuses_is_refused(result: Any) -> None:
    with pytest.raises(ValidationError):
        RASAS_OWN(ACTION, result)
    with pytest.raises(ValidationError):
        ACTION._validate_action_result(result)
