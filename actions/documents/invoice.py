"""A bill as a PDF. The same bill gives the same bytes; its words stand in data/documents/invoice.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from actions.backend.model import Bill, Customer, PaymentStatus
from actions.documents.taxes import without_vat
from actions.wording import full_date_words, money_words, number_words

FONTS = Path(__file__).resolve().parent / "fonts"
WORDS = Path(__file__).resolve().parents[2] / "data" / "documents" / "invoice.yml"
FONT = "DejaVu"
MARGIN = 20  # mm, as all lengths here
AMOUNT_WIDTH = 50
LINE = 6
INK, QUIET, ACCENT = (28, 32, 44), (104, 110, 124), (30, 76, 120)
ALL_PAGES = "{nb}"

MIME = "application/pdf"


@cache
def words_in(language: str) -> Mapping[str, str]:
    """The trainers' words for an invoice."""
    words: dict[str, dict[str, str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return words["en" if language == "en" else "es"]


def file_name(bill: Bill, language: str) -> str:
    """«factura-2026-10.pdf»: of the month that the bill is about."""
    kind = "bill" if language == "en" else "factura"
    return f"{kind}-{bill.period_start:%Y-%m}.pdf"


@dataclass(frozen=True)
class Invoice:
    """What is printed, and in which language."""

    operator: str
    customer: Customer
    bill: Bill
    language: str

    def as_pdf(self) -> bytes:
        page = _Page(self)
        page.head()
        page.addressee()
        page.items()
        page.sums()
        page.payments()
        return bytes(page.output())

    def money(self, amount: Decimal) -> str:
        return money_words(amount, self.language)

    def day(self, day: date) -> str:
        return full_date_words(day, self.language)


class _Page(FPDF):
    """The layout, from top to bottom."""

    def __init__(self, invoice: Invoice) -> None:
        super().__init__(format="A4")
        self._invoice = invoice
        self._words = words_in(invoice.language)
        self.add_font(FONT, "", FONTS / "DejaVuSans.ttf")
        self.add_font(FONT, "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + LINE)
        self.set_creation_date(datetime.combine(invoice.bill.issued_on, time(), timezone.utc))
        self.set_title(f"{self._words['title']} {invoice.bill.number}")
        self.set_author(invoice.operator)
        self.set_lang(invoice.language)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self._pen(7, QUIET)
        said = self._words["footer"].format(
            operator=self._invoice.operator, number=self._invoice.bill.number, page=self.page_no(), pages=ALL_PAGES
        )
        self.cell(0, LINE, said, align="C")

    def head(self) -> None:
        self._pen(20, ACCENT, "B")
        self.cell(0, 12, self._invoice.operator, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._pen(14, INK)
        self.cell(0, 9, self._words["title"], new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(3)

    def addressee(self) -> None:
        bill, customer, words = self._invoice.bill, self._invoice.customer, self._words
        start, end = self._invoice.day(bill.period_start), self._invoice.day(bill.period_end)
        place = " ".join(filter(None, (customer.postcode, customer.city)))
        self._fact(words["number"], bill.number)
        self._fact(words["issued_on"], self._invoice.day(bill.issued_on))
        self._fact(words["period"], words["period_value"].format(start=start, end=end))
        self._fact(words["due_on"], self._invoice.day(bill.due_on))
        self._fact(words["customer"], customer.name)
        self._fact("", ", ".join(filter(None, (customer.street, place))))
        self._fact(words["customer_id"], customer.customer_id)
        self.ln(6)

    def items(self) -> None:
        self._row(self._words["concept"], self._words["amount"], "B")
        self._rule()
        for item in self._invoice.bill.items:
            self._row(item.name.in_language(self._invoice.language), self._invoice.money(item.amount))
        self._rule()

    def sums(self) -> None:
        bill, words = self._invoice.bill, self._words
        net, vat = without_vat(bill.total, bill.vat_percent)
        percent = number_words(bill.vat_percent, self._invoice.language)
        self._row(words["base"], self._invoice.money(net))
        self._row(words["vat"].format(percent=percent), self._invoice.money(vat))
        self._row(words["total"], self._invoice.money(bill.total), "B")
        self.ln(6)

    def payments(self) -> None:
        bill, words = self._invoice.bill, self._words
        self._pen(10, ACCENT, "B")
        self.cell(0, LINE + 2, words["payments"], new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        for payment in bill.payments:
            returned = f", {words['returned']}" if payment.status is PaymentStatus.RETURNED else ""
            how = f"{self._invoice.day(payment.made_on)}, {words[payment.method.value].lower()}{returned}"
            self._row(how, self._invoice.money(payment.amount))
        if not bill.payments:
            self._row(words["no_payments"], "")
        if bill.outstanding > 0:
            self._row(words["outstanding"], self._invoice.money(bill.outstanding), "B")

    def _fact(self, name: str, value: str) -> None:
        self._pen(9, QUIET)
        self.cell(45, LINE, name)
        self._pen(9, INK)
        self.multi_cell(0, LINE, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _row(self, left: str, right: str, style: str = "") -> None:
        self._pen(9, INK, style)
        height = LINE + 1
        width = self.epw - AMOUNT_WIDTH
        if self.will_page_break(2 * height):
            self.add_page()
        top = self.get_y()
        self.multi_cell(width, height, left, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        bottom = self.get_y()
        self.set_xy(self.l_margin + width, top)
        self.cell(AMOUNT_WIDTH, height, right, align="R")
        self.set_xy(self.l_margin, bottom)

    def _rule(self) -> None:
        self.set_draw_color(*QUIET)
        self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())
        self.ln(1)

    def _pen(self, size: int, colour: tuple[int, int, int], style: str = "") -> None:
        self.set_font(FONT, style, size)
        self.set_text_color(*colour)
