"""When a person is needed: rules without Rasa."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.judgement import Course, judge, judge_form

CALM = Course(guess="check_balance", confidence=0.9, is_understood=True, is_in_form=False)


def test_an_ordinary_question_needs_nobody() -> None:
    assert judge(CALM) is None
    assert judge(replace(CALM, is_in_form=True)) is None


@pytest.mark.parametrize(
    ("confidence", "is_in_form", "needed"),
    [(1.0, False, True), (0.45, False, True), (0.44, False, False), (0.6, True, True), (0.59, True, False)],
)
def test_who_asks_for_a_person_gets_one_if_that_is_sure_enough(
    confidence: float, is_in_form: bool, needed: bool
) -> None:
    judgement = judge(replace(CALM, guess="human", confidence=confidence, is_in_form=is_in_form))
    assert (judgement is not None) is needed
    if judgement:
        assert judgement.reason == "asked_for_person"


def test_the_wish_for_a_person_counts_even_where_the_assistant_would_not_act_on_its_guess() -> None:
    unsure = replace(CALM, guess="human", confidence=0.5, is_understood=False)
    judgement = judge(unsure)
    assert judgement is not None
    assert judgement.reason == "asked_for_person"


@pytest.mark.parametrize(("before", "needed"), [(0, False), (1, True), (2, True)])
def test_the_second_time_in_a_row_that_nothing_is_understood_needs_a_person(before: int, needed: bool) -> None:
    judgement = judge(replace(CALM, is_understood=False, not_understood_before=before))
    assert (judgement is not None) is needed
    if judgement:
        assert judgement.reason == "not_understood"
        assert judgement.signals[0].value == before + 1


def test_what_was_not_understood_before_does_not_matter_once_it_is() -> None:
    assert judge(replace(CALM, not_understood_before=5)) is None


def test_in_a_form_words_need_not_be_understood() -> None:
    assert judge(replace(CALM, is_understood=False, is_in_form=True, not_understood_before=3)) is None


@pytest.mark.parametrize(("in_vain", "needed"), [(0, False), (2, False), (3, True)])
def test_a_form_that_asks_in_vain_needs_a_person(in_vain: int, needed: bool) -> None:
    assert (judge_form(in_vain) is not None) is needed


def test_a_judgement_says_its_reason_and_signals_in_the_words_of_the_protocol() -> None:
    judgement = judge(replace(CALM, guess="human"))
    assert judgement is not None
    assert judgement.as_json() == {
        "reason": "asked_for_person",
        "signals": [{"name": "asked_for_person", "value": True, "weight": 1.0}],
    }
