"""From which bank account bills are taken. Of an account only its last four digits are ever shown."""

from __future__ import annotations

import re
from typing import ClassVar

from actions.account_action import Speaker
from actions.backend.calling import within_time
from actions.backend.cases import Case, DirectDebit, Refusal, RequestRefusedError
from actions.backend.iban import InvalidIbanError, masked, normalised
from actions.backend.interface import Backend
from actions.backend.model import Customer
from actions.forms.flow import Doing, EndsHereError, Flow, Known
from actions.forms.message import Message, folded

STOPS = re.compile(
    r"\b(quitar|quita|quito|dejar de|dejen de|desactiv\w*|anular|cancel\w*|revocar|dar de baja|saquen|sacar|"
    r"stop|remove|revoke|turn off)\b"
)
WHICH = re.compile(r"\b(en que cuenta|que cuenta|which account|how do i know|como se si|is my direct debit)\b")


class ChangeDirectDebit(Flow[Customer]):
    topic = "direct_debit"
    slots = ("iban",)
    again: ClassVar = {Refusal.INVALID_IBAN: "iban"}

    async def look_up(self, backend: Backend, customer_id: str) -> Customer:
        return await within_time(backend.customer, customer_id)

    def begin(self, facts: Customer, message: Message, speaker: Speaker) -> None:
        text = folded(message.text)
        if STOPS.search(text):
            speaker.say("utter_direct_debit_stop")
        elif WHICH.search(text):
            _say_account(facts, speaker)
        else:
            return
        raise EndsHereError

    def read(
        self, slot: str, message: Message, facts: Customer, known: Known, speaker: Speaker, is_asked: bool
    ) -> str | None:
        return message.named("iban")

    def ask(self, slot: str, facts: Customer, known: Known, speaker: Speaker, buttons: list[dict[str, str]]) -> None:
        _say_account(facts, speaker)
        speaker.say("utter_direct_debit_ask_iban")

    async def check(self, doing: Doing, facts: Customer, known: Known) -> None:
        try:
            normalised(known["iban"])
        except InvalidIbanError:
            raise RequestRefusedError(Refusal.INVALID_IBAN) from None

    async def confirm(self, doing: Doing, facts: Customer, known: Known, speaker: Speaker) -> None:
        account = masked(normalised(known["iban"]))
        speaker.say("utter_direct_debit_confirm", account=account, day=speaker.day(facts.next_bill_on))

    async def carry_out(self, doing: Doing, facts: Customer, known: Known) -> Case:
        debit = DirectDebit(known["iban"])
        return await within_time(doing.backend.set_direct_debit, doing.customer_id, debit, doing.key)


def _say_account(customer: Customer, speaker: Speaker) -> None:
    if customer.direct_debit:
        speaker.say("utter_direct_debit_now", account=customer.direct_debit)
    else:
        speaker.say("utter_direct_debit_none")
