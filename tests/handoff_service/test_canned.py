"""Canned replies: the trainers' file, what is filled in, and who gets which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, update

from handoff_service.desks.canned_file import load_canned
from handoff_service.settings import SettingsAreWrong
from handoff_service.store.database import Transaction
from handoff_service.store.tables import customers, handoffs
from handoff_service.switchboard import canned
from handoff_service.switchboard.canned import Canned
from handoff_service.switchboard.handoffs import NoSuchHandoff
from handoff_service.switchboard.rules.canned import fill, mistake
from tests.doubles.service import Service
from tests.doubles.widget import identity, open_widget
from tests.handoff_service.desk_world import ANA, World

FILE = """
replies:
  hi:
    title: {es: Saludo, en: Greeting}
    es: Hola[, {name}], soy {agent}, de {operator}. Código {code}.
    en: Hi[ {name}], I'm {agent} from {operator}. Code {code}.
  bill:
    title: {es: Factura, en: Bill}
    teams: [billing]
    es: Miro tu factura.
    en: I'm looking at your bill.
"""
TEAMS = "agents: {Ana: }\nteams: {billing: {topics: [refund]}, technical: {}}\n"


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "canned.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_projects_own_replies_are_in_order_and_in_both_languages() -> None:
    replies = load_canned()
    assert {"greeting", "anything_else"} <= {reply.name for reply in replies}
    for reply in replies:
        assert set(reply.texts) == set(reply.titles) == {"es", "en"}
        assert reply.texts["es"] != reply.texts["en"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("replies:\n  hi:\n    title: {es: A, en: B}\n    es: Hola\n", "line 2: `hi` has no `en`"),
        ("replies:\n  hi:\n    title: {es: A}\n    es: Hola\n    en: Hi\n", "line 3: the title of `hi` lacks"),
        (
            "replies:\n  hi:\n    title: {es: A, en: B}\n    es: Hola {nombre}\n    en: Hi\n",
            "line 4: nothing fills {nombre}",
        ),
        (
            "replies:\n  hi:\n    title: {es: A, en: B}\n    es: Hola {name}\n    en: Hi\n",
            "line 4: {name} is not always",
        ),
        ("replies:\n  hi:\n    title: {es: A, en: B}\n    es: Hola\n    en: 'Hi[ {name}'\n", "line 5: a [ or ]"),
        ("replies:\n  hi: {}\n  hi: {}\n", "line 3: `hi` stands there twice"),
        ("answers: {}\n", "line 1: unknown key `answers`"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingsAreWrong) as wrong:
        load_canned(written(tmp_path, text))
    assert complaint in str(wrong.value)


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert load_canned(tmp_path / "nothing.yml") == ()


@given(st.text(), st.text(min_size=1))
def test_what_is_filled_in_is_never_taken_for_a_placeholder(name: str, code: str) -> None:
    assert fill("[{name}: ]{code}", {"name": name, "code": code}) == (f"{name}: " if name else "") + code
    assert mistake("[{name}: ]{code}") is None


def test_a_team_gets_its_replies_and_everybodys_filled_in(desk: Callable[..., World], tmp_path: Path) -> None:
    world = desk(TEAMS)
    ready = Canned(load_canned(written(tmp_path, FILE)), "Alborada")
    customer = world.customer("en")
    code = customer.wants_person().code
    world.run(_moved, customer.handoff.id, "billing")
    found = world.run(canned.for_handoff, ready, customer.handoff.id, ANA)
    assert [each.text for each in found] == [f"Hi, I'm Ana from Alborada. Code {code}.", "I'm looking at your bill."]
    world.run(_named, customer.handoff.id, "Lucía [x] {code}")
    found = world.run(canned.for_handoff, ready, customer.handoff.id, ANA)
    assert found[0].text == f"Hi Lucía [x] {{code}}, I'm Ana from Alborada. Code {code}."
    world.run(_moved, customer.handoff.id, "technical")
    assert [each.name for each in world.run(canned.for_handoff, ready, customer.handoff.id, ANA)] == ["hi"]
    with pytest.raises(NoSuchHandoff):
        world.run(canned.for_handoff, ready, "nothing", ANA)


def test_a_reply_for_teams_that_are_not_there_is_everybodys(desk: Callable[..., World], tmp_path: Path) -> None:
    world = desk()
    ready = Canned(load_canned(written(tmp_path, FILE)), "Alborada")
    customer = world.customer()
    customer.wants_person()
    found = world.run(canned.for_handoff, ready, customer.handoff.id, ANA)
    assert [(each.name, each.titles["es"]) for each in found] == [("hi", "Saludo"), ("bill", "Factura")]


async def test_the_api_gives_them_as_they_would_be_sent(service: Service) -> None:
    async with open_widget(service.url, identity=identity("C-canned", "Lucía")) as widget:
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        with service.agent("Luis") as luis:
            listed = luis.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
            handoff = next(h for h in listed if h["conversation_id"] == widget.conversation_id)
            answer = luis.get(f"/handoffs/{handoff['id']}/canned")
            assert answer.status_code == 200
            greeting = answer.json()["canned"][0]
            assert greeting["title"] == {"es": "Saludo", "en": "Greeting"}
            assert greeting["text"].startswith("Hola, Lucía, soy Luis, de Alborada.")
            assert luis.get("/handoffs/nothing/canned").status_code == 404


def _moved(tx: Transaction, handoff_id: str, team: str) -> None:
    tx.connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(team=team))


def _named(tx: Transaction, handoff_id: str, name: str) -> None:
    tx.connection.execute(insert(customers).values(id="C-1", name=name, created_at=tx.now))
    tx.connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(customer_id="C-1"))
