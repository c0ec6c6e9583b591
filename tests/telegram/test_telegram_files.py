"""What customers send as files on Telegram counts like anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.service import Service
from tests.emulators.telegram.client import TelegramWorld

WITHIN = 10.0


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[tuple[Service, TelegramWorld]]:
    """A service on which ten megabytes an hour are all that a conversation may send."""
    with TelegramWorld.in_thread() as world:
        telegram = {"TELEGRAM_BOT_TOKEN": world.token, "TELEGRAM_API_URL": world.base_url}
        service = Service(tmp_path, UPLOAD_MEGABYTES_PER_HOUR="10", **telegram)
        try:
            yield service.start(), world
        finally:
            service.stop()


def test_a_file_beyond_the_hour_s_share_is_not_kept_and_the_agent_sees_that_one_came(
    narrow: tuple[Service, TelegramWorld],
) -> None:
    service, world = narrow
    person = world.person("Mar")
    person.writes("quiero una persona")
    person.chat.wait_for("persona", WITHIN)
    with service.agent("Ana") as ana:

        def written() -> list[tuple[str, int]]:
            handoff = ana.get("/handoffs").json()["handoffs"][0]
            lines = ana.get(f"/handoffs/{handoff['id']}").json()["messages"]
            return [(m["text"], len(m["attachments"] or ())) for m in lines if m["author"] == "customer"][1:]

        world.wait_until(lambda: bool(ana.get("/handoffs").json()["handoffs"]), WITHIN, "the handoff")
        for caption in ("la primera", ""):
            person.sends_document(b"factura " * (6 * 2**17), name="factura.txt", caption=caption)
        world.wait_until(lambda: len(written()) == 2, WITHIN, "both messages")
        assert written() == [("la primera", 1), ("📎", 0)]
    assert len(list((Path(service.environment["DATA_DIR"]) / "files").iterdir())) == 1
