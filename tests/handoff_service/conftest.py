"""The real service on a real database, once per module; every test has a conversation of its own."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from handoff_service.desks.desk_file import load_desk_file
from handoff_service.store.migrate import upgrade
from tests.doubles import postgres
from tests.doubles.service import Service
from tests.handoff_service.desk_world import World

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
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


@pytest.fixture(scope="module", params=DATABASES)
def desk_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database with the newest schema, on each kind in turn."""
    url = _database_url(request) or f"sqlite:///{tmp_path_factory.mktemp('desk') / 'desk.db'}"
    upgrade(url)
    return url


@pytest.fixture
def desk(desk_database: str) -> Iterator[Callable[..., World]]:
    """Makes an empty desk with a clock to set; DESK_FILE's text, and what else `World` takes."""
    worlds: list[World] = []

    def make(text: str = "", **more: Any) -> World:
        roster = None
        if text:
            with tempfile.NamedTemporaryFile("w", suffix=".yml", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                roster = load_desk_file(Path(file.name))
        worlds.append(World(desk_database, roster, **more))
        return worlds[-1]

    yield make
    for world in worlds:
        world.close()


@pytest.fixture(autouse=True)
def _assistant_is_well(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "service" in request.fixturenames:
        request.getfixturevalue("service").control_assistant(mode="well", delay=0.0, proves=None)
