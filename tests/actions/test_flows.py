"""Flows to their end, turn by turn over HTTP as Rasa's forms take them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from actions.backend.cases import Case, CaseKind
from actions.catalogue import FLOWS
from actions.wording import money_words
from tests.actions.flowing import Flowing
from tests.actions.rendering import rendered
from tests.actions.running import Server, Turn, start_server, stop, verification

IBAN = "ES9121000418450200051332"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of their own, since these tests change what customers have."""
    started = start_server(tmp_path_factory.mktemp("flows"))
    yield started
    stop(started)


def newest_case(server: Server, customer_id: str, kind: CaseKind) -> Case:
    return next(case for case in server.backend.cases(customer_id, "") if case.kind is kind)


@pytest.mark.parametrize("topic", [flow.topic for flow in FLOWS])
def test_who_is_not_identified_gets_the_general_answer_and_no_questions(server: Server, topic: str) -> None:
    flowing = Flowing(server, topic, customer_id=None).say("hola")
    assert flowing.is_over
    assert f"utter_{topic}" in flowing.names
    assert ("utter_identify" in flowing.names) is (topic != "internet_fault")


def test_a_plan_is_changed_with_its_price_its_day_and_a_code(server: Server) -> None:
    flowing = Flowing(server, "change_plan", "C-1006").say("quiero cambiarme a la océano", ("plan", "oceano"))
    assert flowing.asked == "change_plan_confirmed"
    line = next(line for line in server.backend.lines("C-1006") if line.number)
    quote = server.backend.plan_change_quote("C-1006", line.line_id, "oceano")
    assert money_words(quote.monthly_price, "es") in flowing.words
    assert money_words(abs(quote.difference), "es") in flowing.words
    assert "IVA" in flowing.words
    flowing.yes()
    assert flowing.is_over
    case = newest_case(server, "C-1006", CaseKind.PLAN_CHANGE)
    assert case.code in flowing.words
    assert set(flowing.slots.values()) == {None}
    status = server.said("action_case_status", Turn(verification=verification("C-1006")))
    assert case.code in rendered(status)


def test_what_was_chosen_is_corrected_at_the_confirmation(server: Server) -> None:
    flowing = Flowing(server, "change_plan", "C-1004").say("cambiar de tarifa")
    assert flowing.asked == "change_plan_line"
    flowing.say("la del móvil", ("service", "mobile"))
    assert flowing.asked == "change_plan_plan"
    flowing.say("la de 10", ("number", 10))
    assert flowing.asked == "change_plan_confirmed"
    flowing.say("no, mejor la de 30", ("number", 30), intent="deny")
    assert flowing.asked == "change_plan_confirmed"
    assert flowing.slots["change_plan_plan"] == "marea"
    flowing.say("no", intent="deny")
    assert flowing.is_over
    assert flowing.names == ["utter_form_left"]
    assert CaseKind.PLAN_CHANGE not in {case.kind for case in server.backend.cases("C-1004", "")}


def test_the_plan_one_has_is_refused_and_another_asked_for(server: Server) -> None:
    line = next(line for line in server.backend.lines("C-1004") if line.number)
    flowing = Flowing(server, "change_plan", "C-1004").say("cambiar", ("phone_number", "+34600001004"))
    flowing.say("esa", ("choice", line.tariff.code))
    assert flowing.names[0] == "utter_refused_same_tariff"
    assert flowing.asked == "change_plan_plan"


def test_a_question_aside_is_left_to_its_own_rule_and_the_form_comes_back_in_few_words_once(server: Server) -> None:
    flowing = Flowing(server, "change_plan", "C-1004").say("cambiar de tarifa")
    flowing.say("¿cuánto debo?", intent="check_balance")
    assert flowing.names == ["utter_change_plan_again"]
    assert flowing.payloads
    flowing.say("¿y cuándo se paga?", intent="due_date")
    assert flowing.names == []
    flowing.say("cancela", intent="cancel")
    assert flowing.names == ["utter_form_left"]
    assert flowing.is_over
    again = flowing.say("quiero cambiar de tarifa")
    assert again.asked == "change_plan_line"


def test_what_says_nothing_is_asked_again(server: Server) -> None:
    flowing = Flowing(server, "direct_debit", "C-1004").say("cambiar la cuenta")
    flowing.say("mmm", intent="nlu_fallback")
    assert flowing.names[0] == "utter_form_unclear"
    assert flowing.asked == "direct_debit_iban"


@pytest.mark.parametrize("language", ["es", "en"])
def test_an_account_is_changed_and_shown_only_masked(server: Server, language: str) -> None:
    flowing = Flowing(server, "direct_debit", "C-1004", language).say("cambiar la cuenta")
    flowing.say("ES00 1111", ("iban", "ES0021000418450200051332"))
    assert flowing.names[0] == "utter_refused_invalid_iban"
    flowing.say(IBAN, ("iban", IBAN))
    assert flowing.asked == "direct_debit_confirmed"
    assert "1332" in flowing.words
    assert IBAN not in flowing.words
    flowing.yes()
    assert newest_case(server, "C-1004", CaseKind.DIRECT_DEBIT).code in flowing.words
    assert IBAN not in str(flowing.slots)


def test_extra_data_is_added_at_its_price(server: Server) -> None:
    flowing = Flowing(server, "topup", "C-1006").say("quiero 5 gigas más", ("data_amount", 5_000))
    assert flowing.asked == "topup_confirmed"
    assert "6,00 €" in flowing.words
    flowing.yes()
    assert newest_case(server, "C-1006", CaseKind.EXTRA_DATA).code in flowing.words


def test_credit_is_topped_up_and_what_the_credit_does_not_cover_is_refused(server: Server) -> None:
    flowing = Flowing(server, "topup", "C-1008").say("quiero 10 gigas", ("data_amount", 10_000))
    assert flowing.names[0] == "utter_refused_no_payment_method"
    assert flowing.asked == "topup_pack"
    flowing.say("recarga 10 euros", ("money", "10.00"))
    if flowing.asked == "topup_confirmed":
        before = next(line.credit for line in server.backend.lines("C-1008") if line.credit is not None)
        flowing.yes()
        after = next(line.credit for line in server.backend.lines("C-1008") if line.credit is not None)
        assert after - before == 10


def test_the_same_last_step_tried_again_is_done_once(server: Server) -> None:
    flowing = Flowing(server, "topup", "C-1001").say("1 giga más", ("data_amount", 1_000))
    if flowing.asked == "topup_line":
        flowing.say("la primera", ("ordinal", 1))
    assert flowing.asked == "topup_confirmed"
    before = dict(flowing.slots), flowing.asked
    first = flowing.yes().words
    flowing.slots, flowing.asked = before
    assert flowing.yes().words == first
    made = [case for case in server.backend.cases("C-1001", "") if case.kind is CaseKind.EXTRA_DATA]
    assert len(made) == 1


@pytest.mark.parametrize(
    ("text", "entities", "kept"),
    [
        ("mi correo nuevo es lucia@example.com", (("email", "lucia@example.com"),), "lucia@example.com"),
        ("mi teléfono ahora es 611222333", (("phone_number", "+34611222333"),), "+34611222333"),
    ],
)
def test_contact_data_said_at_once_is_only_confirmed(
    server: Server, text: str, entities: tuple[tuple[str, str], ...], kept: str
) -> None:
    flowing = Flowing(server, "personal_data", "C-1001").say(text, *entities)
    assert flowing.asked == "personal_data_confirmed"
    assert kept in flowing.words
    flowing.yes()
    customer = server.backend.customer("C-1001")
    assert kept in (customer.email, customer.contact_phone)


def test_an_address_is_taken_apart_and_can_be_corrected(server: Server) -> None:
    flowing = Flowing(server, "personal_data", "C-1001").say("cambiar mi dirección")
    assert flowing.asked == "personal_data_value"
    flowing.say("Calle Mayor", intent="nlu_fallback")
    assert flowing.names[0] == "utter_form_unclear"
    flowing.say("Calle Mayor 5, 2º B, 28013 Madrid", ("postcode", "28013"), intent="nlu_fallback")
    flowing.say("no, es Calle Menor 7, 28014 Madrid", ("postcode", "28014"), intent="deny")
    assert "Calle Menor 7, 28014, Madrid" in flowing.words
    flowing.yes()
    customer = server.backend.customer("C-1001")
    assert (customer.street, customer.postcode, customer.city) == ("Calle Menor 7", "28014", "Madrid")


def test_the_holder_is_changed_by_a_person(server: Server) -> None:
    flowing = Flowing(server, "personal_data", "C-1001").say("quiero cambiar el titular")
    assert flowing.is_over
    assert flowing.names == ["utter_personal_data_person"]


def test_leaving_says_the_cost_first_offers_once_and_is_done_without_a_person(server: Server) -> None:
    flowing = Flowing(server, "cancel_service", "C-1002").say("quiero darme de baja")
    assert flowing.asked == "cancel_service_line"
    flowing.say("la segunda", ("ordinal", 2))
    assert flowing.asked == "cancel_service_confirmed"
    assert flowing.names[-1] == "utter_cancel_service_confirm_free"
    flowing.say("cancela", intent="cancel")
    assert flowing.asked == "cancel_service_confirmed"
    flowing.yes()
    assert newest_case(server, "C-1002", CaseKind.CANCELLATION).code in flowing.words
    ends = [line.ends_on for line in server.backend.lines("C-1002") if line.ends_on]
    assert len(ends) == 1


def test_an_offer_made_before_is_not_made_again(server: Server) -> None:
    flowing = Flowing(server, "cancel_service", "C-1005").say("darme de baja", ("service", "mobile"))
    flowing.events.append({"event": "bot", "metadata": {"utter_action": "utter_cancel_service_offer"}})
    flowing.say("no", intent="deny")
    flowing.say("darme de baja", ("service", "mobile"))
    assert "utter_cancel_service_offer" not in flowing.names


def test_a_technician_is_booked_where_trying_did_not_help_and_moved_to_another_day(server: Server) -> None:
    flowing = Flowing(server, "internet_fault", "C-1001").say("no me va internet")
    assert flowing.asked == "internet_fault_result"
    flowing.say("sigue igual", intent="nlu_fallback")
    assert flowing.asked == "internet_fault_visit"
    free = server.backend.slots(server.backend.customer("C-1001").postcode)
    day = free[3].day
    flowing.say("ese día", ("date", day.isoformat()))
    assert flowing.asked == "internet_fault_confirmed"
    flowing.yes()
    (booked,) = server.backend.appointments("C-1001")
    assert booked.slot.day == day
    assert booked.code in flowing.words

    asked_again = Flowing(server, "internet_fault", "C-1001").say("no me va internet")
    assert asked_again.names == ["utter_internet_fault_booked"]
    told = Flowing(server, "order_technician", "C-1001").say("¿cuándo viene el técnico?")
    assert booked.code in told.words
    moving = Flowing(server, "order_technician", "C-1001").say("quiero cambiar la cita")
    later = next(slot.day for slot in free if slot.day > day + timedelta(days=1))
    moving.say("mejor otro día", ("date", later.isoformat())).yes()
    (moved,) = server.backend.appointments("C-1001")
    assert moved.slot.day == later


def test_internet_that_works_again_needs_nobody(server: Server) -> None:
    flowing = Flowing(server, "internet_fault", "C-1004").say("no internet")
    flowing.say("sí", intent="affirm")
    assert flowing.is_over
    assert flowing.names == ["utter_internet_fault_works"]


@pytest.mark.parametrize("topic", ["change_plan", "topup", "direct_debit", "personal_data", "cancel_service"])
def test_another_customers_line_is_never_touched(server: Server, topic: str) -> None:
    flowing = Flowing(server, topic, "C-1002").say("hola")
    if flowing.asked and flowing.asked.endswith("_line"):
        flowing.say("/x", ("choice", "C-1001-1"))
        assert flowing.asked.endswith("_line")


def test_cases_of_people_are_told_beside_those_on_file(server: Server) -> None:
    cases = (
        {"code": "H-7KQ2", "status": "assigned", "opened_at": "2026-11-20T10:00:00Z", "topic": "refund"},
        {"code": "H-1AAA", "status": "resolved", "opened_at": "2026-11-10T10:00:00Z", "topic": None},
        {"status": "broken"},
        {"code": "H-2BBB", "status": "resolved", "opened_at": "2026-11-09T10:00:00Z", "promised_for": 7},
    )
    said = server.said("action_case_status", Turn(verification=verification("C-1003"), cases=cases))
    assert [message["response"] for message in said[:2]] == [
        "utter_case_status_person",
        "utter_case_status_person_over",
    ]
    one = server.said("action_case_status", Turn("qué hay de H-1AAA", verification=verification("C-1003"), cases=cases))
    assert "H-1AAA" in rendered(one)
    assert "H-7KQ2" not in rendered(one)


def test_a_flow_that_only_answers_in_the_middle_of_another_gives_way_to_it(server: Server) -> None:
    topup = Flowing(server, "topup", "C-1004").say("hola")
    other = Flowing(server, "direct_debit", "C-1003", asked="topup_pack").say("¿en qué cuenta me cobráis?")
    assert other.is_over
    assert other.followed_by == "topup_form"
    alone = Flowing(server, "direct_debit", "C-1003").say("¿en qué cuenta me cobráis?")
    assert alone.followed_by is None
    assert topup.is_over  # unlimited data: there is nothing to add


def test_a_form_gone_on_with_knows_what_was_said_before_and_begun_anew_it_does_not(server: Server) -> None:
    flowing = Flowing(server, "topup", "C-1001").say("5 gigas", ("data_amount", 5_000))
    if flowing.asked == "topup_line":
        flowing.say("la primera", ("ordinal", 1))
    assert flowing.asked == "topup_confirmed"
    known = dict(flowing.slots)
    flowing.asked = None
    flowing.say("¿cuándo viene el técnico?", intent="order_technician")
    assert flowing.slots == known
    assert flowing.asked == "topup_confirmed"
    flowing.asked = None
    flowing.say("quiero más gigas")
    assert flowing.slots["topup_pack"] is None


def test_a_complaint_begun_in_the_middle_of_a_flow_takes_nothing_down_yet(server: Server) -> None:
    turn = Turn("quiero poner una reclamación", "complaint", asked="topup_pack", slots=(("complaint_text", "vieja"),))
    events = server.run("validate_complaint_form", turn).body["events"]
    assert {event["name"]: event["value"] for event in events} == {"complaint_text": None, "complaint_confirmed": None}


def test_what_a_person_promised_is_told_with_its_day_until_it_is_kept(server: Server) -> None:
    promised = {"code": "H-1AAA", "status": "resolved", "opened_at": "2026-11-10T10:00:00Z", "topic": None}
    promised |= {"promise": "Te llamo con el {resultado}", "promised_for": "2026-11-24"}
    undated = {**promised, "code": "H-2BBB", "opened_at": "2026-11-09T10:00:00Z", "promised_for": None}
    kept = {**promised, "code": "H-3CCC", "opened_at": "2026-11-08T10:00:00Z", "promise": None, "promised_for": None}
    turn = Turn(verification=verification("C-1003"), cases=(promised, undated, kept))
    said = server.said("action_case_status", turn)
    assert [message["response"] for message in said] == [
        "utter_case_status_promise_for",
        "utter_case_status_promise",
        "utter_case_status_person_over",
    ]
    assert "Te llamo con el {resultado}" in rendered(said[:1])
    assert "24 de noviembre" in rendered(said[:1])
