"""A copy of what is kept, and erasing it: what the customer is told, and the order that the switchboard gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from tests.actions.rendering import rendered
from tests.actions.running import CONVERSATION, SECRET, Server, Turn, start_server, stop, verification

COMPLAINT = "me cobráis dos veces el mismo recibo y nadie me contesta"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start_server(tmp_path_factory.mktemp("data-requests"))
    yield started
    stop(started)


def known(text: str, intent: str, **more: Any) -> Turn:
    return Turn(text, intent, verification=more.pop("verification", verification("C-1001")), **more)


def orders(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the switchboard is told to do, as it reads it."""
    signed = [message["custom"]["order"] for message in said if message.get("custom")]
    return [jwt.decode(each, SECRET, algorithms=["HS256"], audience="relevo-orders") for each in signed]


def names(said: list[dict[str, Any]]) -> list[str]:
    return [message["response"] for message in said if message.get("response")]


def filled(server: Server, turn: Turn) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    answer = server.run("validate_erase_data_form", turn)
    assert answer.status == 200
    return answer.body["responses"], {e["name"]: e["value"] for e in answer.body["events"] if e["event"] == "slot"}


def test_a_copy_is_ordered_for_whom_the_token_names_and_for_this_turn(server: Server) -> None:
    said = server.said("action_export_data", known("mis datos", "export_data"))
    (order,) = orders(said)
    assert (order["order"], order["sub"], order["cid"], order["tid"]) == ("export", "C-1001", CONVERSATION, "turn-1")


@pytest.mark.parametrize("token", [None, verification("C-1001", tid="another"), verification("C-1001", key="x" * 40)])
def test_who_is_not_identified_orders_nothing_and_is_asked_who_they_are(server: Server, token: str | None) -> None:
    said = server.said("action_export_data", known("mis datos", "export_data", verification=token))
    assert orders(said) == []
    assert names(said) == ["utter_identify", "utter_export_data"]
    said, slots = filled(server, known("borra todo", "erase_data", verification=token, asked="erase_data_confirmed"))
    assert (orders(said), slots["requested_slot"]) == ([], None)
    assert names(said) == ["utter_identify", "utter_erase_data"]


def test_only_a_yes_to_the_question_erases(server: Server) -> None:
    asked = "erase_data_confirmed"
    for turn in (
        known("borrad mis datos", "erase_data"),
        known("sí", "affirm"),
        known("borradlo", "erase_data", asked=asked),
        known("mmm", "nlu_fallback", asked=asked),
        known("sí", "affirm", asked=asked, confidence=0.3),
        known("no", "deny", asked=asked),
        known("¿cuánto debo?", "check_balance", asked=asked),
    ):
        assert orders(filled(server, turn)[0]) == [], turn
    said, slots = filled(server, known("sí", "affirm", asked=asked))
    (order,) = orders(said)
    assert (order["order"], order["sub"], slots["requested_slot"]) == ("erase", "C-1001", None)


@pytest.mark.parametrize("language", ["es", "en"])
def test_before_the_yes_it_is_said_what_goes_and_what_stays(server: Server, language: str) -> None:
    turn = known("borrad mis datos", "erase_data", language=language)
    said = rendered(server.said("action_ask_erase_data_form_erase_data_confirmed", turn), language)
    for word in {"es": ("conversaciones", "facturas", "reclamaciones"), "en": ("conversations", "bills", "complaints")}[
        language
    ]:
        assert word in said


def test_an_open_complaint_or_case_holds_it_until_it_is_closed(server: Server) -> None:
    def ask(**more: Any) -> list[str]:
        turn = known("sí", "affirm", asked="erase_data_confirmed", verification=verification("C-1002"), **more)
        said, _ = filled(server, turn)
        assert bool(orders(said)) is ("utter_erase_data_under_way" in names(said))
        return names(said)

    case = {"code": "R-2345AB", "status": "assigned", "opened_at": "2026-11-20T10:00:00+00:00"}
    assert ask(cases=(case,)) == ["utter_erase_data_held"]
    assert ask(cases=({**case, "status": "resolved"},)) == ["utter_erase_data_under_way"]
    slots = (("complaint_text", COMPLAINT), ("complaint_confirmed", True))
    filing = Turn(COMPLAINT, "complaint", verification=verification("C-1002"), slots=slots)
    assert "utter_complaint_filed" in names(server.said("action_finish_complaint", filing))
    assert ask() == ["utter_erase_data_held"]


def test_the_switchboard_hears_which_complaints_are_open_and_nobody_else_does(server: Server) -> None:
    slots = (("complaint_text", COMPLAINT), ("complaint_confirmed", True))
    anonymous = Turn(COMPLAINT, "complaint", slots=slots, conversation="conversation-9", turn_id="turn-9")
    server.said("action_finish_complaint", anonymous)
    path = "/complaints/open"
    found = server.post(b'{"customer_id": null, "conversations": ["conversation-9"]}', path=path)
    assert (found.status, len(found.body["codes"])) == (200, 1)
    nobody = server.post(b'{"customer_id": "C-none", "conversations": []}', path=path)
    assert (nobody.status, nobody.body["codes"]) == (200, [])
    assert server.post(b'{"customer_id": 1}', path=path).status == 422
    assert server.post(b'{"conversations": []}', {}, path=path).status == 401
