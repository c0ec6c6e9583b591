"""How long a widget's token opens something, for whom, from how many sockets, and how many may come at all."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from handoff_service.channels.limits import (
    ADDRESSES_IN_ALL,
    ADDRESSES_PER_NETWORK,
    Crowd,
    Places,
    network_of,
)
from handoff_service.channels.widget import SOCKETS_PER_CONVERSATION
from handoff_service.settings import Settings
from handoff_service.switchboard.visitors import IDLE, LIFE
from tests.doubles.http import HTTP
from tests.doubles.service import SECRET, Service
from tests.doubles.widget import Widget, identity, open_widget

pytestmark = pytest.mark.timeout(300)


def ages(service: Service, conversation_id: str, made: timedelta, used: timedelta) -> None:
    """As if the token of this conversation had been made and last used so long ago."""
    environment = service.environment
    settings = Settings(
        relevo_secret=SECRET, data_dir=Path(environment["DATA_DIR"]), database_url=environment["DATABASE_URL"]
    )
    engine = sa.create_engine(settings.database)
    is_sqlite = engine.dialect.name == "sqlite"
    ago = "datetime('now', :{0})" if is_sqlite else "now() + cast(:{0} as interval)"
    statement = f"UPDATE widget_tokens SET created_at = {ago.format('made')}, used_at = {ago.format('used')}"  # noqa: S608
    with engine.begin() as connection:
        values = {"made": f"-{made.total_seconds()} seconds", "used": f"-{used.total_seconds()} seconds"}
        connection.execute(sa.text(f"{statement} WHERE conversation_id = :id"), {**values, "id": conversation_id})
    engine.dispose()


def sends_file(service: Service, token: str) -> int:
    sent = HTTP.post(
        f"{service.url}/v1/widget/files",
        files={"file": ("a.txt", b"hola")},
        headers={"Authorization": f"Bearer {token}"},
    )
    return int(sent.status_code)


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("made", "used", "opens"),
    [
        (IDLE * 2, IDLE - DAY, True),
        (LIFE - DAY, DAY, True),
        (IDLE * 2, IDLE + DAY, False),
        (LIFE + DAY, DAY, False),
    ],
)
async def test_a_token_ends_when_nobody_uses_it_and_after_its_life(
    service: Service, made: timedelta, used: timedelta, opens: bool
) -> None:
    async with open_widget(service.url) as widget:
        await widget.say("hola")
        ages(service, widget.conversation_id, made, used)
        conversation = widget.conversation_id
    assert (sends_file(service, widget.token) == 200) is opens
    async with open_widget(service.url, token=widget.token) as again:
        assert (again.conversation_id == conversation) is opens
        if opens:
            assert [m["text"] for m in again.messages("customer")] == ["hola"]
        else:
            assert again.frames[-1]["code"] == "unauthorized"
            assert (await again.hello())["type"] == "welcome", "and the socket may greet again"


async def test_coming_back_keeps_a_token_alive(service: Service) -> None:
    async with open_widget(service.url) as widget:
        ages(service, widget.conversation_id, IDLE * 2, IDLE - DAY)
    async with open_widget(service.url, token=widget.token):
        pass
    async with open_widget(service.url, token=widget.token) as again:
        assert again.token == widget.token
    ages(service, widget.conversation_id, IDLE * 2, timedelta(hours=2))
    async with open_widget(service.url, token=widget.token) as later:
        assert later.conversation_id == widget.conversation_id


async def test_logging_in_changes_the_token_and_the_old_one_is_worth_nothing_by_itself(service: Service) -> None:
    who = identity(f"C-{uuid.uuid4().hex}")
    async with open_widget(service.url) as stranger:
        await stranger.say("hola")
        await stranger.message("assistant")
        planted, conversation = stranger.token, stranger.conversation_id
        async with open_widget(service.url, token=planted, identity=who) as customer:
            assert (customer.conversation_id, customer.token == planted) == (conversation, False)
            await customer.say("soy yo, y esto es mío")
            await stranger.until(lambda f: f["type"] == "error" and f["code"] == "unauthorized")
            assert "esto es mío" not in str(await stranger.quiet(1.0))
        assert (await stranger.hello(token=planted))["code"] == "unauthorized"
        assert (await stranger.hello(token=customer.token))["code"] == "unauthorized"
    assert [sends_file(service, token) for token in (planted, customer.token)] == [401, 200]
    async with open_widget(service.url, token=planted, identity=who) as late:
        assert late.conversation_id == conversation, "a tab that missed it goes on, for it shows who it is"
        assert late.token != planted


@pytest.fixture
async def full(service: Service) -> AsyncIterator[list[Widget]]:
    """A conversation with as many sockets as it may have."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(open_widget(service.url))
        more = range(SOCKETS_PER_CONVERSATION - 1)
        rest = [await stack.enter_async_context(open_widget(service.url, token=first.token)) for _ in more]
        assert {widget.conversation_id for widget in rest} == {first.conversation_id}
        yield [first, *rest]


async def test_a_conversation_has_only_so_many_sockets_at_once(service: Service, full: list[Widget]) -> None:
    async with open_widget(service.url, token=full[0].token) as one_too_many:
        refused = one_too_many.frames[-1]
        assert (refused["code"], refused["retry_after"] > 0) == ("rate_limited", True)
        assert (await one_too_many.hello())["type"] == "welcome", "another conversation has room"
        await full[5].socket.close()
        for _ in range(50):
            if (await one_too_many.hello(token=full[0].token))["type"] == "welcome":
                break
        assert one_too_many.conversation_id == full[0].conversation_id
    await full[0].say("hola")
    await full[1].message("customer", "hola")


@pytest.fixture
def strict_service(tmp_path: Path) -> Service:
    return Service(tmp_path, WIDGET_CONNECTIONS_PER_ADDRESS="3")


async def test_greeting_again_and_again_costs_what_connecting_does(strict_service: Service) -> None:
    try:
        strict_service.start()
        async with open_widget(strict_service.url) as widget:
            answers = [(await widget.hello()).get("code") for _ in range(4)]
        assert answers == [None, None, "rate_limited", "rate_limited"]
    finally:
        strict_service.stop()


def test_a_network_and_all_together_have_limits_of_their_own() -> None:
    crowd = Crowd(10, clock=lambda: 0.0)
    passed = [address for n in range(20) for address in [f"203.0.113.{n}"] * 10 if not crowd.wait_for(address)]
    assert len(passed) == 10 * ADDRESSES_PER_NETWORK
    elsewhere = [a for n in range(100) for a in [f"198.51.{n}.7"] * 10 if not crowd.wait_for(a)]
    assert len(elsewhere) == 10 * (ADDRESSES_IN_ALL - ADDRESSES_PER_NETWORK)
    assert crowd.wait_for("192.0.2.1") > 0
    assert not any(Crowd(0).wait_for("192.0.2.1") for _ in range(10_000)), "0 is no limit"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_places_are_given_back() -> None:
    places = Places(2)
    assert [places.take("a"), places.take("a"), places.take("a"), places.take("b")] == [True, True, False, True]
    places.leave("a")
    assert places.take("a")
