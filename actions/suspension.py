"""Whether a line is cut off for unpaid bills, and how much stands between it and coming back."""

from __future__ import annotations

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.backend.model import LineStatus
from actions.standing import standing_of


class Suspension(AccountAction):
    topic = "suspension"
    is_everyday = True

    async def answer(self, customer_id: str, speaker: Speaker) -> None:
        lines = await within_time(self.office.backend.lines, customer_id)
        bills = await within_time(self.office.backend.bills, customer_id)
        debt = standing_of(bills, speaker.today).debt
        suspended = [line for line in lines if line.status is LineStatus.SUSPENDED]
        for line in suspended:
            response = "utter_suspension_line" if debt else "utter_suspension_line_without_debt"
            speaker.say(response, line=speaker.line(line), debt=speaker.money(debt))
        if suspended and debt:
            speaker.say("utter_suspension")
        elif debt:
            speaker.say("utter_suspension_at_risk", debt=speaker.money(debt))
        elif not suspended:
            speaker.say("utter_suspension_none")
