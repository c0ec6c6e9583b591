"""The desk over the real sockets and the real API: assignment, clocks, hours, the survey."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.doubles.service import Service
from tests.doubles.widget import Widget, open_widget

TEAMS = """
agents: {{Ana: {{role: supervisor}}, Luis: {{capacity: 1}}}}
teams:
  general: {{languages: [es], assignment: automatic}}
  night: {{languages: [en], timezone: UTC, hours: {{{tomorrow}: 9:00-10:00}}}}
"""


@pytest.fixture(scope="module")
def desk_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    directory: Path = tmp_path_factory.mktemp("desk")
    file = directory / "desk.yml"
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).strftime("%A").lower()
    file.write_text(TEAMS.format(tomorrow=tomorrow), encoding="utf-8")
    running = Service(directory / "var", DESK_FILE=str(file))
    try:
        yield running.start()
    finally:
        running.stop()


async def _wants_person(widget: Widget, text: str = "quiero hablar con una persona") -> None:
    await widget.say(text)
    await widget.owner("queue")


async def test_whoever_is_available_gets_the_next_and_only_they_or_a_supervisor_say_so(desk_service: Service) -> None:
    with desk_service.agent("Ana") as ana, desk_service.agent("Luis") as luis:
        async with open_widget(desk_service.url) as widget:
            await _wants_person(widget)
            handoff = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"][0]
            assert [clock["name"] for clock in handoff["clocks"]] == ["first", "next"]
            assert handoff["clocks"][0]["state"] == "running"
            assert handoff["opened_at"] < handoff["clocks"][0]["warn_at"] < handoff["clocks"][0]["due_at"]
            assert handoff["preferred_until"] is None
            assert luis.patch("/agents/Ana", json={"availability": "available"}).status_code == 403
            assert ana.patch("/agents/Luis", json={"availability": "available"}).status_code == 200
            assert (await widget.owner("agent"))["agent"] == "Luis"
            present = {each["name"]: each for each in ana.get("/agents").json()["present"]}
            assert (present["Luis"]["load"], present["Luis"]["capacity"]) == (1, 1)
            assert luis.patch("/agents/Luis", json={"availability": "away"}).json()["is_available"] is False
            assert luis.post(f"/handoffs/{handoff['id']}/resolve", json={"outcome": "solved"}).status_code == 200
            asked = await widget.message("system", "¿Qué tal")
            assert [button["title"] for button in asked["buttons"]] == ["1", "2", "3", "4", "5", "Ahora no"]
            await widget.say("4", payload=asked["buttons"][3]["payload"])
            await widget.message("system", "¡Gracias!")
            await widget.say("gracias")
            assert (await widget.message("assistant"))["text"] == "eco: gracias"


async def test_out_of_hours_the_widget_knows_when_somebody_is_back(desk_service: Service) -> None:
    async with open_widget(desk_service.url, locale="en") as widget:
        await widget.say("en: a person please")
        notice = await widget.message("system", "we'll be back")
        owner = await widget.owner("queue")
        assert owner["opens_at"] > datetime.now(UTC).isoformat()
        assert owner["position"] == 1
        assert owner["wait_seconds"] is None
        assert [button["payload"] for button in notice["buttons"]] == ["queue.cancel", "queue.continue"]
        await widget.say("en: what plans are there?")
        assert (await widget.message("assistant"))["text"] == "eco: en: what plans are there?"
