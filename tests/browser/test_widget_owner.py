"""Who answers, how long it takes, and what can be pressed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until

pytestmark = pytest.mark.browser

Violations = Callable[[Page], list[str]]

QUEUE_BUTTONS = [
    {"title": "Dejar de esperar", "payload": "queue.cancel"},
    {"title": "Seguir con el asistente", "payload": "queue.continue"},
]


def test_a_starter_question_is_sent_as_the_customers_own_words(chat: ChatPage, scripted: ScriptedService) -> None:
    chat.open().host.get_by_role("button", name="¿Qué tarifas hay?").click()
    wait_until(lambda: scripted.talks and scripted.said() == ["¿Qué tarifas hay?"])
    assert "payload" not in scripted.sent()[0]
    expect(chat.host.get_by_text("¿en qué te ayudamos?")).to_have_count(0)


def test_only_the_newest_buttons_can_be_pressed_and_they_send_title_and_payload(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    scripted.say("¿Cuál?", buttons=[{"title": "Vieja", "payload": "/old"}])
    expect(talking.replies).to_have_text(["Vieja"])
    scripted.say("¿Y ahora?", buttons=[{"title": "Sí", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}])
    expect(talking.replies).to_have_text(["Sí", "No"])
    talking.replies.first.click()
    expect(talking.replies).to_have_count(0)
    expect(talking.field).to_be_focused()
    wait_until(lambda: scripted.said() == ["Hola", "Sí"])
    sent = scripted.sent()[-1]
    assert (sent["text"], sent["payload"]) == ("Sí", "/affirm")


def test_buttons_survive_a_second_sentence_of_their_author_but_not_another_author(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    scripted.say("Elige", buttons=[{"title": "Sí", "payload": "/affirm"}])
    scripted.say("Tómate tu tiempo")
    expect(talking.message("Tómate tu tiempo")).to_be_visible()
    expect(talking.replies).to_have_text(["Sí"])
    scripted.say("Hola, soy Lucía", "agent", name="Lucía")
    expect(talking.replies).to_have_count(0)


def test_the_queue_shows_place_and_honest_wait_and_the_way_out(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.give_to("queue", position=2, wait_seconds=[125, 290])
    scripted.say("Te paso con una persona", "system", buttons=QUEUE_BUTTONS)
    expect(talking.banner).to_contain_text("Estás en el puesto 2 de la cola")
    expect(talking.banner).to_contain_text("entre 2 y 5 min")
    expect(talking.replies).to_have_count(0)
    scripted.give_to("queue", position=1, wait_seconds=None)
    expect(talking.banner).to_contain_text("Estás en el puesto 1 de la cola")
    expect(talking.banner).to_contain_text("Todavía no podemos calcular la espera")
    talking.banner.get_by_role("button", name="Dejar de esperar").click()
    wait_until(lambda: scripted.said() == ["Hola", "Dejar de esperar"])
    assert scripted.sent()[-1]["payload"] == "queue.cancel"
    scripted.give_to("assistant")
    expect(talking.banner).to_be_hidden()


def test_going_on_with_the_assistant_keeps_the_place_and_the_way_out(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    scripted.give_to("queue", position=3, wait_seconds=[30, 50])
    expect(talking.banner).to_contain_text("menos de un minuto")
    talking.banner.get_by_role("button", name="Seguir con el asistente").click()
    wait_until(lambda: scripted.said()[-1] == "Seguir con el asistente")
    assert scripted.sent()[-1]["payload"] == "queue.continue"
    expect(talking.banner.get_by_role("button")).to_have_text(["Cancelar la espera"])
    expect(talking.banner).to_contain_text("puesto 3")


def test_long_waits_are_told_in_hours_and_never_shorter_than_they_are(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    scripted.give_to("queue", position=9, wait_seconds=[50 * 60, 100 * 60])
    expect(talking.banner).to_contain_text("entre 50 min y 2 h")


def test_outside_opening_hours_the_chat_says_when_somebody_is_back(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    scripted.give_to("queue", position=1, opens_at="2030-03-04T08:00:00Z")
    expect(talking.banner).to_contain_text("Volvemos el lunes, 4 de marzo")
    expect(talking.banner).to_contain_text("9:00")
    expect(talking.banner.get_by_role("button")).to_have_text(["Cancelar la espera"])


def test_with_a_person_her_name_is_always_visible(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.give_to("agent", agent="Lucía")
    expect(talking.banner).to_have_text("Estás hablando con Lucía (persona)")
    scripted.say("\n".join(["línea"] * 60), "agent", name="Lucía")
    expect(talking.banner).to_be_in_viewport()


def test_who_waits_can_go_on_in_telegram_by_a_link_that_is_good_once(
    chat: ChatPage, scripted: ScriptedService, violations: Violations
) -> None:
    scripted.links = ["telegram", "pigeon"]
    chat.open().say("Hola")
    wait_until(lambda: scripted.talks and scripted.said() == ["Hola"])
    expect(chat.host.get_by_role("button", name="Seguir en Telegram")).to_have_count(0)  # nobody waits yet
    scripted.give_to("queue", position=2, wait_seconds=[125, 290])
    button = chat.banner.get_by_role("button", name="Seguir en Telegram")
    button.focus()
    chat.page.keyboard.press("Enter")
    wait_until(lambda: scripted.sent("link") == [{"type": "link", "to": "telegram"}])
    expires = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    scripted.send({"type": "link", "to": "telegram", "url": "https://t.me/un_bot?start=go-abc", "expires_at": expires})
    way = chat.banner.get_by_role("link", name="Abrir Telegram")
    expect(way).to_have_attribute("href", "https://t.me/un_bot?start=go-abc")
    expect(way).to_have_attribute("rel", "noopener noreferrer")
    expect(way).to_be_focused()
    expect(chat.banner).to_contain_text("Conservas tu sitio")
    assert violations(chat.page) == []
    chat.page.context.route("https://t.me/**", lambda route: route.fulfill(body="Telegram"))
    with chat.page.context.expect_page() as opened:
        way.click()
    opened.value.wait_for_url("https://t.me/un_bot?start=go-abc")
    expect(way).to_have_count(0)
    expect(button).to_be_visible()
    scripted.give_to("agent", agent="Lucía")
    expect(button).to_be_visible()
    scripted.give_to("assistant")
    expect(chat.banner).to_be_hidden()


def test_a_link_to_nowhere_and_one_that_is_over_are_not_shown(chat: ChatPage, scripted: ScriptedService) -> None:
    scripted.links = ["telegram"]
    chat.open().say("Hola")
    wait_until(lambda: scripted.talks and scripted.said() == ["Hola"])
    scripted.give_to("queue", position=1)
    button = chat.banner.get_by_role("button", name="Seguir en Telegram")
    expect(button).to_be_visible()
    later = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    earlier = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    for url, expires in (("javascript:alert(1)", later), ("https://t.me/un_bot?start=go-x", earlier)):
        scripted.send({"type": "link", "to": "telegram", "url": url, "expires_at": expires})
        chat.page.wait_for_timeout(100)
        expect(chat.banner.get_by_role("link")).to_have_count(0)
        expect(button).to_be_visible()


def test_where_there_is_no_other_way_none_is_offered(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.give_to("queue", position=1)
    expect(talking.banner).to_be_visible()
    expect(talking.banner.get_by_role("button", name="Seguir en Telegram")).to_have_count(0)
