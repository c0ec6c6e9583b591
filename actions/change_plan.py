"""Moving a line to another plan: which line, which plan, one yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from actions.account_action import Speaker
from actions.backend.calling import within_time
from actions.backend.cases import Case, PlanChange, Refusal
from actions.backend.interface import Backend
from actions.backend.model import Line, LineKind, LineStatus, Tariff, Usage
from actions.forms.flow import Doing, EndsHereError, Flow, Known
from actions.forms.lines import line_among, line_options
from actions.forms.message import Message
from actions.forms.options import Option
from actions.plan_fit import fitting_plan, plan_entry, plan_named
from actions.wording import listed


@dataclass(frozen=True)
class Plans:
    """What there is to change and what to."""

    lines: tuple[Line, ...]
    tariffs: tuple[Tariff, ...]
    usage: tuple[Usage, ...]


class ChangePlan(Flow[Plans]):
    topic = "change_plan"
    slots = ("line", "plan")
    again: ClassVar = {
        Refusal.SAME_TARIFF: "plan",
        Refusal.OTHER_KIND: "plan",
        Refusal.UNKNOWN_TARIFF: "plan",
        Refusal.CHANGE_PENDING: "plan",
    }

    async def look_up(self, backend: Backend, customer_id: str) -> Plans:
        lines = await within_time(backend.lines, customer_id)
        tariffs = await within_time(backend.tariffs)
        return Plans(lines, tariffs, await within_time(backend.usage, customer_id))

    def begin(self, facts: Plans, message: Message, speaker: Speaker) -> None:
        if not facts.lines:
            speaker.say("utter_current_plan_none")
        elif not _changeable(facts.lines):
            is_suspended = any(line.status is LineStatus.SUSPENDED for line in facts.lines)
            speaker.say("utter_refused_line_suspended" if is_suspended else "utter_refused_line_ending")
        else:
            return
        raise EndsHereError

    def options(self, slot: str, facts: Plans, known: Known, speaker: Speaker) -> Sequence[Option]:
        if slot == "line":
            return line_options(_changeable(facts.lines), speaker)
        lines = [line_among(facts.lines, known["line"])] if "line" in known else _changeable(facts.lines)
        kinds = {line.kind for line in lines}
        own = lines[0].tariff.code if "line" in known else None
        return tuple(_option(tariff, own, speaker) for tariff in facts.tariffs if tariff.kind in kinds)

    def read(
        self, slot: str, message: Message, facts: Plans, known: Known, speaker: Speaker, is_asked: bool
    ) -> str | None:
        plan = message.named("plan")
        if slot == "line" and plan and not message.named("phone_number"):
            own = super().read(slot, message, facts, known, speaker, is_asked) if is_asked else None
            return own or self._line_for(message, facts, known)
        if slot == "plan" and plan and not is_asked and plan == self._own_plan(facts, known):
            return None  # «la Marea» named the line that has it
        return super().read(slot, message, facts, known, speaker, is_asked)

    def ask(self, slot: str, facts: Plans, known: Known, speaker: Speaker, buttons: list[dict[str, str]]) -> None:
        if slot == "line":
            entries = listed(speaker.line(line) for line in _changeable(facts.lines))
            speaker.say("utter_change_plan_ask_line", lines=entries, buttons=buttons)
            return
        line = line_among(facts.lines, known["line"])
        others = [tariff for tariff in facts.tariffs if tariff.kind is line.kind and tariff.code != line.tariff.code]
        speaker.say(
            "utter_change_plan_ask_plan",
            line=speaker.line(line),
            price=speaker.money(line.monthly_price),
            plans=listed(plan_entry(tariff, line.monthly_price, speaker) for tariff in others),
            buttons=buttons,
        )
        fitting = fitting_plan(line, facts.usage, facts.tariffs)
        if fitting and fitting.tariff.code != line.tariff.code:
            fitting.say(speaker)

    async def check(self, doing: Doing, facts: Plans, known: Known) -> None:
        await within_time(doing.backend.plan_change_quote, doing.customer_id, known["line"], known["plan"])

    async def confirm(self, doing: Doing, facts: Plans, known: Known, speaker: Speaker) -> None:
        quote = await within_time(doing.backend.plan_change_quote, doing.customer_id, known["line"], known["plan"])
        line = line_among(facts.lines, known["line"])
        response = "more" if quote.difference > 0 else "less" if quote.difference < 0 else "same"
        speaker.say(
            f"utter_change_plan_confirm_{response}",
            line=speaker.line(line),
            plan=plan_named(quote.tariff, speaker),
            price=speaker.money(quote.monthly_price),
            difference=speaker.money(abs(quote.difference)),
            day=speaker.day(quote.effective_on),
        )

    async def carry_out(self, doing: Doing, facts: Plans, known: Known) -> Case:
        quote = await within_time(doing.backend.plan_change_quote, doing.customer_id, known["line"], known["plan"])
        change = PlanChange(known["line"], known["plan"], quote.effective_on)
        return await within_time(doing.backend.change_plan, doing.customer_id, change, doing.key)

    def _line_for(self, message: Message, facts: Plans, known: Known) -> str | None:
        """«La fibra de 600» names the plan wanted: the only line that can have it."""
        wanted = {tariff.kind for tariff in facts.tariffs if tariff.code == message.named("plan")}
        fitting = [line.line_id for line in _changeable(facts.lines) if line.kind in wanted]
        return fitting[0] if len(fitting) == 1 and "line" not in known else None

    def _own_plan(self, facts: Plans, known: Known) -> str | None:
        return line_among(facts.lines, known["line"]).tariff.code if "line" in known else None


def _changeable(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.ends_on is None and line.status is LineStatus.ACTIVE]


def _option(tariff: Tariff, own: str | None, speaker: Speaker) -> Option:
    """A plan by its name, its data, its speed or its price; the one that the line has gets no button."""
    named: set[tuple[str, object]] = {("plan", tariff.code), ("money", f"{tariff.price:.2f}")}
    if tariff.data_mb is not None:
        named |= {("data_amount", tariff.data_mb), ("number", tariff.data_mb // 1000)}
    if tariff.speed_mb is not None:
        named |= {("number", tariff.speed_mb), ("data_amount", tariff.speed_mb)}
    if tariff.kind is LineKind.BUNDLE:
        named |= {("plan", part) for part in tariff.code.split("-")}
    title = f"{tariff.name.in_language(speaker.language)} · {speaker.money(tariff.price)}"
    return Option(tariff.code, "" if tariff.code == own else title, frozenset(named))
