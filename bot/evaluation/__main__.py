"""Let the newest model sit the exam: ``python -m bot.evaluation``. Exits 1 if it is worse than the accepted one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from bot.evaluation.accepted import accept, exam_name, last_accepted
from bot.evaluation.comparison import worse
from bot.evaluation.figures import Figures, figures
from bot.evaluation.held_out import FOLDER, Exam, read_exam
from bot.evaluation.report import report
from bot.evaluation.sitting import Reading, sit
from bot.run import prepare, quieten
from bot.train import fingerprint, model_for, sources

RESULTS = Path("results")


def main(arguments: Sequence[str]) -> int:
    """Sit the exam, show and draw the marks, compare them, and keep them if asked to."""
    parser = argparse.ArgumentParser(prog="make evaluate", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="make this model the one to compare later ones with")
    parser.add_argument("--blind", action="store_true", help="quote no sentence of the exam")
    wishes = parser.parse_args(arguments)
    exam = _exam_in_order()
    prepare()
    quieten()
    readings = sit(_model(), exam.sentences)
    now, name, accepted = figures(readings), exam_name(exam.sentences), last_accepted()
    print(report(readings, now, accepted, name, wishes.blind))
    print("\n" + "\n".join(f"Drawn: {path}" for path in _keep(readings, now)))
    if wishes.accept:
        accept(now, name, datetime.now(tz=timezone.utc).date())
        print("Accepted: later models are compared with this one. Commit tests/understanding/accepted.json.")
        return 0
    return 1 if accepted and worse(accepted.figures, now) else 0


def _exam_in_order() -> Exam:
    exam = read_exam(Path(FOLDER))
    if exam.problems:
        raise SystemExit("\n".join(map(str, exam.problems)))
    if not exam.sentences:
        raise SystemExit(f"There are no sentences under {FOLDER}/.")
    return exam


def _model() -> Path:
    model = model_for(fingerprint(sources()))
    if not model.exists():
        raise SystemExit("There is no model of the training data as it is now. Train one first: make train")
    return model


def _keep(readings: Sequence[Reading], now: Figures) -> list[Path]:
    from bot.evaluation.pictures import draw

    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "understanding.json").write_text(json.dumps(now.as_json(), indent=1) + "\n", encoding="utf-8")
    return draw(readings, RESULTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
