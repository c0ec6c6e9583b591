"""A copy of one's data, and having it erased, from the words to the receipt: real Rasa, action server and service."""

from __future__ import annotations

import re
import uuid

import pytest

from tests.doubles.http import HTTP
from tests.doubles.widget import open_widget
from tests.e2e.conftest import System
from tests.e2e.test_identification import ask, code_for, customer, texts_to, words

pytestmark = pytest.mark.timeout(900)


async def test_a_copy_and_then_the_erasure_in_spanish_after_a_code(system: System) -> None:
    diego, mark = customer(system, 4), uuid.uuid4().hex[:12]
    async with open_widget(system.url) as widget:
        await ask(widget, f"¿qué tarifas hay? referencia {mark}")
        offered = await ask(widget, "mándame una copia de todos mis datos")
        assert "/identify" in [b["payload"] for m in offered for b in m.get("buttons", ())]
        before = len(texts_to(system, diego["phone"]))
        await ask(widget, "Identificarme", "/identify")
        await ask(widget, diego["phone"])
        await widget.say(await code_for(system, diego["phone"], before))
        copied = await widget.until(lambda f: f["type"] == "message" and bool(f.get("attachments")), 20)
        own = HTTP.get(copied["attachments"][0]["url"]).json()
        assert mark in str(own["conversations"])
        assert own["customer"]["id"] == diego["id"]
        asked = await ask(widget, "borrad todos mis datos")
        assert "facturas" in words(asked), "what stays is said before"
        assert "no borro nada" in words(await ask(widget, "no, mejor no"))
        await ask(widget, "quiero que borréis mis datos")
        assert "para siempre" in words(await ask(widget, "mmm no sé qué decirte"))
        await widget.say("sí")
        receipt = await widget.until(lambda f: f["type"] == "message" and "D-" in f["text"], 30)
        assert re.search(r"D-[2-9A-Z]{6}", receipt["text"])
        again = words(await ask(widget, "¿cuánto debo?"))
        assert not re.search(r"\d+,\d\d\s?€", again), "nothing is known any more of who this is"
        token = widget.token
    async with open_widget(system.url, token=token) as later:
        assert mark not in str(later.frames)
    assert _holding(system, mark) == []
    assert mark not in system.log.read_text()


async def test_a_complaint_on_file_holds_it_in_english(system: System) -> None:
    person = customer(system, 5)
    async with open_widget(system.url, locale="en", identity=system.login(person["id"])) as widget:
        await ask(widget, "I want to file a complaint")
        await ask(widget, "My March bill includes a router fee that I did not order")
        filed = words(await ask(widget, "yes, send it", "/affirm"))
        held = words(await ask(widget, "delete all my data"))
    code = re.search(r"\b[A-Z]{1,3}-[A-Z0-9]{4,10}\b", filed)
    assert code is not None, filed
    assert code[0] in held
    assert "still open" in held


def _holding(system: System, mark: str) -> list[str]:
    files = [path for path in system.data_dir.rglob("*") if path.is_file()]
    return [path.name for path in files if mark.encode() in path.read_bytes()]
