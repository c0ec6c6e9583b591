"""How much the customer owes: debt, what comes due, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.backend.model import Bill
from actions.bill_meant import month_named, place_of_bill, say_no_such_bill
from actions.forms.message import Message
from actions.standing import Standing, standing_of
from actions.wording import listed


class CheckBalance(AccountAction):
    topic = "check_balance"

    async def answer(self, customer_id: str, speaker: Speaker, message: Message) -> None:
        bills = await within_time(self.office.backend.bills, customer_id)
        if bills and month_named(message, speaker.today):
            _say_month(bills, message, speaker)
            return
        standing = standing_of(bills, speaker.today)
        if standing.newest is None:
            customer = await within_time(self.office.backend.customer, customer_id)
            speaker.say("utter_check_balance_no_bills", next_bill_on=speaker.day(customer.next_bill_on))
        elif standing.overdue:
            _say_debt(standing, speaker)
        elif standing.pending:
            speaker.say(
                "utter_check_balance_pending",
                amount=speaker.money(standing.to_come),
                due_on=speaker.day(standing.pending[0].due_on),
            )
        else:
            speaker.say(
                "utter_check_balance_clear",
                amount=speaker.money(standing.newest.total),
                paid_on=speaker.day(standing.newest.paid_on or standing.newest.due_on),
            )


def _say_month(bills: Sequence[Bill], message: Message, speaker: Speaker) -> None:
    """What the bill of one month came to, and whether it is paid."""
    place = place_of_bill(bills, message, speaker.today)
    if place is None:
        say_no_such_bill(bills, message, speaker)
        return
    bill = bills[place]
    values = {"number": bill.number, "amount": speaker.money(bill.total)}
    if bill.outstanding > 0:
        owed, due_on = speaker.money(bill.outstanding), speaker.day(bill.due_on)
        speaker.say("utter_check_balance_month_owed", **values, owed=owed, due_on=due_on)
    else:
        speaker.say("utter_check_balance_month_paid", **values, paid_on=speaker.day(bill.paid_on or bill.due_on))


def _say_debt(standing: Standing, speaker: Speaker) -> None:
    bills = listed(
        f"{bill.number} ({speaker.day(bill.due_on)}): {speaker.money(bill.outstanding)}" for bill in standing.overdue
    )
    if not standing.pending:
        speaker.say("utter_check_balance_overdue", debt=speaker.money(standing.debt), bills=bills)
        return
    speaker.say(
        "utter_check_balance_overdue_and_pending",
        total=speaker.money(standing.debt + standing.to_come),
        debt=speaker.money(standing.debt),
        bills=bills,
        amount=speaker.money(standing.to_come),
        due_on=speaker.day(standing.pending[0].due_on),
    )
