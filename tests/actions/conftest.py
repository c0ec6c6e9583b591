"""One running action server for all tests that only read, and for those that keep to their own conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.http import connection
from actions.backend.http.billing import HttpBackend
from actions.backend.interface import Backend
from actions.backend.sqlite.embedded import EmbeddedBackend
from tests.actions.billing_server import TOKEN, BillingSystem
from tests.actions.running import Server, start_server, stop


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start_server(tmp_path_factory.mktemp("actions"))
    yield started
    stop(started)


@pytest.fixture(params=["embedded", "over HTTP"])
def backend_on(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[date], Backend]]:
    """One operator, looked at on the day given: the embedded one, or the same behind a billing system's API."""
    monkeypatch.setattr(connection, "TIME_LIMIT_S", 20.0)  # what it says is asked here, not how soon
    systems: list[BillingSystem] = []

    def open_on(day: date) -> Backend:
        embedded = EmbeddedBackend(tmp_path / "backend.db", ComplaintTerms(), lambda: day)
        if request.param == "embedded":
            return embedded
        systems.append(BillingSystem(embedded))
        return HttpBackend(systems[-1].url, TOKEN)

    yield open_on
    for system in systems:
        system.stop()
