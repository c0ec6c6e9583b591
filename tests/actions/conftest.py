"""One running action server for all tests that only read, and for those that keep to their own conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.interface import Backend
from actions.backend.sqlite.embedded import EmbeddedBackend
from tests.actions.running import Server, start_server, stop


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start_server(tmp_path_factory.mktemp("actions"))
    yield started
    stop(started)


@pytest.fixture
def backend_on(tmp_path: Path) -> Callable[[date], Backend]:
    """One operator, looked at on the day given."""
    return lambda day: EmbeddedBackend(tmp_path / "backend.db", ComplaintTerms(), lambda: day)
