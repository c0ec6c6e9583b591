"""One pytest in Rasa's environment, started when its first result is wanted, followed while it runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "rasa" / "bin" / "python"
TETHER = ROOT / "launcher" / "tether.py"
WHOLE_RUN_MAY_TAKE = 1800.0
NOT_FOR_THE_INNER_RUN = ("PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "PYTEST_PLUGINS", "PYTHONPATH", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Phase:
    """Set-up, call or tear-down of one test, as the inner run told it."""

    test: str
    when: str
    outcome: str
    text: str


class RasaRun:
    """What happened in the inner run, for each test function by its node id."""

    def __init__(self, wanted: Sequence[str], python: Path = PYTHON, root: Path = ROOT) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="relevo-rasa-tests-")
        self._report = Path(self._folder.name) / "report"
        self._output = Path(self._folder.name) / "output"
        self._read = 0
        self._counts: Mapping[str, int] | None = None
        self._phases: dict[str, list[Phase]] = defaultdict(list)
        self.broken: dict[str, str] = {}
        self._give_up = time.monotonic() + WHOLE_RUN_MAY_TAKE
        self._process = self._start(wanted, python, root)

    def phases_of(self, function: str) -> list[Phase]:
        """All phases of all its tests, waiting for them; fewer when the inner run ended without them."""
        while not self._is_complete(function) and self._is_running():
            time.sleep(0.05)
        self._read_on()
        return self._phases[function]

    def collected(self) -> Mapping[str, int]:
        """How many tests each function turned out to have; empty when it did not get so far."""
        return self._counts or {}

    def last_words(self) -> str:
        """How the inner run ended and the end of its output: what there is to say when a result is missing."""
        with suppress(OSError):
            return f"exit code {self._process.poll()}\n" + self._output.read_text(errors="replace")[-4000:]
        return ""

    def end(self) -> None:
        """Leave no process and no file behind."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._folder.cleanup()

    def _start(self, wanted: Sequence[str], python: Path, root: Path) -> subprocess.Popen[bytes]:
        selection = Path(self._folder.name) / "selection"
        selection.write_text("\n".join(wanted))
        self._report.touch()
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in NOT_FOR_THE_INNER_RUN and not name.startswith("PYTEST_XDIST")
        }
        options = ["-p", "tests.rasa_report", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
        with self._output.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, TETHER, str(os.getpid()), python, "-m", "pytest", *options, f"@{selection}"],
                cwd=root,
                env={**environment, "RELEVO_TEST_REPORT": str(self._report)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _is_running(self) -> bool:
        if time.monotonic() > self._give_up:
            self.end()
        return self._process.poll() is None

    def _is_complete(self, function: str) -> bool:
        self._read_on()
        if self._counts is None or function not in self._counts:
            return False
        ended = sum(phase.when == "teardown" for phase in self._phases[function])
        return ended >= self._counts[function]

    def _read_on(self) -> None:
        with self._report.open("rb") as report:
            report.seek(self._read)
            for line in report:
                if not line.endswith(b"\n"):
                    return
                self._read += len(line)
                self._note(json.loads(line))

    def _note(self, told: dict[str, object]) -> None:
        kind = told.pop("kind")
        if kind == "collected":
            self._counts = told["counts"]  # type: ignore[assignment]
        elif kind == "broken":
            self.broken[str(told["where"])] = str(told["text"])
        else:
            phase = Phase(**told)  # type: ignore[arg-type]
            self._phases[phase.test.split("[")[0]].append(phase)
