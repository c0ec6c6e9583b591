"""The list: who waits, who is mine, what colleagues hold, what was closed; live."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_script import at
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


def named(name: str) -> dict[str, object]:
    return {"customer": {"id": None, "name": name, "verified": False}}


def test_everybody_stands_in_the_section_they_belong_to(console: ConsolePage) -> None:
    assert {name: console.section(name) for name in ("waiting", "mine", "others", "closed")} == {
        "waiting": ["waits"],
        "mine": ["mine"],
        "others": ["theirs"],
        "closed": ["done"],
    }


def test_a_row_says_who_why_how_and_what_was_said_last(page: Page, server: DeskServer) -> None:
    server.desk.put("waits", reason="vulnerable_customer", priority="urgent", language="en", channel="telegram")
    row = ConsolePage(page, server).visit().row("waits")
    for words in ("Carla Soto", "Situación vulnerable", "Urgente", "EN", "Telegram", "hola de waits"):
        expect(row).to_contain_text(words)


def test_those_without_a_name_are_told_apart_by_their_code(console: ConsolePage) -> None:
    console.server.change("x7")
    expect(console.row("x7")).to_contain_text("Sin identificar R-X7")


def test_the_queue_keeps_the_order_of_the_service(page: Page, server: DeskServer) -> None:
    server.desk.put("older", waiting_since=at(900))
    server.desk.put("urgent", waiting_since=at(5), priority="urgent")
    console = ConsolePage(page, server).visit()
    assert console.section("waiting") == ["urgent", "older", "waits"]


def test_a_new_one_takes_its_place_at_once_and_then_the_one_the_service_gives_it(console: ConsolePage) -> None:
    by_rank = console.server.desk.listed
    console.server.change("normal", waiting_since=at(90))
    wait_until(lambda: console.section("waiting") == ["normal", "waits"])
    wait_until(lambda: len(console.server.called("GET", "/v1/handoffs")) >= 3)  # both closed kinds, and the order
    console.server.desk.listed = lambda *statuses: list(reversed(by_rank(*statuses)))  # type: ignore[method-assign]
    console.server.change("urgent", waiting_since=at(1), priority="urgent")
    wait_until(lambda: console.section("waiting") == ["waits", "normal", "urgent"])


def test_the_waiting_clock_runs(page: Page, server: DeskServer) -> None:
    page.clock.install()
    page.route("**/v1/agents", lambda route: route.abort())  # each answer tells the true time
    server.desk.put("waits", waiting_since=at(60))
    clock = ConsolePage(page, server).visit().row("waits").locator("time")
    expect(clock).to_have_text(re.compile(r"^1:\d\d$"))
    page.clock.fast_forward(180_000)
    expect(clock).to_have_text(re.compile(r"^4:\d\d$"))
    page.clock.fast_forward(3_600_000)
    expect(clock).to_have_text(re.compile(r"^1 h 0\d$"))


def test_a_wrong_clock_of_the_agents_computer_does_not_change_how_long_somebody_waits(
    page: Page, server: DeskServer
) -> None:
    page.add_init_script("{const real = Date.now; Date.now = () => real() + 3_600_000;}")
    clock = ConsolePage(page, server).visit().row("waits").locator("time")
    expect(clock).to_have_text(re.compile(r"^(0:[4-5]|1:[0-2])\d$"))


def test_rows_move_as_things_happen_elsewhere(console: ConsolePage) -> None:
    console.server.change("waits", status="assigned", agent={"name": "Marta", "desk": "slack"})
    expect(console.row("waits")).to_contain_text("Marta")
    assert console.section("others") == ["theirs", "waits"]
    console.server.change("theirs", status="resolved", outcome="solved", resolved_at=at())
    wait_until(lambda: console.section("closed") == ["theirs", "done"])
    console.server.change("waits", status="queued", agent=None)
    wait_until(lambda: console.section("waiting") == ["waits"])


def test_a_conversation_i_took_in_slack_is_mine_here_too(console: ConsolePage) -> None:
    console.server.change("waits", status="assigned", agent={"name": "Ana", "desk": "slack"})
    wait_until(lambda: "waits" in console.section("mine"))


def test_mine_come_first_where_the_customer_waits_for_my_answer(console: ConsolePage) -> None:
    console.server.change("second", status="assigned", agent={"name": "Ana", "desk": "console"}, claimed_at=at())
    wait_until(lambda: console.section("mine") == ["mine", "second"])
    console.server.say("second", "customer", "¿hola?")
    wait_until(lambda: console.section("mine") == ["second", "mine"])


def test_one_press_takes_who_waits_opens_it_and_lets_me_type(console: ConsolePage) -> None:
    console.row("waits").hover()
    console.row("waits").get_by_test_id("row-claim").click()
    expect(console.status).to_contain_text("La llevas tú")
    wait_until(lambda: console.focused() == "composer")
    assert console.section("mine") == ["mine", "waits"] or console.section("mine") == ["waits", "mine"]
    assert console.server.desk.handoffs["waits"]["agent"]["name"] == "Ana"


def test_who_comes_too_late_is_told_who_has_it(console: ConsolePage) -> None:
    console.server.desk.put("waits", status="assigned", agent={"name": "Marta", "desk": "slack"})
    console.row("waits").hover()
    console.row("waits").get_by_test_id("row-claim").click()
    expect(console.notice).to_contain_text("Ya la tiene Marta (Slack).")
    expect(console.status).to_contain_text("La lleva Marta (Slack)")
    assert console.actions() == []


def test_the_next_one_can_be_taken_without_looking(console: ConsolePage) -> None:
    console.server.change("urgent", priority="urgent", **named("Rosa"))
    expect(console.page.get_by_text("Hay 2 personas esperando.")).to_be_visible()
    console.page.get_by_test_id("take-next").click()
    expect(console.name).to_have_text("Rosa")
    expect(console.status).to_contain_text("La llevas tú")


def test_the_tab_counts_who_needs_somebody(console: ConsolePage) -> None:
    expect(console.page).to_have_title("(1) Relevo · Consola")
    console.server.say("mine", "customer", "¿sigues ahí?")
    expect(console.page).to_have_title("(2) Relevo · Consola")
    console.open("mine")
    expect(console.page).to_have_title("(1) Relevo · Consola")
    console.server.change("waits", status="abandoned", resolved_at=at())
    expect(console.page).to_have_title("Relevo · Consola")


def test_what_i_have_not_read_is_counted_until_i_open_it(console: ConsolePage) -> None:
    console.server.say("mine", "customer", "uno")
    console.server.say("mine", "customer", "dos")
    expect(console.row("mine").get_by_test_id("row-unread")).to_have_text("2 2 mensajes sin leer")
    console.open("mine")
    expect(console.row("mine").get_by_test_id("row-unread")).to_have_count(0)
    console.server.say("theirs", "customer", "tres")
    expect(console.row("theirs")).to_contain_text("tres")
    expect(console.row("theirs").get_by_test_id("row-unread")).to_have_count(0)


def test_arrivals_are_announced_and_changes_of_the_known_are_not(console: ConsolePage) -> None:
    console.server.change("waits", summary="Otra cosa")
    console.server.change("new", reason="complaint", **named("Elena"))
    expect(console.announcer).to_have_text("Nueva en espera: Elena. Reclamación.")


def test_what_is_passed_to_me_is_announced(console: ConsolePage) -> None:
    console.server.change("theirs", agent={"name": "Ana", "desk": "console"})
    expect(console.announcer).to_have_text("Te pasan la conversación de Pablo Sorolla.")


def test_the_sound_is_off_until_it_is_wanted_and_the_choice_is_remembered(console: ConsolePage) -> None:
    console.page.evaluate(
        "() => { window.tones = 0; const real = OscillatorNode.prototype.start;"
        " OscillatorNode.prototype.start = function (...when) { window.tones += 1; return real.apply(this, when); }; }"
    )
    console.server.change("quiet")
    console.row("quiet").wait_for()
    assert console.page.evaluate("window.tones") == 0
    console.page.get_by_test_id("sound").click()
    expect(console.page.get_by_test_id("sound")).to_have_attribute("aria-pressed", "true")
    heard = console.page.evaluate("window.tones")
    console.server.change("loud")
    console.row("loud").wait_for()
    assert console.page.evaluate("window.tones") > heard > 0
    console.page.reload()
    expect(console.page.get_by_test_id("sound")).to_have_attribute("aria-pressed", "true")


def test_the_search_finds_by_name_code_and_words_without_accents(console: ConsolePage) -> None:
    console.server.change("ruben", code="K-4471", summary="Avería de fibra", **named("Rubén Ibáñez"))
    console.row("ruben").wait_for()
    for words in ("ruben ibanez", "k-4471", "AVERIA"):
        console.page.get_by_test_id("search").fill(words)
        wait_until(lambda: console.section("waiting") == ["ruben"] and not console.section("mine"))
    console.page.get_by_test_id("search").press("Escape")
    wait_until(lambda: console.section("mine") == ["mine"])


def test_a_section_can_be_folded_and_stays_so(console: ConsolePage) -> None:
    head = console.page.get_by_test_id("section-closed").get_by_role("button", name="Cerradas hace poco")
    expect(head).to_have_attribute("aria-expanded", "true")
    head.click()
    wait_until(lambda: console.section("closed") == [])
    console.page.reload()
    expect(head).to_have_attribute("aria-expanded", "false")


def test_a_long_list_of_closed_ones_is_shown_bit_by_bit(page: Page, server: DeskServer) -> None:
    for number in range(20):
        server.desk.put(f"old-{number:02}", status="resolved", resolved_at=at(10_000 + number))
    console = ConsolePage(page, server).visit()
    wait_until(lambda: len(console.section("closed")) == 8)
    page.get_by_role("button", name="Ver 13 más").click()
    wait_until(lambda: len(console.section("closed")) == 21)


def test_a_list_that_changes_keeps_the_focus_where_it_was(console: ConsolePage) -> None:
    console.open("mine")
    console.row("mine").get_by_test_id("row-open").focus()
    console.server.say("mine", "customer", "otra cosa")
    console.server.change("early", priority="urgent")
    console.row("early").wait_for()
    expect(console.row("mine").get_by_test_id("row-open")).to_be_focused()
