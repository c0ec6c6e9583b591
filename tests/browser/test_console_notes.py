"""Words for colleagues and words for the customer, never the one for the other; and numbers best not sent at all."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401

pytestmark = pytest.mark.browser

CARD, IBAN, DNI = "4111 1111 1111 1111", "ES91 2100 0418 4502 0005 1332", "12345678Z"
ORDINARY = ["llama al 600 123 456 o al 900 12 34 56", "pedido 1234567890123", "son 23,40 € el 12/11/2026"]


def test_a_note_looks_different_while_it_is_written_and_goes_to_nobody_else(console: ConsolePage) -> None:
    form = console.page.get_by_test_id("composer-form")
    colour = "it => getComputedStyle(it).backgroundColor"
    console.open("mine")
    before = form.evaluate(colour)
    console.note_mode()
    expect(console.page.get_by_text("Solo la ve tu equipo. Nunca llega al cliente.")).to_be_visible()
    expect(console.page.get_by_test_id("send")).to_have_text("Guardar nota")
    wait_until(lambda: form.evaluate(colour) != before)
    console.write("ojo con este")
    expect(console.message("ojo con este")).to_have_attribute("data-author", "note")
    assert console.server.called("POST", "/mine/messages") == []
    assert console.server.called("POST", "/mine/notes") == [{"text": "ojo con este"}]
    expect(console.page.get_by_test_id("mode-note")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("handoff_id", ["waits", "theirs", "done"])
def test_notes_can_be_left_where_replies_cannot(console: ConsolePage, handoff_id: str) -> None:
    console.open(handoff_id)
    expect(console.field).to_be_hidden()
    expect(console.page.get_by_test_id("send")).to_be_hidden()
    console.note_mode().write("de paso")
    expect(console.message("de paso")).to_have_attribute("data-author", "note")


@pytest.mark.parametrize("prefix", ["nota: ", "Note:", "NOTA : "])
def test_words_that_begin_like_a_note_become_one(console: ConsolePage, prefix: str) -> None:
    console.open("mine").field.fill(f"{prefix}no decirle nada aún")
    expect(console.page.get_by_test_id("mode-note")).to_have_attribute("aria-pressed", "true")
    console.field.press("Enter")
    expect(console.message("no decirle nada aún")).to_have_attribute("data-author", "note")
    assert console.server.called("POST", "/mine/messages") == []


def test_words_for_colleagues_never_become_words_for_the_customer(console: ConsolePage) -> None:
    console.open("mine").note_mode().field.fill("este cliente miente")
    console.reply_mode()
    expect(console.field).to_have_value("")
    console.field.press("Enter")
    console.field.press("Alt+n")
    expect(console.field).to_have_value("este cliente miente")
    assert console.server.called("POST", "/mine/messages") == []


def test_a_reply_begun_by_mistake_can_become_a_note(console: ConsolePage) -> None:
    console.open("mine").field.fill("para el equipo")
    console.field.press("Alt+n")
    expect(console.field).to_have_value("para el equipo")
    console.field.press("Enter")
    expect(console.message("para el equipo")).to_have_attribute("data-author", "note")


# ---- typing --------------------------------------------------------------------------------------------


def test_the_customer_sees_that_i_type_a_reply_but_never_a_note(console: ConsolePage) -> None:
    def signs() -> list[object]:
        return [frame for frame in console.server.desk.heard if frame["type"] == "typing"]

    console.open("mine").note_mode().field.type("solo una nota")
    console.reply_mode().field.type("una respuesta bastante larga")
    wait_until(lambda: signs() == [{"type": "typing", "handoff_id": "mine"}])


# ---- numbers that should not be sent -------------------------------------------------------------------


@pytest.mark.parametrize(("number", "what"), [(CARD, "tarjeta"), (IBAN, "cuenta"), (DNI, "documento de identidad")])
def test_a_private_number_is_held_for_one_more_press(console: ConsolePage, number: str, what: str) -> None:
    console.open("mine").write(f"es {number}, ¿verdad?")
    expect(console.page.get_by_test_id("sensitive")).to_contain_text(what)
    assert console.server.called("POST", "/mine/messages") == []
    console.page.get_by_test_id("send-anyway").click()
    expect(console.message(f"es {number}, ¿verdad?")).to_be_visible()


@pytest.mark.parametrize("text", ORDINARY)
def test_other_numbers_are_not_held(console: ConsolePage, text: str) -> None:
    console.open("mine").write(text)
    expect(console.message(text)).to_be_visible()


def test_a_private_number_in_a_note_is_not_held(console: ConsolePage) -> None:
    console.open("mine").note_mode().write(f"su tarjeta es {CARD}")
    expect(console.message(f"su tarjeta es {CARD}")).to_be_visible()
