"""Ready words for the customer: what the assistant would answer, and the team's own replies. Sent by a press only."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser

WORDS = "En la Unión Europea usas tus datos como en casa."
SUGGESTED = {"seq": 1, "intent": "roaming", "confidence": 0.9, "text": WORDS, "offers_return": False}
CANNED = [
    {"name": "greeting", "title": {"es": "Saludo", "en": "Greeting"}, "text": "Hola, {name}, soy Ana."},
    {"name": "wait", "title": {"es": "Un momento", "en": "One moment"}, "text": "Dame un momento."},
]


@pytest.fixture
def suggested(page: Page, server: DeskServer) -> ConsolePage:
    """Ana's console with a suggestion for the conversation that she has, and one that isn't hers."""
    server.desk.put("mine", suggestion=SUGGESTED)
    server.desk.put("theirs", suggestion=SUGGESTED)
    server.desk.canned = CANNED
    return ConsolePage(page, server).visit()


def test_what_the_assistant_would_answer_is_sent_in_one_press(suggested: ConsolePage) -> None:
    offer = suggested.page.get_by_test_id("suggestion")
    suggested.open("mine")
    expect(offer).to_contain_text("El asistente respondería")
    expect(suggested.page.get_by_test_id("suggestion-text")).to_have_text(WORDS)
    assert suggested.server.called("POST", "/messages") == []
    suggested.page.get_by_test_id("suggestion-send").click()
    expect(suggested.message(WORDS)).to_be_visible()
    expect(offer).to_be_hidden()
    assert [body["text"] for body in suggested.server.called("POST", "/messages") if body] == [WORDS]
    wait_until(lambda: suggested.focused() == "composer")


def test_it_is_touched_up_first_by_u_behind_what_was_begun(suggested: ConsolePage) -> None:
    suggested.open("mine")
    suggested.field.fill("Claro.")
    suggested.field.press("Escape")
    suggested.page.keyboard.press("u")
    expect(suggested.field).to_have_value(f"Claro.\n{WORDS}")
    suggested.page.keyboard.type(" Buen viaje.")
    suggested.page.keyboard.press("Enter")
    wait_until(lambda: suggested.server.called("POST", "/messages"))
    assert suggested.server.called("POST", "/messages")[0]["text"] == f"Claro.\n{WORDS} Buen viaje."  # type: ignore[index]


def test_it_comes_and_goes_with_the_conversation_and_only_its_holder_sees_it(suggested: ConsolePage) -> None:
    offer = suggested.page.get_by_test_id("suggestion")
    suggested.open("theirs")
    expect(offer).to_be_hidden()
    suggested.open("mine")
    expect(offer).to_be_visible()
    suggested.page.get_by_test_id("suggestion-dismiss").click()
    expect(offer).to_be_hidden()
    suggested.server.change("mine", suggestion={**SUGGESTED, "seq": 7, "text": "Otra cosa."})
    expect(suggested.page.get_by_test_id("suggestion-text")).to_have_text("Otra cosa.")
    suggested.server.change("mine", suggestion=None)
    expect(offer).to_be_hidden()
    suggested.page.keyboard.press("Escape")
    suggested.page.keyboard.press("u")
    expect(suggested.field).to_have_value("")


def test_what_is_left_is_given_back_to_the_assistant(suggested: ConsolePage) -> None:
    suggested.open("mine").page.keyboard.press("b")  # not offered yet
    suggested.server.change("mine", suggestion={**SUGGESTED, "text": None, "offers_return": True})
    offer = suggested.page.get_by_test_id("suggestion")
    expect(offer).to_contain_text("Lo que queda es rutina")
    expect(suggested.page.get_by_test_id("suggestion-text")).to_have_count(0)
    assert suggested.server.called("POST", "/give-back") == []
    suggested.page.keyboard.press("b")
    expect(suggested.status).to_contain_text("Resuelta por Ana")
    expect(offer).to_be_hidden()
    assert len(suggested.server.called("POST", "/mine/give-back")) == 1


def test_a_ready_reply_is_chosen_and_sent_by_keyboard_alone(suggested: ConsolePage) -> None:
    keys = suggested.open("mine").page.keyboard
    suggested.name.focus()
    keys.press("q")
    expect(suggested.page.get_by_test_id("ready-greeting")).to_be_focused()
    keys.press("Space")
    expect(suggested.page.get_by_test_id("ready-text")).to_have_text("Hola, Lucía Ferrer, soy Ana.")
    keys.press("ArrowRight")
    expect(suggested.page.get_by_test_id("ready-text")).to_have_text("Dame un momento.")
    keys.press("Enter")
    expect(suggested.message("Dame un momento.")).to_be_visible()
    expect(suggested.dialog).to_have_count(0)


def test_a_ready_reply_is_put_where_the_agent_writes(suggested: ConsolePage) -> None:
    suggested.open("mine").action("ready").click()
    suggested.page.get_by_test_id("ready-submit").click()
    expect(suggested.dialog).to_contain_text("Elige una respuesta.")
    suggested.page.get_by_test_id("ready-greeting").check()
    suggested.page.get_by_test_id("ready-edit").click()
    expect(suggested.field).to_have_value("Hola, Lucía Ferrer, soy Ana.")
    wait_until(lambda: suggested.focused() == "composer")
    assert suggested.server.called("POST", "/messages") == []


def test_without_replies_or_without_a_line_the_form_says_so(page: Page, console: ConsolePage) -> None:
    console.open("mine").action("ready").click()
    expect(console.dialog).to_contain_text("Tu equipo no tiene respuestas preparadas.")
    page.keyboard.press("Escape")
    console.server.fail("GET", "/canned", status=503)
    console.action("ready").click()
    expect(console.dialog).to_contain_text("No se pudieron cargar las respuestas.")


def test_they_can_be_used_by_everybody(suggested: ConsolePage, violations: Callable[[Page], list[Any]]) -> None:
    suggested.open("mine")
    expect(suggested.page.get_by_test_id("suggestion")).to_be_visible()
    assert violations(suggested.page) == []
    suggested.action("ready").click()
    suggested.page.get_by_test_id("ready-greeting").check()
    assert violations(suggested.page) == []
