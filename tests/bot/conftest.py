"""One small trained assistant for all tests that talk to a real one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.postgres_server import running_postgres
from tests.bot.project import Assistant, Project
from tests.bot.stub_actions import StubActions


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The fixtures, trained by the command that users train with."""
    project = Project(tmp_path_factory.mktemp("project"))
    trained = project.run("bot.train")
    assert trained.returncode == 0, trained.stdout + trained.stderr
    return project


@pytest.fixture(scope="session")
def action_server() -> Iterator[StubActions]:
    server = StubActions()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def running(
    project: Project, action_server: StubActions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    assistant = Assistant(project, tmp_path_factory.mktemp("memory"), action_server.url).start()
    yield assistant
    assistant.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL."""
    with running_postgres() as url:
        yield url


@pytest.fixture
def actions(action_server: StubActions) -> StubActions:
    action_server.calm_down()
    return action_server


@pytest.fixture
def assistant(running: Assistant, actions: StubActions) -> Assistant:
    """A running assistant whose action server behaves."""
    return running


@pytest.fixture
def conversation() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def memory_file(running: Assistant) -> Path:
    return running.log.parent / "memory.db"
