"""The demo operator's books are in order on any day, and survive being opened by many at once."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from actions.backend.cents import from_cents, to_cents
from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.interface import BackendUnavailableError, UnknownCustomerError
from actions.backend.model import Bill, ComplaintKind, ItemKind, LineKind, LineStatus, NewComplaint, OrderStatus
from actions.backend.sqlite.embedded import DEMO_CUSTOMERS, EmbeddedBackend, read_people
from actions.standing import standing_of
from actions.wording import money_words
from tests.actions.rendering import variations
from tests.actions.running import ROOT

DAYS = [date(2026, 11, 22), date(2026, 12, 1), date(2026, 12, 5), date(2027, 1, 31), date(2028, 2, 29)]
CUSTOMERS = sorted(read_people())


def backend_on(day: date, path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(path, ComplaintTerms(), lambda: day)


@pytest.fixture(params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> date:
    chosen: date = request.param
    return chosen


@pytest.fixture
def backend(day: date, tmp_path: Path) -> EmbeddedBackend:
    return backend_on(day, tmp_path / "backend.db")


def every_bill(backend: EmbeddedBackend) -> Iterator[Bill]:
    for customer_id in CUSTOMERS:
        yield from backend.bills(customer_id)


def complaint(text: str = "No funciona nada", conversation: str = "conversation-1") -> NewComplaint:
    return NewComplaint(text, ComplaintKind.GENERAL, "es", conversation, None)


def test_every_bill_adds_up(backend: EmbeddedBackend) -> None:
    bills = list(every_bill(backend))
    assert len(bills) == 72
    for bill in bills:
        assert bill.total == sum(item.amount for item in bill.items)
        assert bill.total > 0
        assert bill.outstanding in (Decimal(0), bill.total)


def test_bills_follow_one_another_month_by_month_up_to_today(backend: EmbeddedBackend, day: date) -> None:
    for customer_id in CUSTOMERS:
        bills = backend.bills(customer_id)
        for newer, older in pairwise(bills):
            assert newer.period_start == older.period_end + timedelta(days=1)
        if bills:
            assert bills[0].issued_on <= day < backend.customer(customer_id).next_bill_on


def test_bill_numbers_are_unique(backend: EmbeddedBackend) -> None:
    numbers = [bill.number for bill in every_bill(backend)]
    assert len(set(numbers)) == len(numbers)


def test_debt_is_what_the_overdue_bills_leave_unpaid_and_only_the_two_debtors_have_one(
    backend: EmbeddedBackend, day: date
) -> None:
    debtors = set()
    for customer_id in CUSTOMERS:
        bills = backend.bills(customer_id)
        standing = standing_of(bills, day)
        unpaid = sum((bill.outstanding for bill in bills), Decimal(0))
        assert standing.debt + standing.to_come == unpaid
        if standing.debt:
            debtors.add(customer_id)
    assert debtors == {"C-1002", "C-1003"}


def test_the_demo_has_a_bill_to_come_a_suspended_line_and_reasons_for_a_higher_bill(
    backend: EmbeddedBackend, day: date
) -> None:
    assert standing_of(backend.bills("C-1001"), day).to_come > 0
    assert LineStatus.SUSPENDED in {line.status for line in backend.lines("C-1003")}
    for customer_id, kind in (("C-1004", ItemKind.ROAMING), ("C-1006", ItemKind.PREMIUM_SMS)):
        newest, before = backend.bills(customer_id, 2)
        assert newest.total > before.total
        assert kind in {item.kind for item in newest.items} - {item.kind for item in before.items}
    newest, before = backend.bills("C-1005", 2)
    assert newest.total - before.total == Decimal("15.00")
    assert ItemKind.DISCOUNT in {item.kind for item in before.items} - {item.kind for item in newest.items}
    (order,) = backend.orders("C-1007")
    assert (order.status, backend.bills("C-1007")) == (OrderStatus.SCHEDULED, ())


def test_usage_never_exceeds_what_is_included(backend: EmbeddedBackend) -> None:
    lines = [usage for customer_id in CUSTOMERS for usage in backend.usage(customer_id)]
    assert all(usage.included_mb is None or 0 <= usage.used_mb <= usage.included_mb for usage in lines)
    (nearly_out,) = backend.usage("C-1006")
    assert nearly_out.included_mb is not None
    assert nearly_out.used_mb * 100 >= nearly_out.included_mb * 80


def test_older_bills_that_are_owed_come_along_with_the_newest(tmp_path: Path) -> None:
    bills = backend_on(DAYS[0], tmp_path / "backend.db").bills("C-1002", 1)
    assert [bill.outstanding > 0 for bill in bills] == [True, True, True]


def test_two_openings_tell_the_same_story(tmp_path: Path) -> None:
    first, second = (backend_on(DAYS[0], tmp_path / name) for name in ("first.db", "second.db"))
    assert list(every_bill(first)) == list(every_bill(second))


def test_the_story_moves_on_with_the_calendar_and_keeps_what_customers_filed(tmp_path: Path) -> None:
    path = tmp_path / "backend.db"
    november = backend_on(date(2026, 11, 22), path)
    filed = november.file_complaint(complaint(), "key-1")
    december = backend_on(date(2026, 12, 2), path)
    assert december.bills("C-1001")[0].issued_on == date(2026, 12, 1)
    assert december.complaints(None, "conversation-1") == (filed,)


def test_the_prices_are_those_the_assistant_tells(backend: EmbeddedBackend) -> None:
    for language in ("es", "en"):
        (offers, *_), (packs, *_) = variations("utter_offers", language), variations("utter_topup", language)
        for tariff in backend.tariffs():
            assert tariff.kind is not LineKind.BUNDLE or money_words(tariff.price, language) in offers["text"]
        for bonus in backend.bonuses():
            assert money_words(bonus.price, language).replace(",00", "").replace(".00", "") in packs["text"], bonus.code


def test_an_unknown_customer_is_an_error_of_its_own(tmp_path: Path) -> None:
    backend = backend_on(DAYS[0], tmp_path / "backend.db")
    for call in (backend.customer, backend.bills, backend.lines, backend.usage, backend.orders):
        with pytest.raises(UnknownCustomerError):
            call("C-9999")


def test_the_same_key_files_one_complaint(tmp_path: Path) -> None:
    backend = backend_on(DAYS[0], tmp_path / "backend.db")
    with ThreadPoolExecutor(8) as threads:
        filed = list(threads.map(lambda _: backend.file_complaint(complaint(), "key-1"), range(16)))
    assert len(set(filed)) == 1
    assert backend.file_complaint(complaint(), "key-2").code != filed[0].code
    assert len(backend.complaints(None, "conversation-1")) == 2


def test_a_code_can_be_read_aloud(tmp_path: Path) -> None:
    backend = backend_on(DAYS[0], tmp_path / "backend.db")
    assert re.fullmatch(r"R-[2-9A-HJ-NP-Z]{6}", backend.file_complaint(complaint(), "key-1").code)


def test_a_complaint_filed_anonymously_shows_in_its_conversation_only(tmp_path: Path) -> None:
    backend = backend_on(DAYS[0], tmp_path / "backend.db")
    backend.file_complaint(complaint(conversation="conversation-1"), "key-1")
    assert backend.complaints(None, "conversation-2") == ()
    assert backend.complaints("C-1001", "conversation-1") == ()


def test_processes_that_open_it_at_once_fill_it_once(tmp_path: Path) -> None:
    path = tmp_path / "backend.db"
    program = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from actions.backend.complaint_terms import ComplaintTerms\n"
        "from actions.backend.sqlite.embedded import EmbeddedBackend\n"
        "sys.stdin.read(1)\n"
        "backend = EmbeddedBackend(Path(sys.argv[1]), ComplaintTerms(), lambda: date(2026, 11, 22))\n"
        "print(len(backend.bills('C-1001')))"
    )
    children: list[subprocess.Popen[str]] = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    outputs = []
    for child in children:
        assert child.stdin is not None
        child.stdin.write("x")
        child.stdin.flush()
    for child in children:
        outputs.append(child.communicate(timeout=60))
    assert [output for output, _ in outputs] == ["12\n"] * 4, outputs
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM bills").fetchone() == (72,)


@pytest.mark.parametrize("damage", ["no database", "another version", "a table is gone"])
def test_a_broken_file_is_an_unavailable_backend(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "backend.db"
    if damage == "no database":
        path.write_bytes(b"this is no database, it only lies where one should" * 100)
    else:
        backend_on(DAYS[0], path).check()
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 99" if damage == "another version" else "DROP TABLE payments")
    with pytest.raises(BackendUnavailableError):
        backend_on(DAYS[0], path).bills("C-1001")


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "backend.db"
    backend_on(DAYS[0], path).check()
    assert path.stat().st_mode & 0o077 == 0


def test_the_list_for_the_demo_site_has_what_it_needs() -> None:
    entries = json.loads(DEMO_CUSTOMERS.read_text(encoding="utf-8"))
    assert len(entries) >= 6
    for entry in entries:
        assert re.fullmatch(r"C-\d{4}", entry["id"])
        assert entry["locale"] in ("es", "en")
        assert entry["name"] and entry["description"]["es"] and entry["description"]["en"]
    assert {entry["locale"] for entry in entries} == {"es", "en"}


def test_money_is_whole_cents() -> None:
    assert to_cents(Decimal("45.90")) == 4590
    assert from_cents(-1500) == Decimal("-15.00")
    with pytest.raises(ValueError, match="whole number of cents"):
        to_cents(Decimal("0.005"))
