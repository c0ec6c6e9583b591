"""The marks of an exam: plain arithmetic over what was read. Shares are from 0 to 1, times in milliseconds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.evaluation.held_out import VARIETIES
from bot.evaluation.sitting import OUT_OF_SCOPE, Reading
from bot.protocol import LANGUAGES

HUMAN = "human"
BINS = 10


@dataclass(frozen=True)
class Marks:
    """The marks of some sentences, usually those of one language.

    `accuracy`: the best guess is right. Of what is the operator's business, `answered` is acted on rightly,
    `asked_back` not understood or taken for out of scope (a false rejection), `misled` acted on wrongly; the three add
    up to 1. `out_of_scope_recall`: the share of foreign matters that the assistant declines or asks back about.
    """

    sentences: int
    accuracy: float
    macro_f1: float
    answered: float
    asked_back: float
    misled: float
    out_of_scope_recall: float
    human_precision: float
    human_recall: float
    calibration_error: float
    language_right: float


@dataclass(frozen=True)
class Score:
    """How many sentences of one intent there are, how many were read rightly, how many of others were taken for it."""

    sentences: int
    right: int
    taken_for_it: int

    @property
    def recall(self) -> float:
        """Of its sentences, the share that is recognised."""
        return _share(self.right, self.sentences)

    @property
    def precision(self) -> float:
        """Of what is taken for it, the share that is it."""
        return _share(self.right, self.right + self.taken_for_it)

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return _share(2 * self.right, self.sentences + self.right + self.taken_for_it)


@dataclass(frozen=True)
class Bin:
    """Readings about as sure as each other: how sure on average, how often right."""

    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Confusion:
    """Sentences of one intent that were taken for another, the surest mistake first."""

    intent: str
    guess: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Figures:
    """Everything that is kept of an exam and compared with the next one."""

    languages: dict[str, Marks]
    varieties: dict[str, float]
    intents: dict[str, dict[str, Score]]
    p50: float
    p95: float

    def as_json(self) -> dict[str, Any]:
        """The figures, rounded so that a difference in the file is a difference in the model."""
        return {
            "languages": {name: _rounded(asdict(marks)) for name, marks in self.languages.items()},
            "varieties": _rounded(self.varieties),
            "intents": {
                intent: {language: asdict(score) for language, score in of_language.items()}
                for intent, of_language in self.intents.items()
            },
            "milliseconds": _rounded({"p50": self.p50, "p95": self.p95}, 1),
        }

    @classmethod
    def of_json(cls, read: dict[str, Any]) -> Figures:
        """The figures as they were kept."""
        return cls(
            {name: Marks(**marks) for name, marks in read["languages"].items()},
            read["varieties"],
            {
                intent: {language: Score(**score) for language, score in of_language.items()}
                for intent, of_language in read["intents"].items()
            },
            read["milliseconds"]["p50"],
            read["milliseconds"]["p95"],
        )


def figures(readings: Sequence[Reading]) -> Figures:
    """All figures of an exam."""
    by_language = {language: [r for r in readings if r.asked.language == language] for language in LANGUAGES}
    by_variety = {variety: [r for r in readings if r.asked.variety == variety] for variety in VARIETIES}
    scores = {language: scores_by_intent(of_language) for language, of_language in by_language.items()}
    intents = sorted({reading.asked.intent for reading in readings})
    seconds = sorted(reading.seconds for reading in readings)
    return Figures(
        {language: marks(of_language) for language, of_language in by_language.items() if of_language},
        {variety: _accuracy(of_variety) for variety, of_variety in by_variety.items() if of_variety},
        {
            intent: {language: scores[language][intent] for language in LANGUAGES if intent in scores[language]}
            for intent in intents
        },
        1000 * _quantile(seconds, 0.5),
        1000 * _quantile(seconds, 0.95),
    )


def marks(readings: Sequence[Reading]) -> Marks:
    """The marks of these readings."""
    scores = scores_by_intent(readings)
    human = scores.get(HUMAN, Score(0, 0, 0))
    foreign = [reading for reading in readings if reading.asked.intent == OUT_OF_SCOPE]
    ours = [reading for reading in readings if reading.asked.intent != OUT_OF_SCOPE]
    answered = _part(ours, lambda reading: reading.acted == reading.asked.intent)
    asked_back = _part(ours, lambda reading: reading.is_rejected)
    return Marks(
        sentences=len(readings),
        accuracy=_accuracy(readings),
        macro_f1=_share(sum(score.f1 for score in scores.values()), len(scores)),
        answered=answered,
        asked_back=asked_back,
        misled=1 - answered - asked_back if ours else math.nan,
        out_of_scope_recall=_part(foreign, lambda reading: reading.is_rejected),
        human_precision=human.precision,
        human_recall=human.recall,
        calibration_error=calibration_error(readings),
        language_right=_part(readings, lambda reading: reading.heard_language == reading.asked.language),
    )


def scores_by_intent(readings: Iterable[Reading]) -> dict[str, Score]:
    """The score of every intent that these sentences have."""
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for reading in readings:
        asked[reading.asked.intent] += 1
        (right if reading.is_right else wrong)[reading.guess] += 1
    return {intent: Score(asked[intent], right[intent], wrong[intent]) for intent in sorted(asked)}


def reliability(readings: Sequence[Reading]) -> list[Bin | None]:
    """Ten bins of confidence from 0 to 1; None where nothing fell into one."""
    bins: list[list[Reading]] = [[] for _ in range(BINS)]
    for reading in readings:
        bins[min(int(reading.confidence * BINS), BINS - 1)].append(reading)
    return [
        Bin(len(within), sum(r.confidence for r in within) / len(within), _accuracy(within)) if within else None
        for within in bins
    ]


def calibration_error(readings: Sequence[Reading]) -> float:
    """Expected calibration error: by how much, on average, confidence and truth differ."""
    found = [within for within in reliability(readings) if within]
    return _share(sum(within.count * abs(within.confidence - within.accuracy) for within in found), len(readings))


def confusions(readings: Iterable[Reading]) -> list[Confusion]:
    """What is taken for what, the most frequent first."""
    pairs: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        if not reading.is_right:
            pairs.setdefault((reading.asked.intent, reading.guess), []).append(reading)
    found = [
        Confusion(*pair, tuple(sorted(wrong, key=lambda reading: -reading.confidence))) for pair, wrong in pairs.items()
    ]
    return sorted(found, key=lambda confusion: (-len(confusion.readings), -confusion.readings[0].confidence))


def _accuracy(readings: Sequence[Reading]) -> float:
    return _part(readings, lambda reading: reading.is_right)


def _part(readings: Sequence[Reading], is_so: Callable[[Reading], bool]) -> float:
    return _share(sum(map(is_so, readings)), len(readings))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else math.nan


def _rounded(values: dict[str, Any], digits: int = 4) -> dict[str, Any]:
    return {name: round(value, digits) if isinstance(value, float) else value for name, value in values.items()}
