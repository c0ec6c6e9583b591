"""What the customer has contracted, what it includes and what it costs just now."""

from __future__ import annotations

from collections.abc import Sequence

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.backend.model import NOTHING, Line, LineKind, LineStatus
from actions.forms.lines import international
from actions.forms.message import Message
from actions.wording import listed

KINDS = {
    "mobile": frozenset({LineKind.MOBILE, LineKind.BUNDLE}),
    "fibre": frozenset({LineKind.FIBRE, LineKind.BUNDLE}),
}


class CurrentPlan(AccountAction):
    topic = "current_plan"

    async def answer(self, customer_id: str, speaker: Speaker, message: Message) -> None:
        lines = await within_time(self.office.backend.lines, customer_id)
        if not lines:
            speaker.say("utter_current_plan_none")
            return
        lines = _meant(lines, message) or lines
        speaker.say(
            "utter_current_plan_lines",
            plans=listed(_plan(line, speaker) for line in lines),
            total=speaker.money(sum((line.monthly_price for line in lines), NOTHING)),
        )
        for line in lines:
            _say_conditions(line, speaker)


def _meant(lines: Sequence[Line], message: Message) -> list[Line]:
    """The lines that the message names by number or by kind."""
    number, service = message.named("phone_number"), message.named("service")
    kinds = KINDS.get(str(service), frozenset())
    if number:
        return [line for line in lines if line.number and international(line.number) == number]
    return [line for line in lines if line.kind in kinds]


def _plan(line: Line, speaker: Speaker) -> str:
    includes = line.tariff.includes.in_language(speaker.language)
    return f"{speaker.line(line)}: {includes}. {speaker.money(line.monthly_price)}"


def _say_conditions(line: Line, speaker: Speaker) -> None:
    """A running discount, a minimum term that still binds and a suspension, where there are any."""
    if line.next_tariff and line.next_tariff_on:
        speaker.say(
            "utter_current_plan_change",
            line=speaker.line(line),
            plan=line.next_tariff.name.in_language(speaker.language),
            day=speaker.day(line.next_tariff_on),
        )
    if line.ends_on:
        speaker.say("utter_cancel_service_ends", line=speaker.line(line), day=speaker.day(line.ends_on))
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
