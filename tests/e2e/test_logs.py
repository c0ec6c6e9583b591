"""One id leads through the logs of all three processes, and none of them holds a word, a number or a token."""

from __future__ import annotations

import json
import re

import pytest

from tests.doubles.http import HTTP
from tests.doubles.widget import identity, open_widget
from tests.e2e.conftest import System
from tests.e2e.test_identification import ask, code_for, customer, texts_to

pytestmark = pytest.mark.timeout(900)

WORD = "palabrasecreta"
CARD, IBAN, DNI = "4539 5787 6362 1486", "ES91 2100 0418 4502 0005 1332", "12345678Z"


def logs(system: System) -> dict[str, str]:
    """What each process printed, whatever its log is called."""
    return {path.name: path.read_text() for path in sorted((system.data_dir / "logs").iterdir())}


def turns_in(text: str) -> set[str]:
    """The ids of the turns that a process logged, in whichever of the two ways."""
    return set(re.findall(r"turn ([\w-]{10,}):", text)) | set(re.findall(r'"turn_id": "([\w-]{10,})"', text))


async def test_one_turn_is_found_in_every_process_by_its_id(system: System) -> None:
    async with open_widget(system.url, identity=system.login("C-1001")) as widget:
        await ask(widget, "¿cuánto debo?")
        conversation = widget.conversation_id
    found = {name: turns_in(text) for name, text in logs(system).items()}
    in_three = {turn for turns in found.values() for turn in turns if sum(turn in each for each in found.values()) >= 3}
    assert in_three, {name: len(turns) for name, turns in found.items()}
    lines = [json.loads(line) for text in logs(system).values() for line in text.splitlines() if line.startswith("{")]
    mine = [line for line in lines if line.get("turn_id") in in_three and line.get("conversation_id") == conversation]
    assert [line["event"] for line in mine] == ["turn_answered"], "from a conversation one comes to its turns"


async def test_no_process_logs_what_anybody_wrote_or_could_open_something_with(system: System) -> None:
    person = customer(system, 6)
    secrets = json.loads((system.data_dir / "secrets.json").read_text())
    async with open_widget(system.url) as widget:
        await ask(widget, f"{WORD}1 mi tarjeta es {CARD} y mi cuenta {IBAN}, dni {DNI}")
        await ask(widget, "quiero identificarme")
        before = len(texts_to(system, person["phone"]))
        await ask(widget, person["phone"])
        code = await code_for(system, person["phone"], before)
        await ask(widget, code)
        await ask(widget, f"quiero cambiar mi cuenta por la {IBAN}")
        sent = HTTP.post(
            f"{system.url}/v1/widget/files",
            files={"file": (f"{WORD}2.txt", f"{WORD}3".encode())},
            headers={"Authorization": f"Bearer {widget.token}"},
        )
        file_id = sent.json()["id"]
        await widget.send({"type": "message", "id": "f1", "text": f"{WORD}4", "attachments": [file_id]})
        await widget.send(f"no frame at all {WORD}5")
        await widget.until(lambda f: f["type"] == "error")
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        with system.agent() as agent:
            handoff = next(
                h for h in agent.get("/handoffs").json()["handoffs"] if h["conversation_id"] == widget.conversation_id
            )
            agent.post(f"/handoffs/{handoff['id']}/claim").raise_for_status()
            agent.post(f"/handoffs/{handoff['id']}/notes", json={"text": f"nota {WORD}6"}).raise_for_status()
            agent.post(f"/handoffs/{handoff['id']}/messages", json={"text": f"hola {WORD}7", "id": "a"})
            agent.post(f"/handoffs/{handoff['id']}/messages", json={"text": 7, "id": WORD})
            agent.get(f"/handoffs/{WORD}8")
        forged = identity("C-1001", secret="another-secret-of-nobody-0123456789abcdef")
        await widget.hello(identity=forged)
        token = widget.token
    HTTP.get(f"{system.url}/v1/handoffs", headers={"Authorization": f"Bearer {WORD}9"})
    _first, *rest = person["name"].split()  # a first name alone may be anybody's word
    numbers = [text.replace(" ", "") for text in (CARD, IBAN, DNI)]
    forbidden = [WORD, CARD, IBAN, DNI, *numbers, code, person["phone"][-9:], *rest, token, file_id, forged]
    forbidden += [str(value).rpartition(":")[2] for value in secrets.values()]
    whole = {name: text for name, text in logs(system).items() if text}
    assert len(whole) >= 3, "each process has written something, else nothing was looked at"
    held = {(name, word[:6]) for name, text in whole.items() for word in forbidden if word in text}
    assert held == set()
    assert WORD not in system.log.read_text()
