"""A span of a sending says of which turn it is, so that an answer can be followed out to Telegram."""

from __future__ import annotations

from pathlib import Path

from tests.doubles.collector import listening
from tests.doubles.service import Service
from tests.emulators.telegram.client import TelegramWorld

WITHIN = 10.0


def test_the_sending_of_an_answer_names_the_turn_that_gave_it(tmp_path: Path) -> None:
    with TelegramWorld.in_thread() as world, listening(200) as collector:
        telegram = {"TELEGRAM_BOT_TOKEN": world.token, "TELEGRAM_API_URL": world.base_url}
        traces = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
        service = Service(tmp_path, **telegram, **traces)
        try:
            service.start()
            person = world.person("Mar")
            for text in ("la primera", "la segunda"):
                person.writes(text)
                person.chat.wait_for(f"eco: {text}", WITHIN)
            service.service.stop()
        finally:
            service.stop()
    turns = [span["turn_id"] for span in collector.spans("turn")]
    sent = [span["turn_id"] for span in collector.spans("telegram") if "turn_id" in span]
    assert len(set(turns)) == 2
    assert sent == turns
