"""The keyboard: everything an agent does all day, and never by accident while typing."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


def test_j_and_k_and_the_arrows_move_through_the_list(console: ConsolePage) -> None:
    keys = console.page.keyboard
    for key, name in (
        ("j", "Carla Soto"),
        ("j", "Lucía Ferrer"),
        ("ArrowDown", "Pablo Sorolla"),
        ("j", "Nuria Vidal"),
        ("j", "Nuria Vidal"),
        ("k", "Pablo Sorolla"),
        ("ArrowUp", "Lucía Ferrer"),
    ):
        keys.press(key)
        expect(console.name).to_have_text(name)
        wait_until(lambda: console.focused() == "row-open")


def test_the_arrows_scroll_the_transcript_when_the_agent_is_there(page: Page, server: DeskServer) -> None:
    for number in range(60):
        server.desk.store("mine", "customer", f"mensaje {number}")
    console = ConsolePage(page, server).visit().open("mine")
    page.get_by_test_id("transcript").focus()
    before = page.get_by_test_id("transcript").evaluate("it => it.scrollTop")
    page.keyboard.press("ArrowUp")
    wait_until(lambda: page.get_by_test_id("transcript").evaluate("it => it.scrollTop") < before)
    expect(console.name).to_have_text("Lucía Ferrer")


def test_c_takes_and_then_the_agent_just_types(console: ConsolePage) -> None:
    console.page.keyboard.press("j")
    console.message("hola de waits").wait_for()
    console.page.keyboard.press("c")
    wait_until(lambda: console.focused() == "composer")
    console.page.keyboard.type("Hola, Carla.")
    console.page.keyboard.press("Enter")
    expect(console.message("Hola, Carla.")).to_be_visible()


def test_c_does_nothing_where_there_is_nothing_to_take(console: ConsolePage) -> None:
    console.page.keyboard.press("c")
    console.open("theirs").page.keyboard.press("c")
    console.page.wait_for_timeout(150)
    assert console.server.called("POST", "/claim") == []


def test_r_and_n_put_the_cursor_where_their_words_go_and_escape_leaves(console: ConsolePage) -> None:
    console.open("mine")
    console.page.keyboard.press("n")
    expect(console.page.get_by_test_id("mode-note")).to_have_attribute("aria-pressed", "true")
    expect(console.field).to_be_focused()
    console.page.keyboard.press("Escape")
    expect(console.row("mine").get_by_test_id("row-open")).to_be_focused()
    console.page.keyboard.press("r")
    expect(console.page.get_by_test_id("mode-reply")).to_have_attribute("aria-pressed", "true")
    expect(console.field).to_be_focused()


def test_e_resolves_t_transfers_slash_searches_and_question_mark_helps(console: ConsolePage) -> None:
    console.open("mine")
    for key, dialog in (("e", "Resolver"), ("t", "Transferir"), ("?", "Atajos de teclado")):
        console.page.keyboard.press(key)
        expect(console.dialog).to_contain_text(dialog)
        console.page.keyboard.press("Escape")
        expect(console.dialog).to_have_count(0)
    console.page.keyboard.press("/")
    assert console.focused() == "search"


def test_keys_are_only_letters_while_somebody_types(console: ConsolePage) -> None:
    words = "a c e f i j k l n o p r t 1 / ?"
    console.open("mine").field.type(words)
    expect(console.field).to_have_value(words)
    console.page.get_by_test_id("search").type("cejknrt")
    expect(console.page.get_by_test_id("search")).to_have_value("cejknrt")
    console.page.get_by_test_id("search").fill("")
    console.page.get_by_test_id("action-resolve").click()
    console.page.get_by_test_id("resolve-note").type("c j k")
    console.page.get_by_test_id("resolve-topic").focus()
    console.page.keyboard.press("j")
    expect(console.name).to_have_text("Lucía Ferrer")
    assert [call for call in console.server.desk.calls if call[0] == "POST"] == []


def test_a_key_pressed_while_the_last_one_is_being_done_is_done_next(console: ConsolePage) -> None:
    console.server.fail("POST", "/done/verdict", status=0, late=0.5)
    console.open("done").page.keyboard.press("3")
    expect(console.page.get_by_test_id("verdict-too_late")).to_have_attribute("aria-pressed", "true")
    console.page.keyboard.press("o")
    expect(console.status).to_contain_text("La llevas tú")
    assert len(console.server.called("POST", "/done/reopen")) == 1


def test_l_o_and_numbers_release_reopen_and_judge(console: ConsolePage) -> None:
    console.open("done").page.keyboard.press("3")
    expect(console.page.get_by_test_id("verdict-too_late")).to_have_attribute("aria-pressed", "true")
    console.page.keyboard.press("o")
    expect(console.status).to_contain_text("La llevas tú")
    wait_until(lambda: console.focused() == "composer")
    console.page.keyboard.press("Escape")
    console.page.keyboard.press("l")
    expect(console.status).to_contain_text("En espera desde hace")
    console.page.keyboard.press("2")
    console.page.wait_for_timeout(100)
    assert console.server.called("POST", "/done/verdict") == [{"verdict": "too_late"}]


def test_the_help_names_every_key_that_does_something(console: ConsolePage) -> None:
    deeds = console.page.evaluate(
        "async () => (await import('/console/static/view/keyboard.js')).SHORTCUTS.map(({shown}) => shown).flat()"
    )
    console.page.keyboard.press("?")
    shown = console.dialog.locator("dl").first.locator("kbd").all_inner_texts()
    assert shown == deeds and {"J", "C", "R", "N", "E", "T", "L", "O", "P", "I", "A", "F", "/", "?"} <= set(shown)
    assert "" not in console.dialog.locator("dd").all_inner_texts()


def test_i_goes_to_the_card(console: ConsolePage) -> None:
    console.open("mine").page.keyboard.press("i")
    expect(console.page.get_by_role("region", name="Ficha")).to_be_focused()


def test_keys_with_control_or_alt_belong_to_the_browser(console: ConsolePage) -> None:
    console.open("waits")
    for chord in ("Control+c", "Alt+c", "Meta+c"):
        console.page.keyboard.press(chord)
    console.page.wait_for_timeout(100)
    assert console.server.called("POST", "/claim") == []


def test_single_keys_can_be_turned_off_for_good(console: ConsolePage) -> None:
    console.page.get_by_test_id("help-open").click()
    console.page.get_by_test_id("single-keys").uncheck()
    console.page.keyboard.press("Escape")
    console.page.reload()
    console.row("waits").wait_for()
    console.page.keyboard.press("j")
    console.page.wait_for_timeout(100)
    expect(console.name).to_be_hidden()
    console.open("mine").field.fill("sigue igual")
    console.field.press("Enter")
    expect(console.message("sigue igual")).to_be_visible()


def test_the_whole_list_is_one_stop_of_the_tab_key(page: Page, server: DeskServer) -> None:
    for number in range(30):
        server.desk.put(f"many-{number:02}")
    console = ConsolePage(page, server).visit()
    page.get_by_test_id("search").focus()
    stops = []
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.append(console.focused())
    assert stops.count("row-open") == 1 and stops.count("row-claim") <= 1
