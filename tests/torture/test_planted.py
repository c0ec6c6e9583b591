"""The torture can fail: bugs planted into the service are caught. All of them by `make torture ARGS=--gate`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.torture.__main__ import plan_for
from tests.torture.planted import PLANTED
from tests.torture.rounds import play

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize("name", ["no-deduplication", "claim-checked-outside"])
def test_a_planted_bug_is_caught(name: str, tmp_path: Path) -> None:
    for seed in (1, 2):
        outcome = asyncio.run(play(plan_for(name, seed), tmp_path / str(seed)))
        if {each.promise for each in outcome.verdict.broken} & PLANTED[name].breaks:
            return
    pytest.fail(f"{name} got through twice")
