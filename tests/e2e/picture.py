"""Makes docs/images/relay.png anew from the real thing: `python -m tests.e2e.picture`.

The whole system is started as a user starts it; a customer on the demo site and an agent at the console talk with one
another, and both windows are photographed side by side.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.conftest import ROOT, System, running_system

PICTURE = ROOT / "docs" / "images" / "relay.png"
CUSTOMER = "C-1001"
SITE, CONSOLE = {"width": 800, "height": 700}, {"width": 1260, "height": 700}
EDGE = 12  # pixels around and between the windows
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Start everything, let them talk, and take the picture."""
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    with (
        tempfile.TemporaryDirectory() as directory,
        running_system(Path(directory), AGENT_TOKENS="Alex:token-of-the-picture-0123456789") as system,
        sync_playwright() as playwright,
    ):
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        expect.set_options(timeout=60_000)
        left, right = _conversation(browser, system)
        _compose(browser, left, right)
        browser.close()
    print(f"{PICTURE.relative_to(ROOT)} is new")


def _window(browser: Browser, size: dict[str, int]) -> Page:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale="es-ES",
        timezone_id="Europe/Madrid",
        device_scale_factor=1,
        color_scheme="light",
    )
    return context.new_page()


def _conversation(browser: Browser, system: System) -> tuple[bytes, bytes]:
    """A question, the wish for a person, an agent who takes it, and a routine question that comes after."""
    site, console = _window(browser, SITE), _window(browser, CONSOLE)
    site.goto(f"{system.url}/")
    site.wait_for_function("Boolean(window.Relevo)")
    site.evaluate("identity => window.Relevo.identify(identity)", system.login(CUSTOMER))
    chat = site.locator("relevo-chat")
    chat.locator(".launcher").click()
    _say(site, "no entiendo la factura de este mes, ha subido 5 €", "assistant")
    _say(site, "prefiero hablar con una persona", "system")
    console.goto(f"{system.url}/console#token=token-of-the-picture-0123456789")
    console.get_by_test_id("row-open").first.click()
    console.keyboard.press("c")
    expect(console.get_by_test_id("conversation-status")).to_contain_text("La llevas tú")
    _reply(console, "Hola, Lucía, soy Alex. Se te acabó el descuento de 5 € de la fibra; te lo renuevo ahora mismo.")
    expect(chat.locator(".bubble", has_text="te lo renuevo")).to_be_visible()
    chat.get_by_role("textbox").fill("¡genial! ¿y qué formas de pago tenéis?")
    chat.get_by_role("textbox").press("Enter")
    expect(console.get_by_test_id("suggestion-text")).to_be_visible()
    console.get_by_test_id("transcript").evaluate("it => it.scrollTo(0, it.scrollHeight)")
    console.wait_for_timeout(800)
    return site.screenshot(), console.screenshot()


def _say(site: Page, text: str, author: str) -> None:
    """Write, and wait until that is answered."""
    chat = site.locator("relevo-chat")
    messages = chat.locator(f".message.{author}, .notice-row, .message.system")
    before = messages.count()
    chat.get_by_role("textbox").fill(text)
    chat.get_by_role("textbox").press("Enter")
    site.wait_for_timeout(500)
    deadline = 60
    while messages.count() <= before and deadline:
        site.wait_for_timeout(250)
        deadline -= 1
    site.wait_for_timeout(700)


def _reply(console: Page, text: str) -> None:
    field = console.get_by_test_id("composer")
    field.fill(text)
    field.press("Enter")


def _compose(browser: Browser, left: bytes, right: bytes) -> None:
    """Both windows on one sheet."""
    width = SITE["width"] + CONSOLE["width"] + 3 * EDGE
    page = browser.new_page(viewport={"width": width, "height": SITE["height"] + 2 * EDGE}, device_scale_factor=1)
    images = "".join(
        f'<img width="{size["width"]}" height="{size["height"]}" '
        f'src="data:image/png;base64,{base64.b64encode(shot).decode()}">'
        for shot, size in ((left, SITE), (right, CONSOLE))
    )
    page.set_content(
        f"<style>body {{ margin: {EDGE}px; display: flex; gap: {EDGE}px; background: #e3e8ea }}"
        f"img {{ border-radius: 10px }}</style>{images}"
    )
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
