"""Folding, n-grams and the linear model, without Rasa."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.folding import fold
from bot.language_choice import language_to_answer
from bot.linear_model import LinearModel
from bot.meanings import Meanings
from bot.ngrams import Vocabulary, grams

EXAMPLES = {
    "due_date": ["cuándo vence mi factura", "qué día me cobran", "when is my bill due", "when do you charge me"],
    "human": ["quiero hablar con una persona", "pásame un agente", "talk to a person", "an agent please"],
    "greeting": ["hola", "buenos días", "hello", "good morning"],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts]


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return LinearModel.trained(TEXTS, LABELS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("¿CUÁNDO VENCE?", "cuando vence"),
        ("holaaaa!!!", "hola"),
        ("q tal, xq no va", "que tal porque no va"),
        ("tmb kiero pls", "también quiero please"),
        ("i don’t know", "I don't know"),
        ("u r great thx", "you are great thanks"),
        ("mi nº 600111222", "mi no 123456"),
        ("ｆａｃｔｕｒａ", "factura"),
        ("👍🏽", "ok"),
    ],
)
def test_what_means_the_same_folds_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_folding_twice_changes_nothing_more() -> None:
    for text in [*TEXTS, "xq ola a ver aver k tal"]:
        assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("CUANDO VENCE MI FACTURA???", "due_date"),
        ("cuando me cobrais", "due_date"),
        ("qiero ablar con una persona x favor", "human"),
        ("can i talk to a real person pls", "human"),
        ("holaaa", "greeting"),
    ],
)
def test_new_wordings_and_typos_are_understood_in_both_languages(model: LinearModel, text: str, label: str) -> None:
    assert model.probabilities(text)[0][0] == label


def test_probabilities_are_ranked_and_add_up(model: LinearModel) -> None:
    ranking = model.probabilities("hola, cuándo vence mi factura")
    values = [probability for _, probability in ranking]
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(1.0, abs=1e-5)
    assert {label for label, _ in ranking} == set(EXAMPLES)


@pytest.mark.parametrize("text", ["", "?!", "щщщ", "☂☂"])
def test_of_which_nothing_is_known_nothing_is_likely(model: LinearModel, text: str) -> None:
    assert model.probabilities(text)[0][1] == pytest.approx(1 / 3)


def test_what_is_mostly_unknown_is_less_sure(model: LinearModel) -> None:
    known = model.probabilities("hola")[0][1]
    mostly_unknown = model.probabilities("hola wztrpfgk bdvxqyrm wqzzvbnm")[0][1]
    assert mostly_unknown < known


def test_a_stored_model_thinks_the_same_and_contains_no_code(model: LinearModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = LinearModel.load(tmp_path)
    for text in [*TEXTS, "algo muy distinto", ""]:
        assert loaded.probabilities(text) == model.probabilities(text)
    json.loads((tmp_path / "words.json").read_text())
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


MEANINGS = Meanings(
    {
        "bill": ["factur*", "boleta", "bill"],
        "due": ["vence", "toca pagar", "due"],
        "person": ["person*", "agent"],
    }
)


def test_meanings_are_found_in_words_their_beginnings_and_phrases() -> None:
    words = fold("¿Cuándo toca pagar la BOLETA o las facturitas?").split()
    assert MEANINGS.found(words) == [(1, "due"), (4, "bill"), (7, "bill")]
    assert MEANINGS.found(fold("la personalidad de boletas, billar y toca").split()) == [(1, "person")]


def test_a_meaning_taught_in_one_word_is_understood_in_another() -> None:
    text = "ya toca pagar la boleta?"
    taught = dict(LinearModel.trained(TEXTS, LABELS, MEANINGS).probabilities(text))
    untaught = dict(LinearModel.trained(TEXTS, LABELS).probabilities(text))
    assert taught["due_date"] > untaught["due_date"] + 0.1


def test_a_stored_model_keeps_its_meanings(tmp_path: Path) -> None:
    model = LinearModel.trained(TEXTS, LABELS, MEANINGS)
    model.save(tmp_path)
    assert LinearModel.load(tmp_path).probabilities("boleta") == model.probabilities("boleta")


def test_the_question_at_the_end_of_a_very_long_message_is_read() -> None:
    read = set(grams("hola " + "bla " * 5_000 + "cuándo vence"))
    assert {"w:hola", "w:vence", "n:vence $"} <= read
    assert len(list(grams("palabra " * 50_000))) < 20_000


def test_the_vector_is_what_the_matrix_has() -> None:
    vocabulary = Vocabulary.of(TEXTS)
    matrix = vocabulary.matrix(TEXTS)
    for row, text in enumerate(TEXTS):
        indices, weights = vocabulary.vector(text)
        dense = np.zeros(len(vocabulary.index), dtype=np.float32)
        dense[indices] = weights
        assert np.allclose(matrix[row].toarray()[0], dense)


@pytest.mark.parametrize(
    ("known", "likely", "text", "answered"),
    [
        ("es", {"es": 0.02, "en": 0.98}, "when is my bill due", "en"),
        ("es", {"es": 0.35, "en": 0.65}, "when is my bill due", "es"),
        ("es", {"es": 0.1, "en": 0.9}, "wifi", "es"),
        ("es", {"es": 0.01, "en": 0.99}, "hello", "en"),
        ("es", {"es": 0.2, "en": 0.8}, "roaming please", "es"),
        ("en", {"es": 0.99, "en": 0.01}, "600 111 222", "en"),
        ("en", {"es": 0.99, "en": 0.01}, "…", "en"),
        ("en", {}, "hola", "en"),
        ("en", {"es": 0.9, "en": 0.1}, "no me va internet", "es"),
    ],
)
def test_a_change_of_language_needs_evidence_and_the_more_the_fewer_words(
    known: str, likely: dict[str, float], text: str, answered: str
) -> None:
    assert language_to_answer(known, likely, text, is_in_form=False) == answered


def test_an_answer_to_a_form_hardly_changes_the_language() -> None:
    def answered(certainty: float) -> str:
        likely = {"es": 1 - certainty, "en": certainty}
        return language_to_answer("es", likely, "John Smith, 12 Baker Street", is_in_form=True)

    assert answered(0.9) == "es"
    assert answered(0.98) == "en"
