"""Leaving: what it costs first, an offer at most once, then done. Nobody has to talk to anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.account_action import Speaker
from actions.backend.calling import within_time
from actions.backend.cases import Cancellation, CancellationQuote, Case
from actions.backend.interface import Backend
from actions.backend.model import Line, Tariff, Usage
from actions.forms.flow import Doing, EndsHereError, Flow, Known
from actions.forms.lines import international, line_among, line_options
from actions.forms.message import Message
from actions.forms.options import Option
from actions.plan_fit import fitting_plan, plan_named
from actions.wording import listed

NUMBER_LOST = "utter_cancel_service_number"
OFFER = "utter_cancel_service_offer"


@dataclass(frozen=True)
class Contracted:
    lines: tuple[Line, ...]
    tariffs: tuple[Tariff, ...]
    usage: tuple[Usage, ...]

    @property
    def running(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.ends_on is None)


class CancelService(Flow[Contracted]):
    topic = "cancel_service"
    slots = ("line",)
    cancel_is_unclear = True
    unclear = "utter_cancel_service_unclear"

    async def look_up(self, backend: Backend, customer_id: str) -> Contracted:
        lines = await within_time(backend.lines, customer_id)
        tariffs = await within_time(backend.tariffs)
        return Contracted(lines, tariffs, await within_time(backend.usage, customer_id))

    def begin(self, facts: Contracted, message: Message, speaker: Speaker) -> None:
        for line in facts.lines:
            if line.ends_on and not facts.running:
                speaker.say("utter_cancel_service_ends", line=speaker.line(line), day=speaker.day(line.ends_on))
        if not facts.lines:
            speaker.say("utter_current_plan_none")
        if not facts.running:
            raise EndsHereError

    def options(self, slot: str, facts: Contracted, known: Known, speaker: Speaker) -> Sequence[Option]:
        return line_options(facts.running, speaker)

    def ask(self, slot: str, facts: Contracted, known: Known, speaker: Speaker, buttons: list[dict[str, str]]) -> None:
        entries = listed(speaker.line(line) for line in facts.running)
        speaker.say("utter_cancel_service_ask_line", lines=entries, buttons=buttons)

    async def check(self, doing: Doing, facts: Contracted, known: Known) -> None:
        await self._quote(doing, known)

    async def confirm(self, doing: Doing, facts: Contracted, known: Known, speaker: Speaker) -> None:
        quote, line = await self._quote(doing, known), line_among(facts.lines, known["line"])
        response = "utter_cancel_service_confirm_penalty" if quote.penalty else "utter_cancel_service_confirm_free"
        if quote.number_lost and not speaker.has_said(NUMBER_LOST):
            speaker.say(NUMBER_LOST, number=quote.number_lost)
        if not speaker.has_said(OFFER):
            _offer(line, facts, speaker)
        speaker.say(
            response,
            line=speaker.line(line),
            day=speaker.day(quote.effective_on),
            penalty=speaker.money(quote.penalty),
            ends_on=speaker.day(quote.permanence_ends) if quote.permanence_ends else "",
        )

    async def carry_out(self, doing: Doing, facts: Contracted, known: Known) -> Case:
        quote = await self._quote(doing, known)
        leaving = Cancellation(quote.line_id, quote.effective_on, quote.penalty)
        return await within_time(doing.backend.cancel_line, doing.customer_id, leaving, doing.key)

    async def _quote(self, doing: Doing, known: Known) -> CancellationQuote:
        return await within_time(doing.backend.cancellation_quote, doing.customer_id, known["line"])


def _offer(line: Line, facts: Contracted, speaker: Speaker) -> None:
    """A plan that would do and costs less, if there is one."""
    fit = fitting_plan(line, facts.usage, facts.tariffs)
    if fit is None or fit.is_their_own or fit.difference >= 0:
        return
    number = f', "phone_number": "{international(line.number)}"' if line.number else ""
    name = fit.tariff.name.in_language(speaker.language)
    speaker.say(
        OFFER,
        plan=plan_named(fit.tariff, speaker),
        price=speaker.money(fit.tariff.price),
        difference=speaker.money(-fit.difference),
        buttons=[{"title": name, "payload": f'/change_plan{{"plan": "{fit.tariff.code}"{number}}}'}],
    )
