"""Documents of the assistant's answer: fetched first, said with the words, and never announced without being there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doubles.assistant import PDF
from tests.doubles.http import HTTP
from tests.doubles.service import Service
from tests.doubles.widget import open_widget

ASKS = "adjunta mi factura de octubre, por favor"


@pytest.fixture(autouse=True)
def _documents_are_well(service: Service) -> None:
    service.control_assistant(documents="well")


async def test_a_document_comes_with_the_words_that_announce_it(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.say(ASKS)
        shown = await widget.message("assistant", "adjunta")
        conversation_id = widget.conversation_id
    (attachment,) = shown["attachments"]
    answer = HTTP.get(attachment["url"])
    assert (attachment["name"], attachment["mime"]) == ("factura-2026-10.pdf", "application/pdf")
    assert answer.content == PDF
    assert "attachment" in answer.headers["content-disposition"]
    assert "a.signed-reference" not in attachment["url"]
    assert {"ref": "a.signed-reference", "conversation": conversation_id} in service.fetched()


async def test_an_agent_sees_the_document_too(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.say(ASKS)
        await widget.message("assistant", "adjunta")
        conversation_id = widget.conversation_id
    told = service.agent("Ana").get(f"/conversations/{conversation_id}").json()["messages"]
    assert [a["name"] for m in told for a in m.get("attachments") or []] == ["factura-2026-10.pdf"]


@pytest.mark.parametrize("fault", ["down", "expired", "hangs", "other"])
async def test_a_document_that_does_not_come_fails_the_turn_honestly(service: Service, fault: str) -> None:
    service.control_assistant(documents=fault)
    kept_before = _kept(service)
    async with open_widget(service.url) as widget:
        await widget.say(ASKS)
        failed = await widget.until(lambda f: f["type"] == "message" and "buttons" in f)
        assert failed["author"] == "system"
        assert not widget.messages("assistant")
        service.control_assistant(documents="well")
        await widget.say(f"{ASKS} otra vez")
        assert (await widget.message("assistant", "otra vez"))["attachments"]
    assert len(_kept(service)) == len(kept_before) + 1


def _kept(service: Service) -> list[Path]:
    folder = Path(service.environment["DATA_DIR"]) / "files"
    return list(folder.iterdir()) if folder.exists() else []
