"""The widget as a customer meets it: what can be seen, and what can be done."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import FilePayload, Locator, Page


class ChatPage:
    """A page with the chat on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.host = page.locator("relevo-chat")
        self.launcher = self.host.locator(".launcher")
        self.panel = self.host.get_by_role("dialog")
        self.log = self.host.get_by_role("log")
        self.field = self.host.get_by_role("textbox")
        self.send = self.panel.locator(".send")
        self.banner = self.panel.locator(".banner")
        self.notice = self.panel.locator(".notice")
        self.replies = self.log.locator(".replies button")
        self.announcer = self.host.locator("> [role=status]")

    def visit(self, path: str = "/page", **attributes: str) -> ChatPage:
        """Go to the page; the attributes are those of the widget's script."""
        self.page.goto(f"{self.url}{path}?{urlencode(attributes)}")
        self.launcher.wait_for()
        return self

    def open(self) -> ChatPage:
        self.launcher.click()
        self.panel.wait_for()
        return self

    def say(self, text: str) -> ChatPage:
        self.field.fill(text)
        self.field.press("Enter")
        return self

    def choose_file(self, name: str, content: bytes, mime: str = "text/plain") -> ChatPage:
        return self._choose({"name": name, "mimeType": mime, "buffer": content})

    def choose_file_at(self, path: Path) -> ChatPage:
        """A large one, which needn't go through the browser's protocol."""
        return self._choose(path)

    def _choose(self, file: FilePayload | Path) -> ChatPage:
        with self.page.expect_file_chooser() as chooser:
            self.panel.locator(".attach").click()
        chooser.value.set_files(file)
        return self

    def bubbles(self) -> list[str]:
        """The texts of the conversation, top to bottom."""
        return self.log.locator(".message:not(.typing) .bubble").all_inner_texts()

    def message(self, text: str) -> Locator:
        """The message with this text, with its name, time and state."""
        return self.log.locator(".message", has=self.page.get_by_text(text, exact=True))

    def stored(self) -> dict[str, Any]:
        """What the widget keeps in the browser."""
        found: dict[str, Any] = self.page.evaluate("Object.fromEntries(Object.entries(localStorage))")
        return found

    def wake(self) -> None:
        """The browser says that the network is back."""
        self.page.evaluate("window.dispatchEvent(new Event('online'))")

    def call(self, method: str, argument: str | None = None) -> None:
        """`window.Relevo`, as the website uses it."""
        self.page.evaluate("([method, argument]) => window.Relevo[method](argument)", [method, argument])
