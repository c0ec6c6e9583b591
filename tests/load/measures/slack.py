"""How much of what Slack allows is used while cases wait for it."""

from __future__ import annotations

import asyncio
import time

import httpx

from tests.emulators.slack import SlackWorkspace, slack_process
from tests.load import customer
from tests.load.figures import Figure
from tests.load.scale import Scale
from tests.load.stage import Venue
from tests.patience import patient

USED_TARGET, REFUSED_TARGET = 95.0, 0.1  # %
ALLOWED = 1.0  # posts a second in a channel: Slack's own limit, which the emulator enforces
POSTS_PER_CASE = 2  # its card, and what was said before somebody took it
SPARE_SECONDS = 30.0
GRACE = 2.0  # seconds until a post whose answer was lost can land no more; the outage goes on for longer
ANSWERS_AFTER = 0.2  # seconds that Slack takes for a post or an edit


async def measure(venue: Venue, scale: Scale) -> list[Figure]:
    """Slack is away while customers ask for a person; from its return on, posts a second until all stands there."""
    with slack_process() as slack:
        channel = slack.add_channel("queue", members=[slack.add_person("Carla")])
        slack.configure(enforce_rate_limits=True)
        with venue.stage(
            SLACK_BOT_TOKEN=slack.bot_token,
            SLACK_APP_TOKEN=slack.app_token,
            SLACK_CHANNEL=channel,
            SLACK_API_URL=slack.api_url,
            SLACK_GRACE_SECONDS=str(GRACE),
        ) as stage:
            await asyncio.to_thread(slack.until_connected)
            slack.down()
            customers = await customer.come_all(stage.url, [None] * scale.backlog)
            for each in customers:
                await each.write(customer.sentence(1))
                await each.asks_for_person()
            await asyncio.sleep(GRACE)  # so that no single post in doubt is waited for alone, at the end
            slack.fault("chat.*", "slow", seconds=ANSWERS_AFTER)
            slack.up()
            within = patient(scale.backlog * POSTS_PER_CASE / ALLOWED + SPARE_SECONDS)
            await asyncio.to_thread(_until_all_told, slack, stage.url, within)
            calls = slack.requests("chat.postMessage")
    landed = sorted(call["at"] for call in calls if call["landed"])
    refused = [call for call in calls if call["status"] == httpx.codes.TOO_MANY_REQUESTS]
    used = (len(landed) - 1) / (landed[-1] - landed[0]) / ALLOWED * 100
    note = f"{len(landed)} posts in {landed[-1] - landed[0]:.0f} s, one a second allowed"
    return [
        Figure("Slack's allowed pace used under backlog", "%", USED_TARGET, used, True, "allowed", 100.0, note),
        Figure("posts refused by Slack for their pace", "%", REFUSED_TARGET, len(refused) / len(calls) * 100),
    ]


def _until_all_told(slack: SlackWorkspace, url: str, within: float) -> None:
    """Until nothing waits for Slack any more; raises `TimeoutError`."""
    deadline = time.monotonic() + within
    while _waiting(slack, url):
        if time.monotonic() > deadline:
            raise TimeoutError("the backlog was not worked off in time")
        time.sleep(0.5)


def _waiting(slack: SlackWorkspace, url: str) -> bool:
    metrics = httpx.get(f"{url}/metrics", timeout=10, trust_env=False).text
    depths = [line for line in metrics.splitlines() if line.startswith('handoff_outbox_depth{sink="slack"}')]
    return not depths or float(depths[0].split()[-1]) > 0
