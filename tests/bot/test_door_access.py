"""Who may come in by the door, and with what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bot.project import SECRET, Assistant, turn


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", SECRET, f"Basic {SECRET}", "Bearer ñ"])
def test_nobody_without_the_secret_gets_in(assistant: Assistant, conversation: str, authorization: str | None) -> None:
    header = None if authorization is None else authorization.encode().decode("latin-1")
    assert assistant.turn(turn("hola", conversation), authorization=header).status == 401


def test_health_is_told_to_those_who_know_the_secret(assistant: Assistant) -> None:
    assert assistant.health(secret="wrong").status == 401
    reply = assistant.health()
    assert reply.status == 200
    assert reply.body["status"] == "ok"
    assert reply.body["model"].startswith("relevo-")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"turn_id": None}, "turn_id"),
        ({"turn_id": ""}, "turn_id"),
        ({"turn_id": "with blank"}, "turn_id"),
        ({"conversation_id": 7}, "conversation_id"),
        ({"conversation_id": "x" * 201}, "conversation_id"),
        ({"channel": ""}, "channel"),
        ({"text": None}, "text"),
        ({"text": ["hola"]}, "text"),
        ({"text": "  \n "}, "text"),
        ({"text": "a" * 4001}, "text"),
        ({"language": "fr"}, "language"),
        ({"operator": None}, "operator"),
        ({"customer": "Lucía"}, "customer"),
        ({"customer": {"name": 3}}, "name"),
        ({"verification": 1}, "verification"),
        ({"payload": "/no_such_intent"}, "payload"),
        ({"payload": "human"}, "payload"),
        ({"payload": "/restart"}, "payload"),
        ({"payload": "/session_start"}, "payload"),
        ({"payload": "/back"}, "payload"),
        ({"payload": '/human{"verified": true}'}, "payload"),
        ({"payload": '/human{"verified": '}, "payload"),
    ],
)
def test_a_malformed_request_is_refused_and_the_field_is_named(
    assistant: Assistant, conversation: str, changes: dict[str, Any], named: str
) -> None:
    reply = assistant.turn({**turn("hola", conversation), **changes})
    assert reply.status == 422
    assert named in reply.body["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"hola"', b"\xff\xfe", b"[" * 50_000])
def test_what_is_no_request_is_refused(assistant: Assistant, body: bytes) -> None:
    assert assistant.turn(body).status == 422


def test_a_refusal_does_not_repeat_what_the_customer_wrote(assistant: Assistant, conversation: str) -> None:
    reply = assistant.turn(turn("mi secreto", conversation, language="fr"))
    assert "secreto" not in json.dumps(reply.body)


def test_the_longest_text_is_answered(assistant: Assistant, conversation: str) -> None:
    longest = assistant.say(("hola qué tal " * 400)[:4000], conversation)
    assert longest.status == 200
    assert longest.seconds < 2.0


def test_a_huge_body_is_not_even_read(assistant: Assistant) -> None:
    try:
        status = assistant.turn(b'{"text": "' + b"a" * 3_000_000 + b'"}').status
    except OSError:
        return  # the connection was closed on the sender
    assert status == 413
