"""What others write stays text, whatever it looks like; and the page's own policy is kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until

pytestmark = pytest.mark.browser

HOSTILE = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<svg/onload=window.hit=1>",
    "<iframe srcdoc='<script>parent.hit = 1</script>'></iframe>",
    "</p></div><style>* { display: none }</style>",
    "javascript:window.hit=1",
    "JaVaScRiPt://x.example/%0Awindow.hit=1",
    "data:text/html,<script>window.hit=1</script>",
    'https://x.example/"onmouseover="window.hit=1',
    "https://x.example/'><img src=x onerror=window.hit=1>",
    "{{constructor.constructor('window.hit=1')()}} ${window.hit=1}",
    "&lt;b&gt;negrita&lt;/b&gt; <b>negrita</b>",
    "\u202eoraluger etnemlaton\u202c \ufeff\u200b",
    "__proto__",
]


def test_hostile_texts_names_buttons_and_files_are_inert(page: Page, scripted: ScriptedService) -> None:
    chat = ChatPage(page, scripted.url).visit().open()
    wait_until(lambda: scripted.talks)
    for text in HOSTILE:
        scripted.say(text, "agent", name=text, attachments=[{"name": text, "url": text, "mime": "image/png"}])
    last = HOSTILE[-2]
    scripted.say(last, buttons=[{"title": text, "payload": text} for text in HOSTILE])
    scripted.give_to("queue", position=1)
    scripted.give_to("agent", agent=HOSTILE[1])
    expect(chat.replies).to_have_count(len(HOSTILE))
    assert chat.log.locator(".message:not(.typing) .bubble").evaluate_all(
        "nodes => nodes.map(node => node.textContent)"
    ) == [*HOSTILE, last]
    for element in ("script", "iframe", "style", "b", "svg[onload]"):
        assert chat.log.locator(element).count() == 0
    assert chat.log.locator("[onerror], [onmouseover], [onload]").count() == 0
    hrefs = chat.log.get_by_role("link").evaluate_all("links => links.map(link => new URL(link.href).protocol)")
    assert set(hrefs) <= {"http:", "https:"}
    for link in chat.log.get_by_role("link").all()[:3]:
        link.hover()
    page.wait_for_timeout(300)
    assert page.evaluate("window.hit") is None


def test_what_the_customer_writes_is_inert_too(chat: ChatPage, scripted: ScriptedService) -> None:
    chat.open()
    for text in HOSTILE[:4]:
        chat.say(text)
    wait_until(lambda: scripted.talks and scripted.said() == HOSTILE[:4])
    chat.visit()
    expect(chat.log.locator(".bubble")).to_have_text(HOSTILE[:4])
    assert chat.page.evaluate("window.hit") is None


def test_a_strict_content_security_policy_is_kept(page: Page, scripted: ScriptedService) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None)
    chat = ChatPage(page, scripted.url).visit().open().say("Hola")
    expect(chat.message("Hola").locator(".status")).to_have_text("Enviado")
    chat.field.fill("una\ndos\ntres")
    scripted.give_to("queue", position=2, wait_seconds=[60, 120])
    expect(chat.banner).to_be_visible()
    assert chat.panel.evaluate("panel => getComputedStyle(panel).position") == "fixed"
    assert complaints == []


def test_the_pages_styles_do_not_reach_the_chat(chat: ChatPage, scripted: ScriptedService) -> None:
    chat.open().say("Hola")
    expect(chat.message("Hola")).to_be_visible()
    style = (
        chat.message("Hola")
        .locator(".bubble")
        .evaluate("node => { const style = getComputedStyle(node); return [style.color, style.fontSize]; }")
    )
    assert style == ["rgb(255, 255, 255)", "15px"]


def test_nothing_is_fetched_from_anywhere_but_the_service(page: Page, scripted: ScriptedService) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    chat = ChatPage(page, scripted.url).visit().open().say("Hola")
    expect(chat.message("Hola")).to_be_visible()
    assert [address for address in addresses if not address.startswith((scripted.url, "data:"))] == []


def test_on_another_website_it_talks_to_where_its_script_came_from(page: Page, scripted: ScriptedService) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(scripted.url.replace("127.0.0.1", "localhost") + f"/shop?from={scripted.url}")
    chat = ChatPage(page, scripted.url).open().say("Hola")
    expect(chat.message("Hola").locator(".status")).to_have_text("Enviado")
    assert sockets == [scripted.url.replace("http", "ws", 1) + "/v1/widget"]
