"""Files from the widget: kept by content, tied to their conversation, served so that they can't run."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.doubles.http import HTTP
from tests.doubles.pictures import opened, picture
from tests.doubles.service import Service
from tests.doubles.widget import open_widget

PNG = picture("PNG")


def _send(service: Service, token: str, name: str, content: bytes) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return HTTP.post(f"{service.url}/v1/widget/files", headers=headers, files={"file": (name, content)})


async def test_a_picture_reaches_the_conversation_and_can_be_read_by_its_address(service: Service) -> None:
    async with open_widget(service.url) as widget:
        file_id = _send(service, widget.token, "../../foto.png", PNG).json()["id"]
        await widget.send({"type": "message", "id": "pic", "text": "mira esto por favor", "attachments": [file_id]})
        shown = await widget.message("customer")
    attachment = shown["attachments"][0]
    answer = HTTP.get(attachment["url"])
    assert (attachment["name"], attachment["mime"]) == ("foto.png", "image/png")
    assert opened(answer.content).tobytes() == opened(PNG).tobytes()
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_file_without_words_is_answered_at_once(service: Service) -> None:
    async with open_widget(service.url) as widget:
        file_id = _send(service, widget.token, "foto.png", PNG).json()["id"]
        await widget.send({"type": "message", "id": "pic", "text": "", "attachments": [file_id]})
        answer = await widget.until(lambda f: f["type"] == "message" and "buttons" in f)
        await widget.say(answer["buttons"][0]["title"], payload=answer["buttons"][0]["payload"])
        await widget.owner("queue")


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)>", b"MZ\x90\x00" + b"\x00" * 60, b"x" * (10 * 2**20 + 1)]
)
async def test_what_could_run_is_empty_or_too_large_is_refused(service: Service, content: bytes) -> None:
    async with open_widget(service.url) as widget:
        assert _send(service, widget.token, "foto.png", content).status_code == 422


async def test_nobody_sends_without_a_token_or_uses_another_s_file(service: Service) -> None:
    assert _send(service, "invented", "foto.png", PNG).status_code == 401
    async with open_widget(service.url) as mine, open_widget(service.url) as other:
        file_id = _send(service, mine.token, "foto.png", PNG).json()["id"]
        await other.send({"type": "message", "id": "x", "text": "hola", "attachments": [file_id]})
        assert (await other.until(lambda f: f["type"] in ("ack", "error")))["code"] == "bad_request"


def test_a_widget_on_an_allowed_site_may_send_files_and_no_other(tmp_path: Path) -> None:
    service = Service(tmp_path, WIDGET_ORIGINS="https://shop.example.com")
    try:
        service.start()
        answers = {}
        for origin in ("https://shop.example.com", "https://evil.example.com"):
            headers = {
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization",
            }
            answers[origin] = httpx.options(f"{service.url}/v1/widget/files", headers=headers)
    finally:
        service.stop()
    assert answers["https://shop.example.com"].headers["access-control-allow-origin"] == "https://shop.example.com"
    assert "access-control-allow-origin" not in answers["https://evil.example.com"].headers
