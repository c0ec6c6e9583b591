"""What is told of an account to whoever takes the customer's case."""

from __future__ import annotations

import json

from tests.actions.running import Answer, Server


def overview(server: Server, customer_id: object) -> Answer:
    return server.post(json.dumps({"customer_id": customer_id}).encode(), path="/customers/account")


def test_plan_and_debt_are_told_in_both_languages(server: Server) -> None:
    debtor = overview(server, "C-1002")
    assert debtor.status == 200
    assert debtor.body["plan"]["es"] and debtor.body["plan"]["en"]
    assert debtor.body["debt"]["es"].endswith(" €") and debtor.body["debt"]["en"].startswith("€")


def test_who_owes_nothing_has_no_debt(server: Server) -> None:
    assert overview(server, "C-1001").body["debt"] is None


def test_nobody_unknown_nobody_without_the_secret_and_no_nonsense(server: Server) -> None:
    assert overview(server, "C-none").status == 404
    assert overview(server, 7).status == 422
    assert server.post(b'{"customer_id": "C-1001"}', {}, path="/customers/account").status == 401
