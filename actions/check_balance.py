"""How much the customer owes: debt, what comes due, or nothing."""

from __future__ import annotations

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.standing import Standing, standing_of
from actions.wording import listed


class CheckBalance(AccountAction):
    topic = "check_balance"

    async def answer(self, customer_id: str, speaker: Speaker) -> None:
        bills = await within_time(self.office.backend.bills, customer_id)
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
