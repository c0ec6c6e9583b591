"""What a measure gives, and the table of a run."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = ("measure", "target", "result", "beside it", "ratio", "")
WIDTHS = (46, 14, 14, 34, 7, 0)


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, what is wanted, and a plain reference from the same run beside it."""

    name: str
    unit: str
    target: float
    result: float | None  # None: it could not be measured here, and the note says why
    at_least: bool = False
    beside: str = ""  # what the reference is
    reference: float | None = None  # in the same unit
    note: str = ""

    @property
    def is_kept(self) -> bool | None:
        """Whether the target was met; None where nothing was measured."""
        if self.result is None:
            return None
        return self.result >= self.target if self.at_least else self.result <= self.target

    @property
    def ratio(self) -> float | None:
        """The result over its reference."""
        return self.result / self.reference if self.result is not None and self.reference else None

    def cells(self) -> tuple[str, ...]:
        """The line of the table."""
        beside = f"{self.beside} {_number(self.reference)} {self.unit}" if self.reference is not None else ""
        return (
            self.name,
            f"{'≥' if self.at_least else '≤'} {_number(self.target)} {self.unit}",
            "not measured" if self.result is None else f"{_number(self.result)} {self.unit}",
            beside,
            "" if self.ratio is None else f"{self.ratio:.2f}",
            {True: "kept", False: "NOT KEPT", None: "NOT MEASURED"}[self.is_kept]
            + (f" ({self.note})" * bool(self.note)),
        )


def table(figures: Sequence[Figure]) -> str:
    """All lines, with a head."""
    return "\n".join([line(COLUMNS), *(line(figure.cells()) for figure in figures)])


def line(cells: Sequence[str]) -> str:
    """Cells side by side; one that is too long pushes the rest to the right."""
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def at(share: float, values: Sequence[float]) -> float:
    """The smallest value that is not exceeded by this share of all (nearest rank); NaN of nothing."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else math.nan


def slope(values: Sequence[float], every: float) -> float:
    """The least-squares growth per second of values taken `every` so many seconds."""
    if len(values) < 2:
        return 0.0
    times = [number * every for number in range(len(values))]
    return statistics.linear_regression(times, values).slope


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
