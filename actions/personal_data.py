"""Changing the e-mail, the phone to be called at, or the postal address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from actions.account_action import Speaker
from actions.backend.calling import within_time
from actions.backend.cases import Case, ContactChange, PostalAddress, Refusal
from actions.backend.interface import Backend
from actions.backend.model import Customer
from actions.forms.flow import Doing, EndsHereError, Flow, Known
from actions.forms.message import Message, folded
from actions.forms.options import Option, chosen

EMAIL, PHONE, ADDRESS = "email", "phone", "address"
ENTITIES = {EMAIL: "email", PHONE: "phone_number"}
WORDS = {
    EMAIL: ("email", "e mail", "mail", "correo", "correo electronico"),
    PHONE: ("telefono", "telefono de contacto", "phone", "phone number", "contact number"),
    ADDRESS: ("direccion", "domicilio", "direccion postal", "address", "street"),
}
BY_A_PERSON = re.compile(
    r"\b(titular\w*|nombre|apellidos?|dni|nie|pasaporte|holder|my name|surname|last name|passport|id card|owner)\b"
)
_ADDRESS = re.compile(r"^(?P<street>[^\n]{3,90}?)[\s,.;-]+(?P<postcode>\d{5})[\s,.;-]+(?P<city>[^\W\d][^\d\n,;]{1,50})")
_LEAD = re.compile(
    r"^(no[,.]?\s+)?((mi\s+)?(nueva\s+)?direcci[oó]n(\s+nueva)?\s+es|vivo\s+en|es|ahora\s+vivo\s+en|"
    r"(my\s+)?(new\s+)?address\s+is|i\s+live\s+(at|in)|it'?s)\s*:?\s+",
    re.IGNORECASE,
)
SEPARATOR = "|"


class ChangePersonalData(Flow[Customer]):
    topic = "personal_data"
    slots = ("what", "value")
    again: ClassVar = {Refusal.INVALID_CONTACT: "value"}

    async def look_up(self, backend: Backend, customer_id: str) -> Customer:
        return await within_time(backend.customer, customer_id)

    def begin(self, facts: Customer, message: Message, speaker: Speaker) -> None:
        if BY_A_PERSON.search(folded(message.text)):
            speaker.say("utter_personal_data_person")
            raise EndsHereError

    def options(self, slot: str, facts: Customer, known: Known, speaker: Speaker) -> Sequence[Option]:
        if slot != "what":
            return ()
        return tuple(Option(what, "", words=WORDS[what]) for what in (EMAIL, PHONE, ADDRESS))

    def read(
        self, slot: str, message: Message, facts: Customer, known: Known, speaker: Speaker, is_asked: bool
    ) -> str | None:
        if slot == "what":
            named = next((what for what, entity in ENTITIES.items() if message.named(entity)), None)
            if named or (known.get("what") == ADDRESS and _address_in(message.text)):
                return named
            return chosen(message, self.options(slot, facts, known, speaker), is_asked)
        what = known.get("what")
        if what == ADDRESS:
            return _address_in(message.text)
        return message.named(ENTITIES[what]) if what else None

    def ask(self, slot: str, facts: Customer, known: Known, speaker: Speaker, buttons: list[dict[str, str]]) -> None:
        if slot == "what":
            speaker.say("utter_personal_data_ask_what")
        else:
            speaker.say(f"utter_personal_data_ask_{known['what']}")

    async def confirm(self, doing: Doing, facts: Customer, known: Known, speaker: Speaker) -> None:
        value = known["value"].replace(SEPARATOR, ", ")
        speaker.say(f"utter_personal_data_confirm_{known['what']}", value=value)

    async def carry_out(self, doing: Doing, facts: Customer, known: Known) -> Case:
        change = _change(known["what"], known["value"])
        return await within_time(doing.backend.change_contact, doing.customer_id, change, doing.key)


def _change(what: str, value: str) -> ContactChange:
    if what == EMAIL:
        return ContactChange(email=value)
    if what == PHONE:
        return ContactChange(phone=value)
    return ContactChange(address=PostalAddress(*value.split(SEPARATOR)))


def _address_in(text: str) -> str | None:
    """Street, postcode and town of «Calle Mayor 5, 28013 Madrid», in that order."""
    match = _ADDRESS.match(_LEAD.sub("", text.replace(SEPARATOR, " ").strip()))
    if match is None:
        return None
    return SEPARATOR.join((match["street"].strip(" ,."), match["postcode"], match["city"].strip(" .")))
