"""Lost connections, lost frames, silence: the chat finds its way back and shows everything once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until

pytestmark = pytest.mark.browser


def test_it_reconnects_by_itself_and_gets_what_it_missed_once(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.say("antes")
    expect(talking.message("antes")).to_be_visible()
    scripted.lose_network()
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


def test_a_number_that_was_deleted_is_asked_for_once_and_not_for_ever(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    gone = scripted.say_unheard("retirado")
    scripted.delete(gone, live=False)
    scripted.say("visible")
    wait_until(lambda: len(scripted.greetings) == 2)
    scripted.say("y otro")
    expect(talking.message("y otro")).to_be_visible()
    talking.page.wait_for_timeout(2500)
    assert len(scripted.greetings) == 2
    assert talking.bubbles() == ["Hola", "visible", "y otro"]


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
    scripted.lose_network()
    scripted.edit(edited, "Son 21 euros", live=False)
    scripted.delete(deleted, live=False)
    scripted.refuses_connections = False
    expect(talking.message("Son 21 euros").locator(".edited")).to_be_visible()
    assert talking.bubbles() == ["Hola", "Son 21 euros", "Mensaje eliminado"]
    talking.visit()
    expect(talking.message("Son 21 euros")).to_be_visible()
    assert talking.bubbles() == ["Hola", "Son 21 euros"]


def test_a_change_of_owner_while_away_is_seen_on_return(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.lose_network()
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
    scripted.lose_network()
    for _ in range(60):
        hurried.page.clock.fast_forward(1000)
        hurried.page.wait_for_timeout(15)
    assert 6 <= len(attempts) <= 20
    expect(hurried.notice).to_contain_text("Sin conexión")


def test_unknown_and_broken_frames_are_ignored(talking: ChatPage, scripted: ScriptedService) -> None:
    for frame in (
        {"type": "confetti"},
        {"type": "message"},
        {"type": "message", "seq": "x", "text": 3},
        {"type": "edited", "seq": 99},
    ):
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
