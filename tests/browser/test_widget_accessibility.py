"""The chat for those who use a keyboard, a screen reader, a magnifier or a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until

pytestmark = pytest.mark.browser

Violations = Callable[[Page], list[str]]


def converse(chat: ChatPage, scripted: ScriptedService) -> None:
    """A conversation with everything that can be in one."""
    chat.open().say("Hola")
    wait_until(lambda: scripted.talks and scripted.said() == ["Hola"])
    scripted.say(
        "Mira https://alborada.example/a", attachments=[{"name": "a.pdf", "url": "/f/1", "mime": "application/pdf"}]
    )
    scripted.say("Te paso con una persona", "system")
    edited, deleted = scripted.say("Hola, soy Lucia", "agent", name="Lucía"), scripted.say("uy", "agent", name="Lucía")
    scripted.edit(edited, "Hola, soy Lucía")
    scripted.delete(deleted)
    scripted.errors.append({"code": "bad_request"})
    chat.say("no llegará")
    expect(chat.message("no llegará").get_by_role("button")).to_have_count(2)


def settled(page: Page) -> None:
    """Colours are those at rest, not those of a fade."""
    page.wait_for_timeout(400)


@pytest.mark.parametrize(
    "state", ["closed", "intro", "conversation", "buttons", "queue", "agent", "paused", "offline", "over"]
)
def test_axe_finds_nothing_wrong(state: str, chat: ChatPage, scripted: ScriptedService, violations: Violations) -> None:
    if state == "intro":
        chat.open()
        wait_until(lambda: scripted.talks)
    elif state != "closed":
        converse(chat, scripted)
    if state == "buttons":
        chat.message("no llegará").get_by_role("button", name="Descartar").click()
        scripted.say("¿Algo más?", buttons=[{"title": "Sí", "payload": "/affirm"}])
        expect(chat.replies).to_have_count(1)
    elif state == "queue":
        scripted.give_to("queue", position=2, wait_seconds=[120, 300])
        expect(chat.banner).to_be_visible()
    elif state == "agent":
        scripted.give_to("agent", agent="Lucía")
        scripted.send({"type": "typing", "author": "agent", "name": "Lucía"})
        expect(chat.log.locator(".typing")).to_be_visible()
    elif state == "paused":
        scripted.say("Pausa.", "system", buttons=[{"title": "Que lo revise alguien", "payload": "pause.appeal"}])
        scripted.give_to("assistant", paused_until=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
        expect(chat.banner.get_by_role("button", name="Que lo revise alguien")).to_be_visible()
    elif state == "offline":
        scripted.refuses_connections = True
        scripted.drop_connections()
        chat.say("¿sigues ahí?")
        expect(chat.notice).not_to_be_empty()
    elif state == "over":
        chat.field.fill("x" * 4001)
    settled(chat.page)
    assert violations(chat.page) == []


@pytest.mark.parametrize("colour", ["#ffd400", "#d6336c", "#7b8794", "#000000", "#f5f5f5"])
def test_any_brand_colour_stays_readable(
    colour: str, page: Page, scripted: ScriptedService, violations: Violations
) -> None:
    chat = ChatPage(page, scripted.url).visit(color=colour)
    converse(chat, scripted)
    settled(page)
    assert violations(page) == []


def test_escape_closes_and_the_focus_goes_in_and_comes_back(chat: ChatPage) -> None:
    chat.launcher.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    expect(chat.launcher).to_have_attribute("aria-expanded", "true")
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    expect(chat.launcher).to_have_attribute("aria-expanded", "false")


def test_the_focus_returns_to_the_pages_own_button(chat: ChatPage) -> None:
    own = chat.page.locator("#help")
    own.evaluate("button => button.addEventListener('click', () => Relevo.open())")
    own.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(own).to_be_focused()


def test_a_closed_chat_is_hidden_from_everybody(chat: ChatPage) -> None:
    assert chat.host.locator(".panel").evaluate("panel => panel.hidden && getComputedStyle(panel).display === 'none'")
    chat.launcher.focus()
    chat.page.keyboard.press("Tab")
    assert chat.host.locator(".panel :focus").count() == 0


def test_everything_can_be_reached_with_the_keyboard(chat: ChatPage, scripted: ScriptedService) -> None:
    chat.open().say("Hola")
    wait_until(lambda: scripted.talks and scripted.said())
    scripted.say("¿Seguro?", buttons=[{"title": "Sí", "payload": "/affirm"}])
    expect(chat.replies).to_have_count(1)
    for _ in range(6):
        chat.page.keyboard.press("Shift+Tab")
        if chat.host.locator(":focus").inner_text() == "Sí":
            break
    chat.page.keyboard.press("Enter")
    wait_until(lambda: scripted.said() == ["Hola", "Sí"])


def test_history_is_not_read_out_and_what_is_new_is(chat: ChatPage, scripted: ScriptedService) -> None:
    chat.open().say("Hola")
    wait_until(lambda: scripted.talks and scripted.said() == ["Hola"])
    scripted.say("vieja respuesta")
    expect(chat.announcer).to_contain_text("Asistente: vieja respuesta")
    chat.visit()
    expect(chat.message("vieja respuesta")).to_be_visible()
    expect(chat.log).to_have_attribute("aria-live", "off")
    expect(chat.announcer).to_be_empty()
    scripted.say("Hola, soy Lucía", "agent", name="Lucía")
    expect(chat.announcer).to_have_text("Lucía (persona): Hola, soy Lucía")
    expect(chat.announcer).not_to_contain_text("vieja")


def test_changes_of_who_answers_are_read_out(chat: ChatPage, scripted: ScriptedService) -> None:
    chat.open()
    wait_until(lambda: scripted.connections())
    scripted.give_to("queue", position=2, wait_seconds=[120, 300])
    expect(chat.announcer).to_contain_text("Estás en el puesto 2 de la cola")
    scripted.give_to("agent", agent="Lucía")
    expect(chat.announcer).to_contain_text("Estás hablando con Lucía (persona)")


def test_the_places_for_status_exist_before_there_is_any(chat: ChatPage) -> None:
    assert chat.announcer.count() == 1
    assert chat.host.locator(".panel [role=status]").count() == 2
    expect(chat.announcer).to_be_empty()


def test_at_400_percent_it_can_be_read_and_written_without_scrolling_sideways(
    page: Page, scripted: ScriptedService, violations: Violations
) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    chat = ChatPage(page, scripted.url).visit()
    converse(chat, scripted)
    chat.message("no llegará").get_by_role("button", name="Descartar").click()
    scripted.give_to("queue", position=2, wait_seconds=[120, 300])
    scripted.say("última", "agent", name="Lucía")
    expect(chat.message("última")).to_be_in_viewport()
    expect(chat.field).to_be_in_viewport()
    assert chat.panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    assert chat.log.evaluate("log => log.scrollWidth <= log.clientWidth && log.clientHeight >= 60")
    settled(page)
    assert violations(page) == []


def test_on_a_phone_it_takes_the_whole_screen_and_keeps_the_focus(
    browser: Browser, scripted: ScriptedService, violations: Violations
) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="es-ES")
    page = phone.new_page()
    chat = ChatPage(page, scripted.url).visit()
    chat.launcher.tap()
    settled(page)
    box = chat.panel.bounding_box()
    assert box is not None
    assert [round(box[side]) for side in ("x", "y", "width", "height")] == [0, 0, 390, 844]
    expect(chat.launcher).to_be_hidden()
    expect(chat.panel).to_have_attribute("aria-modal", "true")
    expect(chat.panel).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") == "relevo-chat"
    assert chat.field.evaluate("field => parseFloat(getComputedStyle(field).fontSize)") >= 16
    assert violations(page) == []
    chat.panel.get_by_role("button", name="Cerrar el chat").tap()
    expect(chat.launcher).to_be_visible()
    phone.close()


def test_nothing_moves_for_those_who_asked_for_calm(page: Page, scripted: ScriptedService) -> None:
    page.emulate_media(reduced_motion="reduce")
    chat = ChatPage(page, scripted.url).visit().open()
    wait_until(lambda: scripted.connections())
    scripted.send({"type": "typing", "author": "assistant"})
    expect(chat.log.locator(".typing")).to_be_visible()
    moving = "root => [...root.shadowRoot.querySelectorAll('*')].filter(node => node.getAnimations().length).length"
    assert chat.host.evaluate(moving) == 0


def test_buttons_are_large_enough_to_hit(chat: ChatPage, scripted: ScriptedService) -> None:
    converse(chat, scripted)
    scripted.give_to("queue", position=1)
    expect(chat.banner).to_be_visible()
    for button in chat.host.get_by_role("button").all():
        box = button.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 24, button.inner_text()
