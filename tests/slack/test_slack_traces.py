"""A span of a post in a thread says of which turn it tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doubles.collector import listening
from tests.emulators.slack import slack_process
from tests.slack.desk import SlackDesk

pytestmark = pytest.mark.timeout(300)


async def test_a_post_that_tells_of_a_turn_names_it(tmp_path: Path) -> None:
    with slack_process() as slack, listening(200) as collector:
        traces = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
        desk = SlackDesk(slack, tmp_path, **traces)
        try:
            desk.start()
            async with desk.customer("Norma") as case:
                card = await case.card()
                await case.until(lambda: len(desk.slack.thread(card)) > 1, "the lines so far")
            desk.service.service.stop()
        finally:
            desk.stop()
    turns = {span["turn_id"] for span in collector.spans("turn")}
    posts = [span for span in collector.spans("slack") if span["method"] == "chat.postMessage"]
    assert {span["turn_id"] for span in posts if "turn_id" in span} and turns >= {
        span["turn_id"] for span in posts if "turn_id" in span
    }
