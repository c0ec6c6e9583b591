"""One conversation: what was said, how it stands, and what can be done with it."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_script import at
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser

DAY = 86_400


def test_everybody_who_speaks_can_be_told_apart(page: Page, server: DeskServer) -> None:
    for author, name in (("assistant", None), ("system", None), ("note", "Marta"), ("agent", "Marta")):
        server.desk.store("mine", author, f"de {author}", name=name)
    console = ConsolePage(page, server).visit().open("mine")
    heads = {
        a: page.locator(f"[data-testid=message][data-author={a}] .message-who").last
        for a in ("customer", "assistant", "system", "note", "agent")
    }
    for author, who in {
        "customer": "Lucía Ferrer",
        "assistant": "Asistente",
        "system": "Sistema",
        "note": "Nota interna · Marta",
        "agent": "Marta",
    }.items():
        expect(heads[author]).to_have_text(who)
    expect(console.message("Hola, soy Ana.")).to_contain_text("Tú")
    looks = [
        console.message(text).evaluate("it => getComputedStyle(it).backgroundColor + getComputedStyle(it).borderStyle")
        for text in ("de note", "de agent", "hola de mine")
    ]
    assert looks[0] not in looks[1:], "a note must not look like anything a customer sees"


def test_days_and_turning_points_stand_between_the_messages(page: Page, server: DeskServer) -> None:
    server.desk.messages["mine"][0]["sent_at"] = at(DAY * 40)
    server.desk.put("mine", status="resolved", resolved_at=at(120))
    server.desk.store("mine", "customer", "y otra vez", sent_at=at(150))
    server.desk.store("mine", "customer", "sigo aquí", sent_at=at(100))
    ConsolePage(page, server).visit().open("mine")
    lines = page.locator(".messages > li").all_inner_texts()
    days = [line for line in lines if "Hoy" in line or (" de " in line and ":" not in line)]
    assert len(days) >= 2 and "Hoy" in days
    queued, closed = (
        next(i for i, line in enumerate(lines) if words in line) for words in ("Pasó a la cola", "Cerrada")
    )
    first, last = (next(i for i, line in enumerate(lines) if words in line) for words in ("y otra vez", "sigo aquí"))
    assert queued < first < closed < last


def test_what_the_assistant_understood_is_shown_beside_what_was_said(page: Page, server: DeskServer) -> None:
    server.desk.store(
        "mine", "customer", "esto es una vergüenza", intent="explain_charge", confidence=0.934, frustration=0.81
    )
    server.desk.store("mine", "customer", "y esto nuevo", intent="trainers_own", confidence=0.4, frustration=0.1)
    console = ConsolePage(page, server).visit().open("mine")
    angry = console.message("esto es una vergüenza")
    expect(angry.get_by_test_id("intent")).to_have_text("Cargo en la factura")
    expect(angry.get_by_test_id("intent")).to_have_attribute(
        "title", "El asistente entendió «Cargo en la factura» (93 %)"
    )
    expect(angry.get_by_test_id("mood")).to_have_text("mucha frustración")
    expect(console.message("y esto nuevo").get_by_test_id("intent")).to_have_text("Trainers own")
    expect(console.message("y esto nuevo").get_by_test_id("mood")).to_have_count(0)
    expect(console.message("hola de mine").get_by_test_id("intent")).to_have_count(0)


def test_what_was_understood_a_moment_later_appears(console: ConsolePage) -> None:
    console.open("mine")
    message = console.server.say("mine", "customer", "no me llega el técnico")
    expect(console.message("no me llega el técnico")).to_be_visible()
    message.update(intent="order_technician", confidence=0.9, frustration=0.2)
    console.server.tell(type="edited", **console.server.desk.about("mine"), seq=message["seq"], text=message["text"])
    expect(console.message("no me llega el técnico").get_by_test_id("intent")).to_have_text("Pedido o visita técnica")
    expect(console.message("no me llega el técnico").get_by_text("editado")).to_have_count(0)


def test_offered_options_and_files_are_shown_and_only_web_addresses_are_links(page: Page, server: DeskServer) -> None:
    files = [
        {"name": "factura.pdf", "url": "/files/abc", "mime": "application/pdf"},
        {"name": "trampa", "url": "javascript:alert(1)", "mime": "text/html"},
    ]
    server.desk.store("mine", "assistant", "mira", buttons=[{"title": "Pagar", "payload": "/pay"}], attachments=files)
    ConsolePage(page, server).visit().open("mine")
    expect(page.get_by_role("list", name="Opciones ofrecidas")).to_have_text("Pagar")
    expect(page.get_by_role("link", name="factura.pdf")).to_have_attribute("href", f"{server.url}/files/abc")
    assert page.get_by_role("link", name="trampa").count() == 0 and page.get_by_text("trampa").is_visible()


def test_markup_is_shown_and_never_run(page: Page, server: DeskServer) -> None:
    trap = "<img src=x onerror=\"document.title='roto'\"><b>hola</b>"
    server.desk.put(
        "mine",
        customer={"id": trap, "name": trap, "verified": True},
        summary=trap,
        code=trap,
        team=trap,
        signals=[{"name": trap, "value": trap, "weight": 1}],
    )
    for author in ("customer", "assistant", "agent", "note", "system"):
        server.desk.store("mine", author, trap, name=trap, buttons=[{"title": trap, "payload": "x"}])
    console = ConsolePage(page, server).visit()
    console.row("mine").get_by_test_id("row-open").click()
    wait_until(lambda: len([text for text in console.texts() if text == trap]) == 5)
    assert page.locator("#root img, #root b").count() == 0
    assert "Relevo" in page.title()


def test_what_comes_in_appears_at_the_end_and_in_the_row(console: ConsolePage) -> None:
    console.open("mine")
    console.server.say("mine", "customer", "una cosa más")
    expect(console.message("una cosa más")).to_be_in_viewport()
    expect(console.row("mine")).to_contain_text("una cosa más")
    expect(console.announcer).to_contain_text("Lucía Ferrer: una cosa más")


def test_a_late_message_takes_its_own_place(console: ConsolePage) -> None:
    console.open("mine")
    about = console.server.desk.about("mine")
    for seq, text in ((9, "la segunda"), (8, "la primera")):
        frame: dict[str, Any] = {"seq": seq, "author": "customer", "name": None, "text": text, "sent_at": at()}
        console.server.tell(type="message", **about, message=frame)
    wait_until(lambda: console.texts()[-2:] == ["la primera", "la segunda"])


def test_the_same_frame_twice_changes_nothing(console: ConsolePage) -> None:
    console.open("mine")
    message = console.server.say("mine", "customer", "solo una")
    note = console.server.say("mine", "note", "solo una nota", name="Marta")
    for again in (message, note):
        console.server.tell(type="message", **console.server.desk.about("mine"), message=again)
    console.server.say("mine", "customer", "fin")
    expect(console.message("fin")).to_be_visible()
    assert console.texts()[-4:] == ["Hola, soy Ana.", "solo una", "solo una nota", "fin"]


def test_who_reads_above_is_not_moved_but_told(page: Page, server: DeskServer) -> None:
    for number in range(60):
        server.desk.store("mine", "customer", f"mensaje {number}")
    console = ConsolePage(page, server).visit().open("mine")
    expect(console.message("mensaje 59")).to_be_in_viewport()
    page.get_by_test_id("transcript").evaluate("it => it.scrollTop = 0")
    server.say("mine", "customer", "abajo del todo")
    page.get_by_role("button", name="1 mensaje nuevo").click()
    expect(console.message("abajo del todo")).to_be_in_viewport()
    expect(page.get_by_role("button", name="1 mensaje nuevo")).to_be_hidden()


def test_who_takes_a_conversation_stays_at_its_end(page: Page, server: DeskServer) -> None:
    page.set_viewport_size({"width": 1100, "height": 500})
    for number in range(60):
        server.desk.store("waits", "customer", f"mensaje {number}")
    console = ConsolePage(page, server).visit().open("waits")
    expect(console.message("mensaje 59")).to_be_in_viewport()
    console.action("claim").click()
    expect(console.action("resolve")).to_be_visible()
    page.wait_for_timeout(150)
    expect(console.message("mensaje 59")).to_be_in_viewport()


def test_who_writes_sees_what_they_wrote_wherever_they_read(page: Page, server: DeskServer) -> None:
    for number in range(60):
        server.desk.store("mine", "customer", f"mensaje {number}")
    console = ConsolePage(page, server).visit().open("mine")
    expect(console.message("mensaje 59")).to_be_in_viewport()
    page.get_by_test_id("transcript").evaluate("it => it.scrollTop = 900")
    console.write("Ya lo veo")
    expect(console.message("Ya lo veo")).to_be_in_viewport()


def test_corrections_and_withdrawals_of_others_are_shown(console: ConsolePage) -> None:
    first = console.server.say("mine", "customer", "quería decir el 5")
    console.open("mine")
    about = console.server.desk.about("mine")
    console.server.tell(type="edited", **about, seq=first["seq"], text="quería decir el 6")
    expect(console.message("quería decir el 6")).to_contain_text("editado")
    console.server.tell(type="deleted", **about, seq=first["seq"])
    expect(console.page.get_by_text("quería decir el 6")).to_have_count(0)
    expect(console.page.get_by_text("Mensaje retirado")).to_be_visible()


def test_typing_is_shown_and_never_stays_for_ever(console: ConsolePage) -> None:
    console.page.clock.install()
    console.visit().open("mine")
    console.server.types("mine")
    expect(console.page.get_by_test_id("typing")).to_have_text("Lucía Ferrer está escribiendo")
    console.page.clock.fast_forward(7000)
    expect(console.page.get_by_test_id("typing")).to_be_hidden()
    console.server.types("mine")
    expect(console.page.get_by_test_id("typing")).to_be_visible()
    console.server.say("mine", "customer", "ya")
    expect(console.page.get_by_test_id("typing")).to_be_hidden()


def test_the_card_says_why_in_words_and_who_the_customer_is(page: Page, server: DeskServer) -> None:
    server.desk.put(
        "mine",
        reason="leaving",
        summary="Tiene otra oferta.",
        code="R-77",
        language="en",
        channel="telegram",
        team="bajas",
        signals=[
            {"name": "frustration", "value": 0.744, "weight": 0.5},
            {"name": "own_signal", "value": 3, "weight": 0.2},
        ],
    )
    ConsolePage(page, server).visit().open("mine")
    card = page.get_by_test_id("card")
    for words in (
        "Habla de darse de baja o de cambiar de compañía.",
        "Frustración en el tono",
        "74 %",
        "Own signal",
        "× 3",
        "Tiene otra oferta.",
        "Lucía Ferrer",
        "C-2",
        "Identidad verificada",
        "Inglés",
        "Telegram",
        "R-77",
        "bajas",
    ):
        expect(card).to_contain_text(words)


def test_earlier_handoffs_are_listed_and_open(page: Page, server: DeskServer) -> None:
    server.desk.earlier["mine"] = ["done"]
    console = ConsolePage(page, server).visit().open("mine")
    entry = page.get_by_test_id("earlier")
    for words in ("Pidió una persona", "Resuelto", "Roaming"):
        expect(entry).to_contain_text(words)
    entry.click()
    expect(console.name).to_have_text("Nuria Vidal")


def test_a_conversation_that_cannot_be_read_says_so_and_can_be_read_again(console: ConsolePage) -> None:
    console.server.fail("GET", "/v1/handoffs/mine")
    console.row("mine").get_by_test_id("row-open").click()
    expect(console.page.get_by_text("No se pudo cargar la conversación.")).to_be_visible()
    console.page.get_by_role("button", name="Volver a cargar").click()
    expect(console.message("hola de mine")).to_be_visible()


def test_what_arrives_while_the_transcript_is_read_is_not_lost(console: ConsolePage) -> None:
    console.server.fail("GET", "/v1/handoffs/mine", status=0, delay=0.6)
    console.row("mine").get_by_test_id("row-open").click()
    wait_until(lambda: console.server.called("GET", "/v1/handoffs/mine"))
    frame = {"seq": 50, "author": "customer", "name": None, "text": "justo ahora", "sent_at": at()}
    console.server.tell(type="message", **console.server.desk.about("mine"), message=frame)
    expect(console.message("hola de mine")).to_be_visible()
    expect(console.message("justo ahora")).to_be_visible()
