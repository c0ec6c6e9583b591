"""Only the switchboard's token says who somebody is, only in its conversation, its turn and its time."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from rasa_sdk import Tracker

from actions.identity import Identity
from tests.actions.running import CONVERSATION, SECRET, verification

NOBODYS_KEY = "another-secret-of-somebody-else-0123456789"


def tracker_with(token: Any, turn_id: str | None = "turn-1", slots: dict[str, Any] | None = None) -> Tracker:
    message = {"text": "hola", "metadata": {"turn_id": turn_id, "verification": token}}
    return Tracker(CONVERSATION, slots or {}, message, [], False, None, {}, None)


def test_a_valid_token_names_the_customer() -> None:
    assert Identity(SECRET).customer_of(tracker_with(verification("C-1001"))) == "C-1001"


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"key": NOBODYS_KEY}, id="forged"),
        pytest.param({"cid": "another-conversation"}, id="other conversation"),
        pytest.param({"cid": None}, id="no conversation"),
        pytest.param({"tid": "an-earlier-turn"}, id="other turn"),
        pytest.param({"tid": None}, id="no turn"),
        pytest.param({"aud": "relevo-widget"}, id="other audience"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"sub": ""}, id="nobody"),
        pytest.param({"sub": None}, id="no customer"),
        pytest.param({"exp": None}, id="never ends"),
    ],
)
def test_a_token_with_one_thing_wrong_names_nobody(changed: dict[str, Any]) -> None:
    assert Identity(SECRET).customer_of(tracker_with(verification("C-1001", **changed))) is None


@pytest.mark.parametrize("seconds", [-60, 3600])
@pytest.mark.parametrize("written_as", [int, str])
def test_a_token_that_is_over_or_lives_too_long_names_nobody(seconds: int, written_as: type) -> None:
    token = verification("C-1001", exp=written_as(int(time.time()) + seconds))
    assert Identity(SECRET).customer_of(tracker_with(token)) is None


def test_an_unsigned_token_names_nobody() -> None:
    claims = {"aud": "relevo-actions", "sub": "C-1001", "cid": CONVERSATION, "tid": "turn-1", "exp": time.time() + 60}
    assert Identity(SECRET).customer_of(tracker_with(jwt.encode(claims, key="", algorithm="none"))) is None


@pytest.mark.parametrize("token", ["not-a-token", "", None, {"sub": "C-1001"}, 7])
def test_what_is_no_token_names_nobody(token: Any) -> None:
    assert Identity(SECRET).customer_of(tracker_with(token)) is None


def test_a_slot_or_an_entity_is_never_believed() -> None:
    tracker = tracker_with(None, slots={"verified": True, "customer_id": "C-1001", "customer_name": "Lucía"})
    tracker.latest_message["entities"] = [{"entity": "customer_id", "value": "C-1001"}]
    assert Identity(SECRET).customer_of(tracker) is None


def test_a_message_without_metadata_names_nobody() -> None:
    assert Identity(SECRET).customer_of(Tracker(CONVERSATION, {}, None, [], False, None, {}, None)) is None
