"""What the chat does when the network, the service or the browser fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until

pytestmark = pytest.mark.browser

UNSENT = "Sin enviar todavía: saldrá al volver la conexión"
RANDOM_ID = "crypto.randomUUID = undefined"
FORBIDDEN_STORAGE = """for (const area of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, area, { get() { throw new DOMException('no', 'SecurityError'); } });"""
FULL_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"


@pytest.fixture
def talking(chat: ChatPage, scripted: ScriptedService) -> ChatPage:
    """Open, connected, and the first message is stored and acknowledged."""
    chat.open().say("Hola")
    expect(chat.message("Hola").locator(".status")).to_have_text("Enviado")
    return chat


@pytest.fixture
def hurried(page: Page, scripted: ScriptedService) -> Iterator[ChatPage]:
    """Open and connected, on a page whose clock can be put forward."""
    page.clock.install()
    chat = ChatPage(page, scripted.url).visit().open()
    wait_until(scripted.connections)
    yield chat


def lose_network(scripted: ScriptedService) -> None:
    scripted.refuses_connections = True
    scripted.drop_connections()
    wait_until(lambda: not scripted.connections())


def wake(chat: ChatPage) -> None:
    """The browser says that the network is back."""
    chat.page.evaluate("window.dispatchEvent(new Event('online'))")


def test_what_was_written_without_network_is_kept_shown_and_sent_once_in_order(talking: ChatPage, scripted: ScriptedService) -> None:
    lose_network(scripted)
    expect(talking.notice).to_have_text("Sin conexión. Lo que escribas se enviará cuando vuelva.")
    for text in ("uno", "dos", "tres"):
        talking.say(text)
    expect(talking.message("tres").locator(".status")).to_have_text(UNSENT)
    scripted.refuses_connections = False
    wake(talking)
    wait_until(lambda: scripted.said() == ["Hola", "uno", "dos", "tres"])
    expect(talking.message("tres").locator(".status")).to_have_text("Enviado")
    expect(talking.notice).to_be_empty()
    assert talking.bubbles() == ["Hola", "uno", "dos", "tres"]


def test_unsent_messages_survive_leaving_the_page(talking: ChatPage, scripted: ScriptedService) -> None:
    lose_network(scripted)
    talking.say("no te pierdas").say("ni tú")
    expect(talking.message("ni tú")).to_be_visible()
    talking.visit()
    expect(talking.message("no te pierdas").locator(".bubble")).to_be_visible()
    expect(talking.message("ni tú").locator(".status")).to_have_text(UNSENT)
    scripted.refuses_connections = False
    wake(talking)
    wait_until(lambda: scripted.said() == ["Hola", "no te pierdas", "ni tú"])
    expect(talking.message("ni tú").locator(".status")).to_have_text("Enviado")
    assert talking.bubbles() == ["Hola", "no te pierdas", "ni tú"]
    assert "outbox" not in json.dumps(talking.stored())


def test_the_very_first_message_may_be_written_before_there_is_a_connection(chat: ChatPage, scripted: ScriptedService) -> None:
    scripted.refuses_connections = True
    chat.open().say("¿hay alguien?")
    expect(chat.message("¿hay alguien?").locator(".status")).to_have_text(UNSENT)
    chat.visit()
    expect(chat.message("¿hay alguien?")).to_be_visible()
    scripted.refuses_connections = False
    wake(chat)
    wait_until(lambda: scripted.talks and scripted.said() == ["¿hay alguien?"])


def test_a_lost_ack_makes_no_second_message(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.withholds_acks = True
    talking.say("¿cuánto debo?")
    wait_until(lambda: scripted.said() == ["Hola", "¿cuánto debo?"])
    scripted.withholds_acks = False
    scripted.drop_connections()
    expect(talking.message("¿cuánto debo?").locator(".status")).to_have_text("Enviado")
    assert scripted.said() == ["Hola", "¿cuánto debo?"]
    assert talking.bubbles() == ["Hola", "¿cuánto debo?"]


def test_without_an_ack_the_same_message_is_sent_again_on_the_same_connection(hurried: ChatPage, scripted: ScriptedService) -> None:
    scripted.withholds_acks = True
    hurried.say("¿cuánto debo?")
    wait_until(lambda: len(scripted.sent()) == 1)
    scripted.withholds_acks = False
    hurried.page.clock.fast_forward(9000)
    wait_until(lambda: len(scripted.sent()) == 2)
    first, second = scripted.sent()
    assert first == second
    expect(hurried.message("¿cuánto debo?").locator(".status")).to_have_text("Enviado")
    assert (scripted.said(), hurried.bubbles(), len(scripted.greetings)) == (["¿cuánto debo?"], ["¿cuánto debo?"], 1)


def test_it_reconnects_by_itself_and_gets_what_it_missed_once(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.say("antes")
    expect(talking.message("antes")).to_be_visible()
    lose_network(scripted)
    scripted.say_unheard("mientras tanto")
    scripted.refuses_connections = False
    expect(talking.message("mientras tanto")).to_be_visible()
    assert talking.bubbles() == ["Hola", "antes", "mientras tanto"]
    assert scripted.greetings[-1]["after"] == 2
    assert scripted.greetings[-1]["token"] == scripted.talk.token


def test_a_lost_frame_is_noticed_and_fetched_in_its_place(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.say_unheard("primero")
    scripted.say("segundo")
    expect(talking.message("primero")).to_be_visible()
    assert talking.bubbles() == ["Hola", "primero", "segundo"]
    assert [greeting["after"] for greeting in scripted.greetings] == [0, 1]


def test_a_number_that_was_deleted_is_asked_for_once_and_not_for_ever(talking: ChatPage, scripted: ScriptedService) -> None:
    gone = scripted.say_unheard("retirado")
    scripted.delete(gone, live=False)
    scripted.say("visible")
    wait_until(lambda: len(scripted.greetings) == 2)
    talking.page.wait_for_timeout(2500)
    assert len(scripted.greetings) == 2
    assert talking.bubbles() == ["Hola", "visible"]


def test_frames_that_come_twice_or_out_of_order_change_nothing(talking: ChatPage, scripted: ScriptedService) -> None:
    base = {"type": "message", "author": "assistant", "name": None, "sent_at": "2025-11-21T10:00:00Z"}
    third, second = {**base, "seq": 3, "text": "tercero"}, {**base, "seq": 2, "text": "segundo"}
    for frame in (third, second, third, second):
        scripted.send(frame)
    expect(talking.message("tercero")).to_be_visible()
    expect(talking.message("segundo")).to_be_visible()
    assert talking.bubbles() == ["Hola", "segundo", "tercero"]


def test_corrections_made_while_away_are_seen_on_return(talking: ChatPage, scripted: ScriptedService) -> None:
    edited, deleted = scripted.say("Son 12 euros"), scripted.say("uy")
    expect(talking.message("uy")).to_be_visible()
    lose_network(scripted)
    scripted.edit(edited, "Son 21 euros", live=False)
    scripted.delete(deleted, live=False)
    scripted.refuses_connections = False
    expect(talking.message("Son 21 euros").locator(".edited")).to_be_visible()
    assert talking.bubbles() == ["Hola", "Son 21 euros", "Mensaje eliminado"]
    talking.visit()
    expect(talking.message("Son 21 euros")).to_be_visible()
    assert talking.bubbles() == ["Hola", "Son 21 euros"]


def test_a_change_of_owner_while_away_is_seen_on_return(talking: ChatPage, scripted: ScriptedService) -> None:
    lose_network(scripted)
    scripted.give_to("agent", agent="Lucía")
    scripted.refuses_connections = False
    expect(talking.banner).to_have_text("Estás hablando con Lucía (persona)")


def test_a_silent_connection_is_given_up_and_opened_anew(hurried: ChatPage, scripted: ScriptedService) -> None:
    scripted.is_silent = True
    hurried.page.clock.fast_forward(20_500)
    wait_until(lambda: scripted.sent("ping"))
    hurried.page.clock.fast_forward(10_500)
    scripted.is_silent = False
    hurried.page.clock.fast_forward(1_500)
    wait_until(lambda: len(scripted.greetings) == 2)
    assert scripted.greetings[-1]["token"] == scripted.talk.token


def test_an_answered_ping_keeps_the_connection(hurried: ChatPage, scripted: ScriptedService) -> None:
    for number in range(1, 4):
        hurried.page.clock.fast_forward(20_500)
        wait_until(lambda number=number: len(scripted.sent("ping")) == number)
        hurried.page.wait_for_timeout(200)
    assert len(scripted.greetings) == 1


def test_the_services_own_ping_is_answered(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.send({"type": "ping"})
    wait_until(lambda: scripted.sent("pong"))


def test_attempts_become_rarer(hurried: ChatPage, scripted: ScriptedService) -> None:
    attempts: list[str] = []
    hurried.page.on("websocket", lambda socket: attempts.append(socket.url))
    lose_network(scripted)
    for _ in range(60):
        hurried.page.clock.fast_forward(1000)
        hurried.page.wait_for_timeout(15)
    assert 6 <= len(attempts) <= 20
    expect(hurried.notice).to_contain_text("Sin conexión")


def test_two_tabs_show_the_same_conversation_without_doubles(talking: ChatPage, scripted: ScriptedService, context: BrowserContext) -> None:
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


def test_two_tabs_that_come_back_together_send_what_was_unsent_once(talking: ChatPage, scripted: ScriptedService, context: BrowserContext) -> None:
    lose_network(scripted)
    talking.say("solo una vez")
    expect(talking.message("solo una vez")).to_be_visible()
    other = ChatPage(context.new_page(), scripted.url).visit().open()
    expect(other.message("solo una vez")).to_be_visible()
    scripted.refuses_connections = False
    wake(talking)
    wake(other)
    for tab in (talking, other):
        expect(tab.message("solo una vez").locator(".status")).to_have_text("Enviado")
        assert tab.bubbles() == ["Hola", "solo una vez"]
    assert scripted.said() == ["Hola", "solo una vez"]


def test_two_tabs_opened_at_once_end_in_one_conversation(context: BrowserContext, scripted: ScriptedService) -> None:
    tabs = [ChatPage(context.new_page(), scripted.url).visit() for _ in range(2)]
    scripted.refuses_connections = True
    for tab in tabs:
        tab.open()
    scripted.refuses_connections = False
    for tab in tabs:
        wake(tab)
    wait_until(lambda: scripted.connections() == 2)
    tabs[0].say("¿estamos juntos?")
    expect(tabs[1].message("¿estamos juntos?")).to_be_visible()


def test_what_was_read_in_one_tab_is_read_in_the_other(talking: ChatPage, scripted: ScriptedService, context: BrowserContext) -> None:
    other = ChatPage(context.new_page(), scripted.url).visit()
    wait_until(lambda: scripted.connections() == 2)
    scripted.say("nuevo")
    expect(talking.message("nuevo")).to_be_visible()
    expect(other.host.locator(".badge")).to_be_hidden()


def test_too_many_messages_wait_as_long_as_asked_and_then_go_in_order(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.errors.append({"code": "rate_limited", "retry_after": 2})
    talking.say("uno").say("dos")
    expect(talking.message("dos").locator(".status")).to_have_text("Sin enviar todavía: sale en unos segundos")
    assert scripted.said() == ["Hola"]
    wait_until(lambda: scripted.said() == ["Hola", "uno", "dos"])
    expect(talking.message("dos").locator(".status")).to_have_text("Enviado")


def test_what_cannot_be_stored_is_kept_and_tried_again(hurried: ChatPage, scripted: ScriptedService) -> None:
    scripted.errors.extend([{"code": "unavailable"}, {"code": "unavailable"}])
    hurried.say("guárdalo")
    for _ in range(2):
        expect(hurried.message("guárdalo").locator(".status")).to_have_text("Sin enviar todavía: lo volvemos a intentar")
        hurried.page.clock.fast_forward(7000)
    wait_until(lambda: scripted.said() == ["guárdalo"])
    expect(hurried.message("guárdalo").locator(".status")).to_have_text("Enviado")


def test_a_refused_message_stays_with_a_way_to_try_again_and_stops_no_other(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.errors.append({"code": "bad_request"})
    talking.say("rara").say("normal")
    wait_until(lambda: scripted.said() == ["Hola", "normal"])
    failed = talking.message("rara")
    expect(failed.locator(".status")).to_have_text("No se ha enviado")
    talking.visit()
    expect(failed.locator(".status")).to_have_text("No se ha enviado")
    failed.get_by_role("button", name="Reintentar").click()
    wait_until(lambda: scripted.said() == ["Hola", "normal", "rara"])
    expect(talking.field).to_be_focused()
    assert talking.bubbles() == ["Hola", "normal", "rara"]


def test_a_refused_message_can_be_discarded(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.errors.append({"code": "bad_request"})
    talking.say("mejor no")
    talking.message("mejor no").get_by_role("button", name="Descartar").click()
    expect(talking.message("mejor no")).to_have_count(0)
    talking.visit()
    expect(talking.message("Hola")).to_be_visible()
    assert talking.bubbles() == ["Hola"]


def test_what_the_service_finds_too_long_can_be_edited(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.errors.append({"code": "too_long"})
    talking.say("largo, largo")
    failed = talking.message("largo, largo")
    expect(failed.locator(".status")).to_contain_text("demasiado largo")
    failed.get_by_role("button", name="Editar").click()
    expect(talking.field).to_have_value("largo, largo")
    expect(talking.message("largo, largo")).to_have_count(0)


def test_a_pause_says_until_when_and_ends_by_itself(hurried: ChatPage, scripted: ScriptedService) -> None:
    until = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()
    scripted.errors.append({"code": "paused", "until": until})
    hurried.say("#!?")
    expect(hurried.notice).to_contain_text("El chat está en pausa hasta las")
    expect(hurried.message("#!?").get_by_role("button", name="Reintentar")).to_be_visible()
    hurried.page.clock.fast_forward(40_000)
    expect(hurried.notice).to_be_empty()


def test_the_services_own_words_about_a_pause_are_shown(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.errors.append({"code": "paused", "until": None, "message": "Queremos ayudarte, pero sin insultos."})
    talking.say("#!?")
    expect(talking.notice).to_have_text("Queremos ayudarte, pero sin insultos.")


def test_a_token_nobody_knows_any_more_starts_a_new_conversation_and_keeps_what_was_unsent(talking: ChatPage, scripted: ScriptedService) -> None:
    lose_network(scripted)
    talking.say("sigo aquí")
    scripted.talks.clear()
    scripted.refuses_connections = False
    wake(talking)
    wait_until(lambda: scripted.talks and scripted.said() == ["sigo aquí"])
    expect(talking.message("sigo aquí").locator(".status")).to_have_text("Enviado")
    assert talking.bubbles() == ["sigo aquí"]
    assert scripted.talk.token in talking.stored()["relevo:session:"]


def test_endless_refusal_makes_no_loop(chat: ChatPage, scripted: ScriptedService) -> None:
    scripted.hello_errors.extend([{"code": "unauthorized"}] * 50)
    chat.open()
    wait_until(lambda: len(scripted.greetings) >= 3)
    chat.page.wait_for_timeout(3000)
    assert len(scripted.greetings) <= 7


def test_a_service_that_is_not_ready_is_greeted_again_when_it_asks(chat: ChatPage, scripted: ScriptedService) -> None:
    scripted.hello_errors.append({"code": "rate_limited", "retry_after": 2})
    chat.open().say("espero")
    wait_until(lambda: len(scripted.greetings) == 1)
    chat.page.wait_for_timeout(1200)
    assert len(scripted.greetings) == 1
    wait_until(lambda: scripted.talks and scripted.said() == ["espero"])


@pytest.mark.parametrize("script", [FORBIDDEN_STORAGE, FULL_STORAGE, RANDOM_ID], ids=["forbidden", "full", "no-uuid"])
def test_it_works_where_the_browser_offers_less(script: str, page: Page, scripted: ScriptedService) -> None:
    page.add_init_script(script)
    chat = ChatPage(page, scripted.url).visit().open().say("Hola")
    wait_until(lambda: scripted.talks and scripted.said() == ["Hola"])
    lose_network(scripted)
    chat.say("¿sigues?")
    scripted.refuses_connections = False
    wake(chat)
    wait_until(lambda: scripted.said() == ["Hola", "¿sigues?"])
    expect(chat.message("¿sigues?").locator(".status")).to_have_text("Enviado")
    assert chat.bubbles() == ["Hola", "¿sigues?"]


def test_unknown_and_broken_frames_are_ignored(talking: ChatPage, scripted: ScriptedService) -> None:
    for frame in ({"type": "confetti"}, {"type": "message"}, {"type": "message", "seq": "x", "text": 3}, {"type": "edited", "seq": 99}):
        scripted.send(frame)
    scripted.say("sigo vivo", name=None, buttons=None)
    expect(talking.message("sigo vivo")).to_be_visible()


def test_the_token_is_never_in_an_address(talking: ChatPage, scripted: ScriptedService) -> None:
    addresses: list[str] = []
    talking.page.on("request", lambda request: addresses.append(request.url))
    talking.page.on("websocket", lambda socket: addresses.append(socket.url))
    talking.visit()
    expect(talking.message("Hola")).to_be_visible()
    assert addresses
    assert not [address for address in addresses if scripted.talk.token in address]
