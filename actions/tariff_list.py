"""Which plans there are and what they cost; for who is identified also which one fits, and at what difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.account_action import Events, Office, Speaker, say_unavailable, speaker_for
from actions.backend.calling import within_time
from actions.backend.interface import BackendUnavailableError, UnknownCustomerError
from actions.backend.model import Line, LineKind, Tariff
from actions.forms.lines import international
from actions.forms.message import Message
from actions.plan_fit import fitting_plan, plan_entry
from actions.wording import listed

GIGA = 1000
KINDS = {"mobile": LineKind.MOBILE, "fibre": LineKind.FIBRE}


class TariffList(Action):
    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return "action_tariff_list"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        message = Message.from_latest(tracker.latest_message)
        try:
            tariffs = await within_time(self.office.backend.tariffs)
            asked_for = plans_meant(message, tariffs)
            lines = await self._lines(tracker)
            if not asked_for:
                _say_all(tariffs, speaker)
            for tariff in asked_for:
                _say_plan(tariff, lines, speaker)
            if not asked_for:
                await self._say_fits(lines, tariffs, tracker, speaker)
        except BackendUnavailableError:
            say_unavailable(speaker, self.name())
        return []

    async def _lines(self, tracker: Tracker) -> tuple[Line, ...]:
        customer_id = self.office.identity.customer_of(tracker)
        if customer_id is None:
            return ()
        try:
            return await within_time(self.office.backend.lines, customer_id)
        except UnknownCustomerError:
            return ()

    async def _say_fits(
        self, lines: Sequence[Line], tariffs: Sequence[Tariff], tracker: Tracker, speaker: Speaker
    ) -> None:
        """What fits each line's use, and a button that moves it there."""
        customer_id = self.office.identity.customer_of(tracker)
        if customer_id is None or not lines:
            return
        usage = await within_time(self.office.backend.usage, customer_id)
        for line in lines:
            fit = fitting_plan(line, usage, tariffs)
            if fit is not None and line.ends_on is None:
                fit.say(speaker, _button(line, fit.tariff, speaker) if not fit.is_their_own else None)


def plans_meant(message: Message, tariffs: Iterable[Tariff]) -> list[Tariff]:
    """The plans that the message names: by name, by their data or speed, by their price, or a whole kind of them."""
    tariffs = list(tariffs)
    tests = (
        ("plan", lambda tariff, value: tariff.code == value),
        ("data_amount", lambda tariff, value: value in (tariff.data_mb, tariff.speed_mb)),
        ("money", lambda tariff, value: f"{tariff.price:.2f}" == value or f"{tariff.price:.0f}.00" == value),
        ("number", lambda tariff, value: value in ((tariff.data_mb or 0) // GIGA, tariff.speed_mb)),
        ("service", lambda tariff, value: tariff.kind is KINDS.get(str(value))),
    )
    for entity, fits in tests:
        value = message.named(entity)
        meant = [tariff for tariff in tariffs if value is not None and fits(tariff, value)]
        if meant:
            return meant
    return []


def _say_all(tariffs: Sequence[Tariff], speaker: Speaker) -> None:
    def plans(kind: LineKind) -> str:
        return listed(plan_entry(tariff, None, speaker) for tariff in tariffs if tariff.kind is kind)

    speaker.say(
        "utter_tariff_list_plans",
        mobile=plans(LineKind.MOBILE),
        fibre=plans(LineKind.FIBRE),
        bundles=plans(LineKind.BUNDLE),
    )


def _say_plan(tariff: Tariff, lines: Sequence[Line], speaker: Speaker) -> None:
    """One plan, against what the customer pays for a line of that kind, where there is just one."""
    own = [line for line in lines if line.kind is tariff.kind and line.ends_on is None]
    values = {
        "plan": tariff.name.in_language(speaker.language),
        "price": speaker.money(tariff.price),
        "includes": tariff.includes.in_language(speaker.language),
    }
    if len(own) != 1:
        speaker.say("utter_tariff_list_plan", **values)
    elif own[0].tariff.code == tariff.code:
        speaker.say("utter_tariff_list_plan_own", **values)
    else:
        difference = tariff.price - own[0].monthly_price
        response = "more" if difference > 0 else "less"
        speaker.say(
            f"utter_tariff_list_plan_{response}",
            **values,
            difference=speaker.money(abs(difference)),
            current=speaker.money(own[0].monthly_price),
            buttons=_button(own[0], tariff, speaker),
        )


def _button(line: Line, tariff: Tariff, speaker: Speaker) -> list[dict[str, str]]:
    number = f', "phone_number": "{international(line.number)}"' if line.number else ""
    name = tariff.name.in_language(speaker.language)
    return [{"title": f"→ {name}", "payload": f'/change_plan{{"plan": "{tariff.code}"{number}}}'}]
