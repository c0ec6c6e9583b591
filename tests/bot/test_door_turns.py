"""What a turn is like for the switchboard, over real HTTP."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bot.project import Assistant, turn
from tests.bot.stub_actions import StubActions, says, takes


def test_a_greeting_is_answered_with_words_buttons_and_what_was_understood(
    assistant: Assistant, conversation: str
) -> None:
    sent = turn("Hola, ¿qué tal?", conversation)
    reply = assistant.turn(sent)
    assert reply.status == 200
    assert reply.body["turn_id"] == sent["turn_id"]
    assert reply.body["messages"] == [
        {
            "text": "Hola, soy el asistente de Alborada.",
            "buttons": [{"title": "Hablar con una persona", "payload": "/human"}],
        }
    ]
    assert reply.body["language"] == "es"
    assert reply.body["handoff"] is None
    assert reply.body["frustration"] < 0.3
    assert reply.body["abuse"] < 0.3
    assert reply.body["pause"] is None
    nlu = reply.body["nlu"]
    assert nlu["intent"] == "greeting"
    assert nlu["ranking"][0] == ["greeting", nlu["confidence"]]
    assert 0.4 <= nlu["confidence"] <= 1.0


def test_the_answer_comes_in_the_language_of_the_message(assistant: Assistant, conversation: str) -> None:
    english = assistant.say("good morning, how are you", conversation)
    assert english.body["language"] == "en"
    assert english.words == ["Hello, I'm Alborada's assistant."]
    spanish = assistant.say("¿cuándo vence mi factura?", conversation, language="en")
    assert spanish.body["language"] == "es"
    assert spanish.words == ["Tu factura se cobra el día 5."]


@pytest.mark.parametrize("language", ["es", "en"])
def test_words_of_no_language_keep_the_known_one(assistant: Assistant, conversation: str, language: str) -> None:
    assert assistant.say("12345 777", conversation, language=language).body["language"] == language


def test_the_same_turn_again_gets_the_same_answer_and_no_action_runs_twice(
    assistant: Assistant, actions: StubActions, conversation: str
) -> None:
    sent = turn("¿cuánto debo?", conversation)
    first = assistant.turn(sent)
    actions.arrange("action_check_balance", says("Debes 99 €."))
    again = assistant.turn(sent)
    assert first.status == again.status == 200
    assert first.words == ["Debes 12 €."]
    assert again.body == first.body
    assert actions.times("action_check_balance") == 1


def test_a_document_belongs_to_the_words_before_it(
    assistant: Assistant, actions: StubActions, conversation: str
) -> None:
    document = {"name": "factura-2026-10.pdf", "mime": "application/pdf", "ref": "signed.reference"}
    said = [{"text": "Aquí la tienes."}, {"custom": {"document": document}}, {"text": "¿Algo más?"}]
    actions.arrange("action_check_balance", lambda _: (200, {"events": [], "responses": said}))
    assert assistant.say("¿cuánto debo?", conversation).body["messages"] == [
        {"text": "Aquí la tienes.", "buttons": [], "attachments": [document]},
        {"text": "¿Algo más?", "buttons": []},
    ]
    with_words = [{"text": "Aquí la tienes.", "custom": {"document": document}}]
    actions.arrange("action_check_balance", lambda _: (200, {"events": [], "responses": with_words}))
    (message,) = assistant.say("¿cuánto debo?", conversation).body["messages"]
    assert message["attachments"] == [document]


def test_the_proof_of_a_right_code_is_handed_on_with_the_words(
    assistant: Assistant, actions: StubActions, conversation: str
) -> None:
    said = [{"text": "Gracias, Lucía.", "custom": {"verified": "a.signed.proof"}}, {"text": "Debes 12 €."}]
    actions.arrange("action_check_balance", lambda _: (200, {"events": [], "responses": said}))
    proven = assistant.say("¿cuánto debo?", conversation)
    assert proven.body["verified"] == "a.signed.proof"
    assert proven.words == ["Gracias, Lucía.", "Debes 12 €."]
    actions.arrange("action_check_balance", says("Debes 12 €."))
    assert assistant.say("¿cuánto debo?", conversation).body["verified"] is None


def test_an_action_may_begin_a_form_which_then_goes_on_as_any(
    assistant: Assistant, actions: StubActions, conversation: str
) -> None:
    """As after an identification that a form had asked for."""
    begins = {"events": [{"event": "followup", "name": "callback_form"}], "responses": [{"text": "Gracias, Lucía."}]}
    actions.arrange("action_check_balance", lambda _: (200, begins))
    assert assistant.say("¿cuánto debo?", conversation).words == ["Gracias, Lucía.", "¿A qué número te llamamos?"]
    assert assistant.say("600 100 200", conversation).words == ["¿De qué se trata?"]
    assert assistant.say("una avería", conversation).words == ["Te llamamos al 600 100 200 por: una avería"]
    assert assistant.say("hola", conversation).status == 200


def test_a_document_without_words_fails_the_turn(assistant: Assistant, actions: StubActions, conversation: str) -> None:
    document = {"name": "f.pdf", "mime": "application/pdf", "ref": "signed.reference"}
    alone = [{"custom": {"document": document}}]
    actions.arrange("action_check_balance", lambda _: (200, {"events": [], "responses": alone}))
    assert assistant.say("¿cuánto debo?", conversation).status == 502


def test_the_same_turn_at_the_same_time_is_taken_once(
    assistant: Assistant, actions: StubActions, conversation: str
) -> None:
    actions.arrange("action_check_balance", takes(0.7, says("Debes 12 €.")))
    sent = turn("¿cuánto debo?", conversation)
    with ThreadPoolExecutor(8) as callers:
        replies = list(callers.map(assistant.turn, [sent] * 8))
    assert [reply.status for reply in replies] == [200] * 8
    assert all(reply.body == replies[0].body for reply in replies)
    assert actions.times("action_check_balance") == 1


# The same question a third time would bring a person.
_ASKING_WHAT_IS_OWED = ("¿cuánto debo?", "cuál es mi saldo", "how much do I owe", "total pendiente")


def test_turns_of_one_conversation_follow_each_other(
    assistant: Assistant, actions: StubActions, conversation: str
) -> None:
    at_work = []

    def one_at_a_time(body: dict) -> tuple[int, dict]:
        at_work.append(1)
        busy = len(at_work)
        answer = takes(0.2, says(f"{busy}"))(body)
        at_work.pop()
        return answer

    actions.arrange("action_check_balance", one_at_a_time)
    with ThreadPoolExecutor(4) as callers:
        replies = list(callers.map(lambda words: assistant.say(words, conversation), _ASKING_WHAT_IS_OWED))
    assert [reply.words for reply in replies] == [["1"]] * len(_ASKING_WHAT_IS_OWED)


def test_turns_of_different_conversations_do_not_wait_for_each_other(
    assistant: Assistant, actions: StubActions
) -> None:
    together = threading.Barrier(3, timeout=2.5)

    def only_together(body: dict) -> tuple[int, dict]:
        together.wait()
        return says("Debes 12 €.")(body)

    actions.arrange("action_check_balance", only_together)
    with ThreadPoolExecutor(3) as callers:
        replies = list(callers.map(lambda _: assistant.say("¿cuánto debo?", uuid.uuid4().hex), range(3)))
    assert [reply.words for reply in replies] == [["Debes 12 €."]] * 3


def test_a_turn_id_of_another_conversation_is_refused(assistant: Assistant, conversation: str) -> None:
    sent = turn("hola", conversation)
    assert assistant.turn(sent).status == 200
    assert assistant.turn({**sent, "conversation_id": uuid.uuid4().hex}).status == 409


def test_conversations_know_nothing_of_each_other(assistant: Assistant) -> None:
    one, other = uuid.uuid4().hex, uuid.uuid4().hex
    assert assistant.say("quiero que me llamen por teléfono", one).words == ["¿A qué número te llamamos?"]
    assert assistant.say("600 111 222", other).words != ["¿De qué se trata?"]
    assert assistant.say("600 111 222", one).words == ["¿De qué se trata?"]


def test_an_intent_without_a_rule_is_answered_like_one_not_understood(assistant: Assistant, conversation: str) -> None:
    reply = assistant.say("¿dónde está el paraguas amarillo?", conversation)
    assert reply.body["nlu"]["intent"] == "orphan"
    assert reply.words == ["No te he entendido."]
    assert assistant.say("hola", conversation).words == ["Hola, soy el asistente de Alborada."]


def test_an_upset_customer_is_noticed(assistant: Assistant, conversation: str) -> None:
    calm = assistant.say("¿cuándo vence mi factura?", conversation).body["frustration"]
    upset = assistant.say("ESTOY HARTO!!! otra vez lo mismo, cuándo vence mi factura??", conversation)
    assert calm < 0.3
    assert upset.body["frustration"] > 0.7
    assert upset.body["nlu"]["intent"] == "due_date"


def test_what_people_took_on_reaches_the_action(assistant: Assistant, actions: StubActions, conversation: str) -> None:
    case = {"code": "R-7KQ2MX", "status": "assigned", "opened_at": "2026-11-20T10:00:00+00:00", "topic": None}
    case |= {"promise": "Te llamo", "promised_for": "2026-11-24"}
    assistant.say("¿cuánto debo?", conversation, cases=[{**case, "more": "left out"}])
    assert actions.calls[-1]["tracker"]["latest_message"]["metadata"]["cases"] == [case]
    assert assistant.say("¿cuánto debo?", conversation, cases="R-7KQ2MX").status == 422
