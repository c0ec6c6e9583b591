"""A real Chromium, the scripted service, and axe-core.

The browser lives as long as one test module: Playwright's synchronous interface occupies the thread's event loop, and
asynchronous tests of other modules need it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until
from tests.patience import patient

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
AXE = Path("axe-core", "axe.min.js")
PATIENCE = patient(15_000)  # milliseconds
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


expect.set_options(timeout=PATIENCE)


def missing(what: str) -> None:
    """Skip what can't run here, but fail where CI is set: there it has to."""
    outcome = pytest.fail if os.environ.get("CI") else pytest.skip
    outcome(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        missing("chromium is not installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One customer's browser: its pages share what is stored."""
    opened = browser.new_context(viewport={"width": 1100, "height": 820}, locale="es-ES", timezone_id="Europe/Madrid")
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script may fail."""
    opened = context.new_page()
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    assert failures == []


@pytest.fixture
def scripted() -> Iterator[ScriptedService]:
    """The service that can be told to misbehave."""
    service = ScriptedService().start()
    yield service
    service.stop()


@pytest.fixture
def chat(page: Page, scripted: ScriptedService) -> ChatPage:
    """The widget on somebody's page, closed."""
    return ChatPage(page, scripted.url).visit()


@pytest.fixture
def talking(chat: ChatPage) -> ChatPage:
    """Open and connected; the first message, «Hola», is stored and acknowledged."""
    chat.open().say("Hola")
    expect(chat.message("Hola").locator(".status")).to_have_text("Enviado")
    return chat


@pytest.fixture
def hurried(page: Page, scripted: ScriptedService) -> ChatPage:
    """Open and connected, on a page whose clock can be put forward."""
    page.clock.install()
    chat = ChatPage(page, scripted.url).visit().open()
    wait_until(scripted.connections)
    return chat


@pytest.fixture(scope="session")
def axe_source() -> str:
    """axe-core, from `npm ci` in this folder or from NODE_PATH."""
    folders = [
        Path(__file__).parent / "node_modules",
        *map(Path, filter(None, os.environ.get("NODE_PATH", "").split(":"))),
    ]
    found = next((folder / AXE for folder in folders if (folder / AXE).is_file()), None)
    if found is None:
        missing("axe-core is not installed: run `npm ci` in tests/browser")
    assert found is not None
    return found.read_text("utf-8")


@pytest.fixture
def violations(axe_source: str) -> Callable[[Page], list[str]]:
    """What axe-core finds wrong with a page, the chat inside its shadow root included."""

    def run(page: Page) -> list[str]:
        page.evaluate(axe_source)
        options = {"runOnly": {"type": "tag", "values": RULES}}
        result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{found['id']}: {node['target']} {node['failureSummary']}"
            for found in result["violations"]
            for node in found["nodes"]
        ]

    return run
