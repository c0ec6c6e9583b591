"""Where an order, a delivery or a visit stands, and moving a visit to another time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from actions.account_action import Speaker
from actions.backend.calling import within_time
from actions.backend.cases import Booking, Case, Refusal
from actions.backend.interface import Backend
from actions.backend.model import Order, OrderStatus
from actions.backend.network import Appointment, Slot
from actions.forms.flow import Doing, EndsHereError, Flow, Known
from actions.forms.message import CHOICE, Message, folded
from actions.forms.options import Option
from actions.forms.visits import MOST_SHOWN, slot_meant, slot_options, slot_words
from actions.wording import listed

MOVE = "move"
MOVES = re.compile(
    r"\b(cambi\w*|mover|muev\w*|reprogram\w*|reagend\w*|aplaz\w*|adelant\w*|otr[oa] (dia|hora|fecha)|no puedo|"
    r"no voy a estar|"
    r"reschedul\w*|move|change|another (day|time)|different (day|time)|postpone|bring forward|can t make)\b"
)


@dataclass(frozen=True)
class Orders:
    orders: tuple[Order, ...]
    appointments: tuple[Appointment, ...]
    slots: tuple[Slot, ...]


class OrderTechnician(Flow[Orders]):
    topic = "order_technician"
    slots = ("visit",)
    again: ClassVar = {Refusal.SLOT_TAKEN: "visit", Refusal.UNKNOWN_SLOT: "visit"}

    async def look_up(self, backend: Backend, customer_id: str) -> Orders:
        customer = await within_time(backend.customer, customer_id)
        return Orders(
            await within_time(backend.orders, customer_id),
            await within_time(backend.appointments, customer_id),
            await within_time(backend.slots, customer.postcode),
        )

    def begin(self, facts: Orders, message: Message, speaker: Speaker) -> None:
        wants_to_move = message.named(CHOICE) == MOVE or MOVES.search(folded(message.text)) is not None
        if wants_to_move and facts.appointments and facts.slots:
            return
        _say_where_things_stand(facts, speaker)
        raise EndsHereError

    def options(self, slot: str, facts: Orders, known: Known, speaker: Speaker) -> Sequence[Option]:
        return slot_options(facts.slots, speaker)

    def read(
        self, slot: str, message: Message, facts: Orders, known: Known, speaker: Speaker, is_asked: bool
    ) -> str | None:
        return slot_meant(message, facts.slots, speaker, is_asked)

    def settled(self, slot: str, facts: Orders, known: Known, speaker: Speaker) -> str | None:
        return None  # the only free time need not be the customer's

    def ask(self, slot: str, facts: Orders, known: Known, speaker: Speaker, buttons: list[dict[str, str]]) -> None:
        shown = facts.slots[:MOST_SHOWN]
        speaker.say(
            "utter_order_technician_ask_visit",
            booked=slot_words(facts.appointments[0].slot, speaker),
            visits=listed(slot_words(free, speaker) for free in shown),
            buttons=buttons[: len(shown)],
        )

    async def confirm(self, doing: Doing, facts: Orders, known: Known, speaker: Speaker) -> None:
        visit = next(slot for slot in facts.slots if slot.slot_id == known["visit"])
        booked = slot_words(facts.appointments[0].slot, speaker)
        speaker.say("utter_order_technician_confirm", booked=booked, visit=slot_words(visit, speaker))

    async def carry_out(self, doing: Doing, facts: Orders, known: Known) -> Case:
        booking = Booking(known["visit"], replaces=facts.appointments[0].code)
        return await within_time(doing.backend.book_appointment, doing.customer_id, booking, doing.key)


def _say_where_things_stand(facts: Orders, speaker: Speaker) -> None:
    under_way = [order for order in facts.orders if order.status is not OrderStatus.DONE]
    for order in under_way:
        _say_order(order, speaker)
    for appointment in facts.appointments:
        visit = slot_words(appointment.slot, speaker)
        speaker.say("utter_order_technician_visit", code=appointment.code, visit=visit)
    if not under_way and not facts.appointments:
        speaker.say("utter_order_technician_none")


def _say_order(order: Order, speaker: Speaker) -> None:
    values = {"code": order.order_id, "name": order.name.in_language(speaker.language)}
    if order.expected_on is None:
        speaker.say("utter_order_technician_received", **values, placed_on=speaker.day(order.placed_on))
    elif order.expected_on < speaker.today:
        speaker.say("utter_order_technician_late", **values, expected_on=speaker.day(order.expected_on))
    else:
        speaker.say("utter_order_technician_expected", **values, expected_on=speaker.day(order.expected_on))
