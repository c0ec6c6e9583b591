"""Making the invoice that a reference stands for, from what the operator's system says now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from actions.backend.calling import within_time
from actions.backend.interface import Backend, UnknownCustomerError
from actions.backend.model import Bill
from actions.documents.invoice import Invoice
from actions.documents.references import References

MOST_BILLS = 12


class NoSuchBillError(Exception):
    """The customer, or the bill, is not there any more."""


@dataclass(frozen=True)
class Invoices:
    """Invoices of an operator, by reference."""

    backend: Backend
    references: References
    operator: str

    async def fetch(self, ref: str, conversation_id: str) -> bytes:
        """The PDF; ReferenceRefusedError, NoSuchBillError or BackendUnavailableError where there is none."""
        wanted = self.references.read(ref, conversation_id)
        try:
            customer = await within_time(self.backend.customer, wanted.customer_id)
            bills = await within_time(self.backend.bills, wanted.customer_id, MOST_BILLS)
        except UnknownCustomerError:
            raise NoSuchBillError from None
        invoice = Invoice(self.operator, customer, _numbered(wanted.bill_number, bills), wanted.language)
        return await asyncio.to_thread(invoice.as_pdf)


def _numbered(number: str, bills: tuple[Bill, ...]) -> Bill:
    for bill in bills:
        if bill.number == number:
            return bill
    raise NoSuchBillError
