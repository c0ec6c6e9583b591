"""The rules of one-time codes, and what messages mean to them: pure functions."""

from __future__ import annotations

import pytest

from actions.complaint_message import Message
from actions.identification.reading import Heard, Meaning, heard_for_code, heard_for_contact
from actions.identification.rules import (
    CODE_LIFE_S,
    CODES,
    WINDOW_S,
    WRONG_TRIES,
    Contact,
    Key,
    Pace,
    is_over,
    new_code,
)

NOW = 1_000_000.0
KEY = Key.from_secret("a-secret-of-the-tests-0123456789abcdef")


def said(text: str, intent: str = "nlu_fallback", confidence: float = 0.9) -> Message:
    return Message(text, intent, confidence)


def test_codes_are_six_digits_and_differ() -> None:
    codes = {new_code() for _ in range(200)}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 190


def test_a_code_with_leading_zeros_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.identification.rules.secrets.randbelow", lambda _: 42)
    assert new_code() == "000042"


def test_what_is_kept_of_a_code_is_bound_to_conversation_challenge_and_key() -> None:
    kept = KEY.code_hash("conversation", "challenge", "123456")
    assert "123456" not in kept
    assert kept == KEY.code_hash("conversation", "challenge", "123456")
    others = {
        KEY.code_hash("another", "challenge", "123456"),
        KEY.code_hash("conversation", "another", "123456"),
        KEY.code_hash("conversation", "challenge", "123457"),
        Key.from_secret("another-secret-of-the-tests-0123456789").code_hash("conversation", "challenge", "123456"),
        KEY.contact_hash("123456"),
    }
    assert kept not in others and len(others) == 5


def test_a_code_lives_ten_minutes() -> None:
    assert not is_over(NOW, NOW + CODE_LIFE_S - 1)
    assert is_over(NOW, NOW + CODE_LIFE_S)


def test_a_pace_is_free_at_first_then_doubles_up_to_its_longest_and_never_locks() -> None:
    pace = Pace(free=2, first_wait_s=60, longest_wait_s=200)
    waits = [pace.wait_s([NOW] * times, NOW) for times in range(7)]
    assert waits == [0, 0, 60, 120, 200, 200, 200]
    assert pace.wait_s([NOW] * 10_000, NOW) == 200
    assert pace.wait_s([NOW] * 10_000, NOW + 200) == 0


def test_a_wait_is_from_the_last_time_and_over_with_the_window() -> None:
    pace = Pace(free=1, first_wait_s=60, longest_wait_s=3600)
    assert pace.wait_s([NOW - 45], NOW) == 15
    assert pace.wait_s([NOW - 60], NOW) == 0
    assert pace.wait_s([NOW - WINDOW_S] * 50, NOW) == 0


def test_guessing_for_a_whole_day_stays_hopeless() -> None:
    """However patient an attacker is, the chance to hit one of a customer's codes within a day is below 1 in 2,000."""
    now, codes, tries = NOW, [], []
    while now < NOW + WINDOW_S:
        wait = max(CODES.wait_s(codes, now), WRONG_TRIES.wait_s(tries, now))
        if wait:
            now += wait
            continue
        codes.append(now)
        for _ in range(5):
            if WRONG_TRIES.wait_s(tries, now):
                break
            tries.append(now)
    assert len(tries) / 10**6 < 1 / 2000
    assert len(codes) < 100


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("600001001", Contact(phone="34600001001")),
        ("+34 600 00 10 01", Contact(phone="34600001001")),
        ("0034-600-001-001", Contact(phone="34600001001")),
        ("es el 600.001.001, gracias", Contact(phone="34600001001")),
        ("mi número es (600) 001 001 y el pin 1234", Contact(phone="34600001001")),
        ("+52 55 1234 5678", Contact(phone="525512345678")),
        ("c-1001", Contact(customer_id="C-1001")),
        ("soy el cliente C1001", Contact(customer_id="C-1001")),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, contact: Contact) -> None:
    assert heard_for_contact(said(text)) == Heard(Meaning.CONTACT, contact)
    assert heard_for_contact(said(text, "data_usage", 1.0)).contact == contact


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        (said("no me acuerdo"), Meaning.UNCLEAR),
        (said("60000"), Meaning.UNCLEAR),
        (said("sí", "affirm"), Meaning.UNCLEAR),
        (said("quiero identificarme", "identify"), Meaning.UNCLEAR),
        (said("no", "deny"), Meaning.LEAVES),
        (said("cancela", "cancel"), Meaning.LEAVES),
        (said("/cancel", "cancel", 1.0), Meaning.LEAVES),
        (said("¿a qué hora abrís?", "store_hours"), Meaning.ASIDE),
        (said("¿a qué hora abrís?", "store_hours", 0.3), Meaning.UNCLEAR),
        (said("/tariff_list", "tariff_list", 1.0), Meaning.ASIDE),
    ],
)
def test_other_answers_to_the_question_for_the_number(message: Message, meaning: Meaning) -> None:
    assert heard_for_contact(message) == Heard(meaning)


@pytest.mark.parametrize(
    ("text", "code"),
    [("482913", "482913"), ("482 913", "482913"), ("el código es 482-913.", "482913"), ("004200", "004200")],
)
def test_a_code_is_found_however_it_is_written(text: str, code: str) -> None:
    assert heard_for_code(said(text)) == Heard(Meaning.CODE, code=code)


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        (said("no me llegó"), Meaning.SEND_AGAIN),
        (said("no me ha llegado nada"), Meaning.SEND_AGAIN),
        (said("otro código porfa"), Meaning.SEND_AGAIN),
        (said("I didn't get it"), Meaning.SEND_AGAIN),
        (said("nothing arrived"), Meaning.SEND_AGAIN),
        (said("send it again"), Meaning.SEND_AGAIN),
        (said("recibir un código", "identify"), Meaning.SEND_AGAIN),
        (said("/identify", "identify", 1.0), Meaning.SEND_AGAIN),
        (said("otro número"), Meaning.OTHER_NUMBER),
        (said("me equivoqué de número"), Meaning.OTHER_NUMBER),
        (said("wrong number"), Meaning.OTHER_NUMBER),
        (said("48291"), Meaning.UNCLEAR),
        (said("¿qué código?"), Meaning.UNCLEAR),
        (said("no", "deny"), Meaning.LEAVES),
        (said("/cancel", "cancel", 1.0), Meaning.LEAVES),
        (said("¿qué tarifas hay?", "tariff_list"), Meaning.ASIDE),
    ],
)
def test_other_answers_to_the_question_for_the_code(message: Message, meaning: Meaning) -> None:
    assert heard_for_code(message) == Heard(meaning)


def test_another_number_in_place_of_the_code_is_taken() -> None:
    assert heard_for_code(said("600 001 002")).contact == Contact(phone="34600001002")
