"""Whose address counts: what a proxy forwards is believed from the proxy alone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets

from tests.doubles.service import Service


@contextlib.contextmanager
def behind(directory: Path, proxy: str) -> Iterator[Service]:
    """A service that lets three in a minute per address, and believes this proxy."""
    running = Service(directory, WIDGET_CONNECTIONS_PER_ADDRESS="3", FORWARDED_ALLOW_IPS=proxy)
    try:
        yield running.start()
    finally:
        running.stop()


async def let_in(service: Service, addresses: list[str]) -> int:
    """How many of those who say that they come from there get a socket."""
    passed = 0
    for address in addresses:
        with contextlib.suppress(websockets.InvalidStatus):
            async with websockets.connect(
                service.url.replace("http", "ws", 1) + "/v1/widget", additional_headers={"X-Forwarded-For": address}
            ):
                passed += 1
    return passed


@pytest.mark.parametrize(("proxy", "passed"), [("127.0.0.1", 8), ("203.0.113.200", 3)])
async def test_who_invents_an_address_is_counted_by_the_one_they_have(tmp_path: Path, proxy: str, passed: int) -> None:
    with behind(tmp_path, proxy) as service:
        assert await let_in(service, [f"198.51.100.{n}" for n in range(8)]) == passed
