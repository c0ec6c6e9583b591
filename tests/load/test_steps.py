"""How much SQLite has to do for an agent's look, in its own steps: the same in a short and in a long conversation.

Steps are counted by the database itself, so that no busy machine and no cache can make a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from handoff_service.desks.desk_file import load_desk_file
from handoff_service.desks.slack import relaying, threads
from handoff_service.store.database import Store, Transaction
from handoff_service.switchboard import conversations, giving_back, handoffs, notes, suggestions, summaries, views
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.hub import Hub
from handoff_service.switchboard.rules.handoff import Agent, Reason
from handoff_service.switchboard.transcript import Part
from handoff_service.words import Words, load_words
from tests.load import aged
from tests.load.stage import Venue

SHORT, LONG = 60, 3_000  # messages
MOST_GROWTH = 1.3
ANA = Agent("Ana")


@pytest.fixture
def counted() -> Iterator[list[int]]:
    """SQLite's steps so far, in the one item."""
    steps = [0]

    def step() -> int:
        steps[0] += 1
        return 0

    def listen(connection: Any, _record: Any) -> None:
        connection.set_progress_handler(step, 1)

    event.listen(Engine, "connect", listen)
    yield steps
    event.remove(Engine, "connect", listen)


@pytest.fixture
def store(tmp_path: Path, counted: list[int]) -> Iterator[Store]:
    """The service's store on a record of its own."""
    opened = Store(Venue(tmp_path).unopened().database, Hub(), roster=load_desk_file(None))
    yield opened
    opened.close()


async def test_what_is_read_at_a_look_and_at_a_change_is_the_same_in_a_long_conversation(
    tmp_path: Path, store: Store, counted: list[int]
) -> None:
    words = load_words("Alborada")
    url = f"sqlite:///{next(tmp_path.rglob('relevo.db'))}"
    spent = {length: await _spent(store, words, aged.conversation_of(url, length), counted) for length in (SHORT, LONG)}
    assert len(spent[LONG]) == 16
    grown = {
        name: (spent[SHORT][name], steps)
        for name, steps in spent[LONG].items()
        if steps > MOST_GROWTH * spent[SHORT][name]
    }
    assert not grown, grown


async def _spent(store: Store, words: Words, case: aged.Planted, counted: list[int]) -> dict[str, int]:
    """Steps of each thing that is read: of a handoff long ago, of one now, and of that one when it has ended."""
    await store.run(_annotated, case)
    found = await _of(store, words, "long ago", case.id, case.handoff, counted)
    now = await store.run(_opened, words, case.id)
    await store.run(handoffs.claim, words, now, ANA)
    found |= await _of(store, words, "now", case.id, now, counted)
    await store.run(handoffs.resolve, words, now, ANA)
    return found | await _of(store, words, "ended", case.id, now, counted)


async def _of(
    store: Store, words: Words, when: str, conversation_id: str, handoff_id: str, counted: list[int]
) -> dict[str, int]:
    handoff: Handoff = (await store.read(views.one_handoff, handoff_id)).handoff
    known = await store.read(views.progress, conversation_id)
    last = known.seq
    reads: dict[str, Callable[[Transaction], Any]] = {
        "the newest part": lambda tx: views.handoff_case(tx, handoff_id, Part(20)),
        "a part before": lambda tx: views.handoff_case(tx, handoff_id, Part(20, before=last - 20)),
        "what is new": lambda tx: views.for_desk(tx, conversation_id, last - 2, known.revision, known.note_id),
        "a thread's end": lambda tx: threads.end_of(tx, handoff_id),
    }
    if when == "now":
        reads |= {
            "a summary": lambda tx: summaries.summary(tx, words, conversations.load(tx, conversation_id), False),
            "what nobody answered": lambda tx: suggestions.open_messages(tx, handoff),
            "who took it": lambda tx: relaying.taken_since(tx, handoff, ANA),
        }
    if when == "ended":
        reads["whether it goes on"] = lambda tx: giving_back.was_given_back(tx, handoff)
    return {f"{name}, {when}": await _steps_of(store, read, counted) for name, read in reads.items()}


async def _steps_of(store: Store, read: Callable[[Transaction], Any], counted: list[int]) -> int:
    """The fewest of three readings: one over a connection just opened reads the schema too."""
    spent = []
    for _ in range(3):
        before = counted[0]
        await store.read(read)
        spent.append(counted[0] - before)
    return min(spent)


def _annotated(tx: Transaction, case: aged.Planted) -> None:
    """A note behind every fifth message, but none among the last."""
    here = conversations.load(tx, case.id)
    for seq in range(5, here.last_seq - 50, 5):
        notes.write_note(tx, replace(here, last_seq=seq), case.handoff, ANA, "apuntado")


def _opened(tx: Transaction, words: Words, conversation_id: str) -> str:
    here = conversations.load(tx, conversation_id)
    opened = handoffs.open_one(tx, handoffs.open_handoff(tx, words, here, Reason.ASKED_FOR_PERSON, []))
    assert opened is not None
    return opened.id
