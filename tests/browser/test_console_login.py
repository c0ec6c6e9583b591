"""Who may come in, and how."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser

SAME_KEYS = """async () => {
  const [es, en] = await Promise.all(["es", "en"].map((name) => import(`/console/static/words/${name}.js`)));
  const keys = (table, at = "") => Object.entries(table).flatMap(([key, value]) =>
    typeof value === "object" ? keys(value, `${at}${key}.`) : `${at}${key}:${typeof value}`);
  const [spanish, english] = [keys(es.default), keys(en.default)];
  return [spanish.filter((key) => !english.includes(key)), english.filter((key) => !spanish.includes(key))];
}"""


def paste(page: Page, server: DeskServer, token: str) -> None:
    page.goto(f"{server.url}/console")
    page.get_by_test_id("token").fill(token)
    page.get_by_test_id("token").press("Enter")


def test_a_link_with_a_token_opens_the_console_and_leaves_no_token_in_the_address(console: ConsolePage) -> None:
    assert "token" not in console.page.url
    expect(console.page.get_by_test_id("me")).to_have_text("Ana")


def test_the_token_lasts_as_long_as_the_tab(console: ConsolePage) -> None:
    console.page.reload()
    expect(console.page.get_by_test_id("me")).to_have_text("Ana")
    assert "token" not in console.page.evaluate("JSON.stringify(localStorage)")


def test_a_link_may_name_the_conversation_too(page: Page, server: DeskServer) -> None:
    console = ConsolePage(page, server).visit(handoff="theirs")
    expect(console.name).to_have_text("Pablo Sorolla")
    assert page.url.endswith("/console#handoff=theirs")


def test_a_pasted_token_opens_the_console(page: Page, server: DeskServer) -> None:
    paste(page, server, "  marta-token ")
    expect(page.get_by_test_id("me")).to_have_text("Marta")


def test_a_wrong_token_is_told_and_another_can_be_pasted(page: Page, server: DeskServer) -> None:
    paste(page, server, "nobody")
    expect(page.get_by_test_id("login-state")).to_have_text("Ese token no vale. Revísalo y vuelve a pegarlo.")
    assert page.evaluate("document.activeElement.id") == "token"
    page.get_by_test_id("token").fill("ana-token")
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("me")).to_have_text("Ana")


def test_a_service_that_is_away_is_told_and_tried_again_by_itself(page: Page, server: DeskServer) -> None:
    server.go_away()
    paste(page, server, "ana-token")
    expect(page.get_by_test_id("login-state")).to_contain_text("No hay conexión")
    server.come_back()
    expect(page.get_by_test_id("me")).to_have_text("Ana")


def test_a_browser_without_storage_works_until_the_page_is_left(page: Page, server: DeskServer) -> None:
    page.add_init_script(
        "for (const name of ['sessionStorage', 'localStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    console = ConsolePage(page, server).visit().open("mine").write("todo en orden")
    expect(console.message("todo en orden")).to_be_visible()


def test_signing_out_forgets_the_token_and_what_was_begun(console: ConsolePage) -> None:
    console.open("mine").field.fill("a medias")
    console.page.get_by_test_id("logout").click()
    console.page.get_by_test_id("login").wait_for()
    assert console.page.evaluate("sessionStorage.length") == 0
    assert console.page.evaluate("location.hash") == ""
    wait_until(lambda: not console.server.desk.sockets)
    console.page.reload()
    console.page.get_by_test_id("login").wait_for()


def test_another_person_finds_nothing_of_the_one_before(console: ConsolePage) -> None:
    console.open("mine").field.fill("de Ana")
    console.page.goto(f"{console.server.url}/console#token=marta-token")
    expect(console.page.get_by_test_id("me")).to_have_text("Marta")
    console.open("mine").note_mode()
    expect(console.field).to_have_value("")
    assert "de Ana" not in console.page.evaluate("JSON.stringify(sessionStorage)")


def test_a_token_that_stops_counting_leads_back_to_the_login(console: ConsolePage) -> None:
    came = console.server.called  # whatever the console asks at first is under way
    wait_until(lambda: len(came("GET", "/v1/handoffs")) == 2 and came("GET", "/v1/agents"))
    del console.server.desk.agents["ana-token"]
    console.row("mine").get_by_test_id("row-open").click()
    expect(console.page.get_by_test_id("login-state")).to_have_text("Tu token ya no vale. Pega el nuevo para seguir.")


@pytest.mark.parametrize(
    ("locale", "language", "waiting"),
    [("es-MX", "es", "En espera"), ("en-GB", "en", "Waiting"), ("fr-FR", "es", "En espera")],
)
def test_the_console_speaks_the_browsers_language_or_spanish(
    browser: Browser, server: DeskServer, locale: str, language: str, waiting: str
) -> None:
    context = browser.new_context(locale=locale)
    console = ConsolePage(context.new_page(), server).visit()
    expect(console.page.get_by_test_id("section-waiting")).to_contain_text(waiting)
    assert console.page.evaluate("document.documentElement.lang") == language
    context.close()


def test_the_language_can_be_switched_in_the_middle_of_writing_and_is_remembered(console: ConsolePage) -> None:
    console.open("mine").field.fill("a medias")
    console.page.get_by_test_id("language-en").click()
    expect(console.action("resolve")).to_contain_text("Resolve")
    expect(console.field).to_have_value("a medias")
    assert console.focused() == "language-en"
    console.page.reload()
    expect(console.page.get_by_test_id("section-waiting")).to_contain_text("Waiting")


def test_both_languages_say_everything(console: ConsolePage) -> None:
    assert console.page.evaluate(SAME_KEYS) == [[], []]


def test_nothing_is_asked_of_any_other_address(page: Page, server: DeskServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ConsolePage(page, server).visit().open("mine")
    assert [url for url in asked if not url.startswith(server.url)] == []
