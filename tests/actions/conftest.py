"""One running action server for all tests that only read, and for those that keep to their own conversation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.actions.running import Server, start_server, stop


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start_server(tmp_path_factory.mktemp("actions"))
    yield started
    stop(started)
