"""How good the model is: marks, comparison with the accepted one, report, pictures, and the command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.evaluation.accepted import accept, exam_name, last_accepted
from bot.evaluation.comparison import changes, worse
from bot.evaluation.figures import Figures, confusions, figures, marks, reliability
from bot.evaluation.held_out import HeldOut
from bot.evaluation.pictures import draw
from bot.evaluation.report import report
from bot.evaluation.sitting import Reading
from bot.topic_text import Place
from tests.bot.project import Project

FALLBACK = "nlu_fallback"


def reading(
    intent: str, guess: str, acted: str | None = None, confidence: float = 0.95, variety: str = "es-ES", text: str = "…"
) -> Reading:
    asked = HeldOut(text, intent, variety, Place("x.yml", 1))
    return Reading(asked, guess, confidence, acted or guess, variety[:2], 0.002)


def in_both(readings: Sequence[Reading]) -> list[Reading]:
    english = [replace(r, asked=replace(r.asked, variety="en-GB"), heard_language="en") for r in readings]
    return [*readings, *english]


GOOD = in_both(
    [reading("human", "human")] * 40 + [reading("sim", "sim")] * 50 + [reading("out_of_scope", "out_of_scope")] * 10
)


def with_changed(count: int, intent: str, guess: str, acted: str | None = None) -> Figures:
    """The good readings, but so many Spanish sentences of the intent are read as something else."""
    changed = list(GOOD)
    for index in [i for i, r in enumerate(GOOD) if r.asked.intent == intent and r.asked.language == "es"][:count]:
        changed[index] = reading(intent, guess, acted)
    return figures(changed)


def test_marks_are_the_shares_they_promise() -> None:
    given = [
        reading("human", "human"),
        reading("human", "sim"),
        reading("sim", "sim", FALLBACK, 0.4),
        reading("sim", "human"),
        reading("sim", "out_of_scope"),
        reading("out_of_scope", "sim", FALLBACK, 0.3),
        reading("out_of_scope", "sim"),
        replace(reading("out_of_scope", "out_of_scope"), heard_language="en"),
    ]
    found = marks(given)
    assert found.sentences == 8
    assert found.accuracy == pytest.approx(3 / 8)
    assert (found.answered, found.asked_back, found.misled) == pytest.approx((1 / 5, 2 / 5, 2 / 5))
    assert found.out_of_scope_recall == pytest.approx(2 / 3)
    assert (found.human_recall, found.human_precision) == pytest.approx((1 / 2, 1 / 2))
    assert found.macro_f1 == pytest.approx((2 * 1 / 4 + 2 * 1 / 7 + 2 * 1 / 5) / 3)
    assert found.language_right == pytest.approx(7 / 8)


def test_calibration_error_is_the_gap_between_sureness_and_truth() -> None:
    sure_and_half_right = [reading("sim", "sim", confidence=0.95), reading("sim", "human", confidence=0.95)]
    assert marks(sure_and_half_right).calibration_error == pytest.approx(0.45)
    assert marks([reading("sim", "sim", confidence=1.0)]).calibration_error == 0
    bins = reliability(sure_and_half_right)
    assert [bin is not None for bin in bins] == [False] * 9 + [True]
    assert bins[9] and bins[9].accuracy == 0.5


def test_confusions_are_ranked_and_the_surest_mistake_comes_first() -> None:
    found = confusions(
        [
            reading("sim", "sim"),
            reading("sim", "human", confidence=0.6),
            reading("sim", "human", confidence=0.9),
            reading("human", "sim"),
        ]
    )
    assert [(c.intent, c.guess, len(c.readings)) for c in found] == [("sim", "human", 2), ("human", "sim", 1)]
    assert found[0].readings[0].confidence == 0.9


def test_languages_and_varieties_are_marked_apart() -> None:
    found = figures([reading("sim", "human", variety="es-AR"), reading("sim", "sim", variety="en-US")])
    assert (found.languages["es"].accuracy, found.languages["en"].accuracy) == (0, 1)
    assert found.varieties == {"es-AR": 0, "en-US": 1}
    assert (found.p50, found.p95) == (2.0, 2.0)


def test_the_same_marks_are_not_worse() -> None:
    assert worse(figures(GOOD), figures(GOOD)) == []
    assert changes(figures(GOOD), figures(GOOD)) == []


@pytest.mark.parametrize(
    ("count", "intent", "guess", "acted", "said"),
    [
        (2, "sim", "human", None, "Spanish: understood fell from 100.0% to 98.0%"),
        (2, "sim", "human", None, "Spanish: acted on wrongly rose from 0.0% to 2.2%"),
        (3, "sim", "sim", FALLBACK, "Spanish: asked back in vain rose"),
        (1, "out_of_scope", "sim", None, "Spanish: out of scope, declined fell from 100.0% to 90.0%"),
        (3, "human", "sim", None, "Spanish: «human» recall fell from 100.0% to 92.5%"),
        (5, "sim", "human", None, "sim: recognised fell from 100% to 95%"),
    ],
)
def test_what_fell_beyond_noise_is_named(count: int, intent: str, guess: str, acted: str | None, said: str) -> None:
    found = worse(figures(GOOD), with_changed(count, intent, guess, acted))
    assert any(words.startswith(said) for words in found), found


def test_one_sentence_in_a_hundred_is_noise() -> None:
    assert worse(figures(GOOD), with_changed(1, "sim", "human")) == []


def test_becoming_better_is_never_worse() -> None:
    assert worse(with_changed(9, "sim", "human"), figures(GOOD)) == []


def test_asking_for_a_person_must_stay_above_its_floor() -> None:
    before = figures(GOOD)
    at_floor = replace(before.languages["es"], human_recall=0.96)
    below = replace(before.languages["es"], human_recall=0.94)
    found = worse(
        replace(before, languages={**before.languages, "es": at_floor}),
        replace(before, languages={**before.languages, "es": below}),
    )
    assert found == ["Spanish: «human» recall fell to 94.0%, below 95%"]


def test_accepted_figures_come_back_as_they_were(tmp_path: Path) -> None:
    now = with_changed(3, "sim", "human")
    accept(now, "name", date(2026, 11, 22), tmp_path / "accepted.json")
    kept = last_accepted(tmp_path / "accepted.json")
    assert kept is not None
    assert (kept.on, kept.exam) == ("2026-11-22", "name")
    assert kept.figures.as_json() == now.as_json()
    assert worse(kept.figures, now) == []
    assert last_accepted(tmp_path / "other.json") is None


def test_another_sentence_or_label_is_another_exam() -> None:
    one, other = HeldOut("a", "sim", "es-ES", Place("x", 1)), HeldOut("b", "sim", "es-ES", Place("x", 2))
    assert exam_name([one, other]) == exam_name([other, one])
    assert len({exam_name(exam) for exam in ([one], [other], [replace(one, intent="human")], [one, other])}) == 4


def test_the_report_says_what_a_trainer_needs(tmp_path: Path) -> None:
    wrong = reading("sim", "human", text="se me ha roto la tarjeta")
    readings = [*GOOD[1:], wrong, *[reading("sim", "human")] * 3]
    now = figures(readings)
    accept(figures(GOOD), "before", date(2026, 11, 1), tmp_path / "accepted.json")
    said = report(readings, now, last_accepted(tmp_path / "accepted.json"), "now")
    quoted = ("4 × sim taken for human", "«se me ha roto la tarjeta» (es-ES, 95% sure)", "es-ES Spain", "✓ ≥ 85%")
    for part in (*quoted, "It is WORSE", "worse  sim", "2026-11-01", "have changed since"):
        assert part in said, part
    blind = report(readings, now, None, "now", is_blind=True)
    assert "4 × sim taken for human" in blind and "tarjeta" not in blind
    assert "No model has been accepted yet" in blind


def test_both_pictures_are_drawn(tmp_path: Path) -> None:
    for path in draw([*GOOD, reading("out_of_scope", "sim"), reading("sim", "privacy")], tmp_path):
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size > 10_000


def test_the_command_examines_accepts_and_fails_when_the_model_became_worse(project: Project) -> None:
    exam = project.folder / "tests" / "understanding"
    exam.mkdir(parents=True)
    assert "There are no sentences" in project.run("bot.evaluation").stderr
    written = "understanding:\n- intent: human\n  es-ES: |\n    - que me atienda un humano, quiero una persona\n"
    (exam / "a.yml").write_text(written)
    accepted = project.run("bot.evaluation", "--accept")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert (project.folder / "results" / "confusion.png").exists()
    assert json.loads((exam / "accepted.json").read_text())["languages"]["es"]["accuracy"] == 1
    assert "It is not worse" in project.run("bot.evaluation").stdout
    (exam / "a.yml").write_text(written.replace("intent: human", "intent: greeting"))
    worse_now = project.run("bot.evaluation", "--blind")
    assert worse_now.returncode == 1
    assert "It is WORSE" in worse_now.stdout and "atienda" not in worse_now.stdout
    (exam / "a.yml").write_text("understanding: 3\n")
    assert "a.yml:1:" in project.run("bot.evaluation").stderr
