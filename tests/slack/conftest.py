"""The real service as a process beside an emulated Slack; each test has a customer of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulators.slack import SlackWorkspace, slack_process
from tests.slack.desk import SlackDesk


@pytest.fixture(scope="session")
def slack() -> Iterator[SlackWorkspace]:
    with slack_process() as workspace:
        yield workspace


@pytest.fixture(scope="session")
def desk(slack: SlackWorkspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackDesk]:
    running = SlackDesk(slack, tmp_path_factory.mktemp("slack"))
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(autouse=True)
def _slack_is_well(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "slack" in request.fixturenames:
        request.getfixturevalue("slack").clear_faults()
