"""What a customer's message means while a complaint is being taken. Pure: text and intent in, a meaning out."""

from __future__ import annotations

import re
from decimal import Decimal

from actions.backend.cents import CENT
from actions.backend.model import ComplaintKind
from actions.forms.message import OUT_OF_SCOPE, SHORT_WORDS, SURE, UNDECIDED, Meaning, Message, folded

# What people complain about: a message of one of these intents tells of the complaint, it does not ask aside.
COMPLAINED_ABOUT: frozenset[str] = frozenset(
    {
        "cancel_service",
        "complaint",
        "explain_charge",
        "internet_fault",
        "order_technician",
        "outage",
        "payment_problem",
        "premium_sms",
        "refund",
        "slow_speed",
        "suspension",
    }
)
TELLING_WORDS = 3
TELLING_FROM_THE_START_WORDS = 12
TELLING_WITH_A_REASON_WORDS = 6
TELLING_AFTER_A_BREAK_WORDS = 4
PROGRESS_WORDS = 12

REASON = re.compile(r"\b(porque|ya que|debido a|because|since|due to)\b|\bpor (que|el|la|los|las|un|una)\b")
NOUN = re.compile(r"\b(reclam\w*|quejas?|complain\w*|grievance)\b")
BREAK = re.compile(r"[:;.,–—]|\s-\s")
PROGRESS = re.compile(
    r"\b(que (pasa|paso|ha pasado|hay|sabeis|se sabe) (con|de)|what(s| is| has)? (going on|happening|happened|become)|"
    r"estado|novedad\w*|noticias?|como va|en que va|cuando (me|nos)|cuanto tarda\w*|plazo|rechaz\w*|"
    r"retirar|withdraw|no (me |nos )?(habeis |han )?(contest|respond)\w*|(contest|respond)\w+ a (la|mi)|"
    r"status|any news|how is|how long|when will|deadline|rejected|appeal|"
    r"(have ?n.?t|not|no one|nobody|has anybody) (been )?(answered|replied|read)\w*)\b"
)
UNDUE_CHARGE = re.compile(
    r"\b(cobr(?!e\b)\w*|cargos? (?!de la)\w*|sms premium|suscripcion\w*|robad\w*|robaron|robais|de mas en (la|mi)|"
    r"overcharg\w*|charg(ed?|es|ing)|overbill\w*|billed|premium (sms|text)s?|subscriptions?|stolen?)\b"
)
FIGURES = r"\d{1,4}(?:[.,]\d{2})?"
SUM = re.compile(rf"(?<![\w.,])(?:(?P<before>{FIGURES})\s?(?:€|euros?\b|eur\b)|€\s?(?P<after>{FIGURES})(?![\d.,]*\d))")


def meaning_of(message: Message, awaits_confirmation: bool) -> Meaning:
    """The meaning of an answer to one of the form's two questions: what happened, and whether to send it."""
    if message.is_button or (message.words <= SHORT_WORDS and message.confidence >= SURE):
        meaning = _meaning_of_intent(message, awaits_confirmation)
        if meaning is not None:
            return meaning
    if message.is_button:
        return Meaning.ASIDE
    return Meaning.TELLS if message.words >= TELLING_WORDS else Meaning.TOO_SHORT


def tells_from_the_start(message: Message) -> bool:
    """True when the message that asks for a complaint already says what it is about."""
    if message.is_button:
        return False
    if message.words >= TELLING_FROM_THE_START_WORDS or _tells_after_a_break(message.text):
        return True
    return message.words >= TELLING_WITH_A_REASON_WORDS and REASON.search(folded(message.text)) is not None


def _tells_after_a_break(text: str) -> bool:
    """«Quiero poner una reclamación: me habéis cobrado dos veces»: the wish first, then what happened."""
    wish, *rest = BREAK.split(folded(text), maxsplit=1)
    told = rest[0].strip() if rest else ""
    return (
        NOUN.search(wish) is not None and NOUN.search(told) is None and len(told.split()) >= TELLING_AFTER_A_BREAK_WORDS
    )


def asks_for_progress(message: Message) -> bool:
    """True for a question about a complaint that was already made. A long message tells of one rather than asks."""
    text = folded(message.text).replace("'", "").replace("’", "")
    return message.words <= PROGRESS_WORDS and NOUN.search(text) is not None and PROGRESS.search(text) is not None


def kind_of(text: str) -> ComplaintKind:
    """Whether a complaint is about money that should not have been charged, which is answered sooner."""
    return ComplaintKind.UNDUE_CHARGE if UNDUE_CHARGE.search(folded(text)) else ComplaintKind.GENERAL


def disputed_in(text: str) -> Decimal | None:
    """The sum of money that a complaint is about; None when it names none, or several."""
    named = {Decimal((match["before"] or match["after"]).replace(",", ".")) for match in SUM.finditer(folded(text))}
    return named.pop().quantize(CENT) if len(named) == 1 else None


def _meaning_of_intent(message: Message, awaits_confirmation: bool) -> Meaning | None:
    """What a sure intent means by itself; None when the words decide."""
    intent = message.intent
    if intent == "cancel":
        return Meaning.LEAVES
    if intent == "deny":
        return Meaning.LEAVES if awaits_confirmation else None
    if intent == "affirm":
        return Meaning.AGREES if awaits_confirmation else Meaning.TOO_SHORT
    if intent in COMPLAINED_ABOUT or intent in UNDECIDED:
        return None
    if intent == OUT_OF_SCOPE and not message.is_question:
        return None
    return Meaning.ASIDE
