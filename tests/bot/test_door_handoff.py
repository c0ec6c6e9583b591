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
        "priority": "normal",
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
    first = assistant.say("щфщ", conversation)
    assert first.words == ["No te he entendido."]
    assert first.body["handoff"] is None
    second = assistant.say("ъыъ", conversation)
    assert second.body["messages"] == []
    handoff = second.body["handoff"]
    assert (handoff["reason"], handoff["priority"]) == ("not_understood", "normal")
    assert (handoff["signals"][0]["name"], handoff["signals"][0]["value"]) == ("not_understood_in_a_row", 2)


def test_being_understood_in_between_begins_the_count_anew(assistant: Assistant, conversation: str) -> None:
    assert assistant.say("щфщ", conversation).body["handoff"] is None
    assert assistant.say("hola", conversation).words == ["Hola, soy el asistente de Alborada."]
    assert assistant.say("ъыъ", conversation).words == ["No te he entendido."]


def test_after_a_handoff_the_count_begins_anew(assistant: Assistant, conversation: str) -> None:
    assistant.say("щфщ", conversation)
    assert assistant.say("ъыъ", conversation).body["handoff"] is not None
    assert assistant.say("щфщ", conversation).words == ["No te he entendido."]


def test_an_answer_to_a_form_is_not_taken_for_something_not_understood(assistant: Assistant, conversation: str) -> None:
    assistant.say("щфщ", conversation)
    assistant.say("quiero que me llamen por teléfono", conversation)
    assert assistant.say("600", conversation).words == ["¿De qué se trata?"]
    assert assistant.say("щфщ", conversation).words == ["Te llamamos al 600 por: щфщ"]
    assert assistant.say("ъыъ", conversation).words == ["No te he entendido."]


def test_a_form_that_gets_no_usable_answer_ends_with_a_person(assistant: Assistant, conversation: str) -> None:
    assistant.say("quiero que me llamen por teléfono", conversation)
    assert assistant.say("no me acuerdo", conversation).words == ["¿A qué número te llamamos?"]
    assert assistant.say("el de siempre", conversation).words == ["¿A qué número te llamamos?"]
    reply = assistant.say("pues ese", conversation)
    assert reply.body["handoff"] == {
        "reason": "not_understood",
        "priority": "normal",
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


def test_a_danger_comes_before_everything_even_in_a_form(assistant: Assistant, conversation: str) -> None:
    assistant.say("quiero que me llamen por teléfono", conversation)
    handoff = assistant.say("me han duplicado la SIM y me vacían la cuenta", conversation).body["handoff"]
    assert (handoff["reason"], handoff["priority"]) == ("vulnerable_customer", "urgent")
    assert handoff["signals"][0]["name"] == "fraud"


def test_a_person_who_is_refused_does_not_come(assistant: Assistant, conversation: str) -> None:
    reply = assistant.say("no hace falta que me pases a nadie, ¿cuándo vence mi factura?", conversation)
    assert reply.body["handoff"] is None


def test_abuse_hears_the_rules_once_and_then_rests(assistant: Assistant, conversation: str) -> None:
    first = assistant.say("gilipollas", conversation)
    assert first.words == ["Hablemos con respeto."]
    assert first.body["abuse"] > 0.5
    second = assistant.say("imbécil", conversation)
    assert (second.body["messages"], second.body["handoff"]) == ([], None)
    assert second.body["pause"]["seconds"] == 900
    assert second.body["pause"]["signals"][0]["name"] == "abuse"
    assert assistant.say("hola", conversation).words == ["Hola, soy el asistente de Alborada."]


def test_who_may_leave_is_offered_a_person_and_saying_yes_is_enough(assistant: Assistant, conversation: str) -> None:
    offer = assistant.say("estoy pensando en irme a otra compañía", conversation)
    assert offer.words == ["¿Te paso con una persona?"]
    assert assistant.say("sí por favor", conversation).body["handoff"]["reason"] == "leaving"


def test_what_is_remembered_outlasts_the_turns_that_rasa_forgets(assistant: Assistant, conversation: str) -> None:
    assert assistant.say("no, eso no es lo que pregunté", conversation).body["handoff"] is None
    for _ in range(8):
        assistant.say("hola", conversation)
    handoff = assistant.say("¿cuándo vence mi factura? no me has entendido", conversation).body["handoff"]
    assert handoff["signals"][0] == {**handoff["signals"][0], "name": "wrong_answers", "value": 2}
