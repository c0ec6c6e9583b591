"""A conversation as a customer sees it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until

pytestmark = pytest.mark.browser


def test_a_page_without_a_conversation_opens_no_connection_until_the_chat_is_opened(
    chat: ChatPage, scripted: ScriptedService
) -> None:
    chat.page.wait_for_timeout(400)
    assert scripted.greetings == []
    chat.open()
    wait_until(lambda: scripted.greetings)
    assert scripted.greetings == [{"type": "hello", "token": None, "after": 0, "locale": "es"}]


def test_what_is_written_is_shown_once_and_marked_as_sent(talking: ChatPage) -> None:
    expect(talking.message("Hola").locator(".status")).to_have_text("Enviado")
    assert talking.bubbles() == ["Hola"]
    expect(talking.field).to_have_value("")


def test_enter_sends_and_shift_enter_starts_a_new_line(chat: ChatPage, scripted: ScriptedService) -> None:
    chat.open().field.type("una línea")
    chat.field.press("Shift+Enter")
    chat.field.type("y otra")
    assert scripted.sent() == []
    chat.field.press("Enter")
    wait_until(lambda: scripted.talks and scripted.said() == ["una línea\ny otra"])


def test_nothing_is_not_sent(chat: ChatPage, scripted: ScriptedService) -> None:
    chat.open()
    expect(chat.send).to_be_disabled()
    chat.say("   \n ")
    expect(chat.send).to_be_disabled()
    chat.say("ahora sí")
    wait_until(lambda: scripted.talks and scripted.said() == ["ahora sí"])


def test_too_long_a_text_stays_in_the_field_and_says_by_how_much(chat: ChatPage, scripted: ScriptedService) -> None:
    chat.open().field.fill("á" * 3950)
    expect(chat.host.get_by_text("Quedan 50 caracteres")).to_be_visible()
    chat.say("á" * 4007)
    expect(chat.host.get_by_text("Sobran 7 caracteres")).to_be_visible()
    expect(chat.send).to_be_disabled()
    assert chat.field.input_value() == "á" * 4007
    chat.say("😀" * 4000)
    wait_until(lambda: scripted.talks and scripted.said() == ["😀" * 4000])


def test_who_speaks_is_said_of_every_author(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.say("Te ayudo", "assistant")
    scripted.say("Ya está aquí Lucía", "system")
    scripted.say("Hola, soy Lucía", "agent", name="Lucía")
    expect(talking.message("Te ayudo").locator(".who")).to_contain_text("Asistente")
    expect(talking.message("Ya está aquí Lucía").locator(".who")).to_contain_text("Aviso")
    expect(talking.message("Hola, soy Lucía").locator(".who")).to_contain_text("Lucía (persona)")
    expect(talking.message("Hola, soy Lucía").locator(".who")).to_be_visible()


def test_days_are_separated_and_every_group_has_its_time(chat: ChatPage, scripted: ScriptedService, page: Page) -> None:
    chat.open()
    wait_until(lambda: scripted.talks)
    now = datetime.now(UTC)
    for text, at in [("antiguo", now - timedelta(days=400)), ("de ayer", now - timedelta(days=1)), ("de hoy", now)]:
        scripted.say(text, sent_at=at.isoformat())
    expect(chat.log.locator(".day")).to_have_count(3)
    first, *others = chat.log.locator(".day").all_inner_texts()
    assert str((now - timedelta(days=400)).year) in first
    assert others == ["Ayer", "Hoy"]
    for text in ("antiguo", "de ayer", "de hoy"):
        assert re.fullmatch(r"\d\d:\d\d", chat.message(text).locator("time").inner_text())


def test_typing_dots_name_who_types_and_go_away_by_themselves(page: Page, scripted: ScriptedService) -> None:
    page.clock.install()
    chat = ChatPage(page, scripted.url).visit().open()
    wait_until(scripted.connections)
    scripted.send({"type": "typing", "author": "agent", "name": "Lucía"})
    expect(chat.log.get_by_text("Lucía (persona) está escribiendo…")).to_be_visible()
    page.clock.fast_forward(7000)
    expect(chat.log.locator(".typing")).to_have_count(0)


def test_typing_dots_end_with_the_message(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.send({"type": "typing", "author": "assistant"})
    expect(talking.log.locator(".typing")).to_have_count(1)
    scripted.say("Aquí está")
    expect(talking.message("Aquí está")).to_be_visible()
    expect(talking.log.locator(".typing")).to_have_count(0)


def test_the_customers_typing_is_told_at_most_every_three_seconds(talking: ChatPage, scripted: ScriptedService) -> None:
    before = len(scripted.sent("typing"))
    talking.page.wait_for_timeout(3100)
    talking.field.type("estoy escribiendo algo largo")
    wait_until(lambda: len(scripted.sent("typing")) == before + 1)


def test_corrected_and_deleted_messages_say_so(talking: ChatPage, scripted: ScriptedService) -> None:
    edited, deleted = scripted.say("Son 12 euros", "agent", name="Lucía"), scripted.say("uy", "agent", name="Lucía")
    scripted.edit(edited, "Son 21 euros")
    scripted.delete(deleted)
    expect(talking.message("Son 21 euros").locator(".edited")).to_have_text("editado")
    expect(talking.message("Mensaje eliminado")).to_be_visible()
    assert talking.bubbles() == ["Hola", "Son 21 euros", "Mensaje eliminado"]


def test_a_notice_that_is_kept_up_to_date_is_not_called_edited(talking: ChatPage, scripted: ScriptedService) -> None:
    notice = scripted.say("Eres el 3.º de la cola", "system")
    expect(talking.message("Eres el 3.º de la cola")).to_be_visible()
    scripted.edit(notice, "Eres el 1.º de la cola")
    expect(talking.message("Eres el 1.º de la cola")).to_be_visible()
    expect(talking.log.locator(".edited")).to_have_count(0)


def test_unread_messages_are_counted_while_closed_and_after_a_reload(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    talking.panel.get_by_role("button", name="Cerrar el chat").click()
    scripted.say("uno")
    scripted.say("dos")
    expect(talking.host.get_by_role("button", name="Abrir el chat, 2 mensajes sin leer")).to_be_visible()
    talking.visit()
    expect(talking.host.get_by_role("button", name="Abrir el chat, 2 mensajes sin leer")).to_be_visible()
    talking.open()
    expect(talking.launcher).to_have_attribute("aria-label", "Cerrar el chat")
    talking.visit()
    expect(talking.message("dos")).to_be_visible()
    expect(talking.host.locator(".badge")).to_be_hidden()


def test_the_chat_stays_open_and_the_draft_stays_written_on_the_next_page(talking: ChatPage) -> None:
    talking.field.fill("a medio escribir")
    talking.visit()
    expect(talking.panel).to_be_visible()
    expect(talking.field).to_have_value("a medio escribir")
    assert talking.page.evaluate("document.activeElement === document.body")


def test_addresses_become_links_that_leave_the_page_alone(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.say("Mira https://alborada.example/a?b=(c)&d=1. O http://x.example/y), vale")
    links = talking.log.get_by_role("link")
    expect(links).to_have_count(2)
    assert [link.get_attribute("href") for link in links.all()] == [
        "https://alborada.example/a?b=(c)&d=1",
        "http://x.example/y",
    ]
    for link in links.all():
        assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener noreferrer", "_blank")


def test_attachments_are_links_and_pictures_and_bad_addresses_neither(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    scripted.say(
        "Tu factura",
        "agent",
        attachments=[
            {"name": "factura.pdf", "url": "/files/1", "mime": "application/pdf"},
            {"name": "antena.png", "url": f"{scripted.url}/files/2", "mime": "image/png"},
            {"name": "malo.png", "url": "javascript:alert(1)", "mime": "image/png"},
        ],
    )
    expect(talking.log.get_by_role("link", name="factura.pdf")).to_have_attribute("href", f"{scripted.url}/files/1")
    expect(talking.log.get_by_alt_text("antena.png")).to_have_attribute("src", f"{scripted.url}/files/2")
    expect(talking.log.get_by_text("malo.png")).to_be_visible()
    expect(talking.log.get_by_role("link")).to_have_count(2)


def test_a_reader_who_scrolled_up_is_not_carried_away(talking: ChatPage, scripted: ScriptedService) -> None:
    for number in range(30):
        scripted.say(f"mensaje {number}")
    expect(talking.message("mensaje 29")).to_be_in_viewport()
    talking.log.evaluate("log => { log.scrollTop = 0; }")
    talking.page.wait_for_timeout(200)
    scripted.say("el último")
    newer = talking.host.get_by_role("button", name="Mensajes nuevos")
    expect(newer).to_be_visible()
    expect(talking.message("el último")).not_to_be_in_viewport()
    newer.click()
    expect(talking.message("el último")).to_be_in_viewport()
    expect(newer).to_be_hidden()


def test_everything_is_in_english_for_those_who_speak_it(page: Page, scripted: ScriptedService) -> None:
    chat = ChatPage(page, scripted.url).visit(locale="en").open()
    expect(chat.host.get_by_text("Hi, how can we help?")).to_be_visible()
    chat.say("Hello")
    wait_until(lambda: scripted.talks and scripted.said() == ["Hello"])
    assert scripted.greetings[0]["locale"] == "en"
    scripted.give_to("queue", position=2, wait_seconds=[120, 300])
    expect(chat.banner).to_contain_text("You're number 2 in the queue")
    expect(chat.banner).to_contain_text("between 2 and 5 min")
    scripted.give_to("agent", agent="Lucía")
    expect(chat.banner).to_have_text("You're talking to Lucía (person)")


def test_the_page_sets_colour_and_title(page: Page, scripted: ScriptedService) -> None:
    chat = ChatPage(page, scripted.url).visit(color="#ffd400", title="Alborada").open()
    expect(chat.panel).to_have_accessible_name("Alborada")
    colours = chat.launcher.evaluate(
        "button => { const style = getComputedStyle(button); return [style.backgroundColor, style.color]; }"
    )
    assert colours == ["rgb(255, 212, 0)", "rgb(0, 0, 0)"]


def test_the_script_twice_on_a_page_is_one_chat_and_one_name_on_the_page(chat: ChatPage) -> None:
    before = set(chat.page.evaluate("Object.keys(window)"))
    chat.page.evaluate("""() => new Promise(done => {
        const again = document.createElement('script');
        Object.assign(again, { src: '/widget.js', onload: done });
        document.body.append(again);
    })""")
    expect(chat.host).to_have_count(1)
    assert set(chat.page.evaluate("Object.keys(window)")) == before
    assert chat.page.evaluate("Object.keys(window.Relevo)") == ["open", "close", "identify", "logout"]
