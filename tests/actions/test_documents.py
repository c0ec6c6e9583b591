"""Invoices: true to the bill, the same bytes each time, and only for whom and where they were promised."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jwt
import pytest
from pypdf import PdfReader

from actions.backend.complaint_terms import ComplaintTerms
from actions.backend.model import Bill, BillItem, Customer, ItemKind, Words
from actions.backend.sqlite.embedded import EmbeddedBackend
from actions.documents.invoice import Invoice, words_in
from actions.documents.references import InvoiceReference, ReferenceRefusedError, References
from actions.documents.taxes import without_vat
from actions.months import bill_of_month, month_meant
from actions.wording import full_date_words, money_words, month_words
from tests.actions.rendering import rendered
from tests.actions.running import CONVERSATION, SECRET, Server, Turn, verification

TODAY = date(2026, 11, 22)


@pytest.fixture
def backend(tmp_path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(tmp_path / "backend.db", ComplaintTerms(), lambda: TODAY)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def invoice(customer: Customer, bill: Bill, language: str = "es") -> bytes:
    return Invoice("Alborada", customer, bill, language).as_pdf()


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("customer_id", ["C-1001", "C-1003", "C-1004", "C-1006"])
def test_an_invoice_says_all_that_the_bill_says(backend: EmbeddedBackend, customer_id: str, language: str) -> None:
    customer, bill = backend.customer(customer_id), backend.bills(customer_id)[0]
    text = text_of(invoice(customer, bill, language))
    net, vat = without_vat(bill.total, bill.vat_percent)
    assert net + vat == bill.total
    days = [bill.period_start, bill.period_end, bill.issued_on, bill.due_on, *(p.made_on for p in bill.payments)]
    amounts = [bill.total, net, vat, *(item.amount for item in bill.items), *(p.amount for p in bill.payments)]
    expected = [
        "Alborada",
        customer.name,
        customer.street or "",
        bill.number,
        *(item.name.in_language(language) for item in bill.items),
        *(full_date_words(day, language) for day in days),
        *(money_words(amount, language) for amount in amounts),
    ]
    assert [words for words in expected if words not in text] == []
    assert (words_in(language)["outstanding"] in text) == (bill.outstanding > 0)


def test_the_same_bill_gives_the_same_bytes(backend: EmbeddedBackend) -> None:
    customer, bill = backend.customer("C-1001"), backend.bills("C-1001")[0]
    assert invoice(customer, bill) == invoice(customer, bill)


def test_letters_of_other_countries_and_many_items_find_their_place(backend: EmbeddedBackend) -> None:
    customer = replace(backend.customer("C-1001"), name="Łukasz Đorđević-Öztürk Çelik", city="L'Hospitalet")
    item = BillItem(ItemKind.ROAMING, Words("Llamada « muy larga » " * 12, "Call"), Decimal("1.00"))
    bill = replace(backend.bills("C-1001")[0], items=(item,) * 60, total=Decimal("60.00"))
    pdf = invoice(customer, bill)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert "Łukasz Đorđević-Öztürk Çelik" in pages[0].extract_text()
    assert len(pages) > 2
    assert text_of(pdf).count(money_words(Decimal("1.00"), "es")) == 60
    assert f"{len(pages)} de {len(pages)}" in pages[-1].extract_text()


def test_both_languages_have_the_same_words() -> None:
    assert words_in("es").keys() == words_in("en").keys()


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("2026-05", date(2026, 5, 1)),
        ("--05", date(2026, 5, 1)),
        ("--12", date(2025, 12, 1)),
        ("--11", date(2026, 11, 1)),
        ("-P1M", date(2026, 10, 1)),
        ("P0M", date(2026, 11, 1)),
        ("P1M", date(2026, 12, 1)),
        ("2026-13", None),
        ("mayo", None),
        ("0000-05", None),
    ],
)
def test_a_month_is_the_one_that_is_meant(said: str, month: date | None) -> None:
    assert month_meant(said, TODAY) == month


def test_the_bill_of_a_month_is_about_it_or_else_issued_in_it(backend: EmbeddedBackend) -> None:
    bills = backend.bills("C-1001")
    assert bill_of_month(bills, date(2026, 5, 1)) == next(b for b in bills if b.period_start == date(2026, 5, 1))
    assert bill_of_month(bills, date(2026, 11, 1)) == bills[0]
    assert bill_of_month(bills, date(2020, 1, 1)) is None


def test_a_reference_is_good_for_its_conversation_only() -> None:
    wanted = InvoiceReference("C-1001", "conversation-1", "F2611-1001", "es")
    ref = References(SECRET).sign(wanted)
    assert References(SECRET).read(ref, "conversation-1") == wanted
    for references, conversation in (
        (References(SECRET), "conversation-2"),
        (References(SECRET), ""),
        (References("another-secret-of-somebody-else-0123456789"), "conversation-1"),
    ):
        with pytest.raises(ReferenceRefusedError):
            references.read(ref, conversation)


@pytest.mark.parametrize(
    "changed", [{"exp": 1}, {"aud": "relevo-actions"}, {"bill": None}, {"cid": None}, {"sub": 7}, {"exp": None}]
)
def test_a_reference_with_one_thing_wrong_is_none(changed: dict[str, Any]) -> None:
    claims = {
        "aud": "relevo-documents",
        "sub": "C-1001",
        "cid": "c",
        "bill": "F",
        "lang": "es",
        "exp": time.time() + 60,
        **changed,
    }
    ref = jwt.encode({name: claim for name, claim in claims.items() if claim is not None}, SECRET, algorithm="HS256")
    with pytest.raises(ReferenceRefusedError):
        References(SECRET).read(ref, "c")


def asked(server: Server, turn: Turn, language: str = "es") -> tuple[str, dict[str, str]]:
    said = server.said("action_invoice_copy", turn)
    (document,) = [message["custom"]["document"] for message in said if message.get("custom")]
    return rendered(said, language), document


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_newest_bill_is_handed_over_and_can_be_fetched(server: Server, language: str) -> None:
    turn = Turn("mi factura", "invoice_copy", language=language, verification=verification("C-1004"))
    text, document = asked(server, turn, language)
    bill = server.backend.bills("C-1004")[0]
    assert bill.number in text
    assert money_words(bill.total, language) in text
    assert document["mime"] == "application/pdf"
    assert document["name"].endswith(f"-{bill.period_start:%Y-%m}.pdf")
    answer = server.get(f"/documents/{document['ref']}?conversation={CONVERSATION}")
    assert answer.status == 200
    assert bill.number in text_of(answer.body)


def test_the_month_that_is_named_decides(server: Server) -> None:
    bills = server.backend.bills("C-1004")
    month = bills[4].period_start
    turn = Turn(
        "la de ese mes",
        "invoice_copy",
        verification=verification("C-1004"),
        entities=(("month", f"--{month:%m}"),),
    )
    text, document = asked(server, turn)
    assert bills[4].number in text
    assert f"{month:%Y-%m}" in document["name"]


def test_a_month_without_a_bill_is_said_and_the_newest_comes(server: Server) -> None:
    turn = Turn("la de 2019", "invoice_copy", verification=verification("C-1004"), entities=(("month", "2019-03"),))
    text, _ = asked(server, turn)
    assert month_words(date(2019, 3, 1), "es") in text
    assert server.backend.bills("C-1004")[0].number in text


def test_who_has_no_bills_or_is_not_identified_gets_no_document(server: Server) -> None:
    new = server.said("action_invoice_copy", Turn(verification=verification("C-1007")))
    unknown = server.said("action_invoice_copy", Turn())
    assert [said["response"] for said in new] == ["utter_invoice_copy_no_bills"]
    assert [said["response"] for said in unknown] == ["utter_identify", "utter_invoice_copy"]
    assert not [said for said in [*new, *unknown] if said.get("custom")]


def test_a_document_is_closed_to_strangers_and_to_other_conversations(server: Server) -> None:
    _, document = asked(server, Turn(verification=verification("C-1004")))
    path = f"/documents/{document['ref']}?conversation={CONVERSATION}"
    assert server.get(path, headers={}).status == 401
    assert server.get(f"/documents/{document['ref']}?conversation=another").status == 404
    assert server.get(f"/documents/{document['ref']}").status == 404
    assert server.get(f"/documents/no.such.thing?conversation={CONVERSATION}").status == 404
