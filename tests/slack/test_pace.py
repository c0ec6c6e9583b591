"""While a backlog is worked off, each channel gets a post a second, which is all that Slack allows, and none too many.

Counted by Slack's own clock, on arrival, in the better quarter of the intervals: what the desk loses by its own doing
it loses each time; what a busy machine loses now and then doesn't count here, but in `make load`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import pytest

from tests.doubles.widget import identity, open_widget
from tests.emulators.slack import slack_process
from tests.slack.desk import Case, SlackDesk, TwoTeamsDesk

pytestmark = pytest.mark.timeout(300)
CASES_PER_CHANNEL, POSTS_PER_CASE = 6, 2  # its card, and what was said before
SLOW = 0.6  # seconds that Slack takes for each post and each edit
USED = 0.95  # of what is allowed


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SlackDesk]:
    with slack_process() as slack:
        slack.configure(enforce_rate_limits=True)
        settings = {"SLACK_PACE_SECONDS": "1", "WIDGET_CONNECTIONS_PER_ADDRESS": "0"}
        running = TwoTeamsDesk(slack, tmp_path, **settings)
        try:
            running.start()
            yield running
        finally:
            running.stop()


async def test_every_channel_gets_a_post_a_second_and_no_more(desk: SlackDesk) -> None:
    await asyncio.to_thread(desk.slack.down)
    cases = await asyncio.gather(*(_queued(desk, f"Cora {number}") for number in range(CASES_PER_CHANNEL * 2)))
    for case in cases[::2]:
        await asyncio.to_thread(_pass_on, case)
    before = len(desk.slack.requests("chat.postMessage"))
    desk.slack.fault("chat.*", "slow", seconds=SLOW)
    await asyncio.to_thread(desk.slack.up)
    posts = len(cases) * POSTS_PER_CASE
    claiming = asyncio.create_task(_claim_one_by_one(cases[1::2]))
    await cases[0].until(lambda: len(_landed(desk, before)) >= posts, "the backlog", posts * 2)
    await claiming
    calls = desk.slack.requests("chat.postMessage")[before:]
    assert [call for call in calls if call["status"] == httpx.codes.TOO_MANY_REQUESTS] == []
    channels = {call["args"]["channel"] for call in calls}
    assert len(channels) == 2
    for channel in channels:
        arrived = [call["at"] for call in _landed(desk, before) if call["args"]["channel"] == channel]
        between = [later - earlier for earlier, later in pairwise(sorted(arrived))]
        assert len(between) > CASES_PER_CHANNEL
        assert quantiles(between)[0] <= 1 / USED


async def _queued(desk: SlackDesk, name: str) -> Case:
    """A customer who asked for a person and closed the page; the case stays open as long as the desk."""
    async with open_widget(desk.service.url, identity=identity(f"C-{name}", name)) as widget:
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        return Case(desk, name, widget)


def _landed(desk: SlackDesk, before: int) -> list[dict[str, Any]]:
    return [call for call in desk.slack.requests("chat.postMessage")[before:] if call["landed"]]


def _pass_on(case: Case) -> None:
    """To the team with a channel of its own, by the API."""
    for agent, verb, body in (("Ana", "claim", {}), ("Ana", "transfer", {"team": "billing"})):
        case.api(agent, verb, **body).raise_for_status()


async def _claim_one_by_one(cases: list[Case]) -> None:
    """Each claim changes a card that stands: edits that the posts must not wait for."""
    for case in cases:
        await case.card()
        (await asyncio.to_thread(case.api, "Ana", "claim")).raise_for_status()
