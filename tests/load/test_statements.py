"""How many statements the everyday takes: each costs more of a turn than what the database does for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from handoff_service.store.database import Store
from handoff_service.switchboard import receiving, turns, visitors
from handoff_service.switchboard.answers import Answer, Said, Understood
from handoff_service.switchboard.hub import Hub
from handoff_service.switchboard.turns import Turn
from handoff_service.words import load_words
from tests.load.stage import Venue

ANSWER = Answer((Said("Son 20 €.", ()),), "es", Understood("check_balance", 0.9, 0.1), None, [])


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What has been sent to the database, but for the transactions' own words."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(Venue(tmp_path).unopened().database, Hub())
    yield opened
    opened.close()


async def test_a_turn_asks_nothing_about_persons_and_customers_that_never_were(
    store: Store, statements: list[str]
) -> None:
    words = load_words("Alborada")
    visit = await store.run(visitors.greet, None, None, "es")
    for number in range(2):  # the first message brings the welcome as well
        spent = []
        statements.clear()
        await store.run(receiving.receive, words, visit.conversation.id, "¿Cuánto debo?", None, f"c{number}")
        spent.append(len(statements))
        turn = await store.run(turns.begin_turn, words, visit.conversation.id)
        assert isinstance(turn, Turn)
        spent.append(len(statements))
        await store.run(turns.finish_turn, words, turn.id, ANSWER)
        spent.append(len(statements))
    assert spent == [6, 11, 18], "\n".join(statements)


async def test_who_comes_back_within_the_hour_is_known_by_one_statement(store: Store, statements: list[str]) -> None:
    visit = await store.run(visitors.greet, None, None, "es")
    statements.clear()
    assert await store.run(visitors.greet, visit.token, None, "es") == visit
    assert len(statements) == 1, "\n".join(statements)
