"""One customer with several tabs: the same conversation in all of them, without doubles."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until

pytestmark = pytest.mark.browser


def test_two_tabs_show_the_same_conversation_without_doubles(
    talking: ChatPage, scripted: ScriptedService, context: BrowserContext
) -> None:
    other = ChatPage(context.new_page(), scripted.url).visit().open()
    expect(other.message("Hola")).to_be_visible()
    talking.say("desde la primera")
    expect(other.message("desde la primera")).to_be_visible()
    other.say("desde la segunda")
    expect(talking.message("desde la segunda")).to_be_visible()
    scripted.say("para las dos")
    for tab in (talking, other):
        expect(tab.message("para las dos")).to_be_visible()
        assert tab.bubbles() == ["Hola", "desde la primera", "desde la segunda", "para las dos"]
    assert (len(scripted.talks), scripted.connections()) == (1, 2)
    assert scripted.said() == ["Hola", "desde la primera", "desde la segunda"]


def test_two_tabs_that_come_back_together_send_what_was_unsent_once(
    talking: ChatPage, scripted: ScriptedService, context: BrowserContext
) -> None:
    scripted.lose_network()
    talking.say("solo una vez")
    expect(talking.message("solo una vez")).to_be_visible()
    other = ChatPage(context.new_page(), scripted.url).visit().open()
    expect(other.message("solo una vez")).to_be_visible()
    scripted.refuses_connections = False
    talking.wake()
    other.wake()
    for tab in (talking, other):
        expect(tab.message("solo una vez").locator(".status")).to_have_text("Enviado")
        assert tab.bubbles() == ["Hola", "solo una vez"]
    assert scripted.said() == ["Hola", "solo una vez"]


#: A browser in which a tab learns of what another one stored only after it has stored the same itself.
SLOW_STORAGE = """
const read = Storage.prototype.getItem, write = Storage.prototype.setItem;
const own = new Set();
const isSession = (key) => key.startsWith("relevo:session:");
Storage.prototype.setItem = function (key, value) { own.add(key); write.call(this, key, value); };
Storage.prototype.getItem = function (key) { return isSession(key) && !own.has(key) ? null : read.call(this, key); };
addEventListener("storage", (event) => {
  if (event.isLate) return;
  event.stopImmediatePropagation();
  const { key, newValue } = event;
  const late = Object.assign(new StorageEvent("storage", { key, newValue }), { isLate: true });
  setTimeout(() => dispatchEvent(late), 500);
}, true);
"""


def test_two_tabs_opened_at_once_end_in_one_conversation(context: BrowserContext, scripted: ScriptedService) -> None:
    context.add_init_script(SLOW_STORAGE)
    tabs = [ChatPage(context.new_page(), scripted.url).visit() for _ in range(2)]
    scripted.gathers = 2  # neither is answered before both have asked
    for tab in tabs:
        tab.open()
    wait_until(lambda: any(len(talk.sockets) == 2 for talk in scripted.talks))
    tabs[0].say("¿estamos juntos?")
    expect(tabs[1].message("¿estamos juntos?")).to_be_visible()


def test_what_was_read_in_one_tab_is_read_in_the_other(
    talking: ChatPage, scripted: ScriptedService, context: BrowserContext
) -> None:
    other = ChatPage(context.new_page(), scripted.url).visit()
    wait_until(lambda: scripted.connections() == 2)
    scripted.say("nuevo")
    expect(talking.message("nuevo")).to_be_visible()
    expect(other.host.locator(".badge")).to_be_hidden()
