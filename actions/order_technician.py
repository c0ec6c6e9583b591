"""Where an order, a delivery or a visit stands."""

from __future__ import annotations

from actions.account_action import AccountAction, Speaker
from actions.backend.calling import within_time
from actions.backend.model import Order, OrderStatus


class OrderTechnician(AccountAction):
    topic = "order_technician"

    async def answer(self, customer_id: str, speaker: Speaker) -> None:
        orders = await within_time(self.office.backend.orders, customer_id)
        under_way = [order for order in orders if order.status is not OrderStatus.DONE]
        for order in under_way:
            _say_order(order, speaker)
        if not under_way:
            speaker.say("utter_order_technician_none")


def _say_order(order: Order, speaker: Speaker) -> None:
    values = {"code": order.order_id, "name": order.name.in_language(speaker.language)}
    if order.expected_on is None:
        speaker.say("utter_order_technician_received", **values, placed_on=speaker.day(order.placed_on))
    elif order.expected_on < speaker.today:
        speaker.say("utter_order_technician_late", **values, expected_on=speaker.day(order.expected_on))
    else:
        speaker.say("utter_order_technician_expected", **values, expected_on=speaker.day(order.expected_on))
