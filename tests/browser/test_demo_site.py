"""The demo operator's page: tariffs, two languages, and being one of the demo customers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until
from tests.browser.widget_site import DEMO_TEXTS, identity_of

pytestmark = pytest.mark.browser

Violations = Callable[[Page], list[str]]


@pytest.fixture
def site(page: Page, scripted: ScriptedService) -> ChatPage:
    return ChatPage(page, scripted.url).visit("/")


def log_in(site: ChatPage, name: str) -> None:
    site.page.get_by_role("button", name="Entrar como…").click()
    site.page.get_by_role("button", name=name).click()
    expect(site.page.locator("#who")).to_contain_text(name)


def test_it_says_that_it_is_a_demonstration_and_names_the_operator(site: ChatPage) -> None:
    expect(site.page.get_by_text("Este operador no existe")).to_be_visible()
    expect(site.page).to_have_title("Alborada · Fibra y móvil")
    expect(site.page.locator(".brand")).to_have_text("Alborada")


def test_all_tariffs_are_there_with_their_prices(site: ChatPage) -> None:
    cards = site.page.locator(".card")
    found = [(card.locator("h3").inner_text(), card.locator("strong").inner_text()) for card in cards.all()]
    assert found == [
        ("Brisa", "8,90 €"),
        ("Marea", "12,90 €"),
        ("Océano", "19,90 €"),
        ("Fibra 300", "24,90 €"),
        ("Fibra 600", "29,90 €"),
        ("Fibra 1000", "34,90 €"),
    ]
    expect(site.page.get_by_text("IVA incluido")).to_be_visible()


def test_english_is_english_throughout_and_remembered(site: ChatPage) -> None:
    spanish = set(site.page.locator("[data-t]").all_text_contents())
    site.page.get_by_role("link", name="English").click()
    site.launcher.wait_for()
    expect(site.page.locator("html")).to_have_attribute("lang", "en")
    english = site.page.locator("[data-t]").all_text_contents()
    assert "undefined" not in english and "" not in english
    assert not spanish & set(english)
    expect(site.page.locator(".card strong").first).to_have_text("€8.90")
    expect(site.page).to_have_title("Alborada · Fibre and mobile")
    site.visit("/")
    expect(site.host.get_by_role("button", name="Open the chat")).to_be_visible()


def test_a_demo_customer_logs_in_and_the_chat_knows_it(site: ChatPage, scripted: ScriptedService) -> None:
    site.open().say("¿cuánto debo?")
    wait_until(lambda: scripted.talks and scripted.said() == ["¿cuánto debo?"])
    log_in(site, "Lucía Ferrer")
    wait_until(lambda: scripted.talk.person == "lucia")
    expect(site.page.locator("#logout")).to_be_focused()
    site.visit("/")
    expect(site.page.locator("#who")).to_contain_text("Lucía Ferrer")
    expect(site.message("¿cuánto debo?")).to_be_visible()


def test_another_demo_customer_sees_nothing_of_the_first(site: ChatPage, scripted: ScriptedService) -> None:
    log_in(site, "Lucía Ferrer")
    site.open().say("esto es mío")
    expect(site.message("esto es mío").locator(".status")).to_have_text("Enviado")
    site.page.get_by_role("button", name="Salir").click()
    expect(site.message("esto es mío")).to_have_count(0)
    log_in(site, "Tomás Rey")
    wait_until(lambda: scripted.talk.person == "tomas")
    assert site.bubbles() == []


def test_an_expired_login_is_renewed_without_the_customer_noticing(page: Page, scripted: ScriptedService) -> None:
    stale = [identity_of("lucia", expires_in=-60)]

    def log_in_with_a_stale_identity_first(route) -> None:  # type: ignore[no-untyped-def]
        if stale:
            route.fulfill(json={"identity": stale.pop()})
        else:
            route.continue_()

    page.route("**/demo/login", log_in_with_a_stale_identity_first)
    site = ChatPage(page, scripted.url).visit("/")
    log_in(site, "Lucía Ferrer")
    site.open().say("hola")
    expect(site.message("hola").locator(".status")).to_have_text("Enviado")
    assert [talk.person for talk in scripted.talks] == ["lucia"]
    assert stale == []


def test_the_pages_own_buttons_open_the_chat(site: ChatPage) -> None:
    site.page.get_by_role("button", name="Pregúntanos").click()
    expect(site.panel).to_be_visible()
    site.page.keyboard.press("Escape")
    expect(site.page.get_by_role("button", name="Pregúntanos")).to_be_focused()


def test_the_menu_of_customers_works_with_the_keyboard(site: ChatPage) -> None:
    opener = site.page.get_by_role("button", name="Entrar como…")
    opener.focus()
    site.page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    site.page.keyboard.press("Tab")
    expect(site.page.get_by_role("button", name="Lucía Ferrer")).to_be_focused()
    site.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(site.page.locator("#customers")).to_be_hidden()


def test_where_logging_in_is_off_there_is_no_menu(page: Page, scripted: ScriptedService) -> None:
    page.route(
        "**/demo/config", lambda route: route.fulfill(json={"operator": "Norte", "customers": [], "login": False})
    )
    site = ChatPage(page, scripted.url).visit("/")
    expect(page.locator("#account")).to_be_hidden()
    expect(page).to_have_title("Norte · Fibra y móvil")
    expect(site.launcher).to_be_visible()


@pytest.mark.parametrize("path", ["/?lang=es", "/?lang=en"])
def test_axe_finds_nothing_wrong(path: str, page: Page, scripted: ScriptedService, violations: Violations) -> None:
    page.goto(scripted.url + path)
    page.locator("relevo-chat .launcher").wait_for()
    page.locator("#login").click()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_it_fits_every_screen(width: int, page: Page, scripted: ScriptedService) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    ChatPage(page, scripted.url).visit("/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture
def texts() -> Iterator[list[dict[str, object]]]:
    """What the demo operator has sent."""
    yield DEMO_TEXTS
    DEMO_TEXTS.clear()


def sent(number: int) -> dict[str, object]:
    return {
        "to": "··· 001",
        "text": f"Alborada: tu código es 00000{number}. <b>Vale</b>",
        "sent_at": 1_790_000_000 + number,
    }


def test_text_messages_show_on_a_phone_that_can_be_put_away(
    site: ChatPage, texts: list[dict[str, object]], violations: Violations
) -> None:
    phone = site.page.locator("#phone")
    expect(site.launcher).to_be_visible()
    expect(phone).to_be_hidden()
    texts.insert(0, sent(1))
    expect(phone).to_contain_text("Móvil de demostración")
    expect(phone.locator("li")).to_contain_text(["Alborada: tu código es 000001. <b>Vale</b>"])
    assert violations(site.page) == []
    phone.get_by_role("button", name="Cerrar").click()
    expect(phone).to_be_hidden()
    texts.insert(0, sent(2))
    expect(phone).to_be_visible()
    expect(phone.locator("li").first).to_contain_text("000002")
