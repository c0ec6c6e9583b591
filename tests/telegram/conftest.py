"""The real service with an emulated Telegram and a stand-in for the assistant; each test has people of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.service import Service, free_port
from tests.emulators.telegram.client import TelegramWorld


def _settings(world: TelegramWorld) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": world.token, "TELEGRAM_API_URL": world.base_url}


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, TelegramWorld]]:
    """One service for the module, by long polling."""
    with TelegramWorld.in_thread() as world:
        service = Service(tmp_path_factory.mktemp("telegram"), **_settings(world))
        try:
            yield service.start(), world
        finally:
            service.stop()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Service, TelegramWorld]]:
    """One that a test may kill."""
    with TelegramWorld.in_thread() as world:
        service = Service(tmp_path, **_settings(world))
        try:
            yield service.start(), world
        finally:
            service.stop()


@pytest.fixture
def hooked(tmp_path: Path) -> Iterator[tuple[Service, TelegramWorld]]:
    """One that takes updates by webhook."""
    with TelegramWorld.in_thread() as world:
        world.configure(webhook_needs_https=False)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        service = Service(
            tmp_path,
            **_settings(world),
            PORT=str(port),
            TELEGRAM_WEBHOOK_URL=f"{url}/telegram/webhook",
            TELEGRAM_WEBHOOK_SECRET="hook-secret",
        )
        service.port, service.url = port, url
        try:
            yield service.start(), world
        finally:
            service.stop()


@pytest.fixture(autouse=True)
def _no_faults(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "polled" in request.fixturenames:
        service, world = request.getfixturevalue("polled")
        world.faults.clear()
        service.control_assistant(mode="well", delay=0.0)
