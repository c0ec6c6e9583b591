"""What a message means while the assistant finds out who somebody is. Pure: message in, meaning out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from actions.complaint_message import SURE, Message, folded
from actions.identification.rules import CODE_DIGITS, Contact, phone_digits

IDENTIFY = "identify"
# Intents that say nothing about what a message is about here.
SAYS_NOTHING = frozenset({"", "nlu_fallback", "human", "affirm", "deny", "out_of_scope", IDENTIFY})
FEWEST_DIGITS, MOST_DIGITS = 9, 15

NUMBER = re.compile(r"\+?\d[\d\s.()/-]*")
# Letters, a dash and digits, as operators number their customers: C-1001.
CUSTOMER_ID = re.compile(r"\b([a-z]{1,4})[-–]?\s?(\d{3,12})\b")
NOT_ARRIVED = re.compile(
    r"\bno (me |nos )?(ha |han )?(llega\w*|llego|recib\w*|aparece)\b|\botr[oa] (codigo|sms|mensaje|vez)\b|\breenvi\w+|"
    r"\b(mand|envi)\w+ (de nuevo|otra vez|otro)\b|\bcodigo nuevo\b|\bnuevo codigo\b|"
    r"\b(not|never|didn.?t|hasn.?t|haven.?t) (yet )?(received?|got|get|gotten|come|came|arrived?|show\w*)\b|"
    r"\bnothing (came|arrived|yet)\b|\b(another|new|fresh) (code|text|sms|one)\b|\b(re-?send|again)\b"
)
OTHER_NUMBER = re.compile(
    r"\b(otro|cambiar (el|de)|equivo\w+( de| el)?|mal (el|puse el)|no es (mi|ese)( el)?) (numero|telefono|movil)\b|"
    r"\b(numero|telefono|movil) (equivocado|incorrecto|erroneo|mal)\b|"
    r"\b(wrong|other|another|different|change the) (phone )?(number|phone|mobile)\b"
)


class Meaning(Enum):
    LEAVES = "leaves"
    CONTACT = "contact"
    CODE = "code"
    SEND_AGAIN = "send_again"
    OTHER_NUMBER = "other_number"
    UNCLEAR = "unclear"
    ASIDE = "aside"


@dataclass(frozen=True)
class Heard:
    meaning: Meaning
    contact: Contact | None = None
    code: str = ""


def heard_for_contact(message: Message) -> Heard:
    """The answer to «what is your number?»."""
    contact = None if message.is_button else contact_in(message.text)
    if contact is not None:
        return Heard(Meaning.CONTACT, contact)
    if message.intent in ("cancel", "deny") and _is_sure(message):
        return Heard(Meaning.LEAVES)
    return Heard(Meaning.ASIDE if _is_aside(message) else Meaning.UNCLEAR)


def heard_for_code(message: Message) -> Heard:
    """The answer to «what is the code?»."""
    if message.is_button:
        return _heard_button(message)
    text = folded(message.text)
    contact, code = contact_in(message.text), code_in(message.text)
    if contact is not None and not code:
        return Heard(Meaning.CONTACT, contact)
    if code:
        return Heard(Meaning.CODE, code=code)
    if OTHER_NUMBER.search(text):
        return Heard(Meaning.OTHER_NUMBER)
    if NOT_ARRIVED.search(text) or (message.intent == IDENTIFY and _is_sure(message)):
        return Heard(Meaning.SEND_AGAIN)
    if message.intent in ("cancel", "deny") and _is_sure(message):
        return Heard(Meaning.LEAVES)
    return Heard(Meaning.ASIDE if _is_aside(message) else Meaning.UNCLEAR)


def contact_in(text: str) -> Contact | None:
    """A phone number or a customer id in the text, the number first."""
    for match in NUMBER.finditer(text):
        digits = phone_digits(match.group())
        if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
            return Contact(phone=digits)
    found = CUSTOMER_ID.search(folded(text))
    return Contact(customer_id=f"{found[1].upper()}-{found[2]}") if found else None


def code_in(text: str) -> str:
    """Six digits on their own, in groups or not; nothing when there are none."""
    for match in NUMBER.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if len(digits) == CODE_DIGITS:
            return digits
    return ""


def _heard_button(message: Message) -> Heard:
    if message.intent == IDENTIFY:
        return Heard(Meaning.SEND_AGAIN)
    return Heard(Meaning.LEAVES if message.intent in ("cancel", "deny") else Meaning.ASIDE)


def _is_sure(message: Message) -> bool:
    return message.is_button or message.confidence >= SURE


def _is_aside(message: Message) -> bool:
    return _is_sure(message) and message.intent not in SAYS_NOTHING
