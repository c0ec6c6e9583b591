"""What the assistant remembers of a conversation, across turns, restarts, kills and processes."""

from __future__ import annotations

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.bot.postgres_server import new_database
from tests.bot.project import Assistant, Project, turn
from tests.bot.stub_actions import StubActions, says, takes


def stored_bytes(memory_file: Path, conversation: str) -> int:
    with sqlite3.connect(memory_file) as connection:
        row = connection.execute(
            "SELECT length(events) FROM assistant_memory WHERE conversation_id = ?", (conversation,)
        ).fetchone()
    return int(row[0])


def test_a_long_conversation_is_remembered_in_no_more_than_a_short_one(
    assistant: Assistant, conversation: str, memory_file: Path
) -> None:
    sizes = []
    assistant.say("quiero que me llamen por teléfono", conversation)
    assistant.say("600 111 222", conversation)
    assistant.say("la fibra", conversation)
    for _ in range(40):
        assert assistant.say("¿cuándo vence mi factura?", conversation).status == 200
        sizes.append(stored_bytes(memory_file, conversation))
    assert max(sizes[20:]) <= max(sizes[:20])
    assert assistant.say("llámame", conversation).words == ["Te llamamos al 600 111 222 por: la fibra"]


def grow_older(memory_file: Path, conversation: str, hours: float) -> None:
    """As if the conversation had rested; the higher version makes the assistant read it anew."""
    with sqlite3.connect(memory_file) as connection:
        where = "FROM assistant_memory WHERE conversation_id = ?"
        events = json.loads(connection.execute(f"SELECT events {where}", (conversation,)).fetchone()[0])
        for event in events:
            event["timestamp"] -= hours * 3600
        connection.execute(
            "UPDATE assistant_memory SET events = ?, version = version + 1 WHERE conversation_id = ?",
            (json.dumps(events), conversation),
        )


@pytest.mark.parametrize(("hours", "is_form_left"), [(1, False), (13, True)])
def test_after_half_a_day_a_form_is_left_and_what_is_known_stays(
    assistant: Assistant, conversation: str, memory_file: Path, hours: float, is_form_left: bool
) -> None:
    assistant.say("quiero que me llamen por teléfono", conversation)
    assert assistant.say("600 111 222", conversation).words == ["¿De qué se trata?"]
    grow_older(memory_file, conversation, hours)
    if is_form_left:
        assert assistant.say("hola", conversation).words == ["Hola, soy el asistente de Alborada."]
        assert assistant.say("quiero que me llamen por teléfono", conversation).words == ["¿De qué se trata?"]
    assert assistant.say("la fibra", conversation).words == ["Te llamamos al 600 111 222 por: la fibra"]


def test_a_failed_turn_is_not_remembered(
    assistant: Assistant, actions: StubActions, conversation: str, memory_file: Path
) -> None:
    actions.arrange("action_check_balance", lambda _: (500, {}))
    sent = turn("¿cuánto debo?", conversation)
    assert assistant.turn(sent).status == 502
    with sqlite3.connect(memory_file) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table} WHERE conversation_id = ?", (conversation,)).fetchone()  # noqa: S608
            for table in ("assistant_memory", "assistant_turns")
        ]
    assert counts == [(0,), (0,)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("violently", [False, True], ids=["stopped", "killed"])
def test_a_restart_forgets_neither_the_conversation_nor_the_answers(
    project: Project, actions: StubActions, tmp_path: Path, violently: bool
) -> None:
    first = Assistant(project, tmp_path, actions.url).start()
    first.say("quiero que me llamen por teléfono", "c")
    sent = turn("600 111 222", "c")
    before = first.turn(sent)
    assert before.words == ["¿De qué se trata?"]
    (first.kill if violently else first.stop)()
    second = Assistant(project, tmp_path, actions.url).start()
    try:
        assert second.turn(sent).body == before.body
        assert second.say("la fibra", "c").words == ["Te llamamos al 600 111 222 por: la fibra"]
    finally:
        second.stop()


@pytest.mark.timeout(300)
def test_a_kill_in_the_middle_of_a_turn_leaves_it_to_be_taken_again(
    project: Project, actions: StubActions, tmp_path: Path
) -> None:
    first = Assistant(project, tmp_path, actions.url).start()
    first.say("quiero que me llamen por teléfono", "c")
    actions.arrange("validate_callback_form", takes(2.5, lambda _: (200, {"events": [], "responses": []})))
    sent = turn("600 111 222", "c")
    with ThreadPoolExecutor(1) as caller:
        waiting = caller.submit(first.turn, sent)
        while actions.times("validate_callback_form") < 2:
            time.sleep(0.05)
        first.kill()
        with pytest.raises(OSError, match=r"."):
            waiting.result()
    actions.calm_down()
    second = Assistant(project, tmp_path, actions.url).start()
    try:
        assert second.turn(sent).words == ["¿De qué se trata?"]
    finally:
        second.stop()


@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_two_processes_on_one_postgresql_share_memory_and_take_each_turn_once(
    project: Project, actions: StubActions, tmp_path: Path, postgres: str
) -> None:
    database = new_database(postgres)
    one, other = (Assistant(project, tmp_path, actions.url, DATABASE_URL=database) for _ in range(2))
    try:
        one.start()
        other.start()
        actions.arrange("action_check_balance", takes(0.5, says("Debes 12 €.")))
        sent = turn("¿cuánto debo?", "c")
        with ThreadPoolExecutor(2) as callers:
            replies = list(callers.map(lambda assistant: assistant.turn(sent), (one, other)))
        assert [reply.status for reply in replies] == [200, 200]
        assert replies[0].body == replies[1].body
        assert actions.times("action_check_balance") == 1
        assert one.say("quiero que me llamen por teléfono", "c").words == ["¿A qué número te llamamos?"]
        assert other.say("600 111 222", "c").words == ["¿De qué se trata?"]
        assert one.say("la fibra", "c").words == ["Te llamamos al 600 111 222 por: la fibra"]
    finally:
        one.stop()
        other.stop()


def test_the_assistant_does_without_tensorflow(assistant: Assistant, conversation: str) -> None:
    assert assistant.say("hola", conversation).status == 200
    assert not assistant.has_loaded("tensorflow")
    assert assistant.resident_megabytes() < 400
