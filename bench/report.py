"""The figures side by side. A ratio says how many times better ours is; a goal is a ratio to reach."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.load import Turns
from bench.server import Trained


@dataclass(frozen=True)
class Figures:
    """All that was measured of one assistant."""

    trained: Trained
    load_seconds: float
    megabytes_idle: float
    megabytes_after: float
    message_p50: float
    accuracy: float
    turns: list[Turns]
    by_length: dict[int, float]


@dataclass(frozen=True)
class Row:
    """One figure of both. `goal` is the least ratio wanted; None where the issue of it is only to be seen."""

    what: str
    stock: float
    ours: float
    unit: str
    more_is_better: bool = False
    goal: float | None = None

    @property
    def ratio(self) -> float:
        """How many times better ours is."""
        better, worse = (self.ours, self.stock) if self.more_is_better else (self.stock, self.ours)
        return better / max(worse, 1e-9)

    def __str__(self) -> str:
        goal = "" if self.goal is None else f"≥ {self.goal:g}  {'reached' if self.ratio >= self.goal else 'MISSED'}"
        return f"{self.what:<44}{self.stock:>12.4g}{self.ours:>12.4g} {self.unit:<8}{self.ratio:>8.2f} ×  {goal}"


def rows(stock: Figures, ours: Figures) -> Iterable[Row]:
    """The comparison, line by line."""
    yield Row("training", stock.trained.seconds, ours.trained.seconds, "s", goal=30)
    yield Row("training, CPU time", stock.trained.cpu_seconds, ours.trained.cpu_seconds, "s")
    yield Row("model on disk", stock.trained.megabytes, ours.trained.megabytes, "MB")
    yield Row("from start to first answer", stock.load_seconds, ours.load_seconds, "s")
    yield Row("memory after start", stock.megabytes_idle, ours.megabytes_idle, "MB", goal=2)
    yield Row("memory after the load", stock.megabytes_after, ours.megabytes_after, "MB", goal=2)
    yield Row("understanding one message, p50", stock.message_p50, ours.message_p50, "ms")
    for before, after in zip(stock.turns, ours.turns, strict=True):
        goal = 5.0
        at = f"at concurrency {before.concurrency}"
        yield Row(f"a turn {at}, p50", before.p50, after.p50, "ms", goal=goal if before.concurrency == 1 else None)
        yield Row(f"a turn {at}, p99", before.p99, after.p99, "ms")
        yield Row(f"turns {at}", before.per_second, after.per_second, "/s", more_is_better=True, goal=goal)
        yield Row(f"turns per second of one core, {at}", before.per_cpu_second, after.per_cpu_second, "/s", True)
    for mark, wait in stock.by_length.items():
        yield Row(f"the turn {mark} of a conversation", wait, ours.by_length[mark], "ms")
    yield Row("held-out sentences understood, share", stock.accuracy, ours.accuracy, "", more_is_better=True, goal=1)


def show(stock: Figures, ours: Figures, sentences: int, all_seconds: float | None) -> str:
    """The whole report as text."""
    marks = sorted(ours.by_length)
    growth = ours.by_length[marks[-1]] / ours.by_length[marks[0]]
    told = [
        f"Both learnt the same {sentences} sentences per intent and language; a ratio says how much better ours is.",
        "",
        f"{'':<44}{'stock':>12}{'ours':>12}",
        *map(str, rows(stock, ours)),
        "",
        f"Ours at turn {marks[-1]} against turn {marks[0]}: {growth:.2f} times as long (flat: at most 1.3).",
        "The stock assistant keeps conversations in memory only; ours has stored each turn durably before it answers.",
    ]
    if all_seconds is not None:
        told.append(f"Ours, trained on all sentences: {all_seconds:.0f} s.")
    return "\n".join(told)


def store(stock: Figures, ours: Figures, file: Path) -> None:
    """Keep the raw figures as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"stock": asdict(stock), "ours": asdict(ours)}, indent=1))
