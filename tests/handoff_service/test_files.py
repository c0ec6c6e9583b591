"""Files from the widget: kept by content, tied to their conversation, served so that they can't run."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from handoff_service.settings import Settings
from tests.doubles.http import HTTP
from tests.doubles.pictures import opened, picture, png_that_says
from tests.doubles.service import SECRET, Service
from tests.doubles.widget import open_widget
from tests.handoff_service.test_metrics import value

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


async def test_every_answer_about_a_file_is_inert_and_kept_by_nobody(service: Service) -> None:
    async with open_widget(service.url) as widget:
        kept = {
            name: _send(service, widget.token, name, content).json()["id"]
            for name, content in (("foto.png", PNG), ("nota.txt", b"hola"))
        }
        gone = _send(service, widget.token, "otra.png", PNG).json()["id"]
    (Path(service.environment["DATA_DIR"]) / "files" / gone).unlink()
    for name, file_id in {**kept, "gone": gone, "nothing": "invented"}.items():
        answer = HTTP.get(f"{service.url}/v1/files/{file_id}/{name}", headers={"Range": "bytes=0-1"})
        assert answer.status_code == (206 if name in kept else 404)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["cache-control"] == "no-store"
        if name in kept:
            shown = "inline" if name == "foto.png" else "attachment"
            assert answer.headers["content-disposition"] == f'{shown}; filename="{name}"'


async def test_a_picture_with_too_many_dots_is_refused_in_words(service: Service) -> None:
    async with open_widget(service.url) as widget:
        answer = _send(service, widget.token, "foto.png", png_that_says(60_000, 60_000))
    assert (answer.status_code, answer.json()["code"]) == (422, "picture_too_large")
    assert "too large" in answer.json()["detail"]


async def test_a_picture_that_broke_on_its_way_still_reaches_the_agent(service: Service) -> None:
    broken = picture("JPEG")[:200]
    async with open_widget(service.url) as widget:
        file_id = _send(service, widget.token, "foto.jpg", broken).json()["id"]
    answer = HTTP.get(f"{service.url}/v1/files/{file_id}/foto.jpg")
    assert answer.content == broken
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_a_body_beyond_all_files_is_not_taken_in_whoever_sends_it(service: Service) -> None:
    """Said to be too large, or turning out to be."""
    block, url = b"x" * 2**20, f"{service.url}/v1/widget/files"
    multipart = {"Content-Type": "multipart/form-data; boundary=b"}
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    said = HTTP.post(url, headers=multipart, content=head + 12 * block)
    found_out = HTTP.post(url, headers=multipart, content=iter([head, *[block] * 12]))
    elsewhere = HTTP.post(f"{service.url}/v1/handoffs/x/claim", content=iter([block] * 5))
    assert [answer.status_code for answer in (said, found_out, elsewhere)] == [413, 413, 401]
    assert HTTP.post(f"{service.url}/v1/handoffs/x/claim", content=5 * block).status_code == 413


async def test_nobody_sends_more_than_an_hour_s_share_and_nothing_is_kept_beyond_the_room(tmp_path: Path) -> None:
    service = Service(tmp_path, UPLOAD_MEGABYTES_PER_HOUR="10", FILES_MEGABYTES_KEPT="13")
    six, two = b"a" * 6 * 2**20, b"a" * 2 * 2**20
    try:
        service.start()
        async with open_widget(service.url) as first, open_widget(service.url) as second:
            assert _send(service, first.token, "a.txt", six).status_code == 200
            too_much = _send(service, first.token, "b.txt", six)
            assert _send(service, second.token, "a.txt", six).status_code == 200
            full = _send(service, second.token, "b.txt", two)
            await second.say("pues lo cuento por escrito")
            await second.message("assistant")
        metrics = HTTP.get(f"{service.url}/metrics").text
    finally:
        service.stop()
    assert (too_much.status_code, too_much.json()["code"]) == (429, "rate_limited")
    assert 600 < int(too_much.headers["retry-after"]) <= 720, "two megabytes of ten an hour are twelve minutes"
    assert (full.status_code, full.json()["code"], full.headers["retry-after"]) == (503, "no_room", "3600")
    assert sum(path.stat().st_size for path in (tmp_path / "files").iterdir()) == 2 * len(six)
    assert value(metrics, "handoff_files_kept_bytes") == 2 * len(six)
    assert value(metrics, "handoff_files_limit_bytes") == 13 * 2**20
    assert value(metrics, "handoff_refused_total", code="upload_quota") == 1
    assert value(metrics, "handoff_refused_total", code="no_room_for_files") == 1


async def test_files_have_an_origin_of_their_own_where_one_is_set(tmp_path: Path) -> None:
    service = Service(tmp_path, FILES_URL="https://files.example.com/of/relevo/")
    try:
        service.start()
        async with open_widget(service.url) as widget:
            file_id = _send(service, widget.token, "mi foto.png", PNG).json()["id"]
            await widget.send({"type": "message", "id": "pic", "text": "mira", "attachments": [file_id]})
            shown = await widget.message("customer")
        with service.agent("Ana") as ana:
            told = ana.get(f"/conversations/{widget.conversation_id}").json()["messages"][0]
        policy = HTTP.get(f"{service.url}/console").headers["content-security-policy"]
    finally:
        service.stop()
    address = f"https://files.example.com/of/relevo/v1/files/{file_id}/mi%20foto.png"
    assert (shown["attachments"][0]["url"], told["attachments"][0]["url"]) == (address, address)
    assert "img-src 'self' data: https://files.example.com;" in policy


@pytest.mark.parametrize("wrong", ["files.example.com", "javascript:alert(1)", "https://a.b/?x=1", "https://a.b; x"])
def test_no_service_starts_with_an_address_for_files_that_is_none(wrong: str) -> None:
    with pytest.raises(ValidationError, match="FILES_URL"):
        Settings(relevo_secret=SECRET, files_url=wrong)


def test_a_share_must_have_room_for_a_file() -> None:
    with pytest.raises(ValidationError, match="UPLOAD_MEGABYTES_PER_HOUR"):
        Settings(relevo_secret=SECRET, upload_megabytes_per_hour=9)


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
