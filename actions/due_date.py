"""When the bill is charged. In general words for anybody, with the real day and amount for who is identified."""

from __future__ import annotations

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.forms.message import Message
from actions.standing import Standing, standing_of


class DueDate(AccountAction):
    topic = "due_date"
    is_everyday = True

    async def answer(self, customer_id: str, speaker: Speaker, message: Message) -> None:
        bills = await within_time(self.office.backend.bills, customer_id)
        standing = standing_of(bills, speaker.today)
        if standing.pending or standing.overdue:
            _say_what_is_owed(standing, speaker)
            return
        customer = await within_time(self.office.backend.customer, customer_id)
        next_bill_on = speaker.day(customer.next_bill_on)
        if standing.newest is None:
            speaker.say("utter_due_date_first", next_bill_on=next_bill_on)
        else:
            paid_on = speaker.day(standing.newest.paid_on or standing.newest.due_on)
            amount = speaker.money(standing.newest.total)
            speaker.say("utter_due_date_paid", amount=amount, paid_on=paid_on, next_bill_on=next_bill_on)


def _say_what_is_owed(standing: Standing, speaker: Speaker) -> None:
    if standing.pending:
        due_on = speaker.day(standing.pending[0].due_on)
        speaker.say("utter_due_date_pending", amount=speaker.money(standing.to_come), due_on=due_on)
    if standing.overdue:
        since = speaker.day(standing.overdue[0].due_on)
        speaker.say("utter_due_date_overdue", debt=speaker.money(standing.debt), since=since)
