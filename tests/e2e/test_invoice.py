"""A bill as a PDF, from the customer's words to the file in the widget: real Rasa, action server and service."""

from __future__ import annotations

import re

import pytest

from tests.doubles.http import HTTP
from tests.doubles.widget import open_widget
from tests.e2e.conftest import System

pytestmark = pytest.mark.timeout(900)


@pytest.mark.parametrize(
    ("customer_id", "locale", "asks"),
    [("C-1001", "es", "mándame la factura en pdf"), ("C-1004", "en", "can I get a copy of my bill")],
)
async def test_a_logged_in_customer_gets_the_newest_bill(
    system: System, customer_id: str, locale: str, asks: str
) -> None:
    async with open_widget(system.url, locale=locale, identity=system.login(customer_id)) as widget:
        await widget.say(asks)
        said = await widget.message("assistant")
    (attachment,) = said["attachments"]
    number = re.search(r"F\d{4}-\d{4}", said["text"])
    content = HTTP.get(attachment["url"]).content
    assert number is not None
    assert number[0].endswith(customer_id[2:])
    assert re.fullmatch(r"(factura|bill)-\d{4}-\d{2}\.pdf", attachment["name"])
    assert content.startswith(b"%PDF-")
    assert len(content) > 5_000


async def test_the_month_named_in_words_decides(system: System) -> None:
    async with open_widget(system.url, identity=system.login("C-1001")) as widget:
        await widget.say("necesito la factura de agosto")
        said = await widget.message("assistant")
    (attachment,) = said["attachments"]
    assert "agosto" in said["text"]
    assert re.fullmatch(r"factura-\d{4}-08\.pdf", attachment["name"])


async def test_who_is_not_logged_in_gets_no_document(system: System) -> None:
    async with open_widget(system.url) as widget:
        await widget.say("mándame la factura en pdf")
        said = await widget.message("assistant")
    assert not said.get("attachments")
