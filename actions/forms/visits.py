"""Choosing when a technician comes, in the customer's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.account_action import Speaker
from actions.backend.network import Slot
from actions.forms.message import Message
from actions.forms.options import Option, chosen
from actions.when import day_ahead

MOST_SHOWN = 6
NOON = 13


def slot_words(slot: Slot, speaker: Speaker) -> str:
    """«martes 24 de noviembre, de 9 a 11 h»."""
    return speaker.visit(slot.day, slot.from_hour, slot.to_hour)


def slot_options(slots: Sequence[Slot], speaker: Speaker) -> tuple[Option, ...]:
    """All free slots; those shown come first, one or two of each day."""
    return tuple(Option(slot.slot_id, speaker.visit_briefly(slot.day, slot.from_hour, slot.to_hour)) for slot in slots)


def slot_meant(message: Message, slots: Sequence[Slot], speaker: Speaker, is_asked: bool) -> str | None:
    """The earliest free slot that fits the day and the part of it that the message names."""
    pressed = chosen(message, slot_options(slots, speaker), is_asked=is_asked and not _names_a_time(message))
    if pressed is not None or not _names_a_time(message):
        return pressed
    return next((slot.slot_id for slot in slots if _fits(slot, message, speaker.today)), None)


def _names_a_time(message: Message) -> bool:
    return message.named("date") is not None or message.named("daypart") is not None


def _fits(slot: Slot, message: Message, today: date) -> bool:
    day, part = message.named("date"), message.named("daypart")
    if day is not None and day_ahead(str(day), today) != slot.day:
        return False
    return part is None or (slot.from_hour < NOON) == (part == "morning")
