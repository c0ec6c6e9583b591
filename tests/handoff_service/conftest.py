"""The real service on a real database, once per module; every test has a conversation of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles import postgres
from tests.doubles.service import Service

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres.server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


def _database_url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    return postgres.new_database(request.getfixturevalue("postgres_server"), f"relevo-{uuid.uuid4().hex[:8]}")


@pytest.fixture(scope="module", params=DATABASES)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for the module, on each database in turn."""
    running = Service(tmp_path_factory.mktemp("service"), DATABASE_URL=_database_url(request))
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[Service]:
    """One that a test may kill."""
    running = Service(tmp_path)
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(params=DATABASES)
def killable_service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """One that a test may kill, on each database in turn."""
    running = Service(tmp_path, DATABASE_URL=_database_url(request))
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(autouse=True)
def _assistant_is_well(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "service" in request.fixturenames:
        request.getfixturevalue("service").control_assistant(mode="well", delay=0.0, proves=None)
