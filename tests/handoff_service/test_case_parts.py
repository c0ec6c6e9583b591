"""A part of a case's transcript: the newest messages, and page by page what stands before, notes in their places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_service.desks import case_json, models
from handoff_service.store.database import Transaction
from handoff_service.switchboard import conversations, notes, transcript, views
from handoff_service.switchboard.notes import Note
from handoff_service.switchboard.transcript import WHOLE, Message, Part
from tests.doubles.service import Service
from tests.doubles.widget import open_widget
from tests.handoff_service.desk_world import ANA, Customer, World

NUMBERS = 12
DELETED = (5, 9)
NOTES = {0: 1, 4: 2, 5: 1, 12: 1}  # how many stand behind which message
IN_ORDER = ["n0", 1, 2, 3, 4, "n4", "n4", "n5", 6, 7, 8, 10, 11, 12, "n12"]

texts, shares = st.text(max_size=30), st.none() | st.floats(0, 1)
choices = st.fixed_dictionaries({"title": texts, "payload": texts})
files = st.fixed_dictionaries({"id": st.text("ab", min_size=1), "name": texts, "mime": texts})
moments = st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year > 1000)


@pytest.fixture
def talk(desk: Callable[..., World]) -> Customer:
    """A case as `IN_ORDER`; message 1 is the switchboard's."""
    customer = desk().customer()
    handoff = customer.wants_person()

    def fill(tx: Transaction) -> None:
        for number in range(NUMBERS + 1):
            if number > 1:
                here = conversations.load(tx, customer.id)
                transcript.record(tx, here, f"m{number}", payload=None, client_id=f"m{number}", awaits=False)
            behind = replace(conversations.load(tx, customer.id), last_seq=number)
            for again in range(NOTES.get(number, 0)):
                notes.write_note(tx, behind, handoff.id, ANA, f"n{number}", f"{number}.{again}")
        for number in DELETED:
            message = transcript.by_seq(tx, customer.id, number)
            assert message is not None
            transcript.take_back(tx, conversations.load(tx, customer.id), message, "customer")

    customer.world.run(fill)
    return customer


def seen(talk: Customer, part: Part = WHOLE) -> tuple[list[int | str], bool]:
    """Numbers of messages and words of notes in the order in which they are shown, and whether there are earlier."""
    _, case = talk.world.run(views.handoff_case, talk.handoff.id, part)
    return [each["seq"] or each["text"] for each in case_json.transcript(case)], case.has_earlier


def test_without_a_part_it_is_all_there_is(talk: Customer) -> None:
    assert seen(talk) == (IN_ORDER, False)


@pytest.mark.parametrize("last", range(1, NUMBERS + 1))
def test_page_by_page_everything_comes_once_and_in_its_place(talk: Customer, last: int) -> None:
    pages: list[list[int | str]] = []
    before: int | None = None
    has_earlier = True
    while has_earlier:
        page, has_earlier = seen(talk, Part(last, before))
        numbers = [each for each in page if isinstance(each, int)]
        assert len(numbers) == last or (not has_earlier and 0 < len(numbers) <= last)
        before = numbers[0]
        pages.insert(0, page)
    assert [each for page in pages for each in page] == IN_ORDER


def test_a_part_begins_with_a_message_and_ends_with_the_notes_behind_its_last(talk: Customer) -> None:
    assert seen(talk, Part(6)) == ([6, 7, 8, 10, 11, 12, "n12"], True)
    assert seen(talk, Part(7)) == ([4, "n4", "n4", "n5", 6, 7, 8, 10, 11, 12, "n12"], True)
    assert seen(talk, Part(2, before=6)) == ([3, 4, "n4", "n4", "n5"], True)
    assert seen(talk, Part(10)) == (IN_ORDER, False)


def test_before_a_number_there_is_what_stands_before_it_whether_that_number_is_there_or_not(talk: Customer) -> None:
    assert seen(talk, Part(before=4)) == (["n0", 1, 2, 3], False)
    assert seen(talk, Part(1, before=1)) == (["n0"], False)
    assert seen(talk, Part(1, before=5)) == ([4, "n4", "n4"], True)
    assert seen(talk, Part(2, before=9_999)) == ([11, 12, "n12"], True)


async def test_the_api_gives_a_part_on_both_routes_and_refuses_what_cannot_be_meant(service: Service) -> None:
    async with open_widget(service.url) as widget:
        for text in ("uno", "dos"):
            await widget.say(text)
            await widget.message("assistant", text)
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        with service.agent("Ana") as ana:
            listed = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
            handoff = next(h["id"] for h in listed if h["conversation_id"] == widget.conversation_id)
            ana.post(f"/handoffs/{handoff}/notes", json={"text": "apuntado"}).raise_for_status()
            for path in (f"/handoffs/{handoff}", f"/conversations/{widget.conversation_id}"):
                _reads_in_parts(ana, path)
            assert ana.get("/handoffs/nothing", params={"last": 5}).status_code == 404
            assert ana.get("/conversations/nothing", params={"last": 5, "before": 3}).status_code == 404
        with httpx.Client(base_url=f"{service.url}/v1", verify=False, trust_env=False) as nobody:
            assert nobody.get(f"/handoffs/{handoff}", params={"last": 5}).status_code == 401


def _reads_in_parts(ana: httpx.Client, path: str) -> None:
    whole = ana.get(path).raise_for_status().json()
    assert "has_earlier" not in whole and len(whole["messages"]) > 5
    newest = ana.get(path, params={"last": 2}).json()
    assert newest.pop("has_earlier") is True
    assert list(newest) == list(whole)
    assert newest["messages"] == whole["messages"][-3:], "two messages and the note behind them"
    rest = ana.get(path, params={"last": 1000, "before": newest["messages"][0]["seq"]}).json()
    assert rest["has_earlier"] is False
    assert rest["messages"] + newest["messages"] == whole["messages"]
    wrong = [("last", "0"), ("last", "1001"), ("last", "x"), ("before", "0"), ("before", str(2**31)), ("before", "")]
    assert {ana.get(path, params={name: value}).status_code for name, value in wrong} == {422}


messages = st.builds(
    Message,
    conversation_id=texts,
    seq=st.integers(1),
    author=st.sampled_from(["customer", "agent", "assistant", "system"]),
    name=st.none() | texts,
    text=texts,
    buttons=st.none() | st.lists(choices),
    attachments=st.none() | st.lists(files),
    client_id=st.none(),
    handoff_id=st.none(),
    intent=st.none() | texts,
    confidence=shares,
    frustration=shares,
    abuse=shares,
    sent_at=moments,
    edited_at=st.none() | moments,
    deleted_at=st.none(),
    revision=st.just(0),
)


@given(messages, st.sampled_from(["", "https://files.example"]))
def test_a_message_is_written_as_its_model_would_write_it(message: Message, files_url: str) -> None:
    written = case_json.message_json(message, files_url)
    assert list(written.items()) == list(models.MessageOut.of(message, files_url).model_dump(mode="json").items())


@given(st.builds(Note, agent=texts, text=texts, sent_at=moments))
def test_a_note_is_written_as_its_model_would_write_it(note: Note) -> None:
    written = case_json.note_json(note)
    assert list(written.items()) == list(models.MessageOut.of_note(note).model_dump(mode="json").items())


def test_a_case_has_the_fields_of_its_model_in_their_order(talk: Customer) -> None:
    view, case = talk.world.run(views.handoff_case, talk.handoff.id, Part(3))
    for written, model in (
        (case_json.handoff_case(view, case, Part(3), ""), models.CaseOut),
        (case_json.conversation_case(case, Part(3), ""), models.ConversationOut),
    ):
        told = model.model_validate_json(written, strict=False)
        assert told.model_dump_json().encode() == written
