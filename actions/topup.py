"""More data for this month, or credit for a prepaid line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from actions.account_action import Speaker
from actions.backend.calling import within_time
from actions.backend.cases import Case, ExtraData, Refusal, RequestRefusedError, TopUp
from actions.backend.interface import Backend
from actions.backend.model import Bonus, Customer, Line, LineStatus
from actions.forms.flow import Doing, EndsHereError, Flow, Known
from actions.forms.lines import line_among, line_options
from actions.forms.message import Message
from actions.forms.options import Option
from actions.wording import listed

CREDIT = "credit:"


@dataclass(frozen=True)
class Packs:
    """What can be added, and to which lines."""

    customer: Customer
    lines: tuple[Line, ...]
    bonuses: tuple[Bonus, ...]
    amounts: tuple[Decimal, ...]

    def bonus(self, code: str) -> Bonus:
        return next(bonus for bonus in self.bonuses if bonus.code == code)


class Topup(Flow[Packs]):
    topic = "topup"
    slots = ("line", "pack")
    again: ClassVar = {
        Refusal.NO_PAYMENT_METHOD: "pack",
        Refusal.UNKNOWN_BONUS: "pack",
        Refusal.AMOUNT_NOT_OFFERED: "pack",
    }

    async def look_up(self, backend: Backend, customer_id: str) -> Packs:
        customer = await within_time(backend.customer, customer_id)
        lines = await within_time(backend.lines, customer_id)
        bonuses = await within_time(backend.bonuses)
        return Packs(customer, lines, bonuses, await within_time(backend.prepaid_amounts))

    def begin(self, facts: Packs, message: Message, speaker: Speaker) -> None:
        mobile = [line for line in facts.lines if line.number]
        if not mobile:
            speaker.say("utter_data_usage_no_mobile")
        elif any(_takes_more(line) for line in mobile):
            return
        elif any(line.status is LineStatus.SUSPENDED for line in mobile):
            speaker.say("utter_refused_line_suspended")
        elif all(line.ends_on for line in mobile):
            speaker.say("utter_refused_line_ending")
        else:
            speaker.say("utter_refused_no_data_limit")
        raise EndsHereError

    def options(self, slot: str, facts: Packs, known: Known, speaker: Speaker) -> Sequence[Option]:
        if slot == "line":
            return line_options((line for line in facts.lines if _takes_more(line)), speaker)
        bonuses = tuple(_bonus_option(bonus, speaker) for bonus in facts.bonuses)
        if "line" not in known or line_among(facts.lines, known["line"]).credit is None:
            return bonuses
        return (*(_credit_option(amount, speaker) for amount in facts.amounts), *bonuses)

    def ask(self, slot: str, facts: Packs, known: Known, speaker: Speaker, buttons: list[dict[str, str]]) -> None:
        if slot == "line":
            entries = listed(speaker.line(line) for line in facts.lines if _takes_more(line))
            speaker.say("utter_topup_ask_line", lines=entries, buttons=buttons)
            return
        line = line_among(facts.lines, known["line"])
        bonuses = listed(
            f"{bonus.name.in_language(speaker.language)}: {speaker.money(bonus.price)}" for bonus in facts.bonuses
        )
        if line.credit is None:
            speaker.say("utter_topup_ask_pack", line=speaker.line(line), packs=bonuses, buttons=buttons)
            return
        amounts = ", ".join(speaker.money(amount) for amount in facts.amounts)
        credit = speaker.money(line.credit)
        speaker.say("utter_topup_ask_credit", credit=credit, amounts=amounts, packs=bonuses, buttons=buttons)

    async def check(self, doing: Doing, facts: Packs, known: Known) -> None:
        line, pack = line_among(facts.lines, known["line"]), known["pack"]
        if pack.startswith(CREDIT):
            lacks_means = facts.customer.direct_debit is None
        else:
            lacks_means = line.credit is not None and line.credit < facts.bonus(pack).price
        if lacks_means:
            raise RequestRefusedError(Refusal.NO_PAYMENT_METHOD)

    async def confirm(self, doing: Doing, facts: Packs, known: Known, speaker: Speaker) -> None:
        line, pack = line_among(facts.lines, known["line"]), known["pack"]
        if pack.startswith(CREDIT):
            amount = Decimal(pack.removeprefix(CREDIT))
            account = facts.customer.direct_debit or ""
            total = speaker.money((line.credit or Decimal(0)) + amount)
            speaker.say(
                "utter_topup_confirm_credit",
                line=speaker.line(line),
                amount=speaker.money(amount),
                account=account,
                total=total,
            )
            return
        bonus = facts.bonus(pack)
        speaker.say(
            "utter_topup_confirm_bill" if line.credit is None else "utter_topup_confirm_off_credit",
            line=speaker.line(line),
            pack=bonus.name.in_language(speaker.language),
            price=speaker.money(bonus.price),
            day=speaker.day(facts.customer.next_bill_on),
        )

    async def carry_out(self, doing: Doing, facts: Packs, known: Known) -> Case:
        line_id, pack = known["line"], known["pack"]
        if pack.startswith(CREDIT):
            top_up = TopUp(line_id, Decimal(pack.removeprefix(CREDIT)))
            return await within_time(doing.backend.top_up, doing.customer_id, top_up, doing.key)
        return await within_time(doing.backend.add_data, doing.customer_id, ExtraData(line_id, pack), doing.key)


def _takes_more(line: Line) -> bool:
    """An active mobile line on which data can run out, or credit."""
    if line.number is None or line.ends_on or line.status is not LineStatus.ACTIVE:
        return False
    return line.credit is not None or line.tariff.data_mb is not None


def _bonus_option(bonus: Bonus, speaker: Speaker) -> Option:
    named = frozenset(
        {("data_amount", bonus.data_mb), ("number", bonus.data_mb // 1000), ("money", f"{bonus.price:.2f}")}
    )
    return Option(bonus.code, f"{bonus.name.in_language(speaker.language)} · {speaker.money(bonus.price)}", named)


def _credit_option(amount: Decimal, speaker: Speaker) -> Option:
    named = frozenset({("money", f"{amount:.2f}"), ("number", int(amount))})
    return Option(f"{CREDIT}{amount}", speaker.money(amount), named)
