"""A pytest plugin for the run in Rasa's environment: tells the outer run, line by line, what happens.

Each line of the file that RELEVO_TEST_REPORT names is a JSON object: `collected` (how many tests each function has),
`broken` (a file that could not be collected) or `phase` (set-up, call or tear-down of one test).
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import IO

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Report only when asked to."""
    path = os.environ.get("RELEVO_TEST_REPORT")
    if path:
        config.pluginmanager.register(_Report(open(path, "a", encoding="utf-8")))  # noqa: SIM115 - closed by the process's end


class _Report:
    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._tell(kind="broken", where=report.nodeid, text=report.longreprtext)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._tell(kind="collected", counts=Counter(item.nodeid.split("[")[0] for item in session.items))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._tell(
            kind="phase",
            test=report.nodeid,
            when=report.when,
            outcome=report.outcome,
            text=_reason(report) if report.skipped else report.longreprtext,
        )

    def _tell(self, **what: object) -> None:
        self._file.write(json.dumps(what) + "\n")
        self._file.flush()


def _reason(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return f"expected to fail: {report.wasxfail}"
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else report.longreprtext
