"""The audit log: everything that must be in it is, nobody can change it unseen, and it holds nobody's words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_service.store import tables
from handoff_service.store.database import Transaction, read_once
from handoff_service.store.migrate import upgrade
from handoff_service.switchboard import audit, handoffs, pauses
from handoff_service.switchboard.audit import Action, Entry
from tests.doubles.service import ROOT, Service
from tests.doubles.widget import identity, open_widget
from tests.handoff_service.conftest import DATABASES, _database_url
from tests.handoff_service.desk_world import ANA, LUIS, World


@pytest.fixture(params=DATABASES)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[World, str]]:
    url = _database_url(request) or f"sqlite:///{tmp_path / 'relevo.db'}"
    upgrade(url)
    made = World(url)
    yield made, url
    made.close()


def _all(tx: Transaction) -> list[Entry]:
    return list(audit.entries(tx))


def _tampered(url: str, *statements: str) -> None:
    """As somebody does who has the database and knows its triggers."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for name in ("audit_no_UPDATE", "audit_no_DELETE") if "sqlite" in url else ():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        if "sqlite" not in url:
            connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER ALL")
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_taking_resolving_and_lifting_a_pause_are_written_down_with_who_and_where(world: tuple[World, str]) -> None:
    desk, url = world
    customer = desk.customer()
    customer.says("hola")
    handoff = customer.wants_person()
    customer.claimed_by(ANA)
    customer.claimed_by(ANA)
    customer.resolved_by(ANA)
    desk.run(handoffs.reopen, desk.words, handoff.id, LUIS)
    customer.resolved_by(LUIS)
    desk.run(lambda tx: pauses.begin(tx, desk.words, handoffs.load(tx, handoff.id)[1], 900, []))
    desk.run(pauses.lift, desk.words, customer.id, LUIS)
    rows = read_once(url, _all)
    mine = [(row.actor, row.role, row.desk, row.action, row.target) for row in rows]
    about = f"handoff:{handoff.id}"
    assert mine == [
        ("Ana", "agent", "console", "took", about),
        ("Ana", "agent", "console", "resolved", about),
        ("Luis", "agent", "console", "took", about),
        ("Luis", "agent", "console", "resolved", about),
        ("Luis", "agent", "console", "lifted_pause", f"conversation:{customer.id}"),
    ]
    assert read_once(url, audit.verify).broken_at is None


def test_what_was_refused_was_not_taken(world: tuple[World, str]) -> None:
    desk, url = world
    customer = desk.customer()
    customer.says("hola")
    customer.wants_person()
    customer.claimed_by(ANA)
    with pytest.raises(handoffs.rules.HandoffRefused):
        customer.claimed_by(LUIS)
    with pytest.raises(handoffs.rules.HandoffRefused):
        customer.resolved_by(LUIS)
    assert [row.actor for row in read_once(url, _all)] == ["Ana"]


def test_a_transcript_that_is_read_again_at_once_is_one_reading(world: tuple[World, str]) -> None:
    desk, url = world
    for agent in (ANA, ANA, LUIS):
        desk.run(audit.record_reading, agent, "handoff:h")
    desk.pass_time(minutes=11)
    desk.run(audit.record_reading, ANA, "handoff:h")
    assert [row.actor for row in read_once(url, _all)] == ["Ana", "Luis", "Ana"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'Luis'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_a_row(world: tuple[World, str], statement: str) -> None:
    desk, url = world
    desk.run(audit.record, ANA, Action.READ, "handoff:h")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        desk.run(lambda tx: tx.connection.exec_driver_sql(statement))
    assert read_once(url, audit.verify).rows == 1


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit SET actor = 'Luis' WHERE number = 3", 3),
        ("UPDATE audit SET target = 'handoff:other' WHERE number = 1", 1),
        ("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE number = 5", 5),
        ("DELETE FROM audit WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number = 4", 4),
        ("UPDATE audit SET number = 6 WHERE number = 5", 5),
        ("UPDATE audit SET digest = previous WHERE number = 5", 5),
    ],
)
def test_tampering_is_found_where_it_was_done(world: tuple[World, str], statement: str, broken_at: int) -> None:
    desk, url = world
    for number in range(5):
        desk.run(audit.record, ANA, Action.READ, f"handoff:{number}")
    assert read_once(url, audit.verify) == audit.Verified(5, read_once(url, _all)[-1].digest)
    _tampered(url, statement)
    assert read_once(url, audit.verify).broken_at == broken_at


def test_rows_cut_off_at_the_end_show_against_a_head_that_was_noted(world: tuple[World, str]) -> None:
    desk, url = world
    for number in range(3):
        desk.run(audit.record, ANA, Action.READ, f"handoff:{number}")
    noted = read_once(url, audit.verify).head
    desk.run(audit.record, ANA, Action.READ, "handoff:later")
    assert read_once(url, audit.verify, noted).broken_at is None
    _tampered(url, "DELETE FROM audit WHERE number > 2")
    assert read_once(url, audit.verify).broken_at is None
    assert read_once(url, audit.verify, noted).broken_at == 3


async def test_reading_and_exporting_by_the_api_is_written_down_and_the_command_checks_it(own_service: Service) -> None:
    secret = "mi-secreto-que-no-va-al-registro"
    async with open_widget(own_service.url, identity=identity("C-1", "Marta Ruiz")) as widget:
        await widget.say(f"{secret}: quiero hablar con una persona")
        await widget.owner("queue")
        with own_service.agent("Ana") as ana, own_service.agent("Luis") as luis:
            (handoff,) = ana.get("/handoffs").json()["handoffs"]
            ana.get(f"/handoffs/{handoff['id']}").raise_for_status()
            ana.get(f"/handoffs/{handoff['id']}").raise_for_status()
            luis.get(f"/conversations/{widget.conversation_id}").raise_for_status()
            assert ana.get("/handoffs/none").status_code == 404
            assert ana.get("/verdicts").status_code == 403
    told = _command(own_service, "audit")
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert [(row["actor"], row["action"], row["target"]) for row in rows] == [
        ("Ana", "read", f"handoff:{handoff['id']}"),
        ("Luis", "read", f"conversation:{widget.conversation_id}"),
    ]
    assert secret not in told.stdout
    assert "Marta" not in told.stdout
    assert json.loads(_command(own_service, "audit", "--verify").stdout)["rows"] == 2
    missing = _command(own_service, "audit", "--verify", "--head", "0" * 63 + "1")
    assert missing.returncode == 1


def _command(service: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: list[Any] = [sys.executable, "-m", "handoff_service", *arguments]
    return subprocess.run(command, cwd=ROOT, env=service.environment, capture_output=True, text=True)


def test_the_table_is_as_the_migration_makes_it(world: tuple[World, str]) -> None:
    engine = sa.create_engine(world[1])
    columns = {column["name"] for column in sa.inspect(engine).get_columns("audit")}
    engine.dispose()
    assert columns == {column.name for column in tables.audit.columns}
