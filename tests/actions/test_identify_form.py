"""Identification turn by turn, over HTTP as Rasa's form does it, with the codes read where the demo shows them."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from typing import Any

import jwt
import pytest

from tests.actions.rendering import rendered
from tests.actions.running import SECRET, Answer, Server, Turn, start_server, stop, verification

VALIDATE, FINISH = "validate_identify_form", "action_finish_identify"
CONTACT, CODE, PROOF, QUESTION = "identify_contact", "identify_code", "identify_proof", "identify_question"
PHONE, NAME, CUSTOMER = "+34600001001", "Lucía Navarro", "C-1001"
UNKNOWN_PHONE = "+34 699 999 999"

numbers = count()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start_server(tmp_path_factory.mktemp("identify"), RELEVO_DEMO_LOGIN="true")
    yield started
    stop(started)


@pytest.fixture(autouse=True)
def _nothing_before(demo: Server) -> None:
    """No test waits for the codes of another."""
    path = demo.data_dir / "identification.db"
    if path.exists():
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DELETE FROM identification_tries")
            connection.execute("DELETE FROM identification_challenges")


def said_in_form(server: Server, text: str, asked: str | None, intent: str = "nlu_fallback", **other: Any) -> Answer:
    answer = server.run(VALIDATE, Turn(text, intent, asked=asked, **{"turn_id": f"turn-{next(numbers)}", **other}))
    assert answer.status == 200, answer
    return answer


def slots(answer: Answer) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in answer.body["events"] if event["event"] == "slot"}


def names(answer: Answer) -> list[str]:
    return [message["response"] for message in answer.body["responses"]]


def texts(server: Server) -> list[dict[str, Any]]:
    return list(server.get("/demo/texts").body["texts"])


def code_sent(server: Server, before: int) -> str:
    """The code of the text that comes after so many others."""
    give_up_at = time.monotonic() + 5
    while len(sent := texts(server)) <= before:
        assert time.monotonic() < give_up_at, "no text was sent"
        time.sleep(0.02)
    found = re.search(r"\b\d{6}\b", sent[0]["text"])
    assert found
    return found.group()


def asked_for_code(server: Server, phone: str = PHONE, **other: Any) -> str:
    before = len(texts(server))
    assert slots(said_in_form(server, phone, CONTACT, **other)) == {CONTACT: "given", CODE: None}
    return code_sent(server, before)


def wrong(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 10**6:06d}"


def test_it_begins_by_asking_and_forgets_what_was_left_over(demo: Server) -> None:
    answer = said_in_form(demo, "quiero identificarme", None, "identify", slots=((CONTACT, "given"), (PROOF, "old")))
    assert slots(answer) == {CONTACT: None, CODE: None, PROOF: None}


def test_a_number_given_at_once_is_not_asked_for(demo: Server) -> None:
    answer = said_in_form(demo, "identifícame, soy el 600001001", None, "identify")
    assert slots(answer)[CONTACT] == "given"
    assert names(answer) == ["utter_identify_sent"]


def test_who_is_known_already_is_asked_nothing(demo: Server) -> None:
    turn = {"turn_id": "turn-1", "verification": verification(CUSTOMER)}
    assert slots(said_in_form(demo, "quiero identificarme", None, "identify", **turn))["requested_slot"] is None
    answer = demo.run(FINISH, Turn("quiero identificarme", "identify", **turn))
    assert names(answer)[0] == "utter_identified_already"
    assert not any(message.get("custom") for message in answer.body["responses"])


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_text_names_operator_and_code_in_the_customers_language(demo: Server, language: str) -> None:
    asked_for_code(demo, language=language, slots=(("operator", "Alborada"),))
    newest = texts(demo)[0]
    assert newest["to"] == "··· 001"
    assert newest["text"].startswith("Alborada: " + ("your code" if language == "en" else "tu código"))


def test_the_right_code_proves_the_customer_for_this_turn_and_answers_what_was_asked(demo: Server) -> None:
    anonymous = demo.run("action_check_balance", Turn(turn_id="turn-0"))
    assert names(anonymous)[0] == "utter_identify"
    question = slots(anonymous)[QUESTION]
    code = asked_for_code(demo)
    right = said_in_form(demo, code, CODE, turn_id="turn-right")
    assert slots(right)[CODE] == "given"
    kept = ((PROOF, slots(right)[PROOF]), (QUESTION, question))
    answer = demo.run(FINISH, Turn(code, "nlu_fallback", turn_id="turn-right", slots=kept))
    first, *rest = answer.body["responses"]
    assert "Lucía" in rendered([first])
    claims = jwt.decode(first["custom"]["verified"], SECRET, algorithms=["HS256"], audience="relevo-switchboard")
    expires = claims.pop("exp")
    assert time.time() < expires <= time.time() + 121
    assert claims == {
        "aud": "relevo-switchboard",
        "sub": CUSTOMER,
        "name": NAME,
        "cid": "conversation-1",
        "tid": "turn-right",
    }
    known = Turn(turn_id="turn-1", verification=verification(CUSTOMER))
    assert rest == demo.said("action_check_balance", known)
    assert {slots(answer)[name] for name in (CONTACT, CODE, PROOF, QUESTION)} == {None}


def test_it_is_the_very_question_that_is_answered_and_not_the_code(demo: Server) -> None:
    """The message of the turn is the code; what was asked named a month."""
    asked = {"text": "mándame la de hace tres meses", "intent": "invoice_copy", "entities": (("month", "-P3M"),)}
    question = slots(demo.run("action_invoice_copy", Turn(**asked, turn_id="turn-0")))[QUESTION]
    right = said_in_form(demo, asked_for_code(demo), CODE, turn_id="turn-right")
    kept = ((PROOF, slots(right)[PROOF]), (QUESTION, question))
    answer = demo.run(FINISH, Turn("123456", turn_id="turn-right", slots=kept))
    told = demo.said("action_invoice_copy", Turn(**asked, verification=verification(CUSTOMER)))
    newest = demo.said("action_invoice_copy", Turn("123456", verification=verification(CUSTOMER)))
    assert rendered(answer.body["responses"][1:]) == rendered(told) != rendered(newest)


def test_the_proof_of_a_turn_is_worth_nothing_in_the_next_or_elsewhere(demo: Server) -> None:
    proof = slots(said_in_form(demo, asked_for_code(demo), CODE, turn_id="turn-right"))[PROOF]
    for other in ({"turn_id": "turn-next"}, {"turn_id": "turn-right", "conversation": "another"}):
        said = demo.said("action_check_balance", Turn(slots=((PROOF, proof),), **other))
        assert said[0]["response"] == "utter_identify"


@pytest.mark.parametrize("made_up", ["C-1001", "given", True, {"sub": CUSTOMER}])
def test_a_slot_alone_proves_nothing(demo: Server, made_up: Any) -> None:
    turn = Turn(slots=((PROOF, made_up), ("verified", True), (CODE, "given"), (CONTACT, "given")))
    assert demo.said("action_check_balance", turn)[0]["response"] == "utter_identify"
    assert demo.said(FINISH, turn) == []


def test_an_old_question_is_not_answered_out_of_the_blue(demo: Server) -> None:
    code = asked_for_code(demo)
    proof = slots(said_in_form(demo, code, CODE, turn_id="turn-right"))[PROOF]
    old = {"answer": "action_check_balance", "at": time.time() - 3600}
    answer = demo.run(FINISH, Turn(turn_id="turn-right", slots=((PROOF, proof), (QUESTION, old))))
    assert names(answer) == ["utter_identified", "utter_identified_ask"]


def test_a_question_that_takes_a_form_goes_on_with_the_form(demo: Server) -> None:
    proof = slots(said_in_form(demo, asked_for_code(demo), CODE, turn_id="turn-right"))[PROOF]
    question = {"answer": "some_form", "at": time.time()}
    answer = demo.run(FINISH, Turn(turn_id="turn-right", slots=((PROOF, proof), (QUESTION, question))))
    assert {"event": "followup", "timestamp": None, "name": "some_form"} in answer.body["events"]


def test_wrong_codes_say_how_many_tries_are_left_then_end_it(demo: Server) -> None:
    code = asked_for_code(demo)
    answers = [said_in_form(demo, wrong(code, by), CODE) for by in range(1, 6)]
    said = [message for answer in answers for message in answer.body["responses"]]
    expected = ["utter_identify_wrong"] * 3 + ["utter_identify_wrong_last", "utter_identify_spent"]
    assert [message["response"] for message in said] == expected
    assert [message.get("left") for message in said[:3]] == ["4", "3", "2"]
    assert slots(answers[0]) == {CONTACT: "given", CODE: None}
    assert slots(answers[4])["requested_slot"] is None
    assert PROOF not in slots(said_in_form(demo, code, CODE))
    waiting = said_in_form(demo, PHONE, CONTACT)
    assert names(waiting) == ["utter_identify_wait"]
    assert slots(waiting)["requested_slot"] is None


def test_a_repeated_turn_sends_no_second_code_and_counts_no_second_try(demo: Server) -> None:
    before = len(texts(demo))
    answers = [said_in_form(demo, PHONE, CONTACT, turn_id="turn-same").body for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    code = code_sent(demo, before)
    tried = [said_in_form(demo, wrong(code), CODE, turn_id="turn-try").body for _ in range(6)]
    assert all(answer == tried[0] for answer in tried)
    assert len(texts(demo)) == before + 1
    assert slots(said_in_form(demo, code, CODE))[CODE] == "given"


def test_another_code_comes_after_a_moment_and_only_it_is_right(demo: Server) -> None:
    first = asked_for_code(demo)
    early = said_in_form(demo, "no me llegó", CODE)
    assert names(early) == ["utter_identify_not_again_yet"]
    assert "segundos" in rendered(early.body["responses"])
    with closing(sqlite3.connect(demo.data_dir / "identification.db")) as connection, connection:
        connection.execute("UPDATE identification_challenges SET created_at = created_at - 31")
    before = len(texts(demo))
    assert names(said_in_form(demo, "no me llegó", CODE)) == ["utter_identify_sent_again"]
    second = code_sent(demo, before)
    if first != second:
        assert PROOF not in slots(said_in_form(demo, first, CODE))
    assert slots(said_in_form(demo, second, CODE))[CODE] == "given"


@pytest.mark.parametrize("asked", [CONTACT, CODE])
def test_the_same_number_again_at_once_waits_for_the_code_that_is_on_its_way(demo: Server, asked: str) -> None:
    code = asked_for_code(demo)
    again = said_in_form(demo, PHONE, asked)
    assert names(again) == ["utter_identify_not_again_yet"]
    assert "requested_slot" not in slots(again)
    assert slots(said_in_form(demo, code, CODE))[CODE] == "given"


def test_a_code_that_is_over_says_so(demo: Server) -> None:
    code = asked_for_code(demo)
    with closing(sqlite3.connect(demo.data_dir / "identification.db")) as connection, connection:
        connection.execute("UPDATE identification_challenges SET created_at = created_at - 601")
    assert names(said_in_form(demo, code, CODE)) == ["utter_identify_over"]


def test_a_known_and_an_unknown_number_are_answered_letter_by_letter_alike_and_as_fast(demo: Server) -> None:
    courses, seconds = [], []
    for phone, conversation in ((PHONE, "known"), (UNKNOWN_PHONE, "unknown")):
        sent = len(texts(demo))
        messages = [(phone, CONTACT), ("no me llega", CODE), *[("123456", CODE)] * 6, (phone, CONTACT)]
        started = time.monotonic()
        courses.append([said_in_form(demo, text, asked, conversation=conversation).body for text, asked in messages])
        seconds.append(time.monotonic() - started)
        time.sleep(0.2)
        assert len(texts(demo)) - sent == (1 if conversation == "known" else 0)
    assert courses[0] == courses[1]
    assert max(seconds) < 3 * min(seconds) + 0.5


@pytest.mark.parametrize(
    ("text", "asked", "intent", "expected"),
    [
        ("cancela", CONTACT, "cancel", {CONTACT: "left", "requested_slot": None}),
        ("cancela", CODE, "cancel", {CODE: "left", "requested_slot": None}),
        ("otro número", CODE, "nlu_fallback", {CONTACT: None, CODE: None}),
        ("¿qué tarifas tenéis?", CONTACT, "tariff_list", {}),
        ("¿qué tarifas tenéis?", CODE, "tariff_list", {}),
        ("no entiendo", CONTACT, "nlu_fallback", {CONTACT: None}),
        ("4829", CODE, "nlu_fallback", {CODE: None}),
    ],
)
def test_what_else_is_said_at_either_question(
    demo: Server, text: str, asked: str, intent: str, expected: dict[str, Any]
) -> None:
    assert slots(said_in_form(demo, text, asked, intent)) == expected


def test_leaving_is_confirmed_and_forgets_the_question(demo: Server) -> None:
    kept = ((CODE, "left"), (QUESTION, {"answer": "action_check_balance", "at": time.time()}))
    answer = demo.run(FINISH, Turn("cancela", "cancel", slots=kept))
    assert names(answer) == ["utter_identify_left"]
    assert slots(answer)[QUESTION] is None


def test_neither_numbers_nor_codes_reach_the_log(demo: Server) -> None:
    code = asked_for_code(demo, "+34600001004")
    said_in_form(demo, wrong(code), CODE)
    said_in_form(demo, code, CODE)
    log = demo.log.read_text()
    assert VALIDATE in log
    for secret in (code, wrong(code), "600001004", "123456", UNKNOWN_PHONE):
        assert secret not in log


def test_the_texts_are_shown_in_the_demo_only(server: Server, demo: Server) -> None:
    assert server.get("/demo/texts").status == 404
    assert demo.get("/demo/texts", headers={}).status == 401
