"""No internet at home: a fault known in the area, what mends it most often, and else a technician's visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from actions.account_action import Speaker
from actions.backend.calling import within_time
from actions.backend.cases import Booking, Case, Refusal
from actions.backend.interface import Backend
from actions.backend.model import Customer, Line, LineKind, LineStatus
from actions.backend.network import Appointment, Incident, Slot
from actions.forms.flow import Doing, EndsHereError, Flow, Known
from actions.forms.message import AFFIRM, DENY, Message
from actions.forms.options import Option, chosen
from actions.forms.visits import MOST_SHOWN, slot_meant, slot_options, slot_words
from actions.outage import say_incident
from actions.wording import listed

WORKS, FAILS = "works", "fails"
WORDS = {
    WORKS: ("ya funciona", "ya va", "funciona", "solucionado", "arreglado", "it works", "works now", "fixed",
        "working"),
    FAILS: (
        "sigue igual", "sigue sin", "no funciona", "no va", "igual", "tampoco", "luz roja", "still", "not working",
        "doesn t work", "same", "red light",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Home:
    customer: Customer
    lines: tuple[Line, ...]
    incidents: tuple[Incident, ...]
    slots: tuple[Slot, ...]
    appointments: tuple[Appointment, ...]

    @property
    def fibre(self) -> Line | None:
        return next((line for line in self.lines if line.kind is not LineKind.MOBILE), None)


class InternetFault(Flow[Home]):
    topic = "internet_fault"
    slots = ("result", "visit")
    again: ClassVar = {Refusal.SLOT_TAKEN: "visit", Refusal.UNKNOWN_SLOT: "visit"}
    is_everyday = True

    async def look_up(self, backend: Backend, customer_id: str) -> Home:
        customer = await within_time(backend.customer, customer_id)
        return Home(
            customer,
            await within_time(backend.lines, customer_id),
            await within_time(backend.incidents, customer.postcode),
            await within_time(backend.slots, customer.postcode),
            await within_time(backend.appointments, customer_id),
        )

    def begin(self, facts: Home, message: Message, speaker: Speaker) -> None:
        fibre = facts.fibre
        if fibre is None:
            speaker.say("utter_internet_fault")
        elif fibre.status is LineStatus.SUSPENDED:
            speaker.say("utter_internet_fault_suspended", line=speaker.line(fibre))
        elif any(incident.kind is LineKind.FIBRE for incident in facts.incidents):
            for incident in facts.incidents:
                say_incident(incident, speaker)
        elif facts.appointments:
            speaker.say("utter_internet_fault_booked", visit=slot_words(facts.appointments[0].slot, speaker))
        else:
            return
        raise EndsHereError

    def options(self, slot: str, facts: Home, known: Known, speaker: Speaker) -> Sequence[Option]:
        if slot == "visit":
            return slot_options(facts.slots, speaker)
        return tuple(Option(result, "", words=WORDS[result]) for result in (WORKS, FAILS))

    def read(
        self, slot: str, message: Message, facts: Home, known: Known, speaker: Speaker, is_asked: bool
    ) -> str | None:
        if slot == "visit":
            return slot_meant(message, facts.slots, speaker, is_asked) if known.get("result") == FAILS else None
        if not is_asked:
            return None
        # A no, or whatever else contradicts, comes before a «funciona» in the same words.
        failing, working = self.options(slot, facts, known, speaker)[::-1]
        by_words = chosen(message, (failing,), is_asked=False) or chosen(message, (working,), is_asked=False)
        return by_words or {AFFIRM: WORKS, DENY: FAILS}.get(message.intent if message.is_sure else "")

    def heard(self, facts: Home, known: Known, speaker: Speaker) -> None:
        if known.get("result") == WORKS:
            speaker.say("utter_internet_fault_works")
        elif known.get("result") == FAILS and not facts.slots:
            speaker.say("utter_visit_no_slots")
        else:
            return
        raise EndsHereError

    def ask(self, slot: str, facts: Home, known: Known, speaker: Speaker, buttons: list[dict[str, str]]) -> None:
        if slot == "result":
            speaker.say("utter_internet_fault_ask_result")
            return
        shown = facts.slots[:MOST_SHOWN]
        visits = listed(slot_words(free, speaker) for free in shown)
        speaker.say("utter_internet_fault_ask_visit", visits=visits, buttons=buttons[: len(shown)])

    async def confirm(self, doing: Doing, facts: Home, known: Known, speaker: Speaker) -> None:
        visit = next(slot for slot in facts.slots if slot.slot_id == known["visit"])
        speaker.say("utter_internet_fault_confirm", visit=slot_words(visit, speaker), where=_where(facts.customer))

    async def carry_out(self, doing: Doing, facts: Home, known: Known) -> Case:
        booking = Booking(known["visit"])
        return await within_time(doing.backend.book_appointment, doing.customer_id, booking, doing.key)


def _where(customer: Customer) -> str:
    parts = (customer.street, " ".join(part for part in (customer.postcode, customer.city) if part))
    return ", ".join(part for part in parts if part)
