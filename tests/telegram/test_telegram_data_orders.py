"""A customer's own data on Telegram: the copy comes as a document, and after the erasure the chat goes on."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.doubles.service import DATABASE, Service
from tests.emulators.telegram.client import TelegramWorld

WITHIN = 30.0
MARK = "huella-de-noemi"


def test_the_copy_comes_as_a_document_and_the_chat_goes_on_after_the_erasure(
    own: tuple[Service, TelegramWorld],
) -> None:
    service, world = own
    person = world.person("Noemí")
    who = {"sub": "C-noemi", "name": "Noemí"}
    service.control_assistant(proves=who)
    person.writes(f"hola {MARK}")
    person.chat.wait_for(f"eco: hola {MARK}", WITHIN)
    service.control_assistant(proves=None, orders={"order": "export", "sub": who["sub"]})
    person.writes("mis datos, por favor")
    person.chat.wait_for("Tu código es D-", WITHIN)
    world.wait_until(lambda: "document" in person.chat.last.raw, WITHIN, "the copy")
    assert person.chat.last.raw["document"]["file_name"].startswith("mis-datos-D-")
    service.control_assistant(orders={"order": "erase", "sub": who["sub"]})
    person.writes("borradlo todo")
    person.chat.wait_for("hemos borrado todas tus conversaciones", WITHIN)
    person.writes("¿seguimos?")
    person.chat.wait_for("eco: ¿seguimos?", WITHIN)
    directory = Path(service.environment["DATA_DIR"])
    with sqlite3.connect(directory / DATABASE) as database:
        left = "\n".join(database.iterdump())
    assert MARK not in left
    assert who["sub"] not in left
    assert [json.dumps(body) for body in service.asked() if MARK in str(body)] == []
