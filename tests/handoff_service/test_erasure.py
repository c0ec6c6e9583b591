"""What is kept of people: handed out whole, erased to the last byte, held while a case is open, gone when it is old."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from handoff_service.privacy import outliving, records
from handoff_service.store import tables
from handoff_service.store.database import Transaction
from handoff_service.store.migrate import upgrade
from tests.doubles.service import ROOT, Service
from tests.doubles.widget import identity, open_widget
from tests.handoff_service.conftest import DATABASES, _database_url
from tests.handoff_service.desk_world import ANA, World

pytestmark = pytest.mark.timeout(300)
MARK = "Xq7-huella-irrepetible"
# Tables that hold nothing of a customer. A new table must be named here or be reached by `records.erase`.
NOBODYS = {"audit", "desk_agents", "slack_agents", "leases", "revoked_tokens", "telegram_groups"}
BY_OTHER_MEANS = {"customers", "inbox"}


def _command(service: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: list[Any] = [sys.executable, "-m", "handoff_service", *arguments]
    return subprocess.run(command, cwd=ROOT, env=service.environment, capture_output=True, text=True)


def _holding(directory: Path, mark: str) -> list[str]:
    return [path.name for path in directory.rglob("*") if path.is_file() and mark.encode() in path.read_bytes()]


async def test_an_erased_customer_leaves_no_byte_in_the_database_its_log_or_the_files(
    own_service: Service, tmp_path: Path
) -> None:
    async with open_widget(own_service.url, identity=identity(f"C-{MARK}", f"Marta {MARK}")) as widget:
        sent = httpx.post(
            f"{own_service.url}/v1/widget/files",
            files={"file": (f"{MARK}.txt", f"hola {MARK}".encode())},
            headers={"Authorization": f"Bearer {widget.token}"},
            trust_env=False,
        )
        with_file = {"type": "message", "id": "m-file", "text": f"mirad {MARK}", "attachments": [sent.json()["id"]]}
        await widget.send(with_file)
        await widget.message("assistant")
        await widget.say(f"quiero hablar con una persona {MARK}")
        await widget.owner("queue")
        with own_service.agent("Ana") as ana:
            (handoff,) = ana.get("/handoffs").json()["handoffs"]
            held = _command(own_service, "erase", f"C-{MARK}")
            assert (held.returncode, json.loads(held.stdout)["held"]) == (4, [handoff["code"]])
            ana.post(f"/handoffs/{handoff['id']}/claim").raise_for_status()
            ana.post(f"/handoffs/{handoff['id']}/notes", json={"text": f"nota {MARK}"}).raise_for_status()
            ana.post(f"/handoffs/{handoff['id']}/resolve").raise_for_status()
    async with open_widget(own_service.url, identity=identity("C-other", "Otra")) as other:
        await other.say("lo mío se queda")
        await other.message("assistant")
        kept = other.conversation_id

    told = json.loads(_command(own_service, "export", f"C-{MARK}").stdout)
    assert f"mirad {MARK}" in [message["text"] for message in told["messages"]]
    assert [note["text"] for note in told["notes"]] == [f"nota {MARK}"]
    assert (told["customers"][0]["name"], len(told["files"])) == (f"Marta {MARK}", 1)
    assert "lo mío" not in json.dumps(told, ensure_ascii=False)
    assert len(_holding(tmp_path, MARK)) >= 2

    own_service.control_assistant(mode="down")
    assert _command(own_service, "erase", f"C-{MARK}").returncode == 1
    assert _command(own_service, "export", f"C-{MARK}").returncode == 0
    own_service.control_assistant(mode="well")
    receipt = json.loads(_command(own_service, "erase", f"C-{MARK}").stdout)
    assert receipt["erased"]["conversations"] == [widget.conversation_id]
    assert receipt["erased"]["rows"]["customers"] == receipt["erased"]["files"] == 1
    assert receipt["erased"]["assistant_memory"] >= 2
    assert receipt["log_emptied"]
    assert receipt["by_hand"]["search_slack_for"] == [handoff["code"]]
    assert [body for body in own_service.asked() if MARK in str(body)] == []

    assert _command(own_service, "erase", f"C-{MARK}").returncode == 3
    assert _holding(tmp_path, MARK) == []
    rows = [json.loads(line) for line in _command(own_service, "audit").stdout.splitlines()]
    assert [row["action"] for row in rows if row["role"] == "operator"] == ["exported", "exported", "erased"]
    assert json.loads(_command(own_service, "audit", "--verify").stdout)["broken_at"] is None
    assert not list((tmp_path / "files").iterdir())
    with own_service.agent("Ana") as ana:
        assert ana.get(f"/conversations/{kept}").json()["messages"][0]["text"] == "lo mío se queda"
        assert ana.get(f"/conversations/{widget.conversation_id}").status_code == 404
    async with open_widget(own_service.url, identity=identity(f"C-{MARK}", "Marta")) as again:
        assert again.conversation_id != widget.conversation_id
        assert again.messages() == []


def test_every_table_is_reached_by_an_erasure_or_known_to_hold_nothing_of_customers() -> None:
    reached = {table.name for table in tables.metadata.sorted_tables if records.belongs_to(table, ["c"]) is not None}
    assert {table.name for table in tables.metadata.sorted_tables} == reached | NOBODYS | BY_OTHER_MEANS
    assert not reached & NOBODYS


# What is erased and not handed out: ways in, and how far a platform has been told. No word of anybody stands in it.
MACHINERY = {"widget_tokens", "slack_threads", "slack_places", "telegram_messages", "channel_links"}
# The same words as in `messages` and `notes`: those of a turn, and what an agent's line on its way into them was.
COPIES = {"turns", "slack_messages"}


def test_what_is_erased_is_handed_out_too_but_for_what_says_nothing() -> None:
    reached = {table.name for table in tables.metadata.sorted_tables if records.belongs_to(table, ["c"]) is not None}
    assert reached - set(records.EXPORTED) == MACHINERY | COPIES


@pytest.fixture(params=DATABASES)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    url = _database_url(request) or f"sqlite:///{tmp_path / 'relevo.db'}"
    upgrade(url)
    made = World(url)
    yield made
    made.close()


def _whole(tx: Transaction) -> str:
    rows = {t.name: [tuple(r) for r in tx.connection.execute(sa.select(t))] for t in tables.metadata.sorted_tables}
    return str({name: found for name, found in rows.items() if name != "audit"})


def test_what_is_old_loses_its_words_and_its_person_and_keeps_its_figures(world: World) -> None:
    customer = world.customer()
    customer.says(f"hola {MARK}", "refund")
    handoff = customer.wants_person()
    customer.claimed_by(ANA)
    customer.answered_by(ANA, f"hola {MARK}")
    customer.resolved_by(ANA)
    before = world.run(_figures)
    assert world.run(outliving.due, 90, 0, 7) == outliving.Due()
    world.now += timedelta(days=91)
    assert world.run(outliving.due, 90, 0, 7).conversations == (customer.id,)
    assert world.run(outliving.due, 0, 0, 7).conversations == ()
    world.run(outliving.leave_figures, customer.id)
    left = world.run(_whole)
    assert MARK not in left
    assert customer.id not in left
    assert handoff.code not in left
    assert world.run(_figures) == before
    assert world.run(outliving.due, 90, 0, 7).conversations == ()


def _figures(tx: Transaction) -> list[Any]:
    columns = (tables.messages.c.intent, tables.messages.c.frustration, tables.messages.c.author)
    told = tx.connection.execute(sa.select(*columns).order_by(tables.messages.c.seq)).all()
    happened = tx.connection.execute(sa.select(tables.events.c.kind, tables.events.c.at).order_by(tables.events.c.id))
    ended = tx.connection.execute(sa.select(tables.handoffs.c.reason, tables.handoffs.c.resolved_at)).all()
    return [told, happened.all(), ended]


def test_an_open_case_is_held_however_old_it_is(world: World) -> None:
    customer = world.customer()
    customer.says("hola")
    customer.wants_person()
    world.now += timedelta(days=400)
    found = world.run(outliving.due, 90, 90, 7)
    assert (found.conversations, found.held) == ((), 1)
    customer.claimed_by(ANA)
    customer.resolved_by(ANA)
    world.now += timedelta(days=91)
    assert world.run(outliving.due, 90, 90, 7).conversations == (customer.id,)


def test_what_a_platform_sent_goes_a_week_after_it_was_handled(world: World) -> None:
    def keep(tx: Transaction) -> None:
        row = {"source": "slack", "payload": {}, "tries": 0, "received_at": tx.now, "due_at": tx.now}
        tx.connection.execute(sa.insert(tables.inbox).values(external_id="done", handled_at=tx.now, **row))
        tx.connection.execute(sa.insert(tables.inbox).values(external_id="waits", **row))

    world.run(keep)
    assert world.run(outliving.due, 90, 90, 7).inbox == 0
    world.now += timedelta(days=8)
    assert world.run(outliving.due, 90, 90, 7).inbox == 1
    assert world.run(outliving.drop_inbox, 7) == 1
    left = world.run(lambda tx: tx.connection.execute(sa.select(tables.inbox.c.external_id)).scalars().all())
    assert left == ["waits"]


def test_nothing_is_due_on_a_new_installation(own_service: Service) -> None:
    told = _command(own_service, "retention", "--dry-run")
    assert json.loads(told.stdout) == {
        "would_erase": {"conversations": 0, "files": 0, "inbox": 0},
        "held": 0,
        "held_by_complaints": 0,
    }
    assert json.loads(_command(own_service, "retention", "--apply").stdout)["erased"]["conversations"] == 0
    assert _command(own_service, "retention").returncode == 2
    assert _command(own_service, "export", "nobody").returncode == 3
