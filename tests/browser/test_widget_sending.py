"""What a customer wrote is kept, shown and stored once, whatever the network and the browser do."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until

pytestmark = pytest.mark.browser

UNSENT = "Sin enviar todavía: saldrá al volver la conexión"
RANDOM_ID = "crypto.randomUUID = undefined"
FORBIDDEN_STORAGE = """for (const area of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, area, { get() { throw new DOMException('no', 'SecurityError'); } });"""
FULL_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"


def test_what_was_written_without_network_is_kept_shown_and_sent_once_in_order(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    scripted.lose_network()
    expect(talking.notice).to_have_text("Sin conexión. Lo que escribas se enviará cuando vuelva.")
    for text in ("uno", "dos", "tres"):
        talking.say(text)
    expect(talking.message("tres").locator(".status")).to_have_text(UNSENT)
    scripted.refuses_connections = False
    talking.wake()
    wait_until(lambda: scripted.said() == ["Hola", "uno", "dos", "tres"])
    expect(talking.message("tres").locator(".status")).to_have_text("Enviado")
    expect(talking.notice).to_be_empty()
    assert talking.bubbles() == ["Hola", "uno", "dos", "tres"]


def test_unsent_messages_survive_leaving_the_page(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.lose_network()
    talking.say("no te pierdas").say("ni tú")
    expect(talking.message("ni tú")).to_be_visible()
    talking.visit()
    expect(talking.message("no te pierdas").locator(".bubble")).to_be_visible()
    expect(talking.message("ni tú").locator(".status")).to_have_text(UNSENT)
    scripted.refuses_connections = False
    talking.wake()
    wait_until(lambda: scripted.said() == ["Hola", "no te pierdas", "ni tú"])
    expect(talking.message("ni tú").locator(".status")).to_have_text("Enviado")
    assert talking.bubbles() == ["Hola", "no te pierdas", "ni tú"]
    assert "outbox" not in json.dumps(talking.stored())


def test_the_very_first_message_may_be_written_before_there_is_a_connection(
    chat: ChatPage, scripted: ScriptedService
) -> None:
    scripted.refuses_connections = True
    chat.open().say("¿hay alguien?")
    expect(chat.message("¿hay alguien?").locator(".status")).to_have_text(UNSENT)
    chat.visit()
    expect(chat.message("¿hay alguien?")).to_be_visible()
    scripted.refuses_connections = False
    chat.wake()
    wait_until(lambda: scripted.talks and scripted.said() == ["¿hay alguien?"])


def test_a_lost_ack_makes_no_second_message(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.withholds_acks = True
    talking.say("¿cuánto debo?")
    wait_until(lambda: scripted.said() == ["Hola", "¿cuánto debo?"])
    scripted.withholds_acks = False
    scripted.drop_connections()
    expect(talking.message("¿cuánto debo?").locator(".status")).to_have_text("Enviado")
    assert scripted.said() == ["Hola", "¿cuánto debo?"]
    assert talking.bubbles() == ["Hola", "¿cuánto debo?"]


def test_without_an_ack_the_same_message_is_sent_again_on_the_same_connection(
    hurried: ChatPage, scripted: ScriptedService
) -> None:
    scripted.withholds_acks = True
    hurried.say("¿cuánto debo?")
    wait_until(lambda: len(scripted.sent()) == 1)
    scripted.withholds_acks = False
    hurried.page.clock.fast_forward(9000)
    wait_until(lambda: len(scripted.sent()) == 2)
    first, second = scripted.sent()
    assert first == second
    expect(hurried.message("¿cuánto debo?").locator(".status")).to_have_text("Enviado")
    assert (scripted.said(), hurried.bubbles(), len(scripted.greetings)) == (["¿cuánto debo?"], ["¿cuánto debo?"], 1)


@pytest.mark.parametrize("script", [FORBIDDEN_STORAGE, FULL_STORAGE, RANDOM_ID], ids=["forbidden", "full", "no-uuid"])
def test_it_works_where_the_browser_offers_less(script: str, page: Page, scripted: ScriptedService) -> None:
    page.add_init_script(script)
    chat = ChatPage(page, scripted.url).visit().open().say("Hola")
    wait_until(lambda: scripted.talks and scripted.said() == ["Hola"])
    scripted.lose_network()
    chat.say("¿sigues?")
    scripted.refuses_connections = False
    chat.wake()
    wait_until(lambda: scripted.said() == ["Hola", "¿sigues?"])
    expect(chat.message("¿sigues?").locator(".status")).to_have_text("Enviado")
    assert chat.bubbles() == ["Hola", "¿sigues?"]
