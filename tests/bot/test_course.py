"""Reading the course of a conversation out of Rasa's events."""

from __future__ import annotations

from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.course import asked_in_vain, course_of, understanding
from bot.hearing import press

LISTEN = ActionExecuted("action_listen")
PARSED = {"intent": {"name": "nlu_fallback", "confidence": 0.3}, "entities": []}


def says(text: str, intent: str = "due_date") -> UserUttered:
    return UserUttered(text, {"name": intent, "confidence": 0.9}, [])


def tracker_of(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("c", [LISTEN, *events], None)


def asks(slot: str | None) -> list[Event]:
    return [ActionExecuted("form"), SlotSet("requested_slot", slot), LISTEN]


def test_the_best_guess_is_told_even_where_it_was_not_acted_on() -> None:
    ranking = [{"name": "refund", "confidence": 0.31234567}, {"name": "due_date", "confidence": 0.3}]
    guess = understanding({**PARSED, "intent_ranking": ranking})
    assert (guess.intent, guess.confidence) == ("refund", 0.3123)
    assert guess.ranking == [["refund", 0.3123], ["due_date", 0.3]]


def test_fallbacks_count_only_in_a_row_and_only_where_they_were_said() -> None:
    said = [says("x", "nlu_fallback"), ActionExecuted("utter_fallback"), LISTEN]
    understood = [says("hola"), ActionExecuted("utter_greeting"), LISTEN]
    taken_by_form = [says("y", "nlu_fallback"), *asks(None)]

    def before(*events: Event) -> int:
        return course_of(tracker_of(*events), press("due_date")).not_understood_before

    assert before() == 0
    assert before(*said) == 1
    assert before(*said, *said) == 2
    assert before(*said, *understood) == 0
    assert before(*said, *taken_by_form) == 0


def test_asking_in_vain_counts_answers_that_did_not_get_the_form_on() -> None:
    begun = [LISTEN, says("llamadme"), *asks("phone")]
    no_use = [says("no sé"), *asks("phone")]
    aside = [says("¿cuándo vence?"), ActionExecutionRejected("form"), ActionExecuted("utter_due_date"), *asks("phone")]
    unclear = [says("bla", "nlu_fallback"), ActionExecutionRejected("form"), *asks("phone")]
    assert asked_in_vain(begun) == 0
    assert asked_in_vain([*begun, *no_use]) == 1
    assert asked_in_vain([*begun, *no_use, *aside, *no_use]) == 2
    assert asked_in_vain([*begun, *aside, *aside, *aside]) == 0
    assert asked_in_vain([*begun, *no_use, *unclear]) == 2
    assert asked_in_vain([*begun, *no_use, says("600"), *asks("note")]) == 0
    assert asked_in_vain([*begun, says("600"), *asks(None)]) == 0


def test_an_answer_that_the_form_took_something_from_is_not_in_vain() -> None:
    begun = [LISTEN, says("identifícame"), *asks("code")]
    mistyped = [says("123456"), SlotSet("contact", "given"), SlotSet("code", None), *asks("code")]
    assert asked_in_vain([*begun, *mistyped, *mistyped, *mistyped, *mistyped]) == 0
    no_use = [says("no sé"), SlotSet("code", None), *asks("code")]
    assert asked_in_vain([*begun, *no_use, *mistyped, *no_use]) == 2
    in_english = [*no_use, SlotSet("language", "en")]  # set as the next message comes
    assert asked_in_vain([*begun, *in_english, *no_use]) == 2
