"""What the trainer reads in the terminal after an exam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.evaluation.accepted import Accepted
from bot.evaluation.comparison import LANGUAGE_NAMES, NAMES, RULE, changes, worse
from bot.evaluation.figures import Confusion, Figures, Marks, Score, confusions, reliability
from bot.evaluation.held_out import VARIETIES
from bot.evaluation.sitting import Reading

# What the project wants to reach: for marks where more is better, at least; for the others, at most.
GOALS = {
    "accuracy": {"es": 0.85, "en": 0.83},
    "human_precision": {"es": 0.95, "en": 0.95},
    "human_recall": {"es": 0.95, "en": 0.95},
    "out_of_scope_recall": {"es": 0.75, "en": 0.75},
    "asked_back": {"es": 0.05, "en": 0.05},
}
LESS_IS_BETTER = {"asked_back", "misled", "calibration_error"}
_ORDER = (
    "accuracy",
    "macro_f1",
    "answered",
    "asked_back",
    "misled",
    "out_of_scope_recall",
    "human_precision",
    "human_recall",
    "calibration_error",
    "language_right",
)
_WEAKEST = 12
_CONFUSIONS = 12
_EXAMPLES = 2
_LONGEST = 96
_CHANGES = 8


def report(
    readings: Sequence[Reading], now: Figures, accepted: Accepted | None, exam: str, is_blind: bool = False
) -> str:
    """The whole report; a blind one quotes no sentence of the exam."""
    before = accepted.figures if accepted else None
    parts = [
        [f"The exam: {len(readings)} sentences that the assistant has never seen (tests/understanding/)"],
        _overview(now, before),
        _varieties(now, before),
        _sureness(readings),
        _weakest(now),
        _confusions(confusions(readings), 0 if is_blind else _EXAMPLES),
        [f"One message is read in {now.p50:.1f} ms (half of them faster), 95 of 100 within {now.p95:.1f} ms."],
        _comparison(now, accepted, exam),
    ]
    return "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts)


def _overview(now: Figures, before: Figures | None) -> list[str]:
    languages = list(now.languages)
    lines = [f"{'':34}" + "".join(f"{LANGUAGE_NAMES[language]:>17}{'':9}" for language in languages)]
    for name in _ORDER:
        cells = [_mark(name, language, now.languages[language], before) for language in languages]
        lines.append(f"{NAMES[name]:34}" + "".join(f"{cell:>26}" for cell in cells))
    lines.append("✓ ✗ the goal is reached or not; in brackets the change since the accepted model, in points")
    return lines


def _mark(name: str, language: str, marks: Marks, before: Figures | None) -> str:
    value = getattr(marks, name)
    goal = GOALS.get(name, {}).get(language)
    is_reached = goal is not None and (value <= goal if name in LESS_IS_BETTER else value >= goal)
    sign = "" if goal is None else f" {'✓' if is_reached else '✗'} {'≤' if name in LESS_IS_BETTER else '≥'} {goal:.0%}"
    old = before.languages.get(language) if before else None
    return f"{value:.1%}{_change(value, getattr(old, name) if old else None)}{sign:9}"


def _change(value: float, old: float | None) -> str:
    points = 0.0 if old is None else round(100 * (value - old), 1)
    return f" ({points:+.1f})" if points else ""


def _varieties(now: Figures, before: Figures | None) -> list[str]:
    lines = ["Understood, by where people write like this:"]
    for variety, accuracy in now.varieties.items():
        old = before.varieties.get(variety) if before else None
        lines.append(f"  {variety} {VARIETIES[variety]:20} {accuracy:6.1%} {_bar(accuracy)}{_change(accuracy, old)}")
    return lines


def _sureness(readings: Sequence[Reading]) -> list[str]:
    lines = ["When it is so sure, it is right so often (alike is good; more right than sure is too timid):"]
    for index, within in enumerate(reliability(readings)):
        if within:
            span = f"{10 * index:3}–{10 * index + 10} % sure"
            lines.append(f"  {span:16} {within.accuracy:5.0%} right {_bar(within.accuracy)} {within.count} sentences")
    return lines


def _weakest(now: Figures) -> list[str]:
    def f1(intent: str) -> float:
        scores = now.intents[intent].values()
        return min(score.f1 for score in scores)

    lines = [f"The {_WEAKEST} weakest topics (recognised; of what was taken for it, right):"]
    for intent in sorted(now.intents, key=f1)[:_WEAKEST]:
        cells = [f"{LANGUAGE_NAMES[name]} {_score(score)}" for name, score in now.intents[intent].items()]
        lines.append(f"  {intent:20} {'    '.join(cells)}")
    lines.append("All of them are in results/understanding.json.")
    return lines


def _score(score: Score) -> str:
    precision = f"{score.precision:.0%}" if score.right + score.taken_for_it else "–"
    return f"{score.right:3} of {score.sentences:3} ({score.recall:4.0%}; {precision:>4})"


def _confusions(found: Sequence[Confusion], examples: int) -> list[str]:
    lines = ["What it mixes up most:"] if found else ["It mixes nothing up."]
    for confusion in found[:_CONFUSIONS]:
        lines.append(f"  {len(confusion.readings):3} × {confusion.intent} taken for {confusion.guess}")
        lines.extend(_example(reading) for reading in confusion.readings[:examples])
    return lines


def _example(reading: Reading) -> str:
    text = reading.asked.text
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2 - 2]} … {text[-_LONGEST // 2 :]}"
    return f"        «{shown}» ({reading.asked.variety}, {reading.confidence:.0%} sure)"


def _comparison(now: Figures, accepted: Accepted | None, exam: str) -> list[str]:
    if accepted is None:
        return ["No model has been accepted yet: `make evaluate ARGS=--accept` makes this one the first."]
    lines = [f"Compared with the model accepted on {accepted.on}:"]
    if accepted.exam != exam:
        lines.append("  (the exam's sentences have changed since, so compare with care)")
    lines.extend(_changed_topics(accepted.figures, now))
    found = worse(accepted.figures, now)
    if not found:
        return [*lines, "It is not worse. `make evaluate ARGS=--accept` makes it the one to compare with."]
    lines.append("It is WORSE:")
    lines.extend(f"  {words}" for words in found)
    return [*lines, RULE, "If that is wanted all the same: `make evaluate ARGS=--accept`."]


def _changed_topics(before: Figures, now: Figures) -> Iterator[str]:
    found = changes(before, now)
    lost = [change for change in found if change.points < 0][:_CHANGES]
    won = [change for change in reversed(found) if change.points > 0][:_CHANGES]
    for words, some in (("worse", lost), ("better", won)):
        for change in some:
            yield f"  {words:7}{change.intent:20} {change.before.recall:4.0%} → {change.now.recall:4.0%} recognised"
    if not found:
        yield "  every topic is as it was"


def _bar(share: float) -> str:
    return "█" * round(20 * share) + "·" * (20 - round(20 * share))
