"""How SQLite goes about the queries of a turn, of a look at a case and of a thread in Slack.

A conversation's length and the record's age must not matter to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from handoff_service.desks.desk_file import load_desk_file
from handoff_service.store.database import Store
from handoff_service.switchboard import conversations, receiving, transcript, turns, views, visitors
from handoff_service.switchboard.answers import Answer, Understood
from handoff_service.switchboard.hub import Hub
from handoff_service.words import load_words
from tests.load.stage import Venue

WHOLE_CONVERSATION = "(conversation_id=?)"  # the key is used no further: every message of it is read


@pytest.fixture
def plans() -> Iterator[list[tuple[str, str]]]:
    """Each statement that touches messages, with each step by which SQLite carries it out."""
    seen: list[tuple[str, str]] = []

    def explain(_connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            steps = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            seen.extend((statement, step[3]) for step in steps if "messages" in step[3])

    event.listen(Engine, "before_cursor_execute", explain)
    yield seen
    event.remove(Engine, "before_cursor_execute", explain)


async def test_no_query_of_a_turn_reads_all_messages_of_the_conversation(
    tmp_path: Path, plans: list[tuple[str, str]]
) -> None:
    words = load_words("Alborada")
    store = Store(Venue(tmp_path).unopened().database, Hub(), roster=load_desk_file(None))
    try:
        visit = await store.run(visitors.greet, None, None, "es")
        here = visit.conversation.id
        written = await store.run(receiving.receive, words, here, "¿Cuánto debo este mes?", None, "m1")
        turn = await store.run(turns.begin_turn, words, here)
        assert isinstance(turn, turns.Turn)
        understood = Understood("check_balance", 0.9, 0.1)
        await store.run(turns.finish_turn, words, turn.id, Answer((), "es", understood, None, []))
        await store.run(turns.begin_turn, words, here)
        await store.read(views.for_customer, here, written.seq, 0)
        await store.read(turns.unattended)
    finally:
        store.close()
    assert len(plans) > 8
    for statement, step in plans:
        assert step.startswith("SEARCH"), statement
        assert WHOLE_CONVERSATION not in step or "LIMIT" in statement, (statement, step)


async def test_corrections_and_new_messages_come_together_once_and_in_order(tmp_path: Path) -> None:
    words = load_words("Alborada")
    store = Store(Venue(tmp_path).unopened().database, Hub(), roster=load_desk_file(None))

    def amend(tx: Any, conversation_id: str, seq: int) -> None:
        message = transcript.by_seq(tx, conversation_id, seq)
        assert message is not None
        transcript.correct(tx, conversations.load(tx, conversation_id), message, "otra cosa", "Ana")

    try:
        here = (await store.run(visitors.greet, None, None, "es")).conversation.id
        for number in range(3):  # the first brings the welcome as number 2
            await store.run(receiving.receive, words, here, f"Mensaje número {number}", None, f"m{number}")
        await store.run(amend, here, 1)
        await store.run(amend, here, 4)
        seen = {
            (seq, revision): [m.seq for m in await store.read(transcript.since, here, seq, revision)]
            for seq, revision in ((0, 0), (4, 0), (3, 0), (4, 1), (4, 2), (2, 2))
        }
    finally:
        store.close()
    assert seen == {(0, 0): [1, 2, 3, 4], (4, 0): [1, 4], (3, 0): [1, 4], (4, 1): [4], (4, 2): [], (2, 2): [3, 4]}
