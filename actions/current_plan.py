"""What the customer has contracted, what it includes and what it costs just now."""

from __future__ import annotations

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.backend.model import NOTHING, Line, LineStatus
from actions.wording import listed


class CurrentPlan(AccountAction):
    topic = "current_plan"

    async def answer(self, customer_id: str, speaker: Speaker) -> None:
        lines = await within_time(self.office.backend.lines, customer_id)
        if not lines:
            speaker.say("utter_current_plan_none")
            return
        speaker.say(
            "utter_current_plan_lines",
            plans=listed(_plan(line, speaker) for line in lines),
            total=speaker.money(sum((line.monthly_price for line in lines), NOTHING)),
        )
        for line in lines:
            _say_conditions(line, speaker)


def _plan(line: Line, speaker: Speaker) -> str:
    includes = line.tariff.includes.in_language(speaker.language)
    return f"{speaker.line(line)}: {includes}. {speaker.money(line.monthly_price)}"


def _say_conditions(line: Line, speaker: Speaker) -> None:
    """A running discount, a minimum term that still binds and a suspension, where there are any."""
    if line.promotion:
        speaker.say(
            "utter_current_plan_promotion",
            promotion=line.promotion.name.in_language(speaker.language),
            amount=speaker.money(line.promotion.discount),
            ends_on=speaker.day(line.promotion.ends_on),
        )
    if line.permanence_ends and line.permanence_ends >= speaker.today:
        ends_on = speaker.day(line.permanence_ends)
        speaker.say("utter_current_plan_permanence", line=speaker.line(line), ends_on=ends_on)
    if line.status is LineStatus.SUSPENDED:
        speaker.say("utter_current_plan_suspended", line=speaker.line(line))
