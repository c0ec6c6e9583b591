"""When a person is needed: rules without Rasa."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.hearing import Message, press
from bot.history import History, Said
from bot.judgement import Course, Judge, Judgement, Offer, Pause, Policy, Rules
from bot.remembering import Outcome, remembered
from bot.weighing import prior

NEEDS = {"data_usage": 0.0, "payment_problem": 0.7, "internet_fault": 0.4, "cancel_service": 0.4, "greeting": 0.0}
JUDGE = Judge(prior(), NEEDS, Policy())
CALM = Message(intent="payment_problem", confidence=0.9, is_understood=True, words=6)
STEMS = ("cobra", "dos", "recib")


def course(message: Message = CALM, **of: object) -> Course:
    return Course(message, **of)  # type: ignore[arg-type]


def signs(*names: str, **of: object) -> Message:
    return replace(CALM, signs=frozenset(names), **of)  # type: ignore[arg-type]


def verdict(message: Message, history: History | None = None, **of: object) -> Judgement:
    judged = JUDGE.judge(course(message, history=history or History(), **of))
    assert isinstance(judged, Judgement)
    return judged


def said(message: Message, times: int = 1) -> History:
    history = History()
    for _ in range(times):
        history = remembered(history, message, Outcome())
    return history


def test_an_ordinary_question_needs_nobody() -> None:
    assert JUDGE.judge(course()) is None
    assert JUDGE.judge(course(is_in_form=True)) is None


@pytest.mark.parametrize(
    ("confidence", "is_in_form", "needed"),
    [(1.0, False, True), (0.45, False, True), (0.44, False, False), (0.6, True, True), (0.59, True, False)],
)
def test_who_asks_for_a_person_gets_one_if_that_is_sure_enough(
    confidence: float, is_in_form: bool, needed: bool
) -> None:
    message = replace(CALM, intent="human", confidence=confidence)
    judged = JUDGE.judge(course(message, is_in_form=is_in_form))
    assert (judged is not None) is needed
    if isinstance(judged, Judgement):
        assert judged.reason == "asked_for_person"


def test_words_that_ask_for_a_person_are_enough_whatever_the_classifier_thinks() -> None:
    assert verdict(signs("asks_person")).reason == "asked_for_person"
    assert verdict(signs("asks_person"), is_in_form=True).reason == "asked_for_person"


def test_who_refuses_a_person_gets_none_even_where_the_classifier_hears_a_wish() -> None:
    refusal = signs("refuses_person", "asks_person", intent="human", confidence=1.0)
    assert JUDGE.judge(course(refusal)) is None


def test_another_kind_of_agent_is_not_a_wish_for_a_person() -> None:
    assert JUDGE.judge(course(signs("asks_person_not", intent="human", confidence=0.9))) is None


@pytest.mark.parametrize(
    "risk",
    ["bereavement", "disability", "health", "violence", "self_harm", "poverty", "fraud", "legal_action", "press"],
)
@pytest.mark.parametrize("is_in_form", [False, True])
def test_who_is_vulnerable_or_in_danger_gets_a_person_at_once(risk: str, is_in_form: bool) -> None:
    judged = verdict(signs(risk), is_in_form=is_in_form)
    assert (judged.reason, judged.priority) == ("vulnerable_customer", "urgent")
    assert judged.signals[0].name == risk


@pytest.mark.parametrize(("before", "needed"), [(0, False), (1, True), (2, True)])
def test_the_second_time_in_a_row_that_nothing_is_understood_needs_a_person(before: int, needed: bool) -> None:
    message = replace(CALM, is_understood=False)
    judged = JUDGE.judge(course(message, not_understood_before=before))
    assert (judged is not None) is needed
    if isinstance(judged, Judgement):
        assert judged.reason == "not_understood"
        assert judged.signals[0].value == before + 1
    assert JUDGE.judge(course(message, not_understood_before=3, is_in_form=True)) is None


def test_the_same_question_a_third_time_needs_a_person() -> None:
    question = replace(CALM, intent="data_usage", stems=STEMS)
    assert JUDGE.judge(course(question, history=said(question))) is None
    judged = verdict(question, said(question, 2))
    assert judged.reason == "not_understood"
    assert ("repeats_question", 3) in [(signal.name, signal.value) for signal in judged.signals]


def test_the_second_wrong_answer_needs_a_person() -> None:
    wrong = signs("corrects", intent="data_usage")
    assert JUDGE.judge(course(wrong)) is None
    assert verdict(wrong, said(wrong)).signals[0].name == "wrong_answers"


@pytest.mark.parametrize(("in_vain", "needed"), [(0, False), (2, False), (3, True)])
def test_a_form_that_asks_in_vain_needs_a_person(in_vain: int, needed: bool) -> None:
    assert (JUDGE.judge_form(in_vain) is not None) is needed


def test_frustration_that_grows_over_the_conversation_needs_a_person() -> None:
    upset = replace(CALM, frustration=0.95, waiting_days=14, signs=frozenset({"unsolved", "contacted_before"}))
    judged = verdict(upset, said(replace(CALM, frustration=0.4)))
    assert (judged.reason, judged.priority) == ("frustration", "high")


def test_anger_about_what_this_turn_can_settle_is_settled_first() -> None:
    angry = replace(CALM, intent="data_usage", frustration=0.95, mood_signs={"shouting": 1.0}, waiting_days=3)
    assert JUDGE.judge(course(angry)) is None
    answered = History(said=(Said("data_usage", ("otra",), 0.9, True),), turns=1, unsolved=1)
    again = replace(angry, signs=frozenset({"unsolved", "insists"}))
    assert isinstance(JUDGE.judge(course(again, history=answered)), Judgement)


def test_who_calms_down_needs_nobody_any_more() -> None:
    upset = replace(CALM, frustration=0.9, waiting_days=5, signs=frozenset({"unsolved"}))
    calm = signs("calms_down", intent="thanks", frustration=0.05)
    history = said(upset, 2)
    assert JUDGE.judge(course(calm, history=history)) is None
    after = remembered(history, calm, Outcome())
    assert (after.unsolved, after.facts, after.said[0].frustration) == (0, {}, 0.0)


def test_a_complex_case_says_so() -> None:
    facts = frozenset({"contradiction", "proof", "undue_demand", "about_money"})
    judged = verdict(replace(CALM, signs=facts, disputed_months=4))
    assert judged.reason == "complex_case"
    assert {"disputed_months", "proof"} <= {signal.name for signal in judged.signals}


def test_who_may_leave_is_offered_a_person_and_gets_one_on_saying_yes() -> None:
    leaving = signs("winnable", intent="cancel_service")
    offer = JUDGE.judge(course(leaving))
    assert offer == Offer("leaving")
    history = remembered(History(), leaving, Outcome(offer))
    assert verdict(signs("accepts", words=1), history).reason == "leaving"
    assert verdict(leaving, history).reason == "leaving"
    assert JUDGE.judge(course(signs("winnable", "just_leaving", intent="cancel_service"))) is None


@pytest.mark.parametrize(
    ("message", "is_needed"),
    [
        (Message("out_of_scope", 0.7, is_understood=True, words=4), True),  # «a ver pues, convénceme»
        (Message("nlu_fallback", 0.1, is_understood=False, words=9), True),
        (Message("deny", 0.9, is_understood=True, words=1), False),
        (Message("data_usage", 0.9, is_understood=True, words=4), False),
    ],
)
def test_whoever_takes_the_offer_up_in_their_own_words_gets_a_person(message: Message, is_needed: bool) -> None:
    judged = JUDGE.judge(course(message, history=History(was_offered="leaving")))
    assert (judged is not None) is is_needed


def test_who_only_provokes_brings_nobody_by_going_on() -> None:
    provoking = Message("nlu_fallback", 0.1, is_understood=False, frustration=0.95, words=4)
    assert verdict(provoking, not_understood_before=1).reason == "not_understood"
    after_rules = History(abusive=1, not_understood=1)
    assert JUDGE.judge(course(provoking, history=after_rules, not_understood_before=1)) is None
    threat = replace(provoking, signs=frozenset({"legal_action"}))
    assert JUDGE.judge(course(threat, history=after_rules)) is None
    danger = replace(provoking, signs=frozenset({"self_harm"}))
    assert verdict(danger, after_rules).reason == "vulnerable_customer"


def test_laughing_about_it_is_calming_down_however_it_sounds() -> None:
    loud = signs("calms_down", "laughs", intent="out_of_scope", frustration=0.97)
    assert loud.calms_down
    assert not replace(loud, signs=frozenset({"calms_down"})).calms_down
    assert not replace(loud, mood_signs={"sarcasm": 1.0}).calms_down
    assert not replace(loud, abuse=0.95).calms_down


def test_a_question_in_fewer_words_is_the_same_question() -> None:
    first = replace(CALM, intent="sim", stems=("also", "esim", "new", "watch", "work"))
    again = replace(CALM, intent="roaming", stems=("watch", "work"))
    assert said(first).times_asked(again.stems, again.intent, insists=False) == 2
    assert said(again).times_asked(first.stems, first.intent, insists=False) == 1


def test_abuse_without_a_need_hears_the_rules_then_the_conversation_rests_longer_each_time() -> None:
    abuse = Message("out_of_scope", 0.3, is_understood=False, abuse=0.9, words=2)
    assert JUDGE.judge(course(abuse)) == Rules()
    history = remembered(History(), abuse, Outcome(Rules()))
    lengths = []
    for _ in range(4):
        pause = JUDGE.judge(course(abuse, history=history))
        assert isinstance(pause, Pause)
        lengths.append(pause.seconds)
        history = remembered(history, abuse, Outcome(pause))
    assert lengths == [900, 3600, 14400, 14400]


def test_abuse_with_a_need_counts_as_the_need() -> None:
    abuse = replace(CALM, abuse=0.9, frustration=0.9, signs=frozenset({"about_money"}), words=9)
    judged = verdict(abuse)
    assert (judged.reason, judged.signals[0].name) == ("frustration", "abuse_with_need")
    asks_usage = replace(abuse, intent="data_usage", signs=frozenset({"about_network"}))
    assert JUDGE.judge(course(asks_usage)) is None


def test_a_pressed_button_has_no_mood() -> None:
    angry = History(said=(Said("payment_problem", STEMS, 0.95, True),), turns=1, unsolved=2)
    assert JUDGE.judge(course(press("data_usage"), history=angry)) is None


def test_a_judgement_says_its_reason_and_signals_in_the_words_of_the_protocol() -> None:
    judged = verdict(replace(CALM, intent="human"))
    assert judged.as_json() == {
        "reason": "asked_for_person",
        "priority": "normal",
        "signals": [{"name": "asked_for_person", "value": True, "weight": 1.0}],
    }


def test_the_weights_of_the_signals_add_up() -> None:
    upset = replace(CALM, frustration=0.95, waiting_days=14, signs=frozenset({"unsolved", "asks_person"}))
    for judged in (verdict(upset), verdict(replace(upset, signs=frozenset({"unsolved", "contacted_before", "fraud"})))):
        assert sum(signal.weight for signal in judged.signals) == pytest.approx(1.0, abs=0.01)
        assert [signal.weight for signal in judged.signals] == sorted(
            (signal.weight for signal in judged.signals), reverse=True
        )


def test_after_a_person_the_conversation_begins_anew() -> None:
    judged = verdict(replace(CALM, intent="human"))
    assert remembered(said(CALM, 3), CALM, Outcome(judged)) == History()
