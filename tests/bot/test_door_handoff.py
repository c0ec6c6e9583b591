"""When a person is needed, and what is left of the conversation then."""

from __future__ import annotations

import pytest

from tests.bot.project import Assistant
from tests.bot.stub_actions import StubActions


@pytest.mark.parametrize("text", ["quiero hablar con una persona", "I want to talk to a person please", "agente"])
def test_who_asks_for_a_person_is_handed_over(assistant: Assistant, conversation: str, text: str) -> None:
    reply = assistant.say(text, conversation)
    assert reply.status == 200
    assert reply.body["messages"] == []
    assert reply.body["handoff"] == {
        "reason": "asked_for_person",
        "signals": [{"name": "asked_for_person", "value": True, "weight": 1.0}],
    }


def test_a_form_does_not_swallow_the_wish_for_a_person(
    assistant: Assistant, actions: StubActions, conversation: str
) -> None:
    assistant.say("quiero que me llamen por teléfono", conversation)
    assert assistant.say("600 111 222", conversation).words == ["¿De qué se trata?"]
    asked_before = actions.times("validate_callback_form")
    reply = assistant.say("quiero hablar con una persona", conversation)
    assert reply.body["handoff"]["reason"] == "asked_for_person"
    assert reply.body["messages"] == []
    assert actions.times("validate_callback_form") == asked_before


def test_the_handoff_ends_the_form_and_keeps_what_was_said(assistant: Assistant, conversation: str) -> None:
    assistant.say("quiero que me llamen por teléfono", conversation)
    assistant.say("600 111 222", conversation)
    assistant.say("quiero hablar con una persona", conversation)
    assert assistant.say("¿cuándo vence mi factura?", conversation).words == ["Tu factura se cobra el día 5."]
    # Begun again, the form knows the number and not the words that asked for a person.
    assert assistant.say("quiero que me llamen por teléfono", conversation).words == ["¿De qué se trata?"]
    assert assistant.say("la fibra", conversation).words == ["Te llamamos al 600 111 222 por: la fibra"]


def test_not_understood_once_is_asked_back_and_twice_handed_over(assistant: Assistant, conversation: str) -> None:
    first = assistant.say("zxcvb", conversation)
    assert first.words == ["No te he entendido."]
    assert first.body["handoff"] is None
    second = assistant.say("ñlkjh", conversation)
    assert second.body["messages"] == []
    assert second.body["handoff"] == {
        "reason": "not_understood",
        "signals": [{"name": "not_understood_in_a_row", "value": 2, "weight": 1.0}],
    }


def test_being_understood_in_between_begins_the_count_anew(assistant: Assistant, conversation: str) -> None:
    assert assistant.say("zxcvb", conversation).body["handoff"] is None
    assert assistant.say("hola", conversation).words == ["Hola, soy el asistente de Alborada."]
    assert assistant.say("ñlkjh", conversation).words == ["No te he entendido."]


def test_after_a_handoff_the_count_begins_anew(assistant: Assistant, conversation: str) -> None:
    assistant.say("zxcvb", conversation)
    assert assistant.say("ñlkjh", conversation).body["handoff"] is not None
    assert assistant.say("zxcvb", conversation).words == ["No te he entendido."]


def test_an_answer_to_a_form_is_not_taken_for_something_not_understood(assistant: Assistant, conversation: str) -> None:
    assistant.say("zxcvb", conversation)
    assistant.say("quiero que me llamen por teléfono", conversation)
    assert assistant.say("600", conversation).words == ["¿De qué se trata?"]
    assert assistant.say("zxcvb", conversation).words == ["Te llamamos al 600 por: zxcvb"]
    assert assistant.say("ñlkjh", conversation).words == ["No te he entendido."]


def test_a_form_that_gets_no_usable_answer_ends_with_a_person(assistant: Assistant, conversation: str) -> None:
    assistant.say("quiero que me llamen por teléfono", conversation)
    assert assistant.say("no me acuerdo", conversation).words == ["¿A qué número te llamamos?"]
    assert assistant.say("el de siempre", conversation).words == ["¿A qué número te llamamos?"]
    reply = assistant.say("pues ese", conversation)
    assert reply.body["handoff"] == {
        "reason": "not_understood",
        "signals": [{"name": "asked_in_vain", "value": 3, "weight": 1.0}],
    }
    assert reply.body["messages"] == []
    assert assistant.say("hola", conversation).words == ["Hola, soy el asistente de Alborada."]


def test_a_question_in_between_is_answered_and_does_not_count_against_the_form(
    assistant: Assistant, conversation: str
) -> None:
    assistant.say("quiero que me llamen por teléfono", conversation)
    for _ in range(3):
        words = assistant.say("¿cuándo vence mi factura?", conversation).words
        assert words == ["Tu factura se cobra el día 5.", "¿A qué número te llamamos?"]
    assert assistant.say("600 111 222", conversation).words == ["¿De qué se trata?"]
