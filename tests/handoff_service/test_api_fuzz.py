"""Whatever is sent to the HTTP API, it answers with a status it documents and never with a fault of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from tests.doubles.service import Service
from tests.doubles.widget import open_widget

EXAMPLES = 12  # per operation
CHECKED = ["not_a_server_error", "status_code_conformance", "response_schema_conformance"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of its own: what is fuzzed into it is nobody else's."""
    running = Service(tmp_path_factory.mktemp("fuzzed"))
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope="module")
def operations(fuzzed: Service) -> dict[str, Any]:
    """Every documented call by its name."""
    document = httpx.get(f"{fuzzed.url}/openapi.json", verify=False, trust_env=False).json()
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=fuzzed.url)
    return {found.ok().label: found.ok() for found in schema.get_all_operations()}


async def _a_case(service: Service) -> str:
    async with open_widget(service.url) as widget:
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
    with service.agent("Ana") as ana:
        found: str = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"][0]["id"]
        ana.post(f"/handoffs/{found}/claim").raise_for_status()
    return found


async def test_no_call_makes_the_service_fail(fuzzed: Service, operations: dict[str, Any]) -> None:
    handoff = await _a_case(fuzzed)
    wrong: list[str] = []
    for label, operation in operations.items():
        wrong += _fuzz(label, operation, handoff)
    assert not wrong, "\n".join(wrong)


def _fuzz(label: str, operation: Any, handoff: str) -> list[str]:
    """What this call answered wrongly; every other attempt is about a case that is there."""
    found: list[str] = []
    attempts = itertools.count()

    def attempt(case: Any) -> None:
        if next(attempts) % 2 and "handoff_id" in (case.path_parameters or {}):
            case.path_parameters["handoff_id"] = handoff
        checks = [CHECKS.get_one(name) for name in CHECKED]
        headers = {"Authorization": "Bearer token-of-ana"}
        try:
            case.call_and_validate(headers=headers, checks=checks, timeout=10, verify=False)
        except BaseExceptionGroup as failures:
            found.append(f"{label}: {failures.exceptions[0]}")

    settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )(given(case=operation.as_strategy())(attempt))()
    return found[:2]
