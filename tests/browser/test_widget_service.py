"""The chat and the real service together: the main job as a customer sees it, and a service that is killed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget_page import ChatPage
from tests.browser.widget_server import wait_until
from tests.doubles.http import HTTP
from tests.doubles.service import Service

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Shared by the tests of this module; each is a customer of its own, and the one that kills it starts it again."""
    running = Service(tmp_path_factory.mktemp("service"), RELEVO_DEMO_LOGIN="true")
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def site(page: Page, service: Service) -> ChatPage:
    """The demo site of the real service, with the chat open."""
    return ChatPage(page, service.url).visit("/").open()


def is_alive(service: Service) -> bool:
    try:
        return HTTP.get(f"{service.url}/healthz").is_success
    except httpx.TransportError:
        return False


def handoffs(agent: httpx.Client, status: str, text: str) -> list[dict[str, Any]]:
    """The handoffs of the conversation in which the customer wrote this."""
    listed = agent.get("/handoffs", params={"status": status}).json()["handoffs"]
    whole = [agent.get(f"/handoffs/{handoff['id']}").json() for handoff in listed]
    return [handoff for handoff in whole if text in [message["text"] for message in handoff["messages"]]]


def queued(agent: httpx.Client, text: str) -> dict[str, Any]:
    wait_until(lambda: handoffs(agent, "queued", text))
    return handoffs(agent, "queued", text)[0]


def test_from_the_assistant_to_a_person_and_back(site: ChatPage, service: Service) -> None:
    site.say("hola")
    expect(site.message("eco: hola").locator(".who")).to_contain_text("Asistente")
    site.replies.first.click()
    expect(site.message("eco: /tariff_list")).to_be_visible()
    site.say("quiero hablar con una persona ya")
    expect(site.banner).to_contain_text("Estás en el puesto")
    with service.agent("Ana") as ana:
        handoff = queued(ana, "quiero hablar con una persona ya")["id"]
        ana.post(f"/handoffs/{handoff}/claim").raise_for_status()
        expect(site.banner).to_have_text("Estás hablando con Ana (persona)")
        sent = ana.post(f"/handoffs/{handoff}/messages", json={"text": "Son 12 euros", "id": "r1"}).json()
        expect(site.message("Son 12 euros").locator(".who")).to_contain_text("Ana (persona)")
        ana.patch(f"/handoffs/{handoff}/messages/{sent['seq']}", json={"text": "Son 21 euros"}).raise_for_status()
        expect(site.message("Son 21 euros").locator(".edited")).to_have_text("editado")
        ana.delete(f"/handoffs/{handoff}/messages/{sent['seq']}").raise_for_status()
        expect(site.message("Mensaje eliminado")).to_be_visible()
        ana.post(f"/handoffs/{handoff}/notes", json={"text": "nota interna"}).raise_for_status()
        ana.post(f"/handoffs/{handoff}/resolve", json={}).raise_for_status()
    expect(site.banner).to_be_hidden()
    site.say("¿sigues ahí?")
    expect(site.message("eco: ¿sigues ahí?")).to_be_visible()
    expect(site.log).not_to_contain_text("nota interna")


def test_cancelling_the_wait_from_the_banner_ends_it(site: ChatPage, service: Service) -> None:
    site.say("una persona, pero sin esperar")
    site.banner.get_by_role("button", name="Cancelar la espera").click()
    expect(site.banner).to_be_hidden()
    with service.agent("Ana") as ana:
        assert handoffs(ana, "queued", "una persona, pero sin esperar") == []
        assert len(handoffs(ana, "abandoned", "una persona, pero sin esperar")) == 1


def test_what_is_written_while_the_service_is_dead_arrives_once_and_in_order(site: ChatPage, service: Service) -> None:
    site.say("antes")
    expect(site.message("eco: antes")).to_be_visible()
    service.service.kill()
    for text in ("uno", "dos", "tres"):
        site.say(text)
    expect(site.message("tres").locator(".status")).to_contain_text("Sin enviar todavía")
    service.service.start()
    wait_until(lambda: is_alive(service), within=60)
    expect(site.log.get_by_text("Sin enviar")).to_have_count(0)
    expect(site.log.locator(".message.assistant:not(.typing)").last).to_contain_text("tres")
    own = site.log.locator(".customer .bubble").all_inner_texts()
    assert own == ["antes", "uno", "dos", "tres"]
    site.visit("/")
    expect(site.log.locator(".customer .bubble")).to_have_text(own)


def test_a_demo_customer_logs_in_and_out(site: ChatPage, service: Service) -> None:
    site.say("soy yo")
    expect(site.message("eco: soy yo")).to_be_visible()
    site.page.get_by_role("button", name="Entrar como…").click()
    first = site.page.locator(".menu button").first
    name = first.locator("strong").inner_text()
    first.click()
    expect(site.page.locator("#who")).to_contain_text(name)
    expect(site.message("soy yo")).to_be_visible()
    site.say("quiero que me llame una persona")
    expect(site.banner).to_be_visible()
    with service.agent("Ana") as ana:
        customer = queued(ana, "quiero que me llame una persona")["customer"]
        assert (customer["name"], customer["verified"]) == (name, True)
    site.page.get_by_role("button", name="Salir").click()
    expect(site.message("soy yo")).to_have_count(0)
    expect(site.banner).to_be_hidden()
    site.say("alguien distinto")
    expect(site.message("eco: alguien distinto")).to_be_visible()
    site.visit("/")
    expect(site.message("alguien distinto")).to_be_visible()
    expect(site.message("soy yo")).to_have_count(0)


def test_thirty_messages_in_a_burst_all_arrive_in_order(site: ChatPage) -> None:
    texts = [f"mensaje {number}" for number in range(30)]
    for text in texts:
        site.say(text)
    expect(site.log.locator(".customer .bubble")).to_have_text(texts)
    expect(site.log.get_by_text("Sin enviar")).to_have_count(0)
    site.visit("/")
    expect(site.log.locator(".customer .bubble")).to_have_text(texts)


def test_a_file_reaches_the_conversation_and_can_be_read_again(site: ChatPage) -> None:
    site.say("hola")
    expect(site.message("eco: hola")).to_be_visible()
    site.choose_file("factura.txt", b"Total: 12,00")
    link = site.log.get_by_role("link", name="factura.txt")
    expect(link).to_be_visible()
    address = link.get_attribute("href")
    assert address is not None
    assert site.page.request.get(address).text() == "Total: 12,00"
    site.visit("/")
    expect(link).to_have_attribute("href", address)
