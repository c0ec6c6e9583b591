"""A message that says too little by itself, over real HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.project import Assistant
from tests.bot.stub_actions import StubActions


def says_the_month(body: dict[str, Any]) -> tuple[int, Any]:
    """An action that says which month the message names."""
    entities = body["tracker"]["latest_message"]["entities"]
    months = [entity["value"] for entity in entities if entity["entity"] == "month"]
    return 200, {"events": [], "responses": [{"text": f"Factura de {months[0] if months else 'ahora'}."}]}


@pytest.fixture(autouse=True)
def _bills(actions: StubActions) -> None:
    actions.arrange("action_invoice_copy", says_the_month)


def test_the_topic_before_is_asked_again_of_what_the_message_names(assistant: Assistant, conversation: str) -> None:
    assert assistant.say("quiero una copia de la factura en pdf", conversation).words == ["Factura de ahora."]
    reply = assistant.say("no, la de mayo", conversation)
    assert reply.words == ["Factura de --05."]
    assert reply.body["nlu"]["intent"] == "invoice_copy"
    assert assistant.say("¿y la de abril?", conversation).words == ["Factura de --04."]


def test_small_talk_in_between_does_not_hide_the_topic(assistant: Assistant, conversation: str) -> None:
    assistant.say("a copy of my invoice please, the pdf", conversation)
    assistant.say("hello", conversation)
    assert assistant.say("and May's?", conversation).words == ["Factura de --05."]


def test_without_such_a_topic_before_it_stands_for_itself(assistant: Assistant, conversation: str) -> None:
    assert assistant.say("¿y el de mayo?", conversation).words != ["Factura de --05."]


def test_an_answer_to_a_form_is_no_follow_up(assistant: Assistant, conversation: str) -> None:
    assistant.say("quiero una copia de la factura en pdf", conversation)
    assistant.say("quiero que me llamen por teléfono", conversation)
    assistant.say("600 111 222", conversation)
    assert "Factura de --05." not in assistant.say("por la de mayo", conversation).words
