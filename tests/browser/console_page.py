"""The console as an agent meets it: what can be seen, and what can be done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.desk_script import Agent, at
from tests.browser.desk_server import DeskServer
from tests.patience import patient

PATIENCE = 8.0


def wait_until(holds: Callable[[], Any]) -> None:
    """Returns once it holds; fails after a while."""
    deadline = time.monotonic() + patient(PATIENCE)
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


class ConsolePage:
    """The console in a browser."""

    def __init__(self, page: Page, server: DeskServer) -> None:
        self.page = page
        self.server = server
        self.field = page.get_by_test_id("composer")
        self.status = page.get_by_test_id("conversation-status")
        self.name = page.get_by_test_id("conversation-name")
        self.notice = page.get_by_test_id("notice")
        self.outgoing = page.get_by_test_id("outgoing")
        self.offline = page.get_by_test_id("offline")
        self.announcer = page.get_by_test_id("announcer")
        self.dialog = page.get_by_role("dialog")

    def visit(self, token: str = "ana-token", **more: str) -> ConsolePage:
        """Come by a link with a token, and wait until the desk has answered."""
        rest = "".join(f"&{name}={value}" for name, value in more.items())
        self.page.goto(f"{self.server.url}/console#token={token}{rest}")
        self.page.get_by_test_id("queue").wait_for()
        return self

    def section(self, name: str) -> list[str]:
        """The handoffs in this section, top to bottom."""
        rows = self.page.get_by_test_id(f"section-{name}").get_by_test_id("row")
        found: list[str] = rows.evaluate_all("rows => rows.map(row => row.dataset.handoff)")
        return found

    def row(self, handoff_id: str) -> Locator:
        return self.page.locator(f'[data-testid=row][data-handoff="{handoff_id}"]')

    def open(self, handoff_id: str) -> ConsolePage:
        """Open a conversation and wait for its transcript."""
        self.row(handoff_id).get_by_test_id("row-open").click()
        wait_until(lambda: self.server.called("GET", f"/v1/handoffs/{handoff_id}"))
        self.page.locator(f'[data-testid=conversation] [data-key^="{handoff_id} "]').first.wait_for()
        return self

    def action(self, name: str) -> Locator:
        return self.page.get_by_test_id(f"action-{name}")

    def actions(self) -> list[str]:
        """What can be done with the open conversation."""
        buttons = self.page.get_by_test_id("actions").locator("button")
        names: list[str] = buttons.evaluate_all("all => all.map(one => one.dataset.testid.replace('action-', ''))")
        return names

    def write(self, text: str) -> ConsolePage:
        """Type and press Enter."""
        self.field.fill(text)
        self.field.press("Enter")
        return self

    def note_mode(self) -> ConsolePage:
        self.page.get_by_test_id("mode-note").click()
        return self

    def reply_mode(self) -> ConsolePage:
        self.page.get_by_test_id("mode-reply").click()
        return self

    def message(self, text: str) -> Locator:
        """The stored message with this text."""
        return self.page.get_by_test_id("message").filter(has=self.page.get_by_text(text, exact=True))

    def texts(self) -> list[str]:
        """What the transcript says, top to bottom, what is still on its way included."""
        return self.page.locator("[data-testid=transcript] .text").all_inner_texts()

    def focused(self) -> str | None:
        """The test id of what has the focus."""
        found: str | None = self.page.evaluate("document.activeElement?.dataset?.testid ?? null")
        return found


@pytest.fixture
def server() -> Iterator[DeskServer]:
    """A desk on which one customer waits, Ana has one, Marta has one and one is resolved."""
    running = DeskServer()
    desk = running.desk
    desk.agents = {"ana-token": Agent("Ana"), "marta-token": Agent("Marta"), "iria-token": Agent("Iria", "supervisor")}
    holder = {"name": "Ana", "desk": "console"}
    desk.put(
        "waits", customer={"id": "C-1", "name": "Carla Soto", "verified": True}, waiting_since=at(40), opened_at=at(40)
    )
    desk.put(
        "mine",
        customer={"id": "C-2", "name": "Lucía Ferrer", "verified": True},
        status="assigned",
        agent=holder,
        waiting_since=at(300),
        opened_at=at(300),
        claimed_at=at(200),
        reason="frustration",
    )
    desk.put(
        "theirs",
        customer={"id": "C-3", "name": "Pablo Sorolla", "verified": False},
        status="assigned",
        agent={"name": "Marta", "desk": "slack"},
        waiting_since=at(500),
        opened_at=at(500),
        claimed_at=at(400),
    )
    desk.put(
        "done",
        customer={"id": "C-4", "name": "Nuria Vidal", "verified": True},
        status="resolved",
        agent=holder,
        outcome="solved",
        topic="roaming",
        opened_at=at(9000),
        claimed_at=at(8900),
        resolved_at=at(8000),
    )
    for handoff_id in list(desk.handoffs):
        desk.store(handoff_id, "customer", f"hola de {handoff_id}", sent_at=at(310))
    desk.store("mine", "agent", "Hola, soy Ana.", name="Ana", sent_at=at(190))
    yield running.start()
    running.stop()


@pytest.fixture
def console(page: Page, server: DeskServer) -> ConsolePage:
    """Ana's console, nothing opened yet."""
    return ConsolePage(page, server).visit()
