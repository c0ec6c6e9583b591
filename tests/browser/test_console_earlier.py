"""A long conversation: it opens at its end, and what was said before comes when the agent goes up there."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_script import at
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser

COUNT, PAGE = 340, 100


@pytest.fixture
def long(page: Page, server: DeskServer) -> ConsolePage:
    """Lucía's conversation, opened: messages 0 to 339 and a note behind every fiftieth, two days long."""
    messages = server.desk.messages["mine"] = []
    for number in range(COUNT):
        ago = (COUNT - number) * 500
        author = "agent" if number % 7 == 0 else "customer"
        server.desk.store("mine", author, f"mensaje {number}", name="Ana", sent_at=at(ago))
        if number % 50 == 0:
            server.desk.store("mine", "note", f"nota {number}", name="Marta", sent_at=at(ago))
    assert len(messages) > COUNT
    opened = ConsolePage(page, server).visit().open("mine")
    expect(opened.message("mensaje 339")).to_be_in_viewport()
    return opened


def numbers(console: ConsolePage) -> list[str]:
    return [text for text in console.texts() if text.startswith("mensaje")]


def expected(first: int, last: int = COUNT) -> list[str]:
    return [f"mensaje {number}" for number in range(first, last)]


def more(console: ConsolePage) -> Locator:
    return console.page.get_by_role("button", name="Mensajes anteriores")


def scroller(console: ConsolePage) -> Locator:
    return console.page.get_by_test_id("transcript")


def top_of(message: Locator) -> float:
    box = message.bounding_box()
    assert box is not None
    return box["y"]


def asked(server: DeskServer) -> int:
    return len(server.called("GET", "/v1/handoffs/mine"))


def test_it_opens_with_the_newest_and_each_press_brings_a_page_more(long: ConsolePage) -> None:
    assert numbers(long) == expected(COUNT - PAGE)
    for first in (140, 40, 0):
        more(long).press("Enter")
        wait_until(lambda first=first: len(numbers(long)) == COUNT - first)
        assert numbers(long) == expected(first)
    expect(more(long)).to_be_hidden()
    assert long.focused() == "transcript", "the focus stays where the button was"
    texts = long.texts()
    assert all(texts.index(f"nota {number}") == texts.index(f"mensaje {number}") + 1 for number in range(0, COUNT, 50))
    expect(long.announcer).to_contain_text("mensajes anteriores cargados")


@pytest.mark.parametrize("anchoring", ["auto", "none"])  # what Chromium does by itself, and what other browsers don't
def test_what_the_agent_reads_stays_where_it_is_when_a_page_comes_in_front(long: ConsolePage, anchoring: str) -> None:
    scroller(long).evaluate("(it, how) => it.style.overflowAnchor = how", anchoring)
    for offset in (250, 0):  # so far up that it comes by itself
        scroller(long).evaluate("it => it.scrollTop = 700")
        before = len(numbers(long))
        long.server.fail("GET", "/v1/handoffs/mine", status=0, late=0.5)
        scroller(long).evaluate("(it, offset) => it.scrollTop = offset", offset)
        anchor = long.message(f"mensaje {COUNT - before + 6}")
        was = top_of(anchor)
        assert len(numbers(long)) == before
        wait_until(lambda before=before: len(numbers(long)) == before + PAGE)
        long.page.wait_for_timeout(150)
        assert abs(top_of(anchor) - was) < 2
    assert len(numbers(long)) == 3 * PAGE, "one page at a time"


def test_no_more_is_read_than_what_is_looked_at(long: ConsolePage) -> None:
    server = long.server
    was = asked(server)
    server.say("mine", "customer", "algo nuevo")
    expect(long.message("algo nuevo")).to_be_visible()
    assert asked(server) == was
    assert numbers(long) == expected(COUNT - PAGE)


def test_corrections_and_withdrawals_reach_earlier_messages_too(long: ConsolePage) -> None:
    more(long).click()
    expect(long.message("mensaje 150")).to_have_count(1)
    about = long.server.desk.about("mine")
    for seq, change in ((151, {"type": "edited", "text": "mensaje corregido"}), (153, {"type": "deleted"})):
        long.server.tell(**about, seq=seq, **change)
    expect(long.message("mensaje corregido")).to_contain_text("editado")
    expect(long.message("mensaje 152")).to_have_count(0)
    expect(long.message("mensaje 151")).to_have_count(1)


def test_what_changes_while_a_page_is_on_its_way_is_not_lost(long: ConsolePage) -> None:
    server = long.server
    server.fail("GET", "/v1/handoffs/mine", status=0, late=0.5)
    was = asked(server)
    more(long).click()
    wait_until(lambda: asked(server) > was)
    server.tell(**server.desk.about("mine"), type="edited", seq=151, text="mensaje corregido")
    server.say("mine", "customer", "mientras tanto")
    expect(long.message("mensaje corregido")).to_have_count(1)
    expect(long.message("mientras tanto")).to_have_count(1)


def test_a_page_that_does_not_come_is_told_and_comes_at_the_next_press(long: ConsolePage) -> None:
    long.server.fail("GET", "/v1/handoffs/mine")
    scroller(long).evaluate("it => it.scrollTop = 0")
    expect(long.page.get_by_test_id("earlier-failed")).to_have_text("No se pudieron cargar los mensajes anteriores.")
    was = asked(long.server)
    for place in (40, 20):
        scroller(long).evaluate("(it, place) => it.scrollTop = place", place)
    long.page.wait_for_timeout(200)
    assert asked(long.server) == was, "not again and again by itself"
    more(long).click()
    expect(long.message("mensaje 141")).to_have_count(1)
    expect(long.page.get_by_test_id("earlier-failed")).to_have_text("")


def test_after_a_gap_in_the_line_everything_that_is_shown_is_read_again(long: ConsolePage) -> None:
    more(long).click()
    expect(long.message("mensaje 150")).to_have_count(1)
    desk = long.server.desk
    long.server.go_away()
    old = next(one for one in desk.messages["mine"] if one["text"] == "mensaje 150")
    old.update(text="mensaje corregido")
    desk.store("mine", "customer", "en el hueco")
    long.server.come_back()
    expect(long.message("en el hueco")).to_have_count(1)
    expect(long.message("mensaje corregido")).to_have_count(1)
    assert len(numbers(long)) == 199, "as many as there were, the newest"
    more(long).click()
    wait_until(lambda: len(numbers(long)) == 299)


def test_who_comes_back_to_it_begins_at_its_end_again(long: ConsolePage) -> None:
    more(long).click()
    expect(long.message("mensaje 150")).to_have_count(1)
    long.open("waits")
    long.row("mine").get_by_test_id("row-open").click()
    expect(long.message("mensaje 339")).to_be_in_viewport()
    wait_until(lambda: numbers(long) == expected(COUNT - PAGE))
    expect(more(long)).to_have_count(1)


def test_what_happened_before_what_is_shown_is_not_told_in_the_wrong_place(long: ConsolePage) -> None:
    long.server.change("mine", opened_at=at((COUNT - 20) * 500 - 5))
    events = long.page.get_by_test_id("event")
    expect(long.message("mensaje 339")).to_have_count(1)
    expect(events).to_have_count(0)
    for _ in range(3):
        more(long).click()
        wait_until(lambda: long.page.get_by_test_id("earlier-messages").get_attribute("aria-busy") != "true")
    expect(events).to_have_count(1)
    lines = long.page.locator(".messages > li").all_inner_texts()
    opened = next(at for at, line in enumerate(lines) if "Pasó a la cola" in line)
    assert "mensaje 20" in lines[opened - 1] and "mensaje 21" in lines[opened + 1]


def test_a_short_conversation_offers_nothing_earlier(console: ConsolePage) -> None:
    console.open("mine")
    expect(more(console)).to_be_hidden()


def test_the_way_back_is_accessible(long: ConsolePage, violations: Callable[[Page], list[str]]) -> None:
    scroller(long).evaluate("it => it.scrollTop = 400")
    assert violations(long.page) == []
    long.page.get_by_role("button", name="Mensajes anteriores").focus()
    assert long.focused() == "earlier-messages"
