"""What a customer orders in the chat: their copy, or everything erased with a receipt; held while a case is open."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_service.settings import Settings
from handoff_service.store import tables
from tests.doubles.http import HTTP
from tests.doubles.service import ROOT, SECRET, Service
from tests.doubles.widget import Widget, identity, open_widget

pytestmark = pytest.mark.timeout(300)
CODE = re.compile(r"D-[2-9A-Z]{6}")


@pytest.fixture
def mark() -> str:
    return f"huella-{uuid.uuid4().hex}"


async def ordered(service: Service, widget: Widget, kind: str, customer: str, **claims: Any) -> None:
    """The assistant's next answer carries this order, as an action signs it."""
    service.control_assistant(orders={"order": kind, "sub": customer, **claims})
    await widget.say("por favor")


def command(service: Service, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    done = subprocess.run(
        [sys.executable, "-m", "handoff_service", *arguments],
        cwd=ROOT,
        env=service.environment,
        capture_output=True,
        text=True,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def everything(service: Service) -> str:
    """Every row of every table as text."""
    environment = service.environment
    settings = Settings(
        relevo_secret=SECRET, data_dir=Path(environment["DATA_DIR"]), database_url=environment["DATABASE_URL"]
    )
    engine = sa.create_engine(settings.database)
    with engine.connect() as connection:
        rows = {t.name: [dict(r) for r in connection.execute(sa.select(t)).mappings()] for t in _tables()}
    engine.dispose()
    return str(rows)


def _tables() -> list[sa.Table]:
    return list(tables.metadata.sorted_tables)


async def a_past(service: Service, widget: Widget, mark: str) -> str:
    """Something said, a case that was solved with a note and a promise, and a file; the case's code."""
    sent = HTTP.post(
        f"{service.url}/v1/widget/files",
        files={"file": (f"{mark}.txt", f"hola {mark}".encode())},
        headers={"Authorization": f"Bearer {widget.token}"},
    )
    await widget.send(
        {"type": "message", "id": f"f-{mark}", "text": f"mira {mark}", "attachments": [sent.json()["id"]]}
    )
    await widget.message("assistant")
    await widget.say(f"quiero una persona {mark}")
    await widget.owner("queue")
    with service.agent("Ana") as ana:
        handoff = next(
            h for h in ana.get("/handoffs").json()["handoffs"] if h["conversation_id"] == widget.conversation_id
        )
        ana.post(f"/handoffs/{handoff['id']}/claim").raise_for_status()
        ana.post(f"/handoffs/{handoff['id']}/notes", json={"text": f"nota {mark}"}).raise_for_status()
        done = {"promise": f"te llamo {mark}", "due": None, "outcome": "solved"}
        ana.post(f"/handoffs/{handoff['id']}/resolve", json=done).raise_for_status()
    await widget.owner("assistant")
    return str(handoff["code"])


async def test_a_copy_comes_as_a_file_with_every_word_but_the_teams_notes(service: Service, mark: str) -> None:
    async with open_widget(service.url, identity=identity(f"C-{mark}", f"Marta {mark}")) as widget:
        code = await a_past(service, widget, mark)
        await ordered(service, widget, "export", f"C-{mark}")
        said = await widget.message("system", "copia")
        (attachment,) = said["attachments"]
        found = HTTP.get(attachment["url"])
        own = found.json()
    order = CODE.search(said["text"])
    assert order is not None
    assert attachment["name"] == f"mis-datos-{order[0]}.json"
    assert found.headers["content-disposition"].startswith("attachment")
    (told,) = own["conversations"]
    assert f"mira {mark}" in [message.get("text") for message in told["messages"]]
    assert own["customer"]["name"] == f"Marta {mark}"
    assert [case["code"] for case in told["cases"]] == [code]
    assert [promise["text"] for promise in told["promises"]] == [f"te llamo {mark}"]
    assert [file["name"] for file in told["files"]] == [f"{mark}.txt"]
    assert (told["internal_notes"], f"nota {mark}" in found.text) == (1, False)
    _, rows = command(service, "audit")
    assert [(row["actor"], row["role"]) for row in rows if row["action"] == "exported"][-1] == ("customer", "customer")


async def test_what_is_ordered_right_after_a_case_has_ended_does_not_take_the_case_up_again(
    service: Service, mark: str
) -> None:
    async with open_widget(service.url, identity=identity(f"C-{mark}", "Marta")) as widget:
        await a_past(service, widget, mark)
        service.control_assistant(next_answers=[{"nlu": {"intent": None, "confidence": None}}])
        await ordered(service, widget, "export", f"C-{mark}")
        assert (await widget.message("system", "copia"))["attachments"]


async def test_everything_goes_the_chat_stays_open_and_says_so_with_a_code(service: Service, mark: str) -> None:
    who = identity(f"C-{mark}", f"Marta {mark}")
    async with open_widget(service.url, identity=who) as widget, open_widget(service.url, identity=who) as phone:
        old_case = await a_past(service, widget, mark)
        await widget.say(f"y otra cosa {mark}")
        await widget.message("assistant")
        shown = {message["seq"] for message in phone.messages()} | {m["seq"] for m in widget.messages()}
        await ordered(service, widget, "erase", f"C-{mark}")
        receipt = await widget.message("system", "borrado")
        await phone.message("system", "borrado")
        taken_off = {frame["seq"] for frame in phone.frames if frame["type"] == "deleted"}
        assert shown <= taken_off
        await widget.say("¿sigues ahí?")
        assert "¿sigues ahí?" in (await widget.message("assistant"))["text"]
    found = CODE.search(receipt["text"])
    assert found is not None
    left = everything(service)
    assert mark not in left
    assert left.count(old_case) == 1, "only where the operator is told what to look for"
    assert mark not in "".join(path.name for path in Path(service.environment["DATA_DIR"]).rglob("*"))
    assert [body for body in service.asked() if mark in str(body)] == []
    order = next(row for row in command(service, "orders")[1] if row["code"] == found[0])
    assert (order["kind"], order["status"]) == ("erase", "done")
    assert order["receipt"]["erased"]["rows"]["notes"] == order["receipt"]["erased"]["files"] == 1
    assert order["receipt"]["erased"]["rows"]["promises"] == 1
    assert order["receipt"]["by_hand"]["search_slack_for"] == [old_case]
    _, rows = command(service, "audit")
    assert [row["role"] for row in rows if row["action"] == "erased"][-1] == "customer"
    assert command(service, "audit", "--verify")[1][0]["broken_at"] is None
    async with open_widget(service.url, identity=who, token=widget.token) as again:
        texts = [message["text"] for message in again.messages()]
    assert again.conversation_id == widget.conversation_id
    assert (texts[0], len(texts)) == (receipt["text"], 3)


async def test_the_operators_commands_reach_the_same_on_either_database(service: Service, mark: str) -> None:
    async with open_widget(service.url, identity=identity(f"C-{mark}", f"Marta {mark}")) as widget:
        code = await a_past(service, widget, mark)
        with service.agent("Ana") as ana:
            (done,) = ana.get("/handoffs", params={"search": code}).json()["handoffs"]
            ana.post(f"/handoffs/{done['id']}/verdict", json={"verdict": "too_late"}).raise_for_status()
    subprocess.run([sys.executable, "-m", "handoff_service", "verdicts"], cwd=ROOT, env=service.environment, check=True)
    verdicts = Path(service.environment["DATA_DIR"]) / "judgement" / "verdicts.yml"
    assert "quiero una persona" in verdicts.read_text()  # the mark is masked where it looks like a number of somebody
    _, (told,) = command(service, "export", f"C-{mark}")
    assert [promise["text"] for promise in told["promises"]] == [f"te llamo {mark}"]
    status, (receipt,) = command(service, "erase", f"C-{mark}")
    assert (status, receipt["erased"]["rows"]["promises"]) == (0, 1)
    assert not verdicts.exists()
    assert mark not in everything(service)
    assert command(service, "export", f"C-{mark}")[0] == 3


async def test_other_conversations_of_theirs_go_too_and_nobody_elses(service: Service, mark: str) -> None:
    who = identity(f"C-{mark}", "Marta")
    async with open_widget(service.url) as other, open_widget(service.url, identity=who) as widget:
        await other.say("lo mío se queda")
        await other.message("assistant")
        service.control_assistant(proves={"sub": f"C-{mark}", "name": "Marta"})
        async with open_widget(service.url) as elsewhere:
            await elsewhere.say(f"otro sitio {mark}")
            await elsewhere.message("assistant")
            service.control_assistant(proves=None)
            gone = elsewhere.conversation_id
            await widget.say(f"aquí {mark}")
            await widget.message("assistant")
            await ordered(service, widget, "erase", f"C-{mark}")
            await widget.message("system", "borrado")
            await elsewhere.until(lambda f: f["type"] == "error" and f["code"] == "unauthorized")
            assert (await elsewhere.hello(token=elsewhere.token))["code"] == "unauthorized"
            assert (await elsewhere.hello())["type"] == "welcome"
        with service.agent("Ana") as ana:
            assert ana.get(f"/conversations/{gone}").status_code == 404
            kept = ana.get(f"/conversations/{other.conversation_id}").json()["messages"]
    assert "lo mío se queda" in [message["text"] for message in kept]
    assert mark not in everything(service)


async def test_an_open_complaint_or_case_holds_everything(service: Service, mark: str) -> None:
    async with open_widget(service.url, identity=identity(f"C-{mark}", "Marta")) as widget:
        await widget.say(f"hola {mark}")
        await widget.message("assistant")
        service.control_assistant(complaints={f"C-{mark}": "QJ-2345"})
        assert command(service, "erase", f"C-{mark}")[0] == 4
        await ordered(service, widget, "erase", f"C-{mark}")
        held = await widget.message("system", "QJ-2345")
        assert [button["payload"] for button in held["buttons"]] == ["queue.request"]
        service.control_assistant(complaints={})
        await widget.say("una persona, por favor")
        await widget.owner("queue")
        with service.agent("Ana") as ana:
            (code,) = [
                h["code"]
                for h in ana.get("/handoffs").json()["handoffs"]
                if h["conversation_id"] == widget.conversation_id
            ]
        await widget.say("sigo contigo", payload="queue.continue")
        await ordered(service, widget, "erase", f"C-{mark}")
        await widget.message("system", code)
    assert mark in everything(service)
    assert {row["status"] for row in command(service, "orders")[1][-2:]} == {"held"}


async def test_nothing_is_erased_while_complaints_cant_be_asked_for_and_it_is_done_once_they_can(
    service: Service, mark: str
) -> None:
    async with open_widget(service.url, identity=identity(f"C-{mark}", "Marta")) as widget:
        await widget.say(f"hola {mark}")
        await widget.message("assistant")
        service.control_assistant(complaints=None)
        assert command(service, "erase", f"C-{mark}")[0] == 1
        await ordered(service, widget, "erase", f"C-{mark}")
        await widget.message("assistant")
        assert [f for f in await widget.quiet(1.5) if f["type"] in ("deleted", "message")] == []
        assert mark in everything(service)
        service.control_assistant(complaints={})
        await widget.until(lambda f: f["type"] == "message" and "borrado" in f["text"], 20)
    assert mark not in everything(service)


@pytest.mark.parametrize(
    "claims",
    [
        {"tid": "another-turn"},
        {"cid": "another-conversation"},
        {"aud": "relevo-switchboard"},
        {"key": "a-key-that-nobody-has-0123456789abcdef"},
        {"exp": 1},
        {"order": "everything"},
    ],
)
async def test_an_order_that_nobody_signed_for_this_turn_does_nothing_and_promises_nothing(
    service: Service, mark: str, claims: dict[str, Any]
) -> None:
    async with open_widget(service.url, identity=identity(f"C-{mark}", "Marta")) as widget:
        await widget.say(f"hola {mark}")
        await widget.message("assistant")
        before = len(command(service, "orders")[1])
        service.control_assistant(next_answers=[])
        await ordered(service, widget, "erase", f"C-{mark}", **claims)
        failed = await widget.message("system")
    assert "eco" not in failed["text"]
    assert len(command(service, "orders")[1]) == before
    assert mark in everything(service)


async def test_an_order_for_another_customer_than_the_one_who_is_here_does_nothing(service: Service, mark: str) -> None:
    async with open_widget(service.url, identity=identity(f"C-{mark}", "Marta")) as victim:
        await victim.say(f"hola {mark}")
        await victim.message("assistant")
    async with open_widget(service.url) as nobody, open_widget(service.url, identity=identity("C-x", "Eva")) as eva:
        for widget in (nobody, eva):
            await ordered(service, widget, "erase", f"C-{mark}")
            assert "eco" not in (await widget.message("system", "sigue como estaba"))["text"]
    assert mark in everything(service)
