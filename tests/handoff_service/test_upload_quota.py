"""How many bytes of files an hour may bring: per conversation, per address, per network and in all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handoff_service.channels.upload_quota import MEGABYTE, SMALLEST_COUNTED, TooMuchSent, UploadQuota
from handoff_service.settings import Settings
from handoff_service.store.database import Store
from handoff_service.store.migrate import upgrade
from handoff_service.switchboard.hub import Hub
from tests.doubles.service import SECRET

TEN = 10 * MEGABYTE


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def quota(clock: Clock, store: Store) -> UploadQuota:
    """Ten megabytes an hour."""
    return UploadQuota(store, Settings(relevo_secret=SECRET, upload_megabytes_per_hour=10), clock)


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path_factory.mktemp('quota') / 'relevo.db'}"
    upgrade(url)
    made = Store(url, Hub())
    yield made
    made.close()


async def refused(quota: UploadQuota, size: int, conversation: str, address: str | None = None) -> int:
    """The seconds after which to try again; 0 if it was taken."""
    try:
        await quota.take(size, conversation, address)
    except TooMuchSent as error:
        return error.retry_after
    return 0


async def test_a_conversation_has_its_share_again_after_the_time_it_was_told(quota: UploadQuota, clock: Clock) -> None:
    assert await refused(quota, TEN, "a") == 0
    wait = await refused(quota, 5 * MEGABYTE, "a")
    assert wait == 1800
    clock.now = wait - 1
    assert await refused(quota, 5 * MEGABYTE, "a") == 1
    clock.now = wait
    assert await refused(quota, 5 * MEGABYTE, "a") == 0
    assert await refused(quota, TEN, "b") == 0


async def test_an_address_and_its_network_have_theirs_whatever_conversations_they_open(quota: UploadQuota) -> None:
    taken = [await refused(quota, TEN, f"c{n}", "192.0.2.1") for n in range(5)]
    assert taken[:4] == [0] * 4 and taken[4] > 0
    taken = [await refused(quota, TEN, f"d{n}", f"192.0.2.{n + 2}") for n in range(5)]
    assert taken[:4] == [0] * 4 and taken[4] > 0, "the network's"
    assert await refused(quota, TEN, "e", "198.51.100.1") == 0
    assert await refused(quota, TEN, "c4", "198.51.100.2") == 0, "what the address refused was not its conversation's"


async def test_all_together_have_theirs_and_platforms_without_addresses_too(quota: UploadQuota) -> None:
    taken = [await refused(quota, TEN, f"t{n}") for n in range(51)]
    assert taken[:50] == [0] * 50 and taken[50] > 0


async def test_small_files_count_as_work(quota: UploadQuota) -> None:
    taken = [await refused(quota, 1, "a") for _ in range(TEN // SMALLEST_COUNTED + 1)]
    assert taken[:-1] == [0] * (len(taken) - 1) and taken[-1] > 0


async def test_nought_is_no_limit(store: Store) -> None:
    quota = UploadQuota(store, Settings(relevo_secret=SECRET, upload_megabytes_per_hour=0, files_megabytes_kept=0))
    assert [await refused(quota, TEN, "a", "192.0.2.1") for _ in range(600)] == [0] * 600
