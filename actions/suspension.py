"""Whether a line is cut off for unpaid bills, and how much stands between it and coming back."""

from __future__ import annotations

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.backend.model import Arrears, LineStatus
from actions.forms.message import Message


class Suspension(AccountAction):
    topic = "suspension"
    is_everyday = True

    async def answer(self, customer_id: str, speaker: Speaker, message: Message) -> None:
        lines = await within_time(self.office.backend.lines, customer_id)
        arrears = await within_time(self.office.backend.arrears, customer_id)
        suspended = [line for line in lines if line.status is LineStatus.SUSPENDED]
        for line in suspended:
            response = "utter_suspension_line" if arrears.to_pay else "utter_suspension_line_without_debt"
            speaker.say(
                response,
                line=speaker.line(line),
                debt=speaker.money(arrears.to_pay),
                hours=str(arrears.back_within_hours),
            )
        if suspended and arrears.to_pay:
            speaker.say("utter_suspension")
        elif arrears.to_pay:
            _say_risk(arrears, speaker)
        elif not suspended:
            speaker.say("utter_suspension_none")
        if arrears.disputed:
            speaker.say("utter_suspension_disputed", disputed=speaker.money(arrears.disputed))


def _say_risk(arrears: Arrears, speaker: Speaker) -> None:
    debt = speaker.money(arrears.to_pay)
    if arrears.cut_on is None:
        speaker.say("utter_suspension_at_risk", debt=debt)
    else:
        speaker.say("utter_suspension_cut_on", debt=debt, day=speaker.day(arrears.cut_on))
