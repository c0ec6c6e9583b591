"""How much each feature speaks for a person: a small logistic model, learnt from labelled conversations.

What is thought before any conversation was seen (`PRIOR`) is corrected by them only as far as they give reason to, and
what speaks for a person never comes to speak against one. So the weights stay readable, with few conversations too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.features import Feature

PRIOR: dict[str, float] = {
    "frustration": 2.0,
    "frustration_rising": 0.8,
    "frustration_before": 1.2,
    "shouting": 0.4,
    "sarcasm": 0.6,
    "repeats_question": 1.6,
    "corrects_answer": 1.6,
    "unsolved": 1.2,
    "not_understood_in_a_row": 1.2,
    "turns": 0.4,
    "contacted_before": 1.2,
    "waiting_days": 2.0,
    "disputed_months": 2.2,
    "several_matters": 1.0,
    "contradiction": 2.2,
    "proof": 1.6,
    "third_party_line": 1.6,
    "undue_demand": 3.0,
    "intent_needs_person": 1.4,
    "same_topic": 0.3,
    "leaving": 0.8,
    "abuse_with_need": 1.8,
    "calms_down": -3.0,
    "has_refused": -2.0,
}
BIAS = -4.0
_STRENGTH_OF_PRIOR = 0.6


@dataclass(frozen=True)
class Weights:
    """What was learnt; `emphasis` is what the trainers multiply single weights by."""

    weights: Mapping[str, float]
    bias: float
    emphasis: Mapping[str, float]

    def contributions(self, found: Mapping[str, Feature]) -> dict[str, float]:
        """How much each feature speaks for a person, or against one."""
        return {
            name: self.weights.get(name, 0.0) * self.emphasis.get(name, 1.0) * feature.amount
            for name, feature in found.items()
        }

    def likelihood(self, found: Mapping[str, Feature]) -> float:
        """How likely a person is needed, from 0 to 1."""
        return 1.0 / (1.0 + math.exp(-(self.bias + sum(self.contributions(found).values()))))


def prior(emphasis: Mapping[str, float] | None = None) -> Weights:
    """What is thought before any conversation was seen."""
    return Weights(PRIOR, BIAS, dict(emphasis or {}))


def learnt(
    seen: Sequence[Mapping[str, Feature]], needed: Sequence[bool], emphasis: Mapping[str, float] | None = None
) -> Weights:
    """Learn from messages, with whether a person was needed at each."""
    from scipy.optimize import minimize

    if not seen or len(set(needed)) < 2:
        return prior(emphasis)
    names = list(PRIOR)
    rows = np.array([[found[name].amount if name in found else 0.0 for name in names] for found in seen])
    signs = np.where(np.array(needed), 1.0, -1.0)
    before = np.array([*PRIOR.values(), BIAS])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (rows @ weights[:-1] + weights[-1])
        wrong = 1.0 / (1.0 + np.exp(margins))
        apart = weights - before
        gradient = np.append(-(signs * wrong) @ rows, -(signs * wrong).sum()) + _STRENGTH_OF_PRIOR * apart
        return float(np.logaddexp(0, -margins).sum() + _STRENGTH_OF_PRIOR * apart @ apart / 2), gradient

    bounds = [(0.0, None) if PRIOR[name] > 0 else (None, 0.0) for name in names]
    found = minimize(loss, before, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    weights = {name: round(float(weight), 3) for name, weight in zip(names, found, strict=False)}
    return Weights(weights, round(float(found[-1]), 3), dict(emphasis or {}))
