"""A copy of a bill as a PDF: the newest, or that of the month named."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.backend.model import Bill
from actions.documents.invoice import MIME, file_name
from actions.documents.references import InvoiceReference
from actions.months import bill_of_month, month_meant
from actions.wording import month_words

ENTITY = "month"


class InvoiceCopy(AccountAction):
    topic = "invoice_copy"

    async def answer_turn(self, customer_id: str, speaker: Speaker, tracker: Tracker) -> None:
        bills = await within_time(self.office.backend.bills, customer_id)
        newest = max(bills, key=lambda bill: bill.issued_on, default=None)
        if newest is None:
            customer = await within_time(self.office.backend.customer, customer_id)
            speaker.say("utter_invoice_copy_no_bills", next_bill_on=speaker.day(customer.next_bill_on))
            return
        said = next(tracker.get_latest_entity_values(ENTITY), None)
        month = month_meant(str(said), speaker.today) if said else None
        if month is None:
            self._hand_over(newest, customer_id, speaker, tracker)
            return
        wanted = bill_of_month(bills, month)
        if wanted is None:
            speaker.say("utter_invoice_copy_other_month", month=month_words(month, speaker.language))
        self._hand_over(wanted or newest, customer_id, speaker, tracker)

    def _hand_over(self, bill: Bill, customer_id: str, speaker: Speaker, tracker: Tracker) -> None:
        reference = InvoiceReference(customer_id, tracker.sender_id, bill.number, speaker.language)
        document = {
            "name": file_name(bill, speaker.language),
            "mime": MIME,
            "ref": self.office.references.sign(reference),
        }
        speaker.hand_over(
            document,
            "utter_invoice_copy_here",
            number=bill.number,
            month=month_words(bill.period_start, speaker.language),
            total=speaker.money(bill.total),
        )
