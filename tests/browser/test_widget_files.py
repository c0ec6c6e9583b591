"""Files a customer sends: on their way, arrived, or visibly not."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import ScriptedService

pytestmark = pytest.mark.browser


def test_a_chosen_file_becomes_a_message_with_a_link(talking: ChatPage, scripted: ScriptedService) -> None:
    talking.choose_file("factura.txt", b"12 euros")
    expect(talking.log.get_by_role("link", name="factura.txt")).to_be_visible()
    sent = scripted.sent()[1:]
    assert [(frame["text"], frame["attachments"]) for frame in sent] == [("", list(scripted.files))]
    expect(talking.log.locator(".message")).to_have_count(2)


def test_a_file_that_did_not_arrive_stays_with_a_way_to_try_again(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.upload_status = 503
    talking.choose_file("foto.txt", b"clic")
    waiting = talking.log.locator(".message", has_text="foto.txt")
    expect(waiting.locator(".status")).to_have_text("No se ha enviado")
    assert len(scripted.sent()) == 1
    scripted.upload_status = 200
    waiting.get_by_role("button", name="Reintentar").click()
    expect(talking.log.get_by_role("link", name="foto.txt")).to_be_visible()
    assert len(scripted.sent()) == 2


def test_a_file_the_service_does_not_take_says_what_it_takes(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.upload_status = 422
    talking.choose_file("cosa.txt", b"?")
    refused = talking.log.locator(".message", has_text="cosa.txt")
    expect(refused.locator(".status")).to_contain_text("valen fotos, PDF")
    refused.get_by_role("button", name="Descartar").click()
    expect(refused).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (422, "picture_too_large", "esta foto es demasiado grande"),
        (429, "rate_limited", "son muchos archivos seguidos"),
        (503, "no_room", "Cuéntanoslo por escrito"),
    ],
)
def test_why_a_file_was_not_taken_is_said_in_words(
    talking: ChatPage, scripted: ScriptedService, status: int, code: str, said: str
) -> None:
    scripted.upload_status, scripted.upload_code = status, code
    talking.choose_file("foto.txt", b"clic")
    refused = talking.log.locator(".message", has_text="foto.txt")
    expect(refused.locator(".status")).to_contain_text(said)


def test_too_large_a_file_is_not_even_sent(talking: ChatPage, tmp_path: Path) -> None:
    large = tmp_path / "enorme.txt"
    large.write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    posts: list[str] = []
    talking.page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    talking.choose_file_at(large)
    expect(talking.log.locator(".message", has_text="enorme.txt").locator(".status")).to_contain_text("10 MB")
    assert posts == []


def test_a_file_written_about_while_offline_goes_once_the_connection_is_back(
    talking: ChatPage, scripted: ScriptedService
) -> None:
    scripted.lose_network()
    talking.choose_file("tarde.txt", b"tarde")
    expect(talking.log.locator(".message", has_text="tarde.txt").locator(".status")).to_contain_text(
        "Sin enviar todavía"
    )
    scripted.refuses_connections = False
    talking.wake()
    expect(talking.log.get_by_role("link", name="tarde.txt")).to_be_visible()
    assert len(scripted.sent()) == 2


def test_a_file_on_its_way_is_forgotten_when_its_owner_logs_out(talking: ChatPage, scripted: ScriptedService) -> None:
    scripted.upload_status = 503
    talking.choose_file("privado.txt", b"x")
    expect(talking.log.locator(".message", has_text="privado.txt")).to_be_visible()
    talking.call("logout")
    expect(talking.log.locator(".message")).to_have_count(0)
