"""Laying a conversation aside in the console, and going on with it, by mouse and by keyboard."""

# ruff: noqa: F811 - fixtures are imported
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.console_page import ConsolePage, console, server  # noqa: F401

pytestmark = pytest.mark.browser


def _asked(console: ConsolePage) -> str | None:
    (body,) = console.server.called("POST", "/mine/snooze")
    assert body is not None
    until: str | None = body["until"]
    return until


def test_for_an_hour_by_keyboard_alone_and_on_again(console: ConsolePage) -> None:
    keys = console.open("mine").page.keyboard
    console.name.focus()
    keys.press("s")
    keys.press("Enter")
    expect(console.page.get_by_test_id("situation")).to_contain_text("Aplazada hasta")
    until = datetime.fromisoformat(str(_asked(console)))
    assert abs(until - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)
    expect(console.action("wake")).to_be_visible()
    keys.press("s")
    expect(console.page.get_by_test_id("situation")).not_to_contain_text("Aplazada hasta")
    assert len(console.server.called("DELETE", "/mine/snooze")) == 1
    expect(console.action("snooze")).to_be_visible()


def test_until_the_customer_writes(console: ConsolePage) -> None:
    console.open("mine").action("snooze").click()
    console.page.get_by_test_id("snooze-writes").check()
    console.page.get_by_test_id("snooze-submit").click()
    expect(console.action("wake")).to_be_visible()
    assert _asked(console) is None


def test_until_a_time_of_ones_own(console: ConsolePage) -> None:
    console.open("mine").action("snooze").click()
    field = console.page.get_by_test_id("snooze-at")
    expect(field).to_be_disabled()
    console.page.get_by_test_id("snooze-other").check()
    console.page.get_by_test_id("snooze-submit").click()
    expect(console.dialog).to_contain_text("Di hasta cuándo.")
    field.fill("2099-11-24T10:30")
    console.page.get_by_test_id("snooze-submit").click()
    expect(console.action("wake")).to_be_visible()
    assert _asked(console) == "2099-11-24T09:30:00.000Z"  # the browser is in Madrid


def test_a_time_that_is_refused_is_explained_in_the_form(console: ConsolePage) -> None:
    console.open("mine").action("snooze").click()
    console.page.get_by_test_id("snooze-other").check()
    console.page.get_by_test_id("snooze-at").fill("2020-01-01T10:30")
    console.page.locator("form.dialog-form").evaluate("form => (form.noValidate = true)")
    console.page.get_by_test_id("snooze-submit").click()
    expect(console.dialog).to_contain_text("Elige un momento dentro de los próximos 60 días.")


def test_who_does_not_hold_it_cannot(console: ConsolePage) -> None:
    console.open("theirs").page.keyboard.press("s")
    expect(console.dialog).to_have_count(0)
    expect(console.action("snooze")).to_have_count(0)
