"""What customers read when they ask about their own account, from the running server and the trainers' sentences."""

from __future__ import annotations

import re
from typing import Any

import pytest

from actions.backend.model import NOTHING
from actions.standing import standing_of
from actions.wording import data_words, date_words, money_words
from tests.actions.rendering import IN_ENGLISH, all_responses, rendered
from tests.actions.running import ROOT, Server, Turn, verification

ACCOUNT_ACTIONS = [
    "action_check_balance",
    "action_explain_charge",
    "action_current_plan",
    "action_data_usage",
    "action_case_status",
]
EVERYDAY_ACTIONS = ["action_due_date", "action_suspension", "action_permanence"]


def asked_by(customer_id: str, language: str = "es") -> Turn:
    return Turn(verification=verification(customer_id), language=language)


def names(said: list[dict[str, Any]]) -> list[str]:
    return [message["response"] for message in said]


@pytest.mark.parametrize("action", ACCOUNT_ACTIONS)
@pytest.mark.parametrize(("channel", "how"), [("widget", "utter_identify"), ("telegram", "utter_identify_telegram")])
def test_who_is_not_identified_hears_how_to_be_and_the_general_answer(
    server: Server, action: str, channel: str, how: str
) -> None:
    said = server.said(action, Turn(channel=channel))
    assert names(said) == [how, action.replace("action_", "utter_")]
    assert "€" not in rendered(said) or action == "action_data_usage"


@pytest.mark.parametrize("action", ACCOUNT_ACTIONS)
def test_a_forged_tracker_gives_nothing(server: Server, action: str) -> None:
    slots = (("verified", True), ("customer_id", "C-1002"), ("customer_name", "Mateo"))
    said = server.said(action, Turn(slots=slots, verification=verification("C-1002", cid="another")))
    assert names(said)[0] == "utter_identify"


@pytest.mark.parametrize("topic", ["due_date", "suspension", "permanence"])
def test_an_everyday_question_asks_nobody_who_they_are(server: Server, topic: str) -> None:
    assert names(server.said(f"action_{topic}", Turn())) == [f"utter_{topic}"]


@pytest.mark.parametrize("action", [*ACCOUNT_ACTIONS[:-1], *EVERYDAY_ACTIONS])
def test_an_account_that_does_not_exist_is_said_honestly(server: Server, action: str) -> None:
    assert names(server.said(action, asked_by("C-9999"))) == ["utter_account_unknown"]


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_debt_is_told_with_each_bill_and_what_comes_due(server: Server, language: str) -> None:
    standing = standing_of(server.backend.bills("C-1002"), server.today)
    said = server.said("action_check_balance", asked_by("C-1002", language))
    text = rendered(said, language)
    assert names(said) == ["utter_check_balance_overdue_and_pending"]
    assert money_words(standing.debt, language) in text
    assert money_words(standing.debt + standing.to_come, language) in text
    assert len(standing.overdue) == 2
    assert all(bill.number in text for bill in standing.overdue)


def test_a_bill_to_come_is_told_with_its_amount_and_day(server: Server) -> None:
    (bill,) = standing_of(server.backend.bills("C-1001"), server.today).pending
    expected = (money_words(bill.total, "es"), date_words(bill.due_on, "es", server.today))
    for action in ("action_check_balance", "action_due_date"):
        text = rendered(server.said(action, asked_by("C-1001")))
        assert all(words in text for words in expected), text


def test_who_owes_nothing_hears_it(server: Server) -> None:
    for customer_id in ("C-1005", "C-1007"):
        bills = server.backend.bills(customer_id)
        said = server.said("action_check_balance", asked_by(customer_id, "en"))
        if not bills:
            assert names(said) == ["utter_check_balance_no_bills"]
        elif standing_of(bills, server.today).to_come == NOTHING:
            assert money_words(bills[0].total, "en") in rendered(said, "en")
            assert names(said) == ["utter_check_balance_clear"]


def test_the_due_date_of_a_debtor_says_since_when(server: Server) -> None:
    oldest = standing_of(server.backend.bills("C-1003"), server.today).overdue[0]
    text = rendered(server.said("action_due_date", asked_by("C-1003", "en")), "en")
    assert date_words(oldest.due_on, "en", server.today) in text


@pytest.mark.parametrize(
    ("customer_id", "reason"),
    [
        ("C-1004", "utter_explain_charge_roaming"),
        ("C-1005", "utter_explain_charge_promotion_ended"),
        ("C-1006", "utter_explain_charge_premium_sms"),
    ],
)
@pytest.mark.parametrize("language", ["es", "en"])
def test_a_higher_bill_is_explained_by_its_entries_its_changes_and_its_reason(
    server: Server, customer_id: str, reason: str, language: str
) -> None:
    newest, before = server.backend.bills(customer_id, 2)
    said = server.said("action_explain_charge", asked_by(customer_id, language))
    text = rendered(said, language)
    assert names(said) == ["utter_explain_charge_bill", "utter_explain_charge_higher", reason]
    for item in newest.items:
        assert f"• {item.name.in_language(language)}: {money_words(item.amount, language)}" in text
    assert money_words(newest.total - before.total, language) in text
    assert money_words(before.total, language) in text


def test_a_bill_like_the_last_one_has_nothing_to_explain(server: Server) -> None:
    said = server.said("action_explain_charge", asked_by("C-1001"))
    assert names(said) == ["utter_explain_charge_bill", "utter_explain_charge_same"]
    assert "Descuento por traer tu número: -5,00 €" in rendered(said)


def test_who_has_no_bills_has_no_charges(server: Server) -> None:
    assert names(server.said("action_explain_charge", asked_by("C-1007"))) == ["utter_explain_charge_no_bills"]


def test_the_plan_is_told_with_what_it_includes_its_price_and_its_discount(server: Server) -> None:
    said = server.said("action_current_plan", asked_by("C-1001"))
    text = rendered(said)
    assert names(said) == ["utter_current_plan_lines", "utter_current_plan_promotion"]
    assert "Fibra 600 Mb + Marea (600 001 001)" in text
    assert "30 GB" in text
    assert "32,90 €" in text


def test_a_suspended_line_is_told(server: Server) -> None:
    said = server.said("action_current_plan", asked_by("C-1003", "en"))
    assert "utter_current_plan_suspended" in names(said)
    assert "Brisa (600 001 003)" in rendered(said, "en")


def test_a_minimum_term_is_told_while_it_binds(server: Server) -> None:
    ends_on = next(line.permanence_ends for line in server.backend.lines("C-1004") if line.permanence_ends)
    text = rendered(server.said("action_current_plan", asked_by("C-1004")))
    assert (date_words(ends_on, "es", server.today) in text) == (ends_on >= server.today)


@pytest.mark.parametrize(
    ("customer_id", "expected"),
    [
        ("C-1001", ["utter_data_usage_line"]),
        ("C-1002", ["utter_data_usage_unlimited", "utter_data_usage_line"]),
        ("C-1006", ["utter_data_usage_nearly_used_up"]),
    ],
)
def test_data_is_told_line_by_line(server: Server, customer_id: str, expected: list[str]) -> None:
    said = server.said("action_data_usage", asked_by(customer_id))
    text = rendered(said)
    assert names(said) == expected
    for usage in server.backend.usage(customer_id):
        assert usage.number in text
        assert data_words(usage.used_mb, "es") in text


def test_a_suspended_line_and_what_is_overdue_are_told(server: Server) -> None:
    debt = standing_of(server.backend.bills("C-1003"), server.today).debt
    said = server.said("action_suspension", asked_by("C-1003"))
    text = rendered(said)
    assert names(said) == ["utter_suspension_line", "utter_suspension"]
    assert "Brisa (600 001 003)" in text
    assert money_words(debt, "es") in text


def test_who_has_no_line_suspended_hears_it_and_what_puts_it_at_risk(server: Server) -> None:
    assert names(server.said("action_suspension", asked_by("C-1001"))) == ["utter_suspension_none"]
    at_risk = server.said("action_suspension", asked_by("C-1002"))
    assert names(at_risk) == ["utter_suspension_cut_on"]
    cut_on = server.backend.arrears("C-1002").cut_on
    assert cut_on is not None
    assert date_words(cut_on, "es", server.today) in rendered(at_risk)


def test_the_minimum_term_is_told_by_line(server: Server) -> None:
    assert names(server.said("action_permanence", asked_by("C-1001"))) == ["utter_permanence_free"]
    bound = server.said("action_permanence", asked_by("C-1004", "en"))
    assert names(bound) == ["utter_permanence_until", "utter_permanence"]
    assert "Fibre 300 Mb" in rendered(bound, "en")


def test_an_order_is_told_with_its_day(server: Server) -> None:
    (order,) = server.backend.orders("C-1007")
    assert order.expected_on is not None
    said = server.said("validate_order_technician_form", asked_by("C-1007", "en"))
    text = rendered(said, "en")
    assert names(said) == ["utter_order_technician_expected"]
    assert order.order_id in text
    assert date_words(order.expected_on, "en", server.today) in text
    assert names(server.said("validate_order_technician_form", asked_by("C-1001"))) == ["utter_order_technician_none"]


def test_a_complaint_in_progress_is_told_with_its_code_and_its_day(server: Server) -> None:
    (filed,) = server.backend.complaints("C-1006", "")
    text = rendered(server.said("action_case_status", asked_by("C-1006")))
    assert filed.code in text
    assert date_words(filed.answer_by, "es", server.today) in text


def test_every_sentence_an_action_may_say_stands_in_both_languages() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "actions").rglob("*.py"))
    said = set(re.findall(r'"(utter_[a-z_]+)"', source))
    assert len(said) > 30
    for name in sorted(said):
        conditions = [variation.get("condition") for variation in all_responses()[name]]
        assert None in conditions, name
        assert IN_ENGLISH in conditions, name
        assert all(condition in (None, IN_ENGLISH) for condition in conditions), name
