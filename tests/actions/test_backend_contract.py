"""What every backend keeps: writes that happen once, give a code, show everywhere, and refuse with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest

from actions.backend.cases import (
    Booking,
    Cancellation,
    Case,
    CaseKind,
    CaseStatus,
    ContactChange,
    DirectDebit,
    ExtraData,
    PlanChange,
    PostalAddress,
    Refusal,
    RequestRefusedError,
    TopUp,
)
from actions.backend.interface import Backend, UnknownCustomerError
from actions.backend.model import (
    ComplaintKind,
    ItemKind,
    LineKind,
    LineStatus,
    NewComplaint,
    PaymentStatus,
)
from actions.standing import standing_of

TODAY = date(2026, 11, 22)
NEXT_BILL = date(2026, 12, 1)
IBAN = "es91 2100-0418 4502 0005 1332"
CONVERSATION = "conversation-1"

BackendOn = Callable[[date], Backend]


@pytest.fixture
def backend(backend_on: BackendOn) -> Backend:
    return backend_on(TODAY)


def refusal(call: Callable[..., object], *arguments: object) -> Refusal:
    with pytest.raises(RequestRefusedError) as refused:
        call(*arguments)
    return refused.value.reason


def undue_charge(customer_id: str, amount: Decimal | None = None, bill: str | None = None) -> NewComplaint:
    text = "Me habéis cobrado de más"
    return NewComplaint(text, ComplaintKind.UNDUE_CHARGE, "es", CONVERSATION, customer_id, bill, amount)


def changed_plan(backend: Backend, key: str = "key-1") -> Case:
    quote = backend.plan_change_quote("C-1006", "C-1006-1", "oceano")
    return backend.change_plan("C-1006", PlanChange(quote.line_id, quote.tariff.code, quote.effective_on), key)


def test_a_plan_change_is_quoted_made_shown_and_billed(backend_on: BackendOn) -> None:
    november = backend_on(TODAY)
    quote = november.plan_change_quote("C-1006", "C-1006-1", "oceano")
    assert (quote.effective_on, quote.monthly_price, quote.difference) == (NEXT_BILL, Decimal("19.90"), Decimal("7.00"))
    case = changed_plan(november)
    assert (case.kind, case.status, case.due_on) == (CaseKind.PLAN_CHANGE, CaseStatus.SCHEDULED, NEXT_BILL)
    (line,) = november.lines("C-1006")
    assert line.tariff.code == "marea"
    assert line.next_tariff is not None
    assert (line.next_tariff.code, line.next_tariff_on) == ("oceano", NEXT_BILL)
    january = backend_on(date(2027, 1, 3))
    (line,) = january.lines("C-1006")
    assert (line.tariff.code, line.next_tariff) == ("oceano", None)
    assert january.bills("C-1006", 1)[0].items[0].amount == Decimal("19.90")
    assert {case.status for case in january.cases("C-1006", "") if case.kind is CaseKind.PLAN_CHANGE} == {
        CaseStatus.DONE
    }


def test_what_cannot_be_changed_is_refused_with_a_reason(backend: Backend) -> None:
    assert refusal(backend.plan_change_quote, "C-1006", "C-1006-9", "oceano") is Refusal.UNKNOWN_LINE
    assert refusal(backend.plan_change_quote, "C-1006", "C-1001-1", "oceano") is Refusal.UNKNOWN_LINE
    assert refusal(backend.plan_change_quote, "C-1006", "C-1006-1", "tsunami") is Refusal.UNKNOWN_TARIFF
    assert refusal(backend.plan_change_quote, "C-1006", "C-1006-1", "marea") is Refusal.SAME_TARIFF
    assert refusal(backend.plan_change_quote, "C-1006", "C-1006-1", "fibra-300") is Refusal.OTHER_KIND
    assert refusal(backend.plan_change_quote, "C-1003", "C-1003-2", "marea") is Refusal.LINE_SUSPENDED
    other_day = PlanChange("C-1006-1", "oceano", TODAY)
    assert refusal(backend.change_plan, "C-1006", other_day, "key-1") is Refusal.TERMS_CHANGED
    changed_plan(backend)
    assert refusal(backend.plan_change_quote, "C-1006", "C-1006-1", "oceano") is Refusal.CHANGE_PENDING
    assert backend.plan_change_quote("C-1006", "C-1006-1", "brisa").tariff.code == "brisa"


def test_a_change_that_was_asked_for_can_be_undone_before_it_takes_effect(backend: Backend) -> None:
    changed_plan(backend)
    backend.change_plan("C-1006", PlanChange("C-1006-1", "marea", NEXT_BILL), "key-2")
    (line,) = backend.lines("C-1006")
    assert line.next_tariff is None


def test_extra_data_is_there_at_once_and_on_the_next_bill(backend_on: BackendOn) -> None:
    november = backend_on(TODAY)
    bonus = november.bonuses()[1]
    (before,) = november.usage("C-1006")
    case = november.add_data("C-1006", ExtraData("C-1006-1", bonus.code), "key-1")
    (after,) = november.usage("C-1006")
    assert case.status is CaseStatus.DONE
    assert before.included_mb is not None
    assert after.included_mb == before.included_mb + bonus.data_mb
    december = backend_on(date(2026, 12, 2))
    (bill, *_) = december.bills("C-1006", 1)
    assert [(item.amount) for item in bill.items if item.kind is ItemKind.EXTRA_DATA] == [bonus.price]
    assert bill.total == sum(item.amount for item in bill.items)
    (renewed,) = december.usage("C-1006")
    assert renewed.included_mb == before.included_mb


def test_extra_data_is_refused_where_it_makes_no_sense(backend: Backend) -> None:
    assert refusal(backend.add_data, "C-1006", ExtraData("C-1006-1", "datos-1000"), "k") is Refusal.UNKNOWN_BONUS
    assert refusal(backend.add_data, "C-1002", ExtraData("C-1002-1", "datos-1"), "k") is Refusal.NO_DATA_LIMIT
    assert refusal(backend.add_data, "C-1003", ExtraData("C-1003-1", "datos-1"), "k") is Refusal.NO_DATA_LIMIT
    assert refusal(backend.add_data, "C-1003", ExtraData("C-1003-2", "datos-1"), "k") is Refusal.LINE_SUSPENDED
    assert refusal(backend.add_data, "C-1008", ExtraData("C-1008-1", "datos-10"), "k") is Refusal.NO_PAYMENT_METHOD


def test_a_prepaid_line_is_topped_up_and_pays_its_extra_data(backend: Backend) -> None:
    (line,) = backend.lines("C-1008")
    amount = backend.prepaid_amounts()[1]
    backend.top_up("C-1008", TopUp("C-1008-1", amount), "key-1")
    backend.add_data("C-1008", ExtraData("C-1008-1", "datos-5"), "key-2")
    (topped_up,) = backend.lines("C-1008")
    assert line.credit is not None
    assert topped_up.credit == line.credit + amount - Decimal("6.00")


def test_a_top_up_is_refused_where_it_makes_no_sense(backend: Backend) -> None:
    assert refusal(backend.top_up, "C-1006", TopUp("C-1006-1", Decimal("10.00")), "k") is Refusal.NOT_PREPAID
    assert refusal(backend.top_up, "C-1008", TopUp("C-1008-1", Decimal("7.77")), "k") is Refusal.AMOUNT_NOT_OFFERED


def test_an_account_is_checked_and_only_ever_shown_masked(backend_on: BackendOn) -> None:
    november = backend_on(TODAY)
    assert november.customer("C-1001").direct_debit is None
    case = november.set_direct_debit("C-1001", DirectDebit(IBAN), "key-1")
    assert november.customer("C-1001").direct_debit == "ES·· ···· 1332"
    assert case.subject.es == "Domiciliación en ES·· ···· 1332"
    assert november.bills("C-1001", 1)[0].due_on == date(2026, 11, 30)
    assert backend_on(date(2026, 12, 2)).bills("C-1001", 1)[0].due_on == date(2026, 12, 5)


@pytest.mark.parametrize("iban", ["", "ES9121000418450200051333", "ES91", "US64SVBKUS6S3300958879", "1332"])
def test_an_account_that_cannot_be_one_is_refused(backend: Backend, iban: str) -> None:
    assert refusal(backend.set_direct_debit, "C-1001", DirectDebit(iban), "k") is Refusal.INVALID_IBAN
    assert backend.customer("C-1001").direct_debit is None


def test_contact_data_changes_only_where_it_was_given(backend: Backend) -> None:
    before = backend.customer("C-1001")
    address = PostalAddress(" Calle  Mayor 3, 2.º ", "28005", "Madrid")
    backend.change_contact("C-1001", ContactChange(address=address), "key-1")
    backend.change_contact("C-1001", ContactChange(email="lucia@example.org", phone="611 22 33 44"), "key-2")
    after = backend.customer("C-1001")
    assert (after.street, after.postcode, after.city) == ("Calle Mayor 3, 2.º", "28005", "Madrid")
    assert (after.email, after.contact_phone) == ("lucia@example.org", "+34611223344")
    assert after.phone == before.phone
    assert backend.customer_by_phone("611223344") is None


@pytest.mark.parametrize(
    "change",
    [
        ContactChange(),
        ContactChange(email="nobody"),
        ContactChange(email="a@b@example.org"),
        ContactChange(phone="12"),
        ContactChange(address=PostalAddress("", "28005", "Madrid")),
        ContactChange(address=PostalAddress("Calle Mayor 3", "2800", "Madrid")),
    ],
)
def test_contact_data_that_cannot_be_right_is_refused(backend: Backend, change: ContactChange) -> None:
    assert refusal(backend.change_contact, "C-1001", change, "k") is Refusal.INVALID_CONTACT


def test_a_technician_comes_to_one_customer_at_a_time(backend: Backend) -> None:
    slots = backend.slots("28013")
    assert slots[0].day > TODAY
    assert len({slot.slot_id for slot in slots}) == len(slots) > 10

    def book(customer_id: str) -> str:
        try:
            return backend.book_appointment(customer_id, Booking(slots[0].slot_id), f"key-{customer_id}").code
        except RequestRefusedError as refused:
            return refused.reason.value

    customers = ["C-1001", "C-1002", "C-1003", "C-1004"]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(book, customers))
    assert answers.count(Refusal.SLOT_TAKEN.value) == 3
    assert slots[0] not in backend.slots("28013")
    assert sum(len(backend.appointments(customer_id)) for customer_id in customers) == 1


def test_an_appointment_is_moved_and_its_old_time_is_free_again(backend: Backend) -> None:
    first, second, *_ = backend.slots("28013")
    old = backend.book_appointment("C-1001", Booking(first.slot_id), "key-1")
    assert refusal(backend.book_appointment, "C-1002", Booking(second.slot_id, old.code), "k") is (
        Refusal.UNKNOWN_APPOINTMENT
    )
    new = backend.book_appointment("C-1001", Booking(second.slot_id, replaces=old.code), "key-2")
    assert [(booked.code, booked.slot) for booked in backend.appointments("C-1001")] == [(new.code, second)]
    assert first in backend.slots("28013")
    status = {case.code: case.status for case in backend.cases("C-1001", "")}
    assert status == {old.code: CaseStatus.WITHDRAWN, new.code: CaseStatus.SCHEDULED}


@pytest.mark.parametrize("slot_id", ["", "28013", "28013-20261122-0911", "28013-20270101-0911", "x-y-z"])
def test_a_time_that_was_not_offered_cannot_be_booked(backend: Backend, slot_id: str) -> None:
    assert refusal(backend.book_appointment, "C-1001", Booking(slot_id), "k") is Refusal.UNKNOWN_SLOT


def test_leaving_is_quoted_and_done_as_quoted(backend_on: BackendOn) -> None:
    november = backend_on(TODAY)
    free = november.cancellation_quote("C-1004", "C-1004-1")
    assert (free.penalty, free.number_lost, free.permanence_ends) == (Decimal("0.00"), "600 001 004", None)
    quote = november.cancellation_quote("C-1004", "C-1004-2")
    assert (quote.penalty, quote.number_lost) == (Decimal("30.00"), None)
    assert quote.effective_on == date(2026, 11, 24)
    cheaper = Cancellation("C-1004-2", quote.effective_on, Decimal("0.00"))
    assert refusal(november.cancel_line, "C-1004", cheaper, "k") is Refusal.TERMS_CHANGED
    case = november.cancel_line("C-1004", Cancellation("C-1004-2", quote.effective_on, quote.penalty), "key-1")
    assert (case.kind, case.due_on) == (CaseKind.CANCELLATION, quote.effective_on)
    assert [line.ends_on for line in november.lines("C-1004")] == [None, quote.effective_on]
    assert refusal(november.cancellation_quote, "C-1004", "C-1004-2") is Refusal.LINE_ENDING
    assert refusal(november.plan_change_quote, "C-1004", "C-1004-2", "fibra-600") is Refusal.LINE_ENDING
    december = backend_on(date(2026, 12, 2))
    assert [line.line_id for line in december.lines("C-1004")] == ["C-1004-1"]
    penalties = [item.amount for item in december.bills("C-1004", 1)[0].items if item.kind is ItemKind.PENALTY]
    assert penalties == [quote.penalty]
    january = backend_on(date(2027, 1, 2))
    assert LineKind.FIBRE not in {line.kind for line in january.lines("C-1004")}
    assert [item.kind for item in january.bills("C-1004", 1)[0].items].count(ItemKind.PLAN) == 1


def test_a_disputed_sum_is_no_reason_to_cut_a_line(backend: Backend) -> None:
    before = backend.arrears("C-1003")
    owed = [bill for bill in backend.bills("C-1003") if bill.outstanding > 0 and bill.due_on < TODAY]
    assert before.overdue == before.to_pay == sum(bill.outstanding for bill in owed) > 0
    assert LineStatus.SUSPENDED in {line.status for line in backend.lines("C-1003")}
    for number, bill in enumerate(owed):
        complaint = backend.file_complaint(undue_charge("C-1003", bill=bill.number), f"key-{number}")
        assert complaint.disputed == bill.outstanding
    after = backend.arrears("C-1003")
    assert (after.overdue, after.disputed, after.to_pay) == (before.overdue, before.overdue, Decimal("0.00"))
    assert after.cut_on is None
    assert {line.status for line in backend.lines("C-1003")} == {LineStatus.ACTIVE}


def test_a_disputed_part_leaves_the_rest_to_pay(backend: Backend) -> None:
    before = backend.arrears("C-1002")
    assert before.cut_on is not None
    assert before.cut_on > TODAY
    complaint = backend.file_complaint(undue_charge("C-1002", Decimal("4.35")), "key-1")
    again = backend.file_complaint(undue_charge("C-1002", Decimal("4.35")), "key-1")
    assert complaint == again
    assert complaint.disputed == Decimal("4.35")
    newest = backend.bills("C-1002")[0]
    is_overdue = newest.due_on < TODAY
    disputed = Decimal("4.35") if is_overdue else Decimal("0.00")
    assert backend.arrears("C-1002").to_pay == before.to_pay - disputed


def test_nothing_is_disputed_where_nothing_is_owed_or_nobody_is_known(backend: Backend) -> None:
    assert backend.file_complaint(undue_charge("C-1005"), "key-1").disputed is None
    unknown = NewComplaint("Me cobráis de más", ComplaintKind.UNDUE_CHARGE, "es", CONVERSATION, None)
    assert backend.file_complaint(unknown, "key-2").disputed is None
    general = NewComplaint("No vino nadie", ComplaintKind.GENERAL, "es", CONVERSATION, "C-1002")
    assert backend.file_complaint(general, "key-3").disputed is None


def test_every_request_is_a_case_with_a_code_on_any_channel(backend: Backend) -> None:
    complaint = backend.file_complaint(undue_charge("C-1006"), "key-0")
    plan = changed_plan(backend)
    data = backend.add_data("C-1006", ExtraData("C-1006-1", "datos-1"), "key-2")
    cases = {case.code: case for case in backend.cases("C-1006", "another conversation")}
    assert {complaint.code, plan.code, data.code, "R-9MHC3D"} == set(cases)
    assert (cases[complaint.code].due_on, cases[plan.code]) == (complaint.answer_by, plan)
    assert all(re.fullmatch(r"[RG]-[2-9A-HJ-NP-Z]{6}", code) for code in cases)
    assert [case.opened_on for case in cases.values()] == sorted(
        (case.opened_on for case in cases.values()), reverse=True
    )
    assert backend.cases("C-1001", CONVERSATION) == ()


def test_an_anonymous_complaint_is_a_case_of_its_conversation_only(backend: Backend) -> None:
    filed = backend.file_complaint(NewComplaint("Nada va", ComplaintKind.GENERAL, "es", CONVERSATION, None), "key-1")
    assert [case.code for case in backend.cases(None, CONVERSATION)] == [filed.code]
    assert backend.cases(None, "another conversation") == ()


def test_the_same_key_does_a_thing_once_however_often_it_comes(backend: Backend) -> None:
    def add(_: int) -> Case:
        return backend.add_data("C-1006", ExtraData("C-1006-1", "datos-1"), "key-1")

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(add, range(8)))) == 1
    (usage,) = backend.usage("C-1006")
    assert usage.included_mb == 31_000


def test_payments_show_what_the_bank_sent_back(backend: Backend) -> None:
    payments = backend.payments("C-1003")
    returned = [payment for payment in payments if payment.status is PaymentStatus.RETURNED]
    assert {payment.bill_number for payment in returned} == {
        bill.number for bill in standing_of(backend.bills("C-1003"), TODAY).overdue
    }
    assert [payment.made_on for payment in payments] == sorted((p.made_on for p in payments), reverse=True)


def test_incidents_are_those_of_the_area(backend: Backend) -> None:
    (outage,) = backend.incidents("41004")
    assert outage.kind is LineKind.FIBRE
    assert outage.started_at.tzinfo is not None
    assert outage.expected_until is None or outage.expected_until > outage.started_at
    assert backend.incidents("28013") == ()


def test_past_use_and_tariffs_can_be_compared(backend: Backend) -> None:
    (usage,) = backend.usage("C-1006")
    assert len(usage.past_mb) == 3
    assert all(month <= 30_000 for month in usage.past_mb)
    for tariff in backend.tariffs():
        assert (tariff.speed_mb is None) == (tariff.kind is LineKind.MOBILE)
        assert (tariff.roaming_mb is None) == (tariff.kind is LineKind.FIBRE)


def test_who_is_unknown_can_do_nothing(backend: Backend) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: backend.customer("C-9999"),
        lambda: backend.arrears("C-9999"),
        lambda: backend.payments("C-9999"),
        lambda: backend.appointments("C-9999"),
        lambda: backend.plan_change_quote("C-9999", "C-9999-1", "brisa"),
        lambda: backend.cancellation_quote("C-9999", "C-9999-1"),
        lambda: backend.add_data("C-9999", ExtraData("C-9999-1", "datos-1"), "key-1"),
        lambda: backend.book_appointment("C-9999", Booking(backend.slots("28013")[0].slot_id), "key-2"),
    ]
    for attempt in attempts:
        with pytest.raises(UnknownCustomerError):
            attempt()
