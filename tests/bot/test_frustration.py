"""How upset a customer sounds, by the trainers' own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.frustration import WEIGHTS, frustration, repetition
from bot.mood import Lexicon
from tests.bot.project import ROOT


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.read(ROOT / "data" / "frustration.yml")


def felt(lexicon: Lexicon, text: str, *before: str) -> float:
    return frustration(lexicon.signs(text), text, before)


@pytest.mark.parametrize(
    "text",
    [
        "hola, ¿cuándo vence mi factura?",
        "No me funciona internet",
        "quiero hablar con una persona",
        "tengo un problema con el router, está mal configurado",
        "gracias!",
        "I have a problem with my bill",
        "my internet is slow",
        "SIM",
        "PUK 1234",
        "ES91 2100 0418",
        "12345",
        "",
    ],
)
def test_calm_words_are_calm_even_when_they_name_a_problem(lexicon: Lexicon, text: str) -> None:
    assert felt(lexicon, text) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "estoy harto",
        "ESTOY HARTA!!!",
        "esto es una vergüenza",
        "sois unos ladrones",
        "llevo tres meses con el mismo recibo mal, estoy harto",
        "i am fed up with this",
        "this is ridiculous, you are a bunch of liars",
        "fuck you",
        "hartooooo",
        "ME TENEIS HARTO",
    ],
)
def test_anger_is_felt_in_both_languages(lexicon: Lexicon, text: str) -> None:
    assert felt(lexicon, text) >= 0.5


@pytest.mark.parametrize(
    ("milder", "stronger"),
    [
        ("no me funciona internet", "llevo tres días sin internet, nadie me contesta"),
        ("nadie me contesta", "nadie me contesta, estoy harto"),
        ("estoy harto", "ESTOY HARTO DE ESTO"),
        ("estoy harto", "estoy harto!!!"),
        ("still not working", "still not working, this is ridiculous"),
    ],
)
def test_each_further_sign_weighs_more(lexicon: Lexicon, milder: str, stronger: str) -> None:
    assert felt(lexicon, milder) < felt(lexicon, stronger) <= 1.0


def test_saying_the_same_again_is_a_sign(lexicon: Lexicon) -> None:
    text = "no me funciona el internet de casa"
    assert felt(lexicon, text) == 0.0
    assert felt(lexicon, text, "hola", "No me funciona el internet, de casa!") > 0.3


@pytest.mark.parametrize("text", ["sí", "no", "vale gracias"])
def test_short_words_repeat_without_anger(lexicon: Lexicon, text: str) -> None:
    assert felt(lexicon, text, text, text) == 0.0


def test_repetition_looks_at_the_words_not_at_their_order_or_accents() -> None:
    assert repetition("cuándo vence mi factura", ["mi factura cuando vence"]) == 1.0
    assert repetition("cuándo vence mi factura", ["qué tarifas tenéis ahora"]) == 0.0


def test_a_phrase_is_looked_for_as_whole_words(tmp_path: Path) -> None:
    words = tmp_path / "words.yml"
    words.write_text("signs:\n  anger:\n    es: [harto]\n    en: [mad]\n")
    lexicon = Lexicon.read(words)
    assert lexicon.signs("Estoy HARTO, de verdad") == {"anger": 1.0}
    assert lexicon.signs("madre de hartosol") == {}


def test_every_sign_in_the_trainers_file_weighs_something_and_has_both_languages(lexicon: Lexicon) -> None:
    assert set(lexicon.phrases) <= set(WEIGHTS)
    assert all(lexicon.phrases.values())
