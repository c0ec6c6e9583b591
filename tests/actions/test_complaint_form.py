"""Taking a complaint, turn by turn, over HTTP as Rasa's form does it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from actions.backend.model import ComplaintKind
from actions.wording import date_words, money_words
from tests.actions.rendering import rendered
from tests.actions.running import Answer, Server, Turn, verification

VALIDATE = "validate_complaint_form"
ASK = "action_ask_complaint_form_complaint_confirmed"
FINISH = "action_finish_complaint"
TEXT, CONFIRMED, TURN = "complaint_text", "complaint_confirmed", "complaint_turn"
WHAT_HAPPENED = "llevo una semana sin internet y nadie viene"


def slots_set_by(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer
    return {event["name"]: event["value"] for event in answer.body["events"] if event["event"] == "slot"}


def heard(
    server: Server,
    text: str,
    intent: str,
    asked: str | None,
    complaint_text: str | None = None,
    confidence: float = 0.9,
) -> dict[str, Any]:
    """What the form takes from a message: the slots it sets; none means that the message is answered by others."""
    turn = Turn(text, intent, confidence, asked=asked, slots=((TEXT, complaint_text), (CONFIRMED, None)))
    return slots_set_by(server.run(VALIDATE, turn))


def confirmed(text: str, conversation: str, **other: Any) -> Turn:
    return Turn("sí", "affirm", conversation=conversation, slots=((TEXT, text), (CONFIRMED, True)), **other)


def names(said: list[dict[str, Any]]) -> list[str]:
    return [message["response"] for message in said]


def test_a_bare_wish_to_complain_is_asked_what_happened(server: Server) -> None:
    taken = heard(server, "quiero poner una reclamación", "complaint", asked=None)
    assert taken == {TEXT: None, CONFIRMED: None}


def test_what_was_said_at_once_is_not_asked_again(server: Server) -> None:
    text = "quiero reclamar porque el técnico no vino"
    assert heard(server, text, "complaint", asked=None) == {TEXT: text, CONFIRMED: None}


def test_a_form_that_begins_forgets_what_an_earlier_one_left(server: Server) -> None:
    taken = heard(server, "quiero reclamar", "complaint", asked=None, complaint_text="de hace una hora")
    assert taken == {TEXT: None, CONFIRMED: None}


def test_a_question_about_progress_ends_the_form_as_it_begins(server: Server) -> None:
    taken = heard(server, "estado de mi reclamación", "complaint", asked=None)
    assert taken == {TEXT: None, CONFIRMED: None, "requested_slot": None}


def test_the_text_is_taken_as_it_was_written(server: Server) -> None:
    assert heard(server, WHAT_HAPPENED, "internet_fault", asked=TEXT) == {TEXT: WHAT_HAPPENED}


def test_too_little_is_asked_for_more(server: Server) -> None:
    answer = server.run(VALIDATE, Turn("vale", "affirm", asked=TEXT))
    assert slots_set_by(answer) == {TEXT: None}
    assert names(answer.body["responses"]) == ["utter_complaint_too_short"]


@pytest.mark.parametrize("asked", [TEXT, CONFIRMED])
def test_cancel_leaves_the_form_at_either_question(server: Server, asked: str) -> None:
    assert heard(server, "cancela", "cancel", asked) == {CONFIRMED: False, "requested_slot": None}


@pytest.mark.parametrize("asked", [TEXT, CONFIRMED])
def test_a_question_aside_is_left_to_its_own_rule(server: Server, asked: str) -> None:
    assert heard(server, "¿cuánto debo?", "check_balance", asked, complaint_text=WHAT_HAPPENED) == {}


@pytest.mark.parametrize(("text", "intent", "taken"), [("sí", "affirm", True), ("/affirm", "affirm", True)])
def test_a_yes_confirms(server: Server, text: str, intent: str, taken: bool) -> None:
    assert heard(server, text, intent, CONFIRMED, WHAT_HAPPENED) == {CONFIRMED: taken}


def test_a_no_leaves_the_form(server: Server) -> None:
    taken = heard(server, "no", "deny", CONFIRMED, WHAT_HAPPENED)
    assert taken == {CONFIRMED: False, "requested_slot": None}


def test_neither_yes_nor_no_is_asked_again(server: Server) -> None:
    assert heard(server, "mmm", "nlu_fallback", CONFIRMED, WHAT_HAPPENED) == {CONFIRMED: None}


def test_what_is_added_joins_the_text_and_is_read_back_again(server: Server) -> None:
    taken = heard(server, "y además perdí dos clientes", "out_of_scope", CONFIRMED, WHAT_HAPPENED)
    assert taken == {TEXT: f"{WHAT_HAPPENED}\ny además perdí dos clientes"}


def test_the_complaint_is_read_back_and_cut_where_it_is_too_long_to_read(server: Server) -> None:
    short = server.said(ASK, Turn(slots=((TEXT, WHAT_HAPPENED),)))
    assert WHAT_HAPPENED in rendered(short)
    (long,) = server.said(ASK, Turn(slots=((TEXT, "muy largo " * 400),)))
    assert len(long["excerpt"]) <= 600
    assert long["excerpt"].endswith("…")


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_confirmed_complaint_is_on_file_with_code_date_and_deadline(server: Server, language: str) -> None:
    conversation = f"filed-in-{language}"
    turn = confirmed(WHAT_HAPPENED, conversation, turn_id=f"filed-{language}", language=language)
    answer = server.run(FINISH, turn)
    (filed,) = server.backend.complaints(None, conversation)
    text = rendered(answer.body["responses"], language)
    assert filed.code in text
    assert date_words(filed.filed_on, language, server.today) in text
    assert date_words(filed.answer_by, language, server.today) in text
    assert slots_set_by(answer) == {TEXT: None, CONFIRMED: None, TURN: None}


def test_an_undue_charge_is_promised_sooner(server: Server) -> None:
    for text in ("me habéis cobrado dos veces", "vuestro técnico fue grosero"):
        server.run(FINISH, confirmed(text, "two-kinds", turn_id=text))
    general, undue = server.backend.complaints(None, "two-kinds")
    assert (general.kind, undue.kind) == (ComplaintKind.GENERAL, ComplaintKind.UNDUE_CHARGE)
    assert undue.answer_by - undue.filed_on <= timedelta(days=7)
    assert general.answer_by - general.filed_on >= timedelta(days=19)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_receipt_says_which_sum_cuts_no_line(server: Server, language: str) -> None:
    conversation, turn_id = f"disputed-{language}", f"disputed-{language}-1"
    token = verification("C-1002", cid=conversation, tid=turn_id)
    turn = confirmed(
        "Me habéis cobrado 4,35 € de más", conversation, turn_id=turn_id, verification=token, language=language
    )
    answer = server.run(FINISH, turn)
    assert names(answer.body["responses"]) == ["utter_complaint_filed", "utter_complaint_disputed"]
    text = rendered(answer.body["responses"], language)
    assert money_words(Decimal("4.35"), language) in text
    assert server.backend.complaints("C-1002", "")[0].disputed == Decimal("4.35")


def test_the_same_turn_twice_files_one_complaint_and_says_the_same(server: Server) -> None:
    turn = confirmed(WHAT_HAPPENED, "twice", turn_id="twice-1")
    first, second = server.run(FINISH, turn), server.run(FINISH, turn)
    assert first == second
    assert len(server.backend.complaints(None, "twice")) == 1


def test_who_confirms_again_because_no_answer_came_has_filed_one_complaint(server: Server) -> None:
    read_back = server.run(ASK, Turn(turn_id="read-back-1", slots=((TEXT, WHAT_HAPPENED),)))
    noted = tuple(slots_set_by(read_back).items())
    assert noted == ((TURN, "read-back-1"),)
    again = server.run(ASK, Turn(turn_id="read-back-2", slots=((TEXT, WHAT_HAPPENED), *noted)))
    assert slots_set_by(again) == {}
    for turn_id in ("unanswered-1", "unanswered-2"):
        slots = ((TEXT, WHAT_HAPPENED), (CONFIRMED, True), *noted)
        server.run(FINISH, Turn("sí", "affirm", conversation="unanswered", slots=slots, turn_id=turn_id))
    assert len(server.backend.complaints(None, "unanswered")) == 1


def test_another_complaint_read_back_in_the_same_turn_is_filed_as_well(server: Server) -> None:
    for text in (WHAT_HAPPENED, "vuestro técnico fue grosero"):
        slots = ((TEXT, text), (CONFIRMED, True), (TURN, "read-back-3"))
        server.run(FINISH, Turn("sí", "affirm", conversation="added-to", slots=slots, turn_id=f"of {text}"))
    assert len(server.backend.complaints(None, "added-to")) == 2


def test_without_a_turn_id_nothing_is_filed(server: Server) -> None:
    assert server.run(FINISH, confirmed(WHAT_HAPPENED, "no-turn", turn_id="")).status == 500
    assert server.backend.complaints(None, "no-turn") == ()


def test_an_identified_customer_finds_the_complaint_in_any_conversation(server: Server) -> None:
    token = verification("C-1004", cid="identified", tid="identified-1")
    server.run(FINISH, confirmed(WHAT_HAPPENED, "identified", turn_id="identified-1", verification=token))
    (filed,) = server.backend.complaints("C-1004", "")
    text = rendered(server.said("action_case_status", Turn(verification=verification("C-1004"))))
    assert filed.code in text


def test_who_is_not_identified_finds_it_in_the_same_conversation_only(server: Server) -> None:
    server.run(FINISH, confirmed(WHAT_HAPPENED, "anonymous", turn_id="anonymous-1"))
    (filed,) = server.backend.complaints(None, "anonymous")
    assert filed.code in rendered(server.said("action_case_status", Turn(conversation="anonymous")))
    elsewhere = server.said("action_case_status", Turn(conversation="somewhere-else"))
    assert names(elsewhere) == ["utter_identify", "utter_case_status"]


def test_who_leaves_hears_that_nothing_was_filed(server: Server) -> None:
    turn = Turn("cancela", "cancel", conversation="left", slots=((TEXT, WHAT_HAPPENED), (CONFIRMED, False)))
    answer = server.run(FINISH, turn)
    assert names(answer.body["responses"]) == ["utter_complaint_left"]
    assert slots_set_by(answer) == {TEXT: None, CONFIRMED: None, TURN: None}
    assert server.backend.complaints(None, "left") == ()


@pytest.mark.parametrize("asked", [TEXT, CONFIRMED])
def test_a_question_about_progress_is_not_taken_for_the_complaint(server: Server, asked: str) -> None:
    taken = heard(server, "qué pasa con mi reclamación", "complaint", asked, WHAT_HAPPENED)
    assert taken[TEXT] is None and taken["requested_slot"] is None


def test_who_asks_for_progress_hears_of_the_complaint_or_that_there_is_none(server: Server) -> None:
    asked = "estado de mi reclamación"
    known = server.said(FINISH, Turn(asked, "complaint", verification=verification("C-1006")))
    assert names(known) == ["utter_case_status_in_review"]
    unknown = server.said(FINISH, Turn(asked, "complaint", verification=verification("C-1001")))
    assert names(unknown) == ["utter_complaint_none"]
