"""A linear model over n-grams: trained with scikit-learn, stored as plain arrays, used with numpy alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from bot.meanings import NONE, Meanings
from bot.ngrams import Vocabulary, counted

_HELD_OUT = 0.25
_ENOUGH_TO_HOLD_OUT = 20
_MOST_HELD_OUT = 1_500
_NEARLY_THE_SAME = 0.6  # what is so like a sentence learnt from says nothing of how sure to be of a new one
_BLOCK = 500
_TEMPERATURES = np.geomspace(0.05, 2.0, 60)
_USUAL_TEMPERATURE = 0.2  # for so few examples that none can be held out


@dataclass(frozen=True)
class LinearModel:
    """Which label a text has, and how sure that is."""

    vocabulary: Vocabulary
    labels: list[str]
    weights: np.ndarray  # n-grams × labels
    bias: np.ndarray
    temperature: float

    @classmethod
    def trained(
        cls, texts: Sequence[str], labels: Sequence[str], meanings: Meanings = NONE, strength: float = 3.0
    ) -> LinearModel:
        """Learn from labelled texts; how sure to be is learnt from some of them held out."""
        names = sorted(set(labels))
        targets = np.array([names.index(label) for label in labels])
        counts = [counted(text, meanings) for text in texts]
        vocabulary = Vocabulary.of_counts(counts, meanings)
        rows = vocabulary.matrix_of_counts(counts)
        temperature = _temperature(rows, targets, strength)
        weights, bias = _fit(rows, targets, strength)
        return cls(vocabulary, names, weights, bias, temperature)

    def probabilities(self, text: str) -> list[tuple[str, float]]:
        """All labels with their probabilities, the likeliest first."""
        indices, values = self.vocabulary.vector(text)
        if not len(indices):  # nothing of it was ever seen, so nothing speaks for any label
            return [(label, 1.0 / len(self.labels)) for label in self.labels]
        scores = values @ self.weights[indices] + self.bias
        likely = _softmax(scores[None, :], self.temperature)[0]
        return [(self.labels[i], float(likely[i])) for i in np.argsort(-likely)]

    def save(self, folder: Path) -> None:
        """Store the model without code in it."""
        np.savez(folder / "weights.npz", weights=self.weights, bias=self.bias, idf=self.vocabulary.idf)
        words = {
            "labels": self.labels,
            "grams": list(self.vocabulary.index),
            "temperature": self.temperature,
            "unknown_idf": self.vocabulary.unknown_idf,
            "meanings": self.vocabulary.meanings.words,
        }
        (folder / "words.json").write_text(json.dumps(words), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read a stored model."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            vocabulary = Vocabulary(
                {gram: i for i, gram in enumerate(words["grams"])},
                arrays["idf"],
                words["unknown_idf"],
                Meanings(words["meanings"]),
            )
            return cls(vocabulary, words["labels"], arrays["weights"], arrays["bias"], words["temperature"])


def _fit(rows: csr_matrix, targets: np.ndarray, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias of a linear support vector machine, one column per label."""
    from sklearn.svm import LinearSVC

    weight = dict(enumerate(_weights(np.bincount(targets))))
    model = LinearSVC(C=strength, class_weight=weight, tol=0.01, random_state=0).fit(rows, targets)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn gives one row for two labels
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return np.ascontiguousarray(weights.T, dtype=np.float32), bias.astype(np.float32)


def _weights(examples: np.ndarray) -> np.ndarray:
    """How much an example of each label counts: half way to where labels with many examples have no advantage."""
    return np.sqrt(np.median(examples) / np.maximum(examples, 1))


def _temperature(rows: csr_matrix, targets: np.ndarray, strength: float) -> float:
    """By how much to sharpen the scores so that «90 % sure» is right nine times in ten."""
    from sklearn.model_selection import train_test_split

    if np.bincount(targets).min() < _ENOUGH_TO_HOLD_OUT:
        return _USUAL_TEMPERATURE
    learn, test = train_test_split(np.arange(len(targets)), test_size=_HELD_OUT, stratify=targets, random_state=0)
    test = test[:_MOST_HELD_OUT]
    test = test[_closeness(rows[test], rows[learn]) < _NEARLY_THE_SAME]
    weights, bias = _fit(rows[learn], targets[learn], strength)
    scores, targets = rows[test] @ weights + bias, targets[test]
    losses = [_loss(scores, targets, temperature) for temperature in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def _closeness(rows: csr_matrix, others: csr_matrix) -> np.ndarray:
    """How alike each row is to the one of the others that is most like it, up to 1."""
    blocks = (rows[start : start + _BLOCK] @ others.T for start in range(0, rows.shape[0], _BLOCK))
    return np.concatenate([block.max(axis=1).toarray().ravel() for block in blocks])


def _loss(scores: np.ndarray, targets: np.ndarray, temperature: float) -> float:
    likely = _softmax(scores, temperature)[np.arange(len(targets)), targets]
    return float(-np.log(np.maximum(likely, 1e-9)).mean())


def _softmax(scores: np.ndarray, temperature: float) -> np.ndarray:
    sharpened = scores / temperature
    powers = np.exp(sharpened - sharpened.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
