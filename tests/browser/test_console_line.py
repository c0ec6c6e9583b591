"""When the line goes down and comes back: what is true then is shown, and nothing that was written is lost."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_script import at
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


def test_being_offline_is_said_until_it_is_over(page: Page, server: DeskServer) -> None:
    page.clock.install()
    console = ConsolePage(page, server).visit()
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    expect(console.page.get_by_test_id("connection")).to_have_text("En línea")
    console.server.go_away()
    expect(console.offline).to_contain_text("Sin conexión")
    expect(console.page.get_by_test_id("connection")).to_have_attribute("data-state", "offline")
    console.server.come_back()
    console.page.get_by_test_id("retry-connection").click()
    expect(console.offline).to_be_hidden()
    expect(console.page.get_by_test_id("connection")).to_have_text("En línea")


def test_the_console_comes_back_by_itself(console: ConsolePage) -> None:
    console.server.hang_up()
    wait_until(lambda: [frame["type"] for frame in console.server.desk.heard].count("hello") == 2)
    expect(console.offline).to_be_hidden()


def test_after_a_gap_everything_is_read_anew(console: ConsolePage) -> None:
    console.open("mine")
    console.server.go_away()
    console.offline.wait_for()
    desk = console.server.desk
    desk.store("mine", "customer", "escribí mientras no estabas")
    desk.messages["mine"].pop(1)
    desk.put("waits", status="resolved", resolved_at=at())
    desk.put("new", priority="high")
    desk.put("theirs", status="queued", agent=None)
    console.server.come_back()
    expect(console.message("escribí mientras no estabas")).to_be_visible()
    expect(console.page.get_by_text("Hola, soy Ana.")).to_have_count(0)
    wait_until(lambda: console.section("waiting") == ["new", "theirs"])
    wait_until(lambda: console.section("closed") == ["waits", "done"])
    assert console.section("others") == []


def test_what_i_took_is_gone_from_my_list_when_it_was_taken_away_meanwhile(console: ConsolePage) -> None:
    console.open("mine").field.fill("a medias")
    console.server.go_away()
    console.server.desk.put("mine", agent={"name": "Marta", "desk": "slack"})
    console.server.come_back()
    expect(console.status).to_contain_text("La lleva Marta (Slack)")
    assert console.actions() == []
    expect(console.field).to_have_value("a medias")
    expect(console.page.get_by_test_id("send")).to_be_hidden()


def test_what_was_written_without_a_line_is_sent_once_when_it_is_back(console: ConsolePage) -> None:
    console.open("mine")
    console.server.go_away()
    console.offline.wait_for()
    console.write("uno").write("dos")
    expect(console.outgoing.first).to_contain_text("No se pudo enviar")
    console.server.come_back()
    wait_until(lambda: [m["text"] for m in console.server.desk.messages["mine"]][-2:] == ["uno", "dos"])
    expect(console.outgoing).to_have_count(0)


def test_a_line_that_died_in_silence_is_noticed(page: Page, server: DeskServer) -> None:
    page.clock.install()
    console = ConsolePage(page, server).visit()
    server.desk.dumb = True
    page.clock.fast_forward(21_000)
    wait_until(lambda: any(frame["type"] == "ping" for frame in server.desk.heard))
    page.clock.fast_forward(11_000)
    expect(console.offline).to_be_visible()
    server.desk.dumb = False
    page.clock.fast_forward(2_000)
    expect(console.offline).to_be_hidden()


def test_a_living_line_is_left_alone(page: Page, server: DeskServer) -> None:
    page.clock.install()
    console = ConsolePage(page, server).visit()
    for pings in (1, 2, 3):
        page.clock.fast_forward(20_500)
        wait_until(lambda pings=pings: [frame["type"] for frame in server.desk.heard].count("ping") >= pings)
    page.wait_for_timeout(200)
    assert [frame["type"] for frame in server.desk.heard].count("hello") == 1
    expect(console.offline).to_be_hidden()


def test_tries_come_less_and_less_often(page: Page, server: DeskServer) -> None:
    page.add_init_script(
        "{const Real = WebSocket; window.tries = []; window.WebSocket = class extends Real {"
        " constructor(...all) { super(...all); window.tries.push(performance.now()); } };}"
    )
    ConsolePage(page, server).visit()
    server.go_away()
    wait_until(lambda: page.evaluate("window.tries.length") >= 4)
    first, second, third = page.evaluate("window.tries")[1:4]
    assert second - first < third - second
