"""Whose conversation the chat shows: logging in, logging out, and never another person's."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until
from tests.browser.widget_site import identity_of

pytestmark = pytest.mark.browser

SECRET_WORDS = "mi número secreto es el siete"


def logged_in(page: Page, scripted: ScriptedService, customer: str = "lucia") -> ChatPage:
    """Logged in by the page, open, and has said something only this customer may see."""
    chat = ChatPage(page, scripted.url).visit(identity=identity_of(customer)).open().say(SECRET_WORDS)
    expect(chat.message(SECRET_WORDS).locator(".status")).to_have_text("Enviado")
    return chat


def conversation_of(scripted: ScriptedService, person: str | None) -> list[str]:
    return [m["text"] for talk in scripted.talks if talk.person == person for m in talk.messages]


def test_an_anonymous_conversation_goes_along_when_its_customer_logs_in(
    chat: ChatPage, scripted: ScriptedService
) -> None:
    chat.open().say("soy yo")
    expect(chat.message("soy yo").locator(".status")).to_have_text("Enviado")
    chat.call("identify", identity_of("lucia"))
    wait_until(lambda: scripted.talk.person == "lucia")
    chat.say("y ahora con nombre")
    wait_until(lambda: conversation_of(scripted, "lucia") == ["soy yo", "y ahora con nombre"])
    expect(chat.message("y ahora con nombre").locator(".status")).to_have_text("Enviado")
    assert chat.bubbles() == ["soy yo", "y ahora con nombre"]
    assert len(scripted.talks) == 1


def test_a_customer_finds_the_same_conversation_on_another_device(
    page: Page, scripted: ScriptedService, context: BrowserContext
) -> None:
    logged_in(page, scripted)
    assert context.browser is not None
    elsewhere = context.browser.new_context()
    other = ChatPage(elsewhere.new_page(), scripted.url).visit(identity=identity_of("lucia")).open()
    expect(other.message(SECRET_WORDS)).to_be_visible()
    elsewhere.close()


def test_logging_in_shows_the_customers_own_conversation_whole(
    page: Page, scripted: ScriptedService, context: BrowserContext
) -> None:
    logged_in(page, scripted)
    for number in range(3):
        scripted.say(f"respuesta {number}")
    assert context.browser is not None
    elsewhere = context.browser.new_context()
    other = ChatPage(elsewhere.new_page(), scripted.url).visit().open().say("hola, anónimo")
    expect(other.message("hola, anónimo").locator(".status")).to_have_text("Enviado")
    other.call("identify", identity_of("lucia"))
    expect(other.message("respuesta 2")).to_be_visible()
    assert other.bubbles() == [SECRET_WORDS, "respuesta 0", "respuesta 1", "respuesta 2"]
    elsewhere.close()


def test_logging_out_leaves_nothing_of_the_person_on_the_screen_or_in_the_browser(
    page: Page, scripted: ScriptedService
) -> None:
    chat = logged_in(page, scripted)
    scripted.give_to("agent", agent="Marta")
    expect(chat.banner).to_contain_text("Marta")
    chat.field.fill("otro secreto a medio escribir")
    chat.call("logout")
    expect(chat.host.get_by_text("¿en qué te ayudamos?")).to_be_visible()
    expect(chat.banner).to_be_hidden()
    expect(chat.field).to_have_value("")
    wait_until(lambda: scripted.talks[-1].person is None)
    assert scripted.greetings[-1]["token"] is None
    kept = json.dumps([chat.stored(), page.evaluate("Object.fromEntries(Object.entries(sessionStorage))")])
    assert scripted.talks[0].token not in kept
    assert "secreto" not in kept and "lucia" not in kept
    chat.visit().say("otra persona")
    expect(chat.message("otra persona").locator(".status")).to_have_text("Enviado")
    assert chat.bubbles() == ["otra persona"]
    assert conversation_of(scripted, "lucia") == [SECRET_WORDS]


def test_unsent_words_of_a_person_never_go_into_anothers_conversation(page: Page, scripted: ScriptedService) -> None:
    chat = logged_in(page, scripted)
    scripted.lose_network()
    chat.say("esto es de Lucía")
    expect(chat.message("esto es de Lucía")).to_be_visible()
    chat.call("identify", identity_of("tomas"))
    expect(chat.message("esto es de Lucía")).to_have_count(0)
    assert "esto es de" not in json.dumps(chat.stored())
    scripted.refuses_connections = False
    chat.wake()
    wait_until(lambda: scripted.connections() == 1 and scripted.talk.person == "tomas")
    page.wait_for_timeout(500)
    assert conversation_of(scripted, "tomas") == []
    assert chat.bubbles() == []


def test_a_page_without_login_does_not_show_what_was_said_logged_in(page: Page, scripted: ScriptedService) -> None:
    chat = logged_in(page, scripted)
    chat.visit()
    expect(chat.host.get_by_text("¿en qué te ayudamos?")).to_be_visible()
    chat.say("sin entrar")
    expect(chat.message("sin entrar").locator(".status")).to_have_text("Enviado")
    assert chat.bubbles() == ["sin entrar"]
    assert conversation_of(scripted, "lucia") == [SECRET_WORDS]


def test_logging_out_in_one_tab_empties_the_other(
    page: Page, scripted: ScriptedService, context: BrowserContext
) -> None:
    chat = logged_in(page, scripted)
    other = ChatPage(context.new_page(), scripted.url).visit(identity=identity_of("lucia")).open()
    expect(other.message(SECRET_WORDS)).to_be_visible()
    chat.call("logout")
    expect(other.message(SECRET_WORDS)).to_have_count(0)


def test_a_renewed_identity_keeps_the_connection(page: Page, scripted: ScriptedService) -> None:
    chat = logged_in(page, scripted)
    chat.call("identify", identity_of("lucia", expires_in=7200))
    chat.say("sigo")
    expect(chat.message("sigo").locator(".status")).to_have_text("Enviado")
    assert len(scripted.greetings) == 1


def test_an_expired_identity_is_told_to_the_page_which_can_renew_it(page: Page, scripted: ScriptedService) -> None:
    logged_in(page, scripted)
    page.add_init_script(
        f"addEventListener('relevo:identity-refused', () => Relevo.identify('{identity_of('lucia')}'))"
    )
    chat = ChatPage(page, scripted.url).visit(identity=identity_of("lucia", expires_in=-60))
    expect(chat.message(SECRET_WORDS)).to_be_visible()
    assert len(scripted.greetings) <= 5


def test_without_renewal_an_expired_identity_shows_nothing_of_the_person(page: Page, scripted: ScriptedService) -> None:
    chat = logged_in(page, scripted)
    chat.visit(identity=identity_of("lucia", expires_in=-60))
    wait_until(lambda: scripted.talk.person is None)
    chat.say("como anónimo")
    expect(chat.message("como anónimo").locator(".status")).to_have_text("Enviado")
    assert chat.bubbles() == ["como anónimo"]
    assert len(scripted.greetings) <= 5


def test_a_forged_identity_opens_nothing(page: Page, scripted: ScriptedService) -> None:
    logged_in(page, scripted)
    forged = identity_of("lucia").rsplit(".", 1)[0] + ".AAAA"
    chat = ChatPage(page, scripted.url).visit(identity=forged)
    wait_until(lambda: scripted.talk.person is None)
    assert chat.bubbles() == []
