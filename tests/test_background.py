"""Jobs beside the requests: a mistake in one neither ends it silently nor the others."""

from __future__ import annotations

import asyncio

import pytest
import structlog

from handoff_service import background
from handoff_service.background import running


async def test_a_job_that_fails_is_said_and_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "PAUSE_AFTER_FAILURE", 0.01)
    begun: list[int] = []
    well = asyncio.Event()

    async def fragile() -> None:
        begun.append(len(begun))
        if len(begun) < 3:
            raise KeyError("what the operator's system never sent")
        well.set()
        await asyncio.sleep(60)

    with structlog.testing.capture_logs() as logs:
        async with running(fragile), asyncio.timeout(5):
            await well.wait()
    assert begun == [0, 1, 2]
    assert [entry["event"] for entry in logs] == ["job_failed", "job_failed"]
    assert "fragile" in logs[0]["job"]


async def test_all_end_with_the_block_also_when_it_fails() -> None:
    ended: list[str] = []

    async def job(name: str) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(name)

    with pytest.raises(ValueError, match="of the block"):
        async with running(lambda: job("one"), lambda: job("two")):
            await asyncio.sleep(0)
            raise ValueError("of the block")
    assert sorted(ended) == ["one", "two"]


async def test_a_job_that_is_done_is_not_begun_again() -> None:
    begun: list[int] = []

    async def once() -> None:
        begun.append(1)

    async with running(once):
        await asyncio.sleep(0.05)
    assert begun == [1]
