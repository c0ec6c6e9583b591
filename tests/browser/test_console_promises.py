"""Promises: made in the resolve form, seen beside the conversation on whatever channel they were made, and kept."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server  # noqa: F401
from tests.browser.desk_script import promise_of
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


def test_a_promise_with_its_day_goes_along_with_the_end(console: ConsolePage) -> None:
    console.open("mine").action("resolve").click()
    due = console.page.get_by_test_id("resolve-due")
    expect(due).to_be_disabled()
    console.page.get_by_test_id("resolve-promise").fill("Te llamo con el resultado")
    due.fill("2099-11-24")
    console.page.get_by_test_id("resolve-submit").click()
    expect(console.page.get_by_test_id("promise")).to_contain_text("para el 24 nov 2099 · Ana · R-MINE")
    ending = {"promise": "Te llamo con el resultado", "due": "2099-11-24"}
    assert console.server.called("POST", "/resolve") == [ending]


def test_a_day_without_words_is_no_promise(console: ConsolePage) -> None:
    console.open("mine").action("resolve").click()
    words, due = console.page.get_by_test_id("resolve-promise"), console.page.get_by_test_id("resolve-due")
    words.fill("algo")
    due.fill("2099-11-24")
    words.fill("")
    expect(due).to_be_disabled()
    console.page.get_by_test_id("resolve-submit").click()
    expect(console.status).to_contain_text("Resuelta por Ana")
    assert console.server.called("POST", "/resolve") == [None]


def test_what_was_promised_elsewhere_stands_beside_the_conversation_and_can_be_kept(
    page: Page, server: DeskServer
) -> None:
    promise = promise_of("R-DONE", "Marta", "Te confirmo la fecha.", "2020-01-02")
    server.desk.put("done", promise=promise, channel="telegram")
    server.desk.put("mine", open_promises=[promise])
    server.desk.earlier["mine"] = ["done"]
    console = ConsolePage(page, server).visit().open("mine")
    told = page.get_by_test_id("card-promises").get_by_test_id("promise")
    expect(told).to_contain_text("Te confirmo la fecha.")
    expect(told).to_contain_text("venció el 2 ene 2020 · Marta · R-DONE")
    expect(page.get_by_test_id("earlier")).to_contain_text("Telegram")
    page.get_by_test_id("promise-keep").click()
    expect(page.get_by_test_id("card-promises")).to_have_count(0)
    assert server.called("POST", "/done/promise/kept") == [None]
    console.open("done")
    expect(page.get_by_test_id("promise")).to_contain_text("cumplida")


def test_who_comes_too_late_to_keep_it_is_told(page: Page, server: DeskServer) -> None:
    server.desk.put("done", promise=None)
    server.desk.put("mine", open_promises=[promise_of("R-DONE", "Marta", "Te confirmo la fecha.", None)])
    server.desk.earlier["mine"] = ["done"]
    console = ConsolePage(page, server).visit().open("mine")
    page.get_by_test_id("promise-keep").click()
    expect(console.notice).to_contain_text("Ya no se puede: su estado cambió mientras tanto.")
