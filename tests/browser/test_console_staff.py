"""Teams and colleagues: whose queue is shown, whether I am there, and to whom a conversation can go."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


def test_only_one_team_is_listed_when_i_say_so_and_mine_always(console: ConsolePage) -> None:
    console.server.change("bill", team="facturas")
    wait_until(lambda: set(console.section("waiting")) == {"waits", "bill"})
    console.page.keyboard.press("f")
    assert console.focused() == "team-filter"
    console.page.get_by_test_id("team-filter").select_option("facturas")
    wait_until(lambda: console.section("waiting") == ["bill"])
    assert (console.section("mine"), console.section("others")) == (["mine"], [])
    expect(console.page).to_have_title("(1) Relevo · Consola")
    console.page.get_by_test_id("take-next").click()
    wait_until(lambda: console.server.called("POST", "/bill/claim"))


def test_the_chosen_team_is_remembered_and_arrivals_elsewhere_keep_quiet(console: ConsolePage) -> None:
    console.page.get_by_test_id("team-filter").select_option("facturas")
    console.page.reload()
    expect(console.page.get_by_test_id("team-filter")).to_have_value("facturas")
    wait_until(lambda: console.section("waiting") == [])
    console.server.change("elsewhere")
    console.server.change("here", team="facturas", reason="complaint")
    expect(console.announcer).to_have_text("Nueva en espera: Sin identificar. Reclamación.")
    console.page.get_by_test_id("team-filter").select_option("")
    wait_until(lambda: len(console.section("waiting")) == 3)


def test_with_one_team_there_is_nothing_to_choose(page: Page, server: DeskServer) -> None:
    server.desk.teams = ["general"]
    console = ConsolePage(page, server).visit().open("waits")
    wait_until(lambda: server.called("GET", "/v1/agents"))
    expect(page.get_by_test_id("availability")).to_be_visible()
    expect(page.get_by_test_id("team-filter")).to_be_hidden()
    expect(console.page.get_by_test_id("fact-team")).to_have_count(0)


def test_a_team_that_is_gone_hides_nobody(page: Page, server: DeskServer) -> None:
    page.add_init_script("localStorage.setItem('relevo.team', JSON.stringify('disuelto'))")
    assert ConsolePage(page, server).visit().section("waiting") == ["waits"]


def test_i_am_available_or_away_by_button_and_by_key(console: ConsolePage) -> None:
    state = console.page.get_by_test_id("availability")
    expect(state).to_contain_text("Ausente")
    state.click()
    expect(state).to_contain_text("Disponible")
    expect(console.announcer).to_contain_text("Ahora estás disponible.")
    state.blur()
    console.page.keyboard.press("a")
    expect(state).to_contain_text("Ausente")
    said = [body["availability"] for body in console.server.called("PATCH", "/v1/agents/Ana") if body]
    assert said == ["available", "away"]


def test_what_could_not_be_said_is_not_shown_as_said(console: ConsolePage) -> None:
    console.server.fail("PATCH", "/v1/agents/Ana", status=503)
    state = console.page.get_by_test_id("availability")
    state.click()
    expect(state).to_contain_text("Ausente. No se pudo cambiar. Vuelve a intentarlo.")
    state.click()
    expect(state).to_contain_text("Disponible")


def test_who_lost_a_conversation_by_silence_sees_that_they_count_as_away(console: ConsolePage) -> None:
    state = console.page.get_by_test_id("availability")
    state.click()
    expect(state).to_contain_text("Disponible")
    console.server.desk.available["Ana"] = False
    console.server.change("mine", status="queued", agent=None)
    expect(state).to_contain_text("Ausente")


def test_receivers_are_listed_with_what_they_hold_whoever_has_room_first(page: Page, server: DeskServer) -> None:
    server.desk.available = {"Marta": True, "Ana": True}
    console = ConsolePage(page, server).visit().open("mine")
    console.action("transfer").click()
    receivers = page.get_by_test_id("receivers").locator("label")
    expect(receivers).to_have_text(["facturasnadie espera", "generalel equipo actual · 1 en espera"])
    page.get_by_test_id("transfer-agent").check()
    expect(receivers).to_have_text(["Martadisponible · lleva 1 de 3", "Iriaaún no se ha conectado"])


def test_the_list_of_receivers_is_live_and_keeps_my_choice(page: Page, server: DeskServer) -> None:
    page.clock.install()
    console = ConsolePage(page, server).visit().open("mine")
    console.action("transfer").click()
    page.get_by_test_id("transfer-agent").check()
    page.get_by_test_id("transfer-to-Marta").check()
    server.desk.available["Marta"] = True
    page.clock.fast_forward(11_000)
    expect(page.get_by_test_id("receivers")).to_contain_text("disponible · lleva 1 de 3")
    expect(page.get_by_test_id("transfer-to-Marta")).to_be_checked()
    page.get_by_test_id("transfer-submit").click()
    expect(console.status).to_contain_text("La lleva Marta")
