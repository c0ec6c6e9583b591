"""How a message sounds: calm, frustrated or abusive, by the n-grams it has and by the signs that trainers look for.

Two small models, one on top of the other: the first knows n-grams, the second weighs what the first thinks against the
readable signs. The second learns from what the first thinks of messages it has not seen, so that it trusts it rightly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.linear_model import LinearModel
from bot.phrases import Phrases

CALM, FRUSTRATED, ABUSIVE = MOODS = ("calm", "frustrated", "abusive")
# Who insults is upset as well, though hardly who only wants to provoke.
FRUSTRATION_IN_ABUSE = 0.7
_FOLDS = 5
_STRENGTH = 1.0
_LEAST = 1e-3
_LETTERS = re.compile(r"[^\W\d_]")
_FOLDER, _FILE = "ngrams", "mood.json"


@dataclass(frozen=True)
class Mood:
    """How a message sounds. `frustration` and `abuse` are from 0 to 1; `signs` are the trainers' that it carries."""

    frustration: float
    abuse: float
    signs: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """For Rasa's parse data."""
        return {"frustration": self.frustration, "abuse": self.abuse, "signs": dict(self.signs)}


@dataclass(frozen=True)
class MoodModel:
    """What was learnt from the trainers' messages and signs."""

    phrases: Phrases
    ngrams: LinearModel
    weights: np.ndarray  # features × moods
    bias: np.ndarray

    @classmethod
    def trained(cls, texts: Sequence[str], moods: Sequence[str], phrases: Phrases) -> MoodModel:
        """Learn from messages, each with its mood."""
        from sklearn.linear_model import LogisticRegression

        thoughts = _thoughts_on_unseen(texts, moods)
        rows = np.array(
            [_features(t, signs_in(text, phrases), phrases) for t, text in zip(thoughts, texts, strict=True)]
        )
        model = LogisticRegression(C=_STRENGTH, max_iter=2000, class_weight="balanced").fit(rows, moods)
        order = [list(model.classes_).index(mood) for mood in MOODS]
        return cls(phrases, LinearModel.trained(texts, moods), model.coef_[order].T, model.intercept_[order])

    def feel(self, text: str) -> Mood:
        """How the text sounds."""
        signs = signs_in(text, self.phrases)
        features = _features(dict(self.ngrams.probabilities(text)), signs, self.phrases)
        scores = features @ self.weights + self.bias
        likely = np.exp(scores - scores.max())
        _, frustrated, abusive = likely / likely.sum()
        if not _LETTERS.search(text):  # a number, a house number, an emoji
            return Mood(0.0, 0.0, signs)
        return Mood(round(float(frustrated + FRUSTRATION_IN_ABUSE * abusive), 3), round(float(abusive), 3), signs)

    def save(self, folder: Path) -> None:
        """Store the model without code in it."""
        (folder / _FOLDER).mkdir(exist_ok=True)
        self.ngrams.save(folder / _FOLDER)
        stored = {"signs": self.phrases.by_sign, "weights": self.weights.tolist(), "bias": self.bias.tolist()}
        (folder / _FILE).write_text(json.dumps(stored), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> MoodModel:
        """Read a stored model."""
        stored = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        ngrams = LinearModel.load(folder / _FOLDER)
        return cls(Phrases(stored["signs"]), ngrams, np.array(stored["weights"]), np.array(stored["bias"]))


def signs_in(text: str, phrases: Phrases) -> dict[str, float]:
    """Which signs the text carries, 0 to 1 each; those it doesn't carry are left out."""
    found = dict.fromkeys(phrases.signs(text), 1.0)
    for sign, strength in (("shouting", shouting(text)), ("exclamation", exclamation(text))):
        if strength:
            found[sign] = strength
    return found


def shouting(text: str) -> float:
    """Mostly capitals, in more than an abbreviation."""
    letters = _LETTERS.findall(text)
    capitals = sum(letter.isupper() for letter in letters)
    return 1.0 if len(letters) >= 8 and capitals / len(letters) > 0.7 else 0.0


def exclamation(text: str) -> float:
    """From the second exclamation mark on; «??» and «?!» count as well."""
    marks = text.count("!") + sum(len(run) - 1 for run in re.findall(r"[?!]{2,}", text) if "?" in run)
    return min(1.0, max(0, marks - 1) / 2)


def _features(thoughts: Mapping[str, float], signs: Mapping[str, float], phrases: Phrases) -> np.ndarray:
    known = [np.log(max(_LEAST, thoughts.get(mood, 0.0))) for mood in MOODS]
    return np.array([*known, *(signs.get(sign, 0.0) for sign in [*phrases.by_sign, "shouting", "exclamation"])])


def _thoughts_on_unseen(texts: Sequence[str], moods: Sequence[str]) -> list[dict[str, float]]:
    """What n-grams say about each text when they were learnt from the others."""
    fold_of = np.random.RandomState(0).permutation(len(texts)) % _FOLDS
    thoughts: list[dict[str, float]] = [{} for _ in texts]
    for held_out in range(_FOLDS):
        learnt = [i for i in range(len(texts)) if fold_of[i] != held_out]
        model = LinearModel.trained([texts[i] for i in learnt], [moods[i] for i in learnt])
        for i in np.flatnonzero(fold_of == held_out):
            thoughts[i] = dict(model.probabilities(texts[i]))
    return thoughts
