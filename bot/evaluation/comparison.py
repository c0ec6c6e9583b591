"""Whether a model is worse than the last accepted one, beyond what chance does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.evaluation.figures import Figures, Marks, Score

# By how much a mark may fall (or, of those where less is better, rise) before the model counts as worse. With some 800
# sentences a language, eight of them are one point of accuracy; the other marks rest on fewer sentences.
MAY_FALL = {
    "accuracy": 0.01,
    "macro_f1": 0.02,
    "answered": 0.02,
    "out_of_scope_recall": 0.05,
    "human_precision": 0.04,
    "human_recall": 0.04,
    "language_right": 0.01,
}
MAY_RISE = {"asked_back": 0.02, "misled": 0.02, "calibration_error": 0.03}
# Never to be fallen below by a model whose predecessor reached it.
FLOORS = {"human_recall": 0.95, "human_precision": 0.95}
# Of one intent, in both languages together, so many sentences fewer may be right.
INTENT_MAY_LOSE = 4
RULE = (
    "Worse is, in either language: accuracy down by more than 1 point; the average over intents, rightly acted-on,\n"
    "wrongly acted-on or asked-back by more than 2; out of scope by more than 5; `human` by more than 4 or below 95 %\n"
    "where it was not; calibration by more than 3; an intent that loses more than 4 sentences while others don't gain."
)
NAMES = {
    "accuracy": "understood",
    "macro_f1": "average over intents (macro-F1)",
    "answered": "acted on rightly",
    "asked_back": "asked back in vain",
    "misled": "acted on wrongly",
    "out_of_scope_recall": "out of scope, declined",
    "human_precision": "«human» precision",
    "human_recall": "«human» recall",
    "calibration_error": "calibration error",
    "language_right": "language recognised",
}
LANGUAGE_NAMES = {"es": "Spanish", "en": "English"}


@dataclass(frozen=True)
class Change:
    """An intent's scores before and now, both languages together."""

    intent: str
    before: Score
    now: Score

    @property
    def points(self) -> float:
        """By how much its recall changed, in points of a hundred."""
        return 100 * (self.now.recall - self.before.recall)

    @property
    def sentences(self) -> float:
        """About how many of its sentences that is."""
        return (self.now.recall - self.before.recall) * self.now.sentences


def worse(before: Figures, now: Figures) -> list[str]:
    """In plain words everything in which the model became worse; empty if nothing did."""
    found = [
        words
        for language, marks in now.languages.items()
        if language in before.languages
        for words in _worse_marks(LANGUAGE_NAMES[language], before.languages[language], marks)
    ]
    return [*found, *_lost_intents(before, now)]


def changes(before: Figures, now: Figures) -> list[Change]:
    """The intents whose recall changed, the worst loss first."""
    known = [
        Change(intent, _together(before.intents[intent]), _together(scores))
        for intent, scores in now.intents.items()
        if intent in before.intents
    ]
    return sorted((change for change in known if change.points), key=lambda change: change.points)


def _worse_marks(language: str, before: Marks, now: Marks) -> Iterator[str]:
    for name, may_fall in MAY_FALL.items():
        was, is_now = getattr(before, name), getattr(now, name)
        fell = was - is_now
        if fell > may_fall + 1e-9:
            yield f"{language}: {NAMES[name]} fell from {was:.1%} to {is_now:.1%}"
        elif name in FLOORS and is_now < FLOORS[name] <= was:
            yield f"{language}: {NAMES[name]} fell to {is_now:.1%}, below {FLOORS[name]:.0%}"
    for name, may_rise in MAY_RISE.items():
        was, is_now = getattr(before, name), getattr(now, name)
        if is_now - was > may_rise + 1e-9:
            yield f"{language}: {NAMES[name]} rose from {was:.1%} to {is_now:.1%}"


def _lost_intents(before: Figures, now: Figures) -> Iterator[str]:
    if _right(now) > _right(before):
        return  # what was lost here was more than won elsewhere; it is listed all the same
    for change in changes(before, now):
        if change.sentences < -INTENT_MAY_LOSE - 1e-9:
            yield f"{change.intent}: recognised fell from {change.before.recall:.0%} to {change.now.recall:.0%}"


def _right(figures: Figures) -> float:
    scores = [_together(of_language) for of_language in figures.intents.values()]
    return sum(score.right for score in scores) / max(1, sum(score.sentences for score in scores))


def _together(scores: dict[str, Score]) -> Score:
    return Score(
        sum(score.sentences for score in scores.values()),
        sum(score.right for score in scores.values()),
        sum(score.taken_for_it for score in scores.values()),
    )
