"""What presses: clocks with a warning before the breach, who was asked, who knows the matter, when the team opens."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_page import ConsolePage, console, server  # noqa: F401
from tests.browser.desk_script import at, running_clock
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


def test_a_clock_warns_in_words_before_it_is_due_and_says_when_it_was(page: Page, server: DeskServer) -> None:
    clock = {**running_clock("first", 900, 60), "warn_at": at(-5), "due_at": at(-9)}
    server.desk.put("waits", clocks=[clock])
    console = ConsolePage(page, server).visit().open("waits")
    in_row, in_head = (
        console.row("waits").get_by_test_id("due"),
        console.page.get_by_test_id("situation").get_by_test_id("due"),
    )
    expect(in_head).to_have_text(re.compile(r"^Primera respuesta: quedan 0:0[5-9]$"))
    expect(in_row).to_be_hidden()
    expect(in_head).to_have_text(re.compile(r"^Primera respuesta: vence pronto, quedan 0:0[0-4]$"))
    expect(in_row).to_have_text(re.compile(r"^vence en 0:0[0-4]$"))
    expect(in_row).to_have_attribute("data-state", "soon")
    expect(in_head).to_have_text(re.compile(r"^Primera respuesta: fuera de plazo desde hace 0:\d\d$"))
    expect(in_row).to_have_text(re.compile(r"^fuera de plazo 0:\d\d$"))
    expect(in_row).to_have_attribute("data-state", "late")


def test_of_several_clocks_the_one_due_first_is_shown_and_a_stopped_one_is_not(console: ConsolePage) -> None:
    stopped = {**running_clock("next", 600, 700), "warn_at": None, "due_at": None, "state": "stopped"}
    console.server.change("mine", clocks=[running_clock("resolution", 3600, 60), stopped])
    console.open("mine")
    expect(console.page.get_by_test_id("situation").get_by_test_id("due")).to_contain_text("Resolución: quedan 5")
    console.server.change("mine", clocks=[running_clock("resolution", 3600, 60), running_clock("next", 600, 60)])
    expect(console.page.get_by_test_id("situation").get_by_test_id("due")).to_contain_text("Respuesta: quedan ")
    console.server.change("mine", clocks=[stopped])
    expect(console.page.get_by_test_id("situation").get_by_test_id("due")).to_have_count(0)
    expect(console.page.get_by_test_id("card-clocks")).to_contain_text("parado: le toca al cliente")


def test_the_head_says_team_who_was_asked_and_who_knows_it_while_the_head_start_runs(
    page: Page, server: DeskServer
) -> None:
    server.desk.put("waits", asked=["Marta", "Iria"], preferred_agent="Marta", preferred_until=at(-4))
    console = ConsolePage(page, server).visit().open("waits")
    situation = page.get_by_test_id("situation")
    known = situation.get_by_test_id("fact-known")
    expect(known).to_have_text(re.compile(r"^La conoce Martaventaja 0:0\d$"))
    expect(situation).to_contain_text("Equipo general")
    expect(situation).to_contain_text("Avisados: Marta, Iria")
    expect(console.row("waits")).to_contain_text("La conoce Marta")
    expect(known).to_have_text("La conoce Marta")
    server.change("waits", preferred_agent="Ana", preferred_until=None)
    expect(known).to_have_text("La conoces tú")


def test_out_of_hours_the_opening_time_is_told(page: Page, server: DeskServer) -> None:
    server.desk.put("waits", opens_at=at(-86_400))
    console = ConsolePage(page, server).visit().open("waits")
    expect(page.get_by_test_id("situation")).to_contain_text(re.compile(r"Abre mañana, \d{1,2}:\d\d"))
    expect(console.row("waits")).to_contain_text("Abre mañana")


def test_in_english_too(page: Page, server: DeskServer) -> None:
    server.desk.put("waits", clocks=[running_clock("first", 60, 60)], asked=["Marta"], preferred_agent="Marta")
    console = ConsolePage(page, server).visit().open("waits")
    page.get_by_test_id("language-en").click()
    expect(page.get_by_test_id("situation")).to_contain_text("First answer: overdue by 0:")
    expect(page.get_by_test_id("situation")).to_contain_text("Marta knows the matter")
    expect(console.row("waits")).to_contain_text("overdue 0:")
