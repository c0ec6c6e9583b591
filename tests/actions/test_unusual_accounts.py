"""Accounts that the demo operator does not have: each still gets a whole sentence in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.account_action import Office
from actions.backend.calling import within_time
from actions.backend.demo.tariffs import BY_CODE
from actions.backend.interface import Backend, BackendUnavailableError
from actions.backend.model import (
    Bill,
    BillItem,
    Complaint,
    ComplaintKind,
    ComplaintStatus,
    ItemKind,
    Line,
    LineStatus,
    Order,
    OrderStatus,
    Payment,
    Usage,
    Words,
)
from actions.catalogue import all_actions
from actions.documents.references import References
from actions.identification.challenges import Challenges
from actions.identification.identification import Identification
from actions.identification.rules import Key
from actions.identification.text_message import TextMessage
from actions.identity import Identity
from tests.actions.fake_backend import FakeBackend
from tests.actions.rendering import rendered
from tests.actions.running import CONVERSATION, SECRET, verification

TODAY = date(2026, 11, 22)
PLAN = BillItem(ItemKind.PLAN, Words("Marea", "Marea"), Decimal("12.90"))
EXTRA = BillItem(ItemKind.EXTRA_DATA, Words("5 GB extra", "5 GB extra"), Decimal("6.00"))
CALLS = BillItem(ItemKind.INTERNATIONAL, Words("Llamadas", "Calls"), Decimal("6.00"))


def bill(month: int, *items: BillItem, is_paid: bool = True) -> Bill:
    total = sum((item.amount for item in items), Decimal(0))
    day = date(2026, month, 5)
    paid = (Payment(f"F{month}", total, day),) if is_paid else ()
    return Bill(f"F{month}", day, day, day.replace(day=1), day, total, items, paid)


def line(status: LineStatus = LineStatus.ACTIVE) -> Line:
    tariff = BY_CODE["marea"]
    return Line("L-1", tariff.kind, "600 001 001", tariff, status, date(2025, 1, 1), None, None)


def order(expected_on: date | None, status: OrderStatus = OrderStatus.RECEIVED) -> Order:
    return Order("P-1", Words("Instalación", "Installation"), status, date(2026, 11, 20), expected_on)


def complaint(status: ComplaintStatus) -> Complaint:
    return Complaint("R-234567", ComplaintKind.GENERAL, status, date(2026, 11, 2), date(2026, 11, 23))


ACTIONS = {"order_technician": "validate_order_technician_form"}
NEWER, OLDER = bill(11, PLAN), bill(10, PLAN, EXTRA)
CASES = [
    ("explain_charge", FakeBackend(given_bills=(NEWER, OLDER)), ["bill", "lower"], "6"),
    ("explain_charge", FakeBackend(given_bills=(bill(11, PLAN, CALLS), OLDER)), ["bill", "even"], "18"),
    ("explain_charge", FakeBackend(given_bills=(NEWER,)), ["bill"], "12"),
    ("check_balance", FakeBackend(given_bills=(NEWER,)), ["clear"], "12"),
    ("check_balance", FakeBackend(given_bills=(bill(11, PLAN, is_paid=False),)), ["overdue"], "12"),
    ("due_date", FakeBackend(given_bills=(NEWER,)), ["paid"], "12"),
    ("due_date", FakeBackend(), ["first"], "1"),
    ("current_plan", FakeBackend(), ["none"], ""),
    ("data_usage", FakeBackend(), ["no_mobile"], ""),
    (
        "data_usage",
        FakeBackend(given_usage=(Usage("600 001 001", 30_000, 30_000, date(2026, 12, 1)),)),
        ["used_up"],
        "30 GB",
    ),
    ("suspension", FakeBackend(given_lines=(line(LineStatus.SUSPENDED),)), ["line_without_debt"], "600 001 001"),
    ("suspension", FakeBackend(given_lines=(line(),)), ["none"], ""),
    ("order_technician", FakeBackend(given_orders=(order(None),)), ["received"], "20"),
    ("order_technician", FakeBackend(given_orders=(order(date(2026, 11, 21)),)), ["late"], "21"),
    ("order_technician", FakeBackend(given_orders=(order(TODAY, OrderStatus.DONE),)), ["none"], ""),
    ("case_status", FakeBackend(given_complaints=(complaint(ComplaintStatus.RECEIVED),)), ["received"], "R-234567"),
]


async def said_by(action: str, backend: Backend, language: str) -> list[dict[str, str]]:
    challenges = Challenges("sqlite://", Key.from_secret(SECRET))
    identification = Identification(backend, challenges, TextMessage.from_topic())
    office = Office(backend, Identity(SECRET), lambda: TODAY, identification, References(SECRET))
    runs = {known.name(): known.run for known in all_actions(office)}
    message = {"text": "?", "metadata": {"turn_id": "turn-1", "verification": verification("C-1001")}}
    tracker = Tracker(CONVERSATION, {"language": language}, message, [], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    await runs[action](dispatcher, tracker, {})
    return dispatcher.messages


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(("topic", "backend", "answers", "holds"), CASES)
async def test_it_is_answered_with_whole_sentences(
    topic: str, backend: FakeBackend, answers: list[str], holds: str, language: str
) -> None:
    said = await said_by(ACTIONS.get(topic, f"action_{topic}"), backend, language)
    assert [message["response"] for message in said] == [f"utter_{topic}_{answer}" for answer in answers]
    assert holds in rendered(said, language)


async def test_no_more_than_the_newest_three_complaints_are_told() -> None:
    backend = FakeBackend(given_complaints=(complaint(ComplaintStatus.IN_REVIEW),) * 5)
    assert len(await said_by("action_case_status", backend, "es")) == 3


async def test_a_backend_that_does_not_answer_in_time_is_unavailable() -> None:
    with pytest.raises(BackendUnavailableError):
        await within_time(FakeBackend(delay_s=0.5).check, limit_s=0.05)
