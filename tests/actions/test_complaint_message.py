"""What messages mean while a complaint is being taken."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actions.backend.model import ComplaintKind
from actions.complaint_message import (
    Meaning,
    Message,
    asks_for_progress,
    disputed_in,
    kind_of,
    meaning_of,
    tells_from_the_start,
)


def message(text: str, intent: str = "nlu_fallback", confidence: float = 0.9) -> Message:
    return Message(text, intent, confidence)


@pytest.mark.parametrize(
    ("text", "intent", "meaning"),
    [
        ("cancela", "cancel", Meaning.LEAVES),
        ("never mind", "cancel", Meaning.LEAVES),
        ("/cancel", "cancel", Meaning.LEAVES),
        ("¿cuánto debo?", "check_balance", Meaning.ASIDE),
        ("gracias", "thanks", Meaning.ASIDE),
        ("¿qué hora es?", "out_of_scope", Meaning.ASIDE),
        ("/tariff_list", "tariff_list", Meaning.ASIDE),
        ("/complaint", "complaint", Meaning.ASIDE),
        ("sí", "affirm", Meaning.TOO_SHORT),
        ("no", "deny", Meaning.TOO_SHORT),
        ("internet", "internet_fault", Meaning.TOO_SHORT),
        ("llevo sin internet una semana", "internet_fault", Meaning.TELLS),
        ("me habéis cobrado dos veces", "payment_problem", Meaning.TELLS),
        ("vuestro técnico fue un maleducado", "out_of_scope", Meaning.TELLS),
    ],
)
def test_asked_what_happened(text: str, intent: str, meaning: Meaning) -> None:
    assert meaning_of(message(text, intent), awaits_confirmation=False) is meaning


@pytest.mark.parametrize(
    ("text", "intent", "meaning"),
    [
        ("sí, envíala", "affirm", Meaning.AGREES),
        ("/affirm", "affirm", Meaning.AGREES),
        ("no", "deny", Meaning.LEAVES),
        ("/deny", "deny", Meaning.LEAVES),
        ("déjalo", "cancel", Meaning.LEAVES),
        ("¿cuánto debo?", "check_balance", Meaning.ASIDE),
        ("mmm", "nlu_fallback", Meaning.TOO_SHORT),
        ("añade que además perdí dos días de trabajo", "out_of_scope", Meaning.TELLS),
    ],
)
def test_asked_whether_to_send_it(text: str, intent: str, meaning: Meaning) -> None:
    assert meaning_of(message(text, intent), awaits_confirmation=True) is meaning


def test_a_guess_is_not_enough_to_leave_or_to_agree() -> None:
    unsure = message("cancelaron mi cita tres veces", "cancel", confidence=0.45)
    assert meaning_of(unsure, awaits_confirmation=False) is Meaning.TELLS
    assert meaning_of(message("ya veo", "affirm", confidence=0.45), awaits_confirmation=True) is Meaning.TOO_SHORT


def test_a_long_message_is_told_whatever_it_seems_to_ask() -> None:
    text = "cancelé la línea en marzo y me seguís pasando recibos todos los meses sin dar ninguna explicación"
    assert meaning_of(message(text, "cancel"), awaits_confirmation=False) is Meaning.TELLS


@pytest.mark.parametrize(
    "text",
    [
        "quiero reclamar porque el técnico no vino",
        "I want to complain because nobody came",
        "quiero poner una reclamación: me habéis cobrado dos veces octubre",
        "I'd like to file a complaint. Your technician never came",
        "quiero poner una reclamación, llevo tres semanas sin fibra y nadie me da una solución",
    ],
)
def test_a_first_message_that_says_it_all_is_not_asked_again(text: str) -> None:
    assert tells_from_the_start(message(text, "complaint"))


@pytest.mark.parametrize(
    "text",
    ["quiero poner una reclamación", "hola, quería poner una queja formal", "/complaint", "una reclamación, por favor"],
)
def test_a_bare_wish_to_complain_tells_nothing_yet(text: str) -> None:
    assert not tells_from_the_start(message(text, "complaint"))


@pytest.mark.parametrize(
    "text",
    [
        "estado de mi reclamación",
        "¿en qué va mi reclamación?",
        "puse una queja hace un mes y no contestáis",
        "cuándo me respondéis a la reclamación",
        "qué pasa con mi reclamación",
        "what's happening with my complaint?",
        "how is my complaint going",
        "quiero retirar mi reclamación, ya lo arreglaron",
        "complaint number R-5521, any news",
        "I complained a month ago and you haven't answered",
    ],
)
def test_a_question_about_progress_is_told_from_a_new_complaint(text: str) -> None:
    assert asks_for_progress(message(text, "complaint"))


@pytest.mark.parametrize(
    "text", ["quiero poner una reclamación", "I want to file a complaint", "quiero quejarme de un empleado"]
)
def test_a_new_complaint_is_no_question_about_progress(text: str) -> None:
    assert not asks_for_progress(message(text, "complaint"))


@pytest.mark.parametrize(
    "text",
    [
        "me habéis cobrado dos veces",
        "hay un cargo que no es mío",
        "una suscripción que no pedí",
        "me habéis robado 30 euros con ese SMS",
        "you charged me twice",
        "I was billed for premium texts",
    ],
)
def test_a_charge_that_should_not_be_is_an_undue_charge(text: str) -> None:
    assert kind_of(text) is ComplaintKind.UNDUE_CHARGE


@pytest.mark.parametrize(
    "text",
    [
        "no hay cobertura en mi calle",
        "el encargado fue grosero",
        "my charger melted the router",
        "nadie vino a la cita",
    ],
)
def test_other_complaints_are_general(text: str) -> None:
    assert kind_of(text) is ComplaintKind.GENERAL


@pytest.mark.parametrize(
    ("text", "disputed"),
    [
        ("me habéis cobrado 4,35 € de más", "4.35"),
        ("You charged me €12.90 for a premium SMS", "12.90"),
        ("son 15 euros que no debo, quince. 15 euros", "15.00"),
        ("me cobráis 20€ cuando pago 10€", None),
        ("una suscripción que no pedí", None),
        ("llevo 3 meses igual", None),
    ],
)
def test_the_disputed_sum_is_the_only_one_that_is_named(text: str, disputed: str | None) -> None:
    assert disputed_in(text) == (Decimal(disputed) if disputed else None)
