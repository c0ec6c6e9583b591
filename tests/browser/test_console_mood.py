"""The card's mood and signals in words, the verdict in one press, and the end of a pause."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_script import at
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


def test_signals_and_mood_are_told_in_words_the_weightiest_first(page: Page, server: DeskServer) -> None:
    told = {"es": "3.ª vez que pregunta lo mismo", "en": "asks the same for the 3rd time"}
    server.desk.put(
        "mine",
        signals=[
            {"name": "turns", "value": 6, "weight": 0.1, "words": {"es": "6 mensajes", "en": "6 messages"}},
            {"name": "repeats_question", "value": 3, "weight": 0.9, "words": told},
        ],
        mood={"level": "angry", "frustration": 0.8, "abuse": 0.0, "rising": True},
    )
    ConsolePage(page, server).visit().open("mine")
    card = page.get_by_test_id("card")
    assert card.locator(".signal-name").all_inner_texts() == ["3.ª vez que pregunta lo mismo", "6 mensajes"]
    expect(card).to_contain_text("muy frustrado, y va a más")


def test_the_card_tells_plan_and_debt_of_a_verified_customer(page: Page, server: DeskServer) -> None:
    server.desk.put("mine", account={"plan": {"es": "Fibra 600", "en": "Fibre 600"}, "debt": None})
    console = ConsolePage(page, server).visit().open("mine")
    customer = page.get_by_test_id("card-customer")
    expect(customer).to_contain_text("TarifaFibra 600")
    expect(customer).to_contain_text("DeudaNo debe nada")
    console.open("waits")
    expect(customer).not_to_contain_text("Tarifa")


def test_a_verdict_is_one_press_and_can_be_changed(console: ConsolePage) -> None:
    console.open("waits")
    expect(console.page.get_by_test_id("card-verdict")).to_have_count(0)
    console.open("mine")
    for verdict in ("too_late", "right"):
        choice = console.page.get_by_test_id(f"verdict-{verdict}")
        choice.click()
        expect(choice).to_have_attribute("aria-pressed", "true")
    expect(console.page.get_by_test_id("verdict-too_late")).to_have_attribute("aria-pressed", "false")
    assert console.server.called("POST", "/mine/verdict") == [{"verdict": "too_late"}, {"verdict": "right"}]


def test_a_pause_can_be_lifted(page: Page, server: DeskServer) -> None:
    server.desk.put("waits", paused_until=at(-600))
    console = ConsolePage(page, server).visit().open("waits")
    assert console.actions() == ["claim", "unpause"]
    expect(page.get_by_test_id("card-customer")).to_contain_text("En pausa hasta las")
    console.action("unpause").click()
    wait_until(lambda: console.actions() == ["claim"])
