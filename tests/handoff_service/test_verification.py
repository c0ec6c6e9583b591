"""What a right code proves to the switchboard: over real HTTP and WebSocket, on each database."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
import sqlalchemy

from handoff_service.settings import Settings
from tests.doubles.http import HTTP
from tests.doubles.service import SECRET, Service
from tests.doubles.widget import Widget, identity, open_widget

NOBODYS_KEY = "a-key-that-nobody-has-0123456789abcdef"


def someone() -> dict[str, Any]:
    """A customer that no other test knows."""
    return {"sub": f"C-{uuid.uuid4().hex[:10]}", "name": "Lucía Navarro"}


def customer_of(service: Service, widget: Widget) -> dict[str, Any]:
    with service.agent("Ana") as agent:
        found: dict[str, Any] = agent.get(f"/conversations/{widget.conversation_id}").json()["customer"]
    return found


async def proves(service: Service, widget: Widget, who: dict[str, Any]) -> None:
    """The customer brings the right code."""
    service.control_assistant(proves=who)
    await widget.say("123456")
    await widget.message("assistant")
    service.control_assistant(proves=None)


def clock_back(service: Service, seconds: float) -> None:
    """As if what was proven had been proven that much earlier."""
    engine = sqlalchemy.create_engine(Settings(relevo_secret=SECRET, **database_of(service)).database)
    moved = "datetime(expires_at, :by)" if engine.dialect.name == "sqlite" else "expires_at + cast(:by as interval)"
    statement = sqlalchemy.text(f"UPDATE verifications SET expires_at = {moved}")  # noqa: S608 - from above
    with engine.begin() as connection:
        connection.execute(statement, {"by": f"-{seconds} seconds"})
    engine.dispose()


def database_of(service: Service) -> dict[str, Any]:
    environment = service.environment
    return {"data_dir": environment["DATA_DIR"], "database_url": environment["DATABASE_URL"]}


async def test_a_right_code_makes_the_customer_known_to_agents_and_to_the_next_turn(service: Service) -> None:
    who = someone()
    async with open_widget(service.url) as widget:
        await proves(service, widget, who)
        assert customer_of(service, widget) == {"id": who["sub"], "name": who["name"], "verified": True}
        await widget.say("¿cuánto debo?")
        await widget.message("assistant")
    asked = [a for a in service.asked() if a["conversation_id"] == widget.conversation_id]
    assert [bool(a["verification"]) for a in asked] == [False, True]
    assert asked[1]["customer"] == {"name": who["name"]}


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"key": NOBODYS_KEY}, id="forged"),
        pytest.param({"aud": "relevo-actions"}, id="meant for actions"),
        pytest.param({"cid": "another-conversation"}, id="another conversation"),
        pytest.param({"tid": "another-turn"}, id="another turn"),
        pytest.param({"exp": int(time.time()) - 60}, id="over"),
        pytest.param({"exp": int(time.time()) + 3600}, id="lives too long"),
        pytest.param({"sub": ""}, id="nobody"),
    ],
)
async def test_a_proof_with_one_thing_wrong_proves_nothing_and_the_answer_still_comes(
    service: Service, wrong: dict[str, Any]
) -> None:
    async with open_widget(service.url) as widget:
        await proves(service, widget, {**someone(), **wrong})
        assert customer_of(service, widget) == {"id": None, "name": None, "verified": False}


async def test_earlier_handoffs_on_another_conversation_appear_and_the_waiting_one_gets_its_name(
    service: Service,
) -> None:
    who = someone()
    async with open_widget(service.url, identity=identity(who["sub"], who["name"])) as before:
        await before.say("quiero una persona")
        await before.owner("queue")
    async with open_widget(service.url) as widget:
        await widget.say("quiero una persona")
        await widget.owner("queue")
        await widget.say("Seguir con el asistente", "queue.continue")
        await proves(service, widget, who)
        with service.agent("Ana") as agent:
            queued = agent.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
            mine = next(h for h in queued if h["conversation_id"] == widget.conversation_id)
            case = agent.get(f"/handoffs/{mine['id']}").json()
    assert mine["customer"] == {"id": who["sub"], "name": who["name"], "verified": True}
    assert before.conversation_id in {h["conversation_id"] for h in case["handoffs"]}


async def test_it_ends_half_an_hour_after_the_customers_last_message(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await proves(service, widget, someone())
        clock_back(service, 29 * 60)
        await widget.say("sigo aquí")
        await widget.message("assistant")
        clock_back(service, 29 * 60)
        assert customer_of(service, widget)["verified"], "a message of the customer lets it hold on"
        clock_back(service, 2 * 60)
        assert not customer_of(service, widget)["verified"]
        await widget.say("¿cuánto debo?")
        await widget.message("assistant")
        assert not customer_of(service, widget)["verified"], "what has ended is not revived by a message"
    assert service.asked()[-1]["verification"] is None


async def test_an_anonymous_conversation_with_a_code_is_not_bound(service: Service) -> None:
    who = someone()
    async with open_widget(service.url) as widget:
        await proves(service, widget, who)
    async with open_widget(service.url, token=widget.token) as again:
        assert again.conversation_id == widget.conversation_id, "the token needs no login"
    async with open_widget(service.url, token=widget.token, identity=identity(who["sub"])) as logged_in:
        assert logged_in.conversation_id == widget.conversation_id, "it becomes theirs at the login"
    async with open_widget(service.url, greet=False) as stranger:
        assert (await stranger.hello(token=widget.token))["code"] == "unauthorized", "and is bound from then on"


async def test_what_was_told_to_one_does_not_become_anothers_at_a_login(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await proves(service, widget, someone())
    other = someone()["sub"]
    async with open_widget(service.url, token=widget.token, identity=identity(other)) as logged_in:
        assert logged_in.conversation_id != widget.conversation_id
        assert not logged_in.messages()


async def test_a_bound_conversation_never_shows_another_customers_account(service: Service) -> None:
    who = someone()
    async with open_widget(service.url, identity=identity(who["sub"], who["name"])) as widget:
        service.control_assistant(proves=someone())
        await widget.say("123456")
        assert "otra cuenta" in (await widget.message("system", "código"))["text"]
        service.control_assistant(proves=None)
        assert not widget.messages("assistant"), "nothing of the answer is said"
        assert customer_of(service, widget)["id"] == who["sub"]


async def test_a_code_does_not_shorten_what_the_website_vouches_for(service: Service) -> None:
    who = someone()
    async with open_widget(service.url, identity=identity(who["sub"], who["name"], seconds=7200)) as widget:
        await proves(service, widget, who)
        clock_back(service, 3600)
        assert customer_of(service, widget)["verified"]


async def test_where_nobody_can_log_in_for_a_try_no_text_is_shown(service: Service) -> None:
    assert HTTP.get(f"{service.url}/demo/texts").status_code == 404
