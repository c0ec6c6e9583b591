"""Writing to the customer: nothing lost, nothing twice, and what was mistyped can be mended."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


def test_enter_sends_once_and_what_was_sent_stands_once(console: ConsolePage) -> None:
    console.open("mine").write("Ya está arreglado.")
    expect(console.message("Ya está arreglado.")).to_contain_text("Tú")
    expect(console.outgoing).to_have_count(0)
    expect(console.field).to_have_value("")
    (sent,) = console.server.called("POST", "/mine/messages")
    assert sent is not None and sent["text"] == "Ya está arreglado." and len(sent["id"]) >= 16
    assert console.texts().count("Ya está arreglado.") == 1
    assert console.focused() == "composer"


def test_shift_enter_makes_a_line_and_blank_words_are_not_sent(console: ConsolePage) -> None:
    console.open("mine").write("   ")
    console.field.fill("una")
    console.field.press("Shift+Enter")
    console.field.type("dos")
    console.field.press("Enter")
    wait_until(
        lambda: [call["text"] for call in console.server.called("POST", "/mine/messages") if call] == ["una\ndos"]
    )


def test_enter_that_ends_a_composition_does_not_send(console: ConsolePage) -> None:
    console.open("mine").field.fill("こん")
    console.field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True})
    console.field.press("Enter")
    wait_until(lambda: len(console.server.called("POST", "/mine/messages")) == 1)


def test_the_same_words_twice_are_two_messages(console: ConsolePage) -> None:
    console.open("mine").write("ok").write("ok")
    wait_until(lambda: console.texts().count("ok") == 2 and console.outgoing.count() == 0)
    first, second = console.server.called("POST", "/mine/messages")
    assert first and second and first["id"] != second["id"]


def test_what_is_sent_shows_at_once_even_where_the_service_is_slow(console: ConsolePage) -> None:
    console.server.fail("POST", "/messages", status=0, delay=1.0)
    console.open("mine").write("voy")
    expect(console.outgoing).to_contain_text("voy")
    expect(console.outgoing).to_contain_text("Enviando…")
    expect(console.message("voy")).to_be_visible()
    expect(console.outgoing).to_have_count(0)


# ---- when it goes wrong --------------------------------------------------------------------------------


def test_a_failed_reply_stays_in_sight_and_is_tried_again_with_the_same_id(console: ConsolePage) -> None:
    console.server.fail("POST", "/messages")
    console.open("mine").write("hola de nuevo")
    expect(console.outgoing).to_contain_text("No se pudo enviar")
    expect(console.row("mine")).to_contain_text("sin enviar")
    console.page.get_by_test_id("retry").click()
    expect(console.message("hola de nuevo")).to_be_visible()
    expect(console.outgoing).to_have_count(0)
    first, second = console.server.called("POST", "/mine/messages")
    assert first == second


def test_a_reply_whose_answer_was_lost_is_not_said_twice(console: ConsolePage) -> None:
    console.server.fail("POST", "/messages", applied=True)
    console.open("mine").write("una sola vez")
    expect(console.message("una sola vez")).to_be_visible()
    expect(console.outgoing).to_have_count(0)
    assert [m["text"] for m in console.server.desk.messages["mine"]].count("una sola vez") == 1


def test_a_note_whose_answer_was_lost_is_not_written_twice(console: ConsolePage) -> None:
    console.open("mine")
    console.server.desk.sockets.clear()  # nothing is told by the socket either
    console.server.fail("POST", "/notes", applied=True)
    console.note_mode().write("una sola nota")
    console.page.get_by_test_id("retry").click()
    expect(console.message("una sola nota")).to_be_visible()
    expect(console.outgoing).to_have_count(0)
    assert len(console.server.called("POST", "/notes")) == 1


def test_what_follows_a_failed_reply_waits_for_it(console: ConsolePage) -> None:
    console.server.fail("POST", "/messages")
    console.open("mine").write("primero").write("segundo")
    expect(console.outgoing.nth(1)).to_contain_text("Espera a que salga el anterior")
    console.page.get_by_test_id("retry").click()
    wait_until(lambda: console.outgoing.count() == 0)
    assert [m["text"] for m in console.server.desk.messages["mine"]][-2:] == ["primero", "segundo"]


def test_a_reply_to_what_is_no_longer_mine_is_explained_and_its_words_kept(console: ConsolePage) -> None:
    console.open("mine").field.fill("te lo abono")
    console.server.desk.put("mine", agent={"name": "Marta", "desk": "slack"})
    console.field.press("Enter")
    expect(console.outgoing).to_contain_text("Ahora la lleva Marta, así que no se envió.")
    expect(console.status).to_contain_text("La lleva Marta (Slack)")
    console.page.get_by_test_id("rewrite").click()
    expect(console.field).to_have_value("te lo abono")
    expect(console.outgoing).to_have_count(0)
    expect(console.page.get_by_test_id("send")).to_be_hidden()


def test_what_was_not_sent_survives_a_reload(console: ConsolePage) -> None:
    console.server.fail("POST", "/messages", times=9)
    console.open("mine").write("no te pierdas")
    expect(console.outgoing).to_contain_text("No se pudo enviar")
    console.server.desk.faults.clear()
    console.page.reload()
    expect(console.message("no te pierdas")).to_be_visible()
    assert len({call["id"] for call in console.server.called("POST", "/mine/messages") if call}) == 1


def test_a_failed_reply_can_be_discarded(console: ConsolePage) -> None:
    console.server.fail("POST", "/messages")
    console.open("mine").write("mejor no")
    console.page.get_by_test_id("discard").click()
    expect(console.outgoing).to_have_count(0)
    assert "mejor no" not in console.texts()


# ---- drafts --------------------------------------------------------------------------------------------


def test_each_conversation_keeps_its_own_drafts_through_a_reload(console: ConsolePage) -> None:
    console.open("mine").field.fill("a medias")
    console.open("waits").note_mode().field.fill("nota a medias")
    expect(console.row("mine")).to_contain_text("Borrador a medias")
    console.page.reload()
    expect(console.field).to_have_value("nota a medias")
    console.open("mine")
    expect(console.field).to_have_value("a medias")


def test_words_too_many_are_counted_and_not_sent(console: ConsolePage) -> None:
    console.open("mine").field.fill("a" * 4010)
    expect(console.page.get_by_text("Sobran 10 caracteres")).to_be_visible()
    expect(console.page.get_by_test_id("send")).to_be_disabled()
    console.field.press("Enter")
    assert console.server.called("POST", "/mine/messages") == []


# ---- correcting ----------------------------------------------------------------------------------------


def test_my_message_can_be_corrected(console: ConsolePage) -> None:
    console.open("mine")
    console.message("Hola, soy Ana.").hover()
    console.message("Hola, soy Ana.").get_by_test_id("message-edit").click()
    assert console.focused() == "edit-text"
    console.page.get_by_test_id("edit-text").fill("Hola, soy Ana, de Facturas.")
    console.page.get_by_test_id("edit-text").press("Enter")
    expect(console.message("Hola, soy Ana, de Facturas.")).to_contain_text("editado")
    assert console.server.called("PATCH", "/messages/2") == [{"text": "Hola, soy Ana, de Facturas."}]
    assert console.focused() == "message-edit"


def test_a_correction_can_be_left_without_a_trace(console: ConsolePage) -> None:
    console.open("mine")
    console.message("Hola, soy Ana.").hover()
    console.message("Hola, soy Ana.").get_by_test_id("message-edit").click()
    console.page.get_by_test_id("edit-text").fill("otra cosa")
    console.page.get_by_test_id("edit-text").press("Escape")
    expect(console.message("Hola, soy Ana.")).to_be_visible()
    assert console.server.called("PATCH", "/messages/2") == []


def test_my_message_can_be_taken_back_after_one_question(console: ConsolePage) -> None:
    console.open("mine")
    console.message("Hola, soy Ana.").hover()
    console.message("Hola, soy Ana.").get_by_test_id("message-delete").click()
    expect(console.dialog).to_contain_text("¿Retirar este mensaje?")
    console.page.get_by_test_id("take-back-submit").click()
    expect(console.page.get_by_text("Mensaje retirado")).to_be_visible()
    expect(console.dialog).to_have_count(0)
    assert [m["text"] for m in console.server.desk.messages["mine"]] == ["hola de mine"]


def test_what_others_wrote_cannot_be_touched(page: Page, server: DeskServer) -> None:
    server.desk.store("mine", "agent", "de Marta", name="Marta")
    server.desk.store("mine", "note", "nota mía", name="Ana")
    console = ConsolePage(page, server).visit().open("mine")
    for text in ("de Marta", "nota mía", "hola de mine"):
        expect(console.message(text).get_by_test_id("message-edit")).to_have_count(0)
