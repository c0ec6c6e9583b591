"""For everybody: by ear, by keyboard, by day and night, on a wide screen, a small one and a phone."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.busy_desk import furnish
from tests.browser.console_page import ConsolePage, console, server, wait_until  # noqa: F401
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser

Violations = Callable[[Page], list[str]]
WIDE, SMALL, PHONE = (1440, 900), (900, 700), (390, 780)
OVERFLOWS = """() => [...document.querySelectorAll(
    'body, .bar, .pane, .conversation-head, .composer, .row-open, .card-scroll, .transcript')]
  .filter((it) => it.offsetParent !== null && it.scrollWidth > it.clientWidth + 1).map((it) => it.className)"""


@pytest.fixture
def busy() -> Iterator[DeskServer]:
    """A desk in the middle of a working day."""
    running = DeskServer()
    furnish(running.desk)
    yield running.start()
    running.stop()


@pytest.fixture
def seen(browser: Browser, busy: DeskServer) -> Iterator[Callable[..., ConsolePage]]:
    """A console of a given size and scheme."""
    opened = []

    def see(size: tuple[int, int] = WIDE, **how: Any) -> ConsolePage:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="es-ES", reduced_motion="reduce", **how
        )
        opened.append(context)
        return ConsolePage(context.new_page(), busy).visit()

    yield see
    for context in opened:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_by_the_rules_of_accessibility(
    seen: Callable[..., ConsolePage], violations: Violations, scheme: str
) -> None:
    console = seen(color_scheme=scheme)
    assert violations(console.page) == []
    console.open("lucia")
    console.server.types("lucia")
    assert violations(console.page) == []
    console.note_mode().field.fill("una nota")
    assert violations(console.page) == []
    console.open("carmen")
    assert violations(console.page) == []
    console.page.get_by_test_id("language-en").click()
    console.open("pablo")
    assert violations(console.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_where_something_went_wrong(
    seen: Callable[..., ConsolePage], violations: Violations, scheme: str
) -> None:
    console = seen(color_scheme=scheme).open("lucia")
    console.server.fail("POST", "/messages", times=9)
    console.write("esto falla").write("y esto espera")
    console.outgoing.first.get_by_test_id("retry").wait_for()
    console.field.fill("tarjeta 4111 1111 1111 1111")
    console.field.press("Enter")
    console.page.get_by_test_id("sensitive").wait_for()
    assert violations(console.page) == []
    console.server.fail("POST", "/release", status=409, body={"detail": "no", "agent": None})
    console.action("release").click()
    console.server.go_away()
    console.offline.wait_for()
    assert violations(console.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_in_the_dialogs_and_at_the_door(
    seen: Callable[..., ConsolePage], violations: Violations, scheme: str
) -> None:
    console = seen(color_scheme=scheme).open("lucia")
    for key in ("e", "t", "?"):
        console.page.keyboard.press("Escape")
        console.page.get_by_test_id("conversation-name").focus()
        console.page.keyboard.press(key)
        console.dialog.wait_for()
        assert violations(console.page) == []
        console.page.keyboard.press("Escape")
        expect(console.dialog).to_have_count(0)
    console.page.get_by_test_id("logout").click()
    console.page.get_by_test_id("token").fill("nobody")
    console.page.get_by_test_id("token").press("Enter")
    expect(console.page.get_by_test_id("login-state")).to_contain_text("no vale")
    assert violations(console.page) == []


def test_the_console_has_one_of_each_landmark_and_a_way_past_the_list(seen: Callable[..., ConsolePage]) -> None:
    console = seen().open("lucia")
    for role, name in (("banner", None), ("navigation", "Conversaciones"), ("main", None), ("complementary", "Ficha")):
        expect(console.page.get_by_role(role, name=name) if name else console.page.get_by_role(role)).to_have_count(1)
    console.page.get_by_role("link", name="Ir a la conversación").press("Enter")
    expect(console.name).to_be_focused()


@pytest.mark.parametrize("size", [WIDE, (1100, 700), SMALL, (760, 800), PHONE, (320, 640)])
def test_nothing_runs_over_the_edge(seen: Callable[..., ConsolePage], size: tuple[int, int]) -> None:
    console = seen(size)
    assert console.page.evaluate(OVERFLOWS) == []
    console.open("lucia")
    assert console.page.evaluate(OVERFLOWS) == []


def test_a_small_screen_keeps_the_card_one_press_away(seen: Callable[..., ConsolePage]) -> None:
    console = seen(SMALL).open("lucia")
    card, toggle = console.page.get_by_test_id("card"), console.page.get_by_test_id("details-toggle")
    expect(card).to_be_hidden()
    toggle.click()
    expect(card).to_be_visible()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(console.page.get_by_test_id("card-close")).to_be_focused()
    console.page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_a_phone_goes_from_the_list_into_a_conversation_and_back(seen: Callable[..., ConsolePage]) -> None:
    console = seen(PHONE, has_touch=True, is_mobile=True)
    expect(console.page.get_by_test_id("conversation")).to_be_hidden()
    console.row("lucia").get_by_test_id("row-open").tap()
    expect(console.name).to_be_focused()
    expect(console.page.get_by_test_id("queue")).to_be_hidden()
    console.page.get_by_test_id("back").tap()
    expect(console.row("lucia").get_by_test_id("row-open")).to_be_focused()
    console.row("rosa").get_by_test_id("row-open").tap()
    expect(console.name).to_have_text("Rosa Quispe Mamani")
    console.page.go_back()
    expect(console.row("rosa")).to_be_visible()
    expect(console.page.get_by_test_id("conversation")).to_be_hidden()


def test_a_phone_can_claim_answer_and_resolve(seen: Callable[..., ConsolePage]) -> None:
    console = seen(PHONE, has_touch=True, is_mobile=True)
    console.row("carmen").get_by_test_id("row-claim").tap()
    console.field.fill("Hola, Carmen. Lo miro ya.")
    console.page.get_by_test_id("send").tap()
    expect(console.message("Hola, Carmen. Lo miro ya.")).to_be_visible()
    console.action("resolve").tap()
    console.page.get_by_test_id("outcome-solved").check()
    console.page.get_by_test_id("resolve-submit").tap()
    expect(console.status).to_contain_text("Resuelta por Ana")


def test_what_a_customer_writes_while_i_am_on_the_list_is_unread_on_a_phone(seen: Callable[..., ConsolePage]) -> None:
    console = seen(PHONE, has_touch=True, is_mobile=True)
    console.row("lucia").get_by_test_id("row-open").tap()
    console.page.get_by_test_id("back").tap()
    console.server.say("lucia", "customer", "¿hola?")
    expect(console.row("lucia").get_by_test_id("row-unread")).to_contain_text("1")


def test_a_long_day_stays_quick(page: Page, server: DeskServer) -> None:
    for number in range(300):
        server.desk.put(f"many-{number:03}", summary="x" * 80)
    for number in range(1500):
        server.desk.store("mine", "customer" if number % 2 else "agent", f"mensaje {number}", name="Ana")
    console = ConsolePage(page, server).visit().open("mine")
    expect(console.message("mensaje 1499")).to_be_visible()
    slowest = page.evaluate(
        """async () => {
          const field = document.querySelector('[data-testid=composer]');
          const times = [];
          for (const letter of 'respuesta') {
            const start = performance.now();
            field.value += letter;
            field.dispatchEvent(new Event('input', {bubbles: true}));
            await Promise.resolve();
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
        }"""
    )
    assert slowest < 100, f"a key press took {slowest:.0f} ms to be drawn"
