"""Measuring the judgement: the figures, the labelled conversations, and what learning makes of them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from bot.clarifying import chosen, two_likely
from bot.conversations import Conversation, MalformedConversationError, Needed, read_conversations
from bot.durations import disputed_months, waiting_days
from bot.features import Feature
from bot.folding import fold
from bot.history import History, Said, stems
from bot.judging import changes
from bot.scoring import Came, golden_transfer, missed, scores
from bot.weighing import PRIOR, learnt, prior
from tests.bot.project import ROOT

NEEDED = Conversation("a", "es", ("x",) * 5, Needed(4, 3, "frustration"), "frustration")
NOBODY = Conversation("b", "en", ("x",) * 5, None, "refusal")


@pytest.mark.parametrize(
    ("conversation", "at", "tolerance", "worth"),
    [
        (NEEDED, 4, 1, 1.0),
        (NEEDED, 3, 1, 1.0),
        (NEEDED, 5, 1, math.exp(-0.5)),
        (NEEDED, 2, 1, math.exp(-0.5)),
        (NEEDED, 1, 2, math.exp(-0.5)),
        (NEEDED, None, 3, 0.0),
        (NOBODY, None, 1, 1.0),
        (NOBODY, 2, 3, 0.0),
    ],
)
def test_golden_transfer_within_tolerance(
    conversation: Conversation, at: int | None, tolerance: int, worth: float
) -> None:
    assert golden_transfer(Came(conversation, at), tolerance) == pytest.approx(worth)


def test_the_figures_of_a_mixed_result() -> None:
    played = [Came(NEEDED, 3), Came(NEEDED, 5), Came(NEEDED, None), Came(NOBODY, None), Came(NOBODY, 1)]
    found = scores(played)
    assert found["accuracy"] == 0.4
    assert found["on_time"] == 0.333
    assert found["needless"] == 0.5
    assert found["f1"] == round(2 * 2 / (3 + 3), 3)
    assert set(missed(found)) >= {"accuracy", "needless", "kept"}
    assert missed(scores([Came(NEEDED, 4), Came(NOBODY, None)])) == []


def test_changes_are_told_as_earlier_later_newly_and_no_more() -> None:
    before = {"a": 2, "b": 2, "c": None, "d": 3, "e": 1}
    now = {"a": 1, "b": 3, "c": 2, "d": None, "e": 1}
    assert changes(before, now) == {
        "earlier": ["a (2 → 1)"],
        "later": ["b (2 → 3)"],
        "newly": ["c (2)"],
        "no more": ["d (3)"],
    }


def test_the_conversations_are_many_in_both_languages_and_kept_apart() -> None:
    known, unseen = read_conversations(ROOT / "data/judgement"), read_conversations(ROOT / "tests/conversations")
    assert len(known) >= 150
    assert len(unseen) >= 60
    for some in (known, unseen):
        assert {one.language for one in some} == {"es", "en"}
        assert sum(one.needed is None for one in some) >= 0.45 * len(some)
    texts = {fold(text) for one in known for text in one.turns if len(fold(text).split()) > 4}
    assert [text for one in unseen for text in one.turns if fold(text) in texts] == []


@pytest.mark.parametrize(
    "handoff", ["{at: 3, reason: frustration}", "{at: 1}", "{at: 1, not_before: 2, reason: leaving}", "yes"]
)
def test_a_label_that_cannot_be_is_refused(tmp_path: Path, handoff: str) -> None:
    written = f"conversations:\n  - {{id: a, language: es, handoff: {handoff}, turns: [hola, adiós]}}\n"
    (tmp_path / "a.yml").write_text(written)
    with pytest.raises(MalformedConversationError):
        read_conversations(tmp_path)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("llevo tres días sin internet", 3),
        ("I've been waiting two weeks", 14),
        ("hace un mes que reclamo", 30),
        ("desde enero igual", 60),
        ("no signal since Tuesday", 3),
        ("llevo dos años con vosotros", 0),
        ("el bono dura 30 días", 0),
        ("hola", 0),
    ],
)
def test_waiting_is_told_in_days(text: str, days: float) -> None:
    assert waiting_days(fold(text).split()) == pytest.approx(days)


def test_disputed_months_are_counted_or_named() -> None:
    assert disputed_months(fold("llevo cuatro meses reclamando la factura").split()) == 4
    assert disputed_months(fold("marzo, abril y mayo están mal").split()) == 3
    assert disputed_months(fold("me cobráis de más cada mes").split()) == 2
    assert disputed_months(fold("la factura de marzo").split()) == 0


def test_asking_the_same_in_other_words_is_noticed() -> None:
    asked = Said("explain_charge", stems("¿por qué me cobráis el servicio digital?"), 0.2, True)
    history = History(said=(asked,))
    assert history.times_asked(stems("pero el servicio digital por qué me lo cobráis"), "explain_charge", False) == 2
    assert history.times_asked(stems("¿a qué hora abre la tienda?"), "store_hours", False) == 1
    assert history.times_asked(stems("¿me contestas?"), "explain_charge", True) == 2


def test_a_history_survives_its_slot_and_what_is_not_understood_is_an_empty_one() -> None:
    history = History(said=(Said("refund", ("diner",), 0.5, True),), turns=3, facts={"proof": 1.0}, choices=("a", "b"))
    assert History.from_json(history.as_json()) == history
    assert History.from_json(None) == History()
    assert History.from_json({"said": 3}) == History()


def test_learning_corrects_what_was_thought_before_but_never_turns_it_round() -> None:
    weighs = [{"proof": Feature(1.0, True)}] * 30 + [{"shouting": Feature(1.0, True)}] * 30
    taught = learnt(weighs, [True] * 30 + [False] * 30)
    assert taught.weights["proof"] > PRIOR["proof"]
    assert 0.0 <= taught.weights["shouting"] < PRIOR["shouting"]
    assert taught.likelihood(weighs[0]) > 0.5 > taught.likelihood(weighs[-1])
    assert learnt([], []) == prior()


def test_what_trainers_emphasise_counts_more() -> None:
    found = {"waiting_days": Feature(0.5, 5)}
    assert prior({"waiting_days": 2.0}).likelihood(found) > prior().likelihood(found)
    assert prior({"waiting_days": 0.0}).likelihood(found) < prior().likelihood(found)


TITLED = {"due_date": "Cuándo se cobra When I'm charged", "invoice_copy": "Copia de una factura A copy of a bill"}
BOTH = ("due_date", "invoice_copy")


def test_two_likely_topics_are_asked_about_and_a_mere_guess_is_not() -> None:
    assert two_likely([["due_date", 0.3], ["invoice_copy", 0.2]], TITLED) == BOTH
    assert two_likely([["due_date", 0.16], ["invoice_copy", 0.15]], TITLED) == ()
    assert two_likely([["due_date", 0.4], ["greeting", 0.3]], TITLED) == ()
    assert two_likely([["due_date", 0.4]], TITLED) == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("la primera", "due_date"),
        ("the second one", "invoice_copy"),
        ("2", "invoice_copy"),
        ("lo de la copia", "invoice_copy"),
        ("cuándo se cobra", "due_date"),
        ("the copy please", "invoice_copy"),
        ("ninguna de las dos", None),
        ("hola", None),
        ("pues mira, en realidad yo lo que quería era saber otra cosa distinta", None),
    ],
)
def test_a_choice_is_understood_in_words(text: str, meant: str | None) -> None:
    assert chosen(text, {}, BOTH, TITLED) == meant


def test_a_choice_is_understood_from_what_it_is_about() -> None:
    assert chosen("el pdf", {"invoice_copy": 0.5, "due_date": 0.1}, BOTH, TITLED) == "invoice_copy"
    assert chosen("el pdf", {"invoice_copy": 0.2, "due_date": 0.1, "roaming": 0.6}, BOTH, TITLED) is None
