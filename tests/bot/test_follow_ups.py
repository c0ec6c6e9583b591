"""Messages that say too little by themselves, in the light of what was talked about before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.entities.finder import Finder, read_lookups
from bot.follow_ups import Message, in_its_light, topic_before, topics_continued
from bot.topic_memory import read_follow_ups

ROOT = Path(__file__).resolve().parents[2]
FINDER = Finder.of(read_lookups(ROOT / "data" / "lookups"))
FOLLOW_UPS = read_follow_ups(str(ROOT / "data"))


def continued(text: str, guess: str = "nlu_fallback", confidence: float = 0.3) -> list[str]:
    entities = [thing.as_rasa() for thing in FINDER.find(text)]
    return topics_continued(Message(text, entities, guess, confidence), FOLLOW_UPS)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("¿y el de 30?", "tariff_list"),
        ("and the 30 one?", "tariff_list"),
        ("y el Océano", "tariff_list"),
        ("¿y hasta cuándo me duran?", "data_usage"),
        ("until when?", "data_usage"),
        ("no, la de mayo", "explain_charge"),
        ("no, May's", "invoice_copy"),
        ("la de mayo", "check_balance"),
        ("what about last month?", "explain_charge"),
        ("and in Portugal?", "roaming"),
        ("¿y en Canarias?", "roaming"),
        ("¿y a México?", "international_calls"),
        ("no, te pregunto por el móvil", "current_plan"),
        ("no, I mean the broadband", "current_plan"),
        ("28013", "outage"),
    ],
)
def test_a_message_that_only_names_a_thing_continues_the_topics_that_take_it(text: str, topic: str) -> None:
    assert topic in continued(text)
    assert topic in continued(text, "deny", 0.95)


@pytest.mark.parametrize(
    ("text", "guess", "confidence"),
    [
        ("¿cuánto cuesta llamar a Portugal desde el móvil?", "international_calls", 0.8),
        ("y además quiero cambiarme de tarifa a la de 30 gigas cuanto antes por favor", "change_plan", 0.9),
        ("quiero hablar con una persona por el móvil", "human", 0.9),
        ("y quiero cancelar la fibra", "cancel_service", 0.8),
        ("no", "deny", 0.9),
        ("¿y?", "nlu_fallback", 0.2),
        ("cuándo me cobran", "due_date", 0.9),
    ],
)
def test_a_message_that_says_something_of_its_own_continues_nothing(text: str, guess: str, confidence: float) -> None:
    assert continued(text, guess, confidence) == []


def test_a_few_words_of_its_own_are_taken_as_a_continuation_only_where_the_guess_is_not_sure() -> None:
    assert "roaming" in continued("¿y funciona en Portugal?", "coverage", 0.4)
    assert continued("¿y funciona en Portugal?", "international_calls", 0.9) == ["international_calls"]


def test_the_topic_continued_is_the_last_one_that_takes_it() -> None:
    assert topic_before(["roaming", "tariff_list", "thanks"], ["roaming", "international_calls"]) == "roaming"
    assert topic_before(["roaming", "international_calls"], ["roaming", "international_calls"]) == "international_calls"
    assert topic_before(["greeting", None], ["roaming"]) is None


def test_a_message_in_its_light_means_the_topic_and_keeps_its_ranking_and_things() -> None:
    heard: dict[str, Any] = {
        "intent": {"name": "nlu_fallback", "confidence": 0.3},
        "intent_ranking": [{"name": "coverage", "confidence": 0.3}, {"name": "roaming", "confidence": 0.2}],
        "entities": [{"entity": "place", "value": "Portugal"}],
        "continues": ["roaming"],
    }
    understood = in_its_light(heard, ["roaming"])
    assert understood["intent"]["name"] == "roaming"
    assert [guess["name"] for guess in understood["intent_ranking"]] == ["roaming", "coverage"]
    assert understood["entities"] == heard["entities"]
    assert in_its_light(heard, ["greeting"]) == heard
