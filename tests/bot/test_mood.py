"""How single messages sound, measured on messages that nothing was learnt from."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.folding import fold
from bot.mood import lines, read_messages
from bot.mood_model import ABUSIVE, CALM, FRUSTRATED, MoodModel, exclamation, shouting, signs_in
from bot.phrases import Phrases, read_phrases
from tests.bot.project import ROOT

MESSAGES = ROOT / "tests" / "mood" / "messages.yml"
SWEARING = "swearing"


def read(path: Path) -> dict:
    from rasa.shared.utils.io import read_yaml_file

    return dict(read_yaml_file(path))


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases(read_phrases(read(ROOT / "data" / "frustration.yml")))


@pytest.fixture(scope="module")
def unseen() -> list[tuple[str, str]]:
    return [(text, mood) for mood, block in read(MESSAGES).items() for text in lines(block)]


@pytest.fixture(scope="module")
def model(phrases: Phrases) -> MoodModel:
    return MoodModel.trained(*read_messages(ROOT / "data" / "mood"), phrases)


def mood_of(model: MoodModel, text: str) -> str:
    felt = model.feel(text)
    return ABUSIVE if felt.abuse >= 0.5 else FRUSTRATED if felt.frustration >= 0.5 else CALM


def test_there_is_enough_to_measure_by_and_none_of_it_was_learnt_from(unseen: list[tuple[str, str]]) -> None:
    learnt = {fold(text) for text in read_messages(ROOT / "data" / "mood")[0]}
    assert len(unseen) >= 300
    assert [text for text, _ in unseen if fold(text) in learnt] == []


def test_unseen_messages_are_felt_as_people_feel_them(model: MoodModel, unseen: list[tuple[str, str]]) -> None:
    right = [FRUSTRATED if mood == SWEARING else mood for _, mood in unseen]
    felt = [mood_of(model, text) for text, _ in unseen]
    assert macro_f1(right, felt) >= 0.83
    called_abusive = [mood for mood, found in zip(right, felt, strict=True) if found == ABUSIVE]
    assert called_abusive.count(ABUSIVE) / len(called_abusive) >= 0.90
    swearing = [found for (_, mood), found in zip(unseen, felt, strict=True) if mood == SWEARING]
    assert sum(found != ABUSIVE for found in swearing) / len(swearing) >= 0.80


def test_a_stored_model_feels_the_same(model: MoodModel, tmp_path: Path, unseen: list[tuple[str, str]]) -> None:
    model.save(tmp_path)
    loaded = MoodModel.load(tmp_path)
    for text, _ in unseen[::10]:
        assert loaded.feel(text) == model.feel(text)


@pytest.mark.parametrize("text", ["12345", "ES91 2100 0418", "", "?!", "☂☂"])
def test_what_has_no_words_has_no_mood(model: MoodModel, text: str) -> None:
    felt = model.feel(text)
    assert (felt.frustration, felt.abuse) == (0.0, 0.0) or not felt.signs


def test_capitals_and_marks_are_signs() -> None:
    assert shouting("NO FUNCIONA NADA") == 1.0
    assert shouting("SIM") == 0.0
    assert exclamation("ya!") == 0.0
    assert exclamation("ya!!!") == 1.0


def test_signs_are_the_trainers_words(phrases: Phrases) -> None:
    assert "anger" in signs_in("hartooo de esto", phrases)
    assert "swearing" in signs_in("this bloody router", phrases)
    assert signs_in("cuándo vence", phrases) == {}


def macro_f1(right: list[str], felt: list[str]) -> float:
    pairs = list(zip(right, felt, strict=True))
    each = []
    for mood in (CALM, FRUSTRATED, ABUSIVE):
        hits = pairs.count((mood, mood))
        each.append(2 * hits / (right.count(mood) + felt.count(mood)))
    return sum(each) / len(each)
