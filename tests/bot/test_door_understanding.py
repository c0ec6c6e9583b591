"""What the assistant would answer while a person has the conversation: told, and nothing done about it."""

from __future__ import annotations

from pathlib import Path

from tests.bot.project import Assistant
from tests.bot.stub_actions import StubActions


def test_words_that_stand_in_the_files_are_foreseen_in_both_languages(assistant: Assistant, conversation: str) -> None:
    spanish = assistant.understand("¿cuándo vence mi factura?", conversation)
    assert (spanish.status, spanish.body["answer"]) == (200, "Tu factura se cobra el día 5.")
    assert (spanish.body["nlu"]["intent"], spanish.body["routine"], spanish.body["language"]) == (
        "due_date",
        True,
        "es",
    )
    english = assistant.understand("when is my bill due?", conversation, language="en")
    assert (english.body["answer"], english.body["language"]) == ("Your bill is charged on the 5th.", "en")


def test_nothing_is_run_or_remembered(
    assistant: Assistant, actions: StubActions, conversation: str, memory_file: Path
) -> None:
    assistant.say("quiero que me llamen por teléfono", conversation)
    calls = len(actions.calls)
    before = memory_file.read_bytes()
    asked = [assistant.understand(text, conversation) for text in ("cuánto debo", "¿cuándo vence mi factura?", "щфщ")]
    assert [reply.status for reply in asked] == [200, 200, 200]
    assert len(actions.calls) == calls
    assert memory_file.read_bytes() == before
    # The form that was under way goes on as if nothing had been asked.
    assert assistant.say("600 111 222", conversation).words == ["¿De qué se trata?"]


def test_what_would_have_to_be_looked_up_is_routine_without_words(assistant: Assistant, conversation: str) -> None:
    told = assistant.understand("cuánto debo", conversation).body
    assert (told["nlu"]["intent"], told["routine"], told["answer"]) == ("check_balance", True, None)


def test_what_needs_a_person_or_says_nothing_is_neither(assistant: Assistant, conversation: str) -> None:
    for text in ("hola", "щфщ", "quiero hablar con una persona", "me han duplicado la SIM y me vacían la cuenta"):
        told = assistant.understand(text, conversation).body
        assert (told["routine"], told["answer"]) == (False, None), text


def test_who_is_upset_gets_no_ready_words(assistant: Assistant, conversation: str) -> None:
    text = "¡¡ESTOY HARTO!! llevo tres meses reclamando y seguís cobrándome mal, ¿cuándo vence mi factura?"
    told = assistant.understand(text, conversation).body
    assert (told["routine"], told["answer"]) == (False, None)
    assert told["frustration"] > 0.4


def test_only_who_knows_the_secret_asks_and_only_properly(assistant: Assistant, conversation: str) -> None:
    assert assistant.understand("hola", conversation, secret="x" * 40).status == 401
    assert assistant.understand("", conversation).status == 422
    assert assistant.understand(None, conversation).status == 422
