"""What the chat does when the service refuses: it waits, tries again, or says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService, wait_until

pytestmark = pytest.mark.browser


def test_too_many_messages_wait_as_long_as_asked_and_then_go_in_order(
    talking: ChatPage, scripted: ScriptedService
) -> None:
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
        expect(hurried.message("guárdalo").locator(".status")).to_have_text(
            "Sin enviar todavía: lo volvemos a intentar"
        )
        hurried.page.clock.fast_forward(7000)
    wait_until(lambda: scripted.said() == ["guárdalo"])
    expect(hurried.message("guárdalo").locator(".status")).to_have_text("Enviado")


def test_a_refused_message_stays_with_a_way_to_try_again_and_stops_no_other(
    talking: ChatPage, scripted: ScriptedService
) -> None:
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


def test_a_pause_keeps_the_draft_and_offers_an_appeal_by_button_and_in_words(
    hurried: ChatPage, scripted: ScriptedService
) -> None:
    until = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()
    hurried.say("hola")
    hurried.field.fill("a medias")
    appeal = {"title": "Que lo revise alguien", "payload": "pause.appeal"}
    scripted.say("Hacemos una pausa.", "system", buttons=[appeal])
    scripted.give_to("assistant", paused_until=until)
    expect(hurried.banner).to_contain_text("Chat en pausa")
    expect(hurried.field).to_have_value("a medias")
    expect(hurried.field).to_have_attribute("placeholder", "¿Es un error? Escribe «revisar»")
    expect(hurried.panel.locator(".attach")).to_be_disabled()
    expect(hurried.replies).to_have_count(0)
    hurried.banner.get_by_role("button", name="Que lo revise alguien").click()
    wait_until(lambda: scripted.sent()[-1].get("payload") == "pause.appeal")
    hurried.say("revisar")
    wait_until(lambda: scripted.sent()[-1]["text"] == "revisar")
    hurried.page.clock.fast_forward(40_000)
    expect(hurried.banner).to_be_hidden()
    expect(hurried.panel.locator(".attach")).to_be_enabled()
    expect(hurried.field).to_have_attribute("placeholder", "Escribe tu mensaje")


def test_a_lifted_pause_ends_at_once(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.give_to("assistant", paused_until=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    expect(talking.notice).to_contain_text("en pausa hasta las")
    scripted.give_to("assistant")
    expect(talking.banner).to_be_hidden()
    expect(talking.notice).to_be_empty()


def test_a_token_nobody_knows_any_more_starts_a_new_conversation_and_keeps_what_was_unsent(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    scripted.lose_network()
    talking.say("sigo aquí")
    scripted.talks.clear()
    scripted.refuses_connections = False
    talking.wake()
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
