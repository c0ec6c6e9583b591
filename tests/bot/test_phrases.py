"""Phrases as trainers write them."""

from __future__ import annotations

import pytest

from bot.phrases import MalformedPhraseError, Phrases, read_phrases


def carries(phrase: str, text: str) -> bool:
    return bool(Phrases({"sign": [phrase]}).signs(text))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("harto", "Estoy HARTO, de verdad"),
        ("harto|harta", "qué harta estoy"),
        ("cobr- dos veces", "me cobrasteis dos veces"),
        ("llevo <n> días", "llevo 3 dias"),
        ("llevo <n> días", "llevo tres días"),
        ("nadie … llama", "nadie de ahí me llama"),
        ("nadie … llama", "nadie llama"),
        ("(ha muerto|falleció) mi padre", "ha muerto mi padre"),
        ("(ha muerto|falleció) mi padre", "falleció mi padre"),
        ("quiero (un|una)? agente", "quiero agente"),
        ("quiero (un|una)? agente", "quiero un agente"),
        ("(ya)? no soy cliente", "no soy cliente"),
        ("(si (no)? me bajáis|como no me bajéis) … (me voy|baja)", "si no me bajáis el precio me voy"),
        ("q no", "que no"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert carries(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("harto", "hartosol"),
        ("cobr- dos veces", "cobrasteis veces"),
        ("nadie … llama", "nadie de los que están ahí ahora me llama"),
        ("llevo <n> días", "llevo muchos días"),
        ("llamar (911|emergencias)", "llamar 600111222"),
    ],
)
def test_a_phrase_is_not_found_where_it_does_not_stand(phrase: str, text: str) -> None:
    assert not carries(phrase, text)


@pytest.mark.parametrize("phrase", ["", "…", "(harto", "harto)", "(harto)?"])
def test_what_is_no_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(MalformedPhraseError):
        Phrases({"sign": [phrase]})


def test_what_is_taken_back_does_not_count_at_the_same_place_only() -> None:
    phrases = Phrases({"death": ["ha muerto"], "death_not": ["ha muerto el router"]})
    assert "death" not in phrases.signs("se me ha muerto el router")
    assert "death" in phrases.signs("ha muerto el router y ha muerto mi padre")


def test_lists_are_filled_in_and_languages_come_together() -> None:
    written = {"lists": {"kin": "padre|madre"}, "signs": {"loss": {"es": ["mi <kin> murió"], "en": ["died"]}}}
    phrases = Phrases(read_phrases(written))
    assert "loss" in phrases.signs("mi madre murió")
    assert "loss" in phrases.signs("he died")
