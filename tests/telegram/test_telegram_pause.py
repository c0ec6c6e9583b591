"""A pause on Telegram: calm lines, not one for each message; an appeal by button and in words."""

from __future__ import annotations

import time

from tests.doubles.service import Service
from tests.emulators.telegram.client import TelegramWorld
from tests.emulators.telegram.handles import Person

Polled = tuple[Service, TelegramWorld]
WITHIN = 20.0


def _paused(service: Service, person: Person, seconds: float) -> None:
    pause = {"seconds": seconds, "signals": [{"name": "abuse", "value": 0.9, "weight": 1.0}]}
    service.control_assistant(next_answers=[{"messages": [], "abuse": 0.9, "pause": pause}])
    person.writes("#!? y #!?")
    person.chat.wait_for("hacemos una pausa", WITHIN)


def test_who_goes_on_gets_one_line_at_most_and_all_is_well_afterwards(polled: Polled) -> None:
    service, world = polled
    person = world.person("Rita")
    _paused(service, person, seconds=6)
    written = [person.writes(f"insulto {n}") for n in range(3)]
    person.edits(written[0], "insulto peor")
    time.sleep(7)
    person.writes("¿qué tarifas tenéis?")
    person.chat.wait_for("eco: ¿qué tarifas tenéis?", WITHIN)
    assert 1 <= len([said for said in person.chat.from_bot if "pausa" in said.text]) <= 2
    assert not [said for said in person.chat.from_bot if "eco: insulto" in said.text]
    assert not [asked for asked in service.asked() if "insulto" in asked["text"]]


def test_a_paused_customer_presses_for_a_person_and_can_answer_them(polled: Polled) -> None:
    service, world = polled
    person = world.person("Saúl")
    with service.agent("Ana") as ana:
        _paused(service, person, seconds=900)
        person.answer_to(person.presses("Que lo revise alguien"), WITHIN)
        person.chat.wait_for("revisar la pausa", WITHIN)
        queued = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
        handoff = next(h for h in queued if h["signals"][0]["name"] == "appeal" and h["channel"] == "telegram")
        ana.post(f"/handoffs/{handoff['id']}/claim").raise_for_status()
        person.chat.wait_for("hablas con una persona", WITHIN)
        person.writes("no iba por ti")
        deadline = time.monotonic() + WITHIN
        while "no iba por ti" not in str(ana.get(f"/handoffs/{handoff['id']}").json()["messages"]):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert ana.post(f"/handoffs/{handoff['id']}/unpause").json()["paused_until"] is None
        person.chat.wait_for("la ha quitado", WITHIN)
