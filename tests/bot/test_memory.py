"""Rasa's memory: bounded, exact, and saved with the answer or not at all."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import memory_tables
from bot.memory import Memory
from bot.memory_tables import MemoryChangedError
from bot.turns_kept import TURNS_BEFORE_SHORTENING
from tests.bot.postgres_server import new_database

DOMAIN = Domain.from_dict(
    {
        "intents": ["hi"],
        "slots": {
            "name": {"type": "text", "mappings": [{"type": "custom"}]},
            "language": {"type": "text", "initial_value": "es", "mappings": [{"type": "custom"}]},
        },
        "forms": {"form": {"required_slots": ["name"]}},
        "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
    }
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'memory.db'}"
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def memory(database: str) -> Memory:
    return Memory(DOMAIN, host=database)


async def begun(memory: Memory, conversation: str = "c") -> DialogueStateTracker:
    tracker = await memory.get_or_create_tracker(conversation, append_action_listen=False)
    if not tracker.events:
        tracker.update_with_events(
            [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")], DOMAIN
        )
    return tracker


def take_turn(tracker: DialogueStateTracker, number: int) -> None:
    metadata = {"turn_id": f"t{number}", "channel": "widget", "language": "es", "verification": "proof"}
    tracker.update_with_events(
        [
            UserUttered(f"turn {number}", {"name": "hi", "confidence": 1.0}, [], metadata=metadata),
            ActionExecuted("utter_hi"),
            BotUttered("hi", {"buttons": None}),
            ActionExecuted("action_listen"),
        ],
        DOMAIN,
    )


def state(tracker: DialogueStateTracker) -> tuple:
    return (
        tracker.current_slot_values(),
        tracker.active_loop_name,
        tracker.latest_action_name,
        tracker.latest_message.text if tracker.latest_message else None,
        [event.text for event in tracker.events if isinstance(event, UserUttered)],
    )


async def test_a_conversation_that_never_was_is_not_stored_by_asking_for_it(memory: Memory) -> None:
    assert await memory.retrieve("c") is None
    await begun(memory)
    assert await memory.retrieve("c") is None
    assert list(await memory.keys()) == []


async def test_what_was_saved_is_there_for_another_process(memory: Memory, database: str) -> None:
    tracker = await begun(memory)
    take_turn(tracker, 1)
    tracker.update(SlotSet("name", "Lucía"), DOMAIN)
    await memory.save_turn(tracker, "t1", {"messages": ["hola"]})
    other = Memory(DOMAIN, host=database)
    again = await other.retrieve("c")
    assert again is not None
    assert state(again) == state(tracker)
    recorded = await other.recorded_turn("t1")
    assert recorded is not None
    assert recorded.conversation_id == "c"
    assert json.loads(recorded.answer) == {"messages": ["hola"]}


async def test_the_proof_of_identity_is_kept_neither_in_the_file_nor_at_hand(memory: Memory) -> None:
    tracker = await begun(memory)
    take_turn(tracker, 1)
    await memory.save_turn(tracker, "t1", {})
    at_hand = await memory.retrieve("c")
    assert at_hand is not None
    assert "proof" not in json.dumps([event.as_dict() for event in at_hand.events])
    with memory._engine.begin() as connection:
        assert "proof" not in memory_tables.read_conversation(connection, "c").events


async def test_a_turn_that_was_not_saved_leaves_no_trace(memory: Memory) -> None:
    tracker = await begun(memory)
    take_turn(tracker, 1)
    await memory.save_turn(tracker, "t1", {})
    failed = await memory.retrieve("c")
    assert failed is not None
    before = state(failed)
    take_turn(failed, 2)
    failed.update(SlotSet("name", "lost"), DOMAIN)
    again = await memory.retrieve("c")
    assert again is not None
    assert state(again) == before


async def test_the_memory_stays_the_same_size_however_long_the_conversation(memory: Memory) -> None:
    sizes = []
    for number in range(60):
        tracker = await memory.retrieve("c") or await begun(memory)
        take_turn(tracker, number)
        tracker.update(SlotSet("name", f"n{number}"), DOMAIN)
        await memory.save_turn(tracker, f"t{number}", {})
        sizes.append(len(tracker.events))
    assert max(sizes[40:]) <= max(sizes[: 2 * TURNS_BEFORE_SHORTENING])
    tracker = await memory.retrieve("c")
    assert tracker is not None
    assert tracker.get_slot("name") == "n59"
    assert tracker.events[-1].as_dict()["event"] == "slot"


async def test_shortening_keeps_slots_form_and_last_turns_exactly(memory: Memory, database: str) -> None:
    whole = await begun(memory, "whole")
    whole.update_with_events(
        [
            UserUttered("call me", {"name": "hi", "confidence": 1.0}, []),
            ActionExecuted("form"),
            ActiveLoop("form"),
            SlotSet("requested_slot", "name"),
            SlotSet("language", "en"),
            ActionExecuted("action_listen"),
        ],
        DOMAIN,
    )
    for number in range(30):
        take_turn(whole, number)
        remembered = await memory.retrieve("c") or await begun(memory)
        if number == 0:
            remembered.update_with_events(list(whole.events)[3:-4], DOMAIN)
        take_turn(remembered, number)
        await memory.save_turn(remembered, f"t{number}", {})
    for reader in (memory, Memory(DOMAIN, host=database)):
        kept = await reader.retrieve("c")
        assert kept is not None
        assert state(kept)[:4] == state(whole)[:4]
        assert kept.active_loop_name == "form"
        assert kept.get_slot("requested_slot") == "name"
        texts = state(kept)[4]
        assert texts == state(whole)[4][-len(texts) :]
        assert len(texts) >= 4
        assert len(kept.events) < len(whole.events)


async def test_two_processes_cannot_both_write_the_same_conversation(memory: Memory, database: str) -> None:
    tracker = await begun(memory)
    take_turn(tracker, 1)
    await memory.save_turn(tracker, "t1", {})
    other = Memory(DOMAIN, host=database)
    mine, theirs = await memory.retrieve("c"), await other.retrieve("c")
    assert mine is not None
    assert theirs is not None
    take_turn(mine, 2)
    take_turn(theirs, 3)
    await other.save_turn(theirs, "t3", {"who": "they"})
    with pytest.raises(MemoryChangedError):
        await memory.save_turn(mine, "t2", {"who": "I"})
    assert await memory.recorded_turn("t2") is None
    now = await memory.retrieve("c")
    assert now is not None
    assert state(now)[4] == ["turn 1", "turn 3"]


async def test_a_turn_is_recorded_once_and_its_second_answer_changes_nothing(memory: Memory) -> None:
    tracker = await begun(memory)
    take_turn(tracker, 1)
    await memory.save_turn(tracker, "t1", {"first": True})
    again = await memory.retrieve("c")
    assert again is not None
    take_turn(again, 1)
    with pytest.raises(MemoryChangedError):
        await memory.save_turn(again, "t1", {"first": False})
    recorded = await memory.recorded_turn("t1")
    assert recorded is not None
    assert json.loads(recorded.answer) == {"first": True}
    now = await memory.retrieve("c")
    assert now is not None
    assert state(now)[4] == ["turn 1"]


async def test_a_form_that_the_new_model_no_longer_has_is_left(memory: Memory, database: str) -> None:
    tracker = await begun(memory)
    tracker.update_with_events(
        [ActionExecuted("form"), ActiveLoop("form"), SlotSet("requested_slot", "name"), SlotSet("name", "Lucía")],
        DOMAIN,
    )
    take_turn(tracker, 1)
    await memory.save_turn(tracker, "t1", {})
    without_form = Domain.from_dict({**DOMAIN.as_dict(), "forms": {}})
    kept = await Memory(without_form, host=database).retrieve("c")
    assert kept is not None
    assert kept.active_loop_name is None
    assert kept.get_slot("requested_slot") is None
    assert kept.get_slot("name") == "Lucía"
    memory.domain = without_form  # a model swapped in while running
    kept = await memory.retrieve("c")
    assert kept is not None
    assert kept.active_loop_name is None


async def test_answers_are_forgotten_after_their_time_and_not_before(memory: Memory) -> None:
    tracker = await begun(memory)
    take_turn(tracker, 1)
    await memory.save_turn(tracker, "old", {})
    await memory.save_turn(await memory.retrieve("c"), "young", {})
    a_day, three_days = 25 * 3600, 72 * 3600
    with memory._engine.begin() as connection:
        for turn_id, age in (("old", three_days), ("young", a_day)):
            connection.execute(
                sa.update(memory_tables.turns)
                .where(memory_tables.turns.c.turn_id == turn_id)
                .values(answered_at=time.time() - age)
            )
        memory_tables.drop_old_turns(connection)
    assert await memory.recorded_turn("old") is None
    assert await memory.recorded_turn("young") is not None


@pytest.mark.postgres
async def test_processes_keep_each_other_out_of_a_conversation(postgres: str) -> None:
    database = new_database(postgres)
    memory, other = Memory(DOMAIN, host=database), Memory(DOMAIN, host=database)
    order: list[str] = []

    async def hold(mine: Memory, name: str, conversation: str) -> None:
        async with mine.alone_with(conversation, 3.0):
            order.append(f"{name} in")
            await asyncio.sleep(0.3)
            order.append(f"{name} out")

    await asyncio.gather(hold(memory, "a", "c"), hold(other, "b", "c"))
    assert order in (["a in", "a out", "b in", "b out"], ["b in", "b out", "a in", "a out"])
    order.clear()
    await asyncio.gather(hold(memory, "a", "c"), hold(other, "b", "d"))
    assert order[0][-2:] == order[1][-2:] == "in"


@pytest.mark.postgres
async def test_waiting_for_another_process_ends(postgres: str) -> None:
    database = new_database(postgres)
    memory, other = Memory(DOMAIN, host=database), Memory(DOMAIN, host=database)
    async with memory.alone_with("c", 1.0):
        with pytest.raises(sa.exc.OperationalError):
            async with other.alone_with("c", 0.2):
                pass
