"""The last accepted model's figures, kept in a file of the project."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.evaluation.figures import Figures
from bot.evaluation.held_out import FOLDER, HeldOut

FILE = Path(FOLDER) / "accepted.json"


@dataclass(frozen=True)
class Accepted:
    """The figures, the day they were accepted, and the exam they are of."""

    figures: Figures
    on: str
    exam: str


def exam_name(sentences: Iterable[HeldOut]) -> str:
    """A name for exactly these sentences with their labels, in whatever order."""
    lines = sorted(f"{sentence.variety}\t{sentence.intent}\t{sentence.text}" for sentence in sentences)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def last_accepted(path: Path = FILE) -> Accepted | None:
    """What was accepted last, if anything was."""
    if not path.exists():
        return None
    read = json.loads(path.read_text(encoding="utf-8"))
    return Accepted(Figures.of_json(read), read["accepted_on"], read["exam"])


def accept(figures: Figures, exam: str, today: date, path: Path = FILE) -> None:
    """Make these the figures that later models are compared with."""
    written = {"accepted_on": today.isoformat(), "exam": exam, **figures.as_json()}
    path.write_text(_readable(written) + "\n", encoding="utf-8")


def _readable(value: object, depth: int = 0) -> str:
    """JSON with one line for each language, variety and intent."""
    if not isinstance(value, dict) or depth == 2:
        return json.dumps(value, ensure_ascii=False)
    inner = ",\n".join(
        f"{'  ' * (depth + 1)}{json.dumps(key)}: {_readable(item, depth + 1)}" for key, item in value.items()
    )
    return f"{{\n{inner}\n{'  ' * depth}}}"
