"""`/relevo` and the App Home: the queue, one's availability, a search; for agents' eyes alone."""

from __future__ import annotations

import asyncio

import pytest

from handoff_service.desks.slack.command import Command, command_of
from tests.emulators.slack import View
from tests.slack.desk import Case, SlackDesk

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Command("queue")),
        ("  Cola ", Command("queue")),
        ("DISPONIBLE", Command("available")),
        ("away", Command("away")),
        ("buscar  R-7KQ2MX", Command("search", "R-7KQ2MX")),
        ("search C 1001", Command("search", "C 1001")),
        ("r-7kq2mx", Command("search", "r-7kq2mx")),
        ("buscar", Command("help")),
        ("ayuda", Command("help")),
    ],
)
def test_what_is_typed_is_understood_in_both_languages(typed: str, meant: Command) -> None:
    assert command_of(typed) == meant


async def _typed(case: Case, user: str, text: str) -> None:
    assert await asyncio.to_thread(case.slack.slash, user, case.desk.queue, "/relevo", text)


async def _home(case: Case, user: str, words: str) -> View:
    def look() -> View | None:
        view = case.slack.home(user)
        return view if view and words in view.words else None

    return await case.until(look, f"a home that says {words!r}")


def _present(case: Case, name: str) -> bool:
    with case.desk.service.agent("Marga") as api:
        present = api.get("/agents").json()["present"]
        return bool(next((each["is_available"] for each in present if each["name"] == name), False))


async def test_a_case_is_found_by_code_and_by_customer_for_the_asker_alone(desk: SlackDesk) -> None:
    async with desk.customer("Ursula") as case:
        code = case.handoff()["code"]
        await _typed(case, desk.luis, f"buscar {code.removeprefix('R-').lower()}")
        assert "Ursula" in (await case.whispered(desk.luis, f"*{code}*")).words
        await _typed(case, desk.ana, "buscar C-Ursula")
        assert code in (await case.whispered(desk.ana, "Encontrado")).words
        await _typed(case, desk.ana, "buscar R-000000")
        await case.whispered(desk.ana, "No hay ningún caso")
        await _typed(case, desk.guest, f"buscar {code}")
        await case.whispered(desk.guest, "Solo pueden atender")
        assert not [m for m in desk.slack.ephemerals(desk.guest) if "Ursula" in m.words]
        with desk.service.agent("Luis") as api:
            found = api.get("/handoffs", params={"search": code}).json()["handoffs"]
            assert [h["code"] for h in found] == [code]
            assert api.get("/handoffs", params={"search": code, "status": "resolved"}).json()["handoffs"] == []


async def test_availability_is_said_by_command_and_at_home(desk: SlackDesk) -> None:
    async with desk.customer("Violante") as case:
        await _typed(case, desk.ana, "ausente")
        await case.whispered(desk.ana, "⚪ Ausente")
        assert not _present(case, "Ana")
        await asyncio.to_thread(desk.slack.open_home, desk.ana)
        home = await _home(case, desk.ana, "⚪ Ausente")
        assert await asyncio.to_thread(desk.slack.press_in_view, desk.ana, home, "handoff.available")
        await _home(case, desk.ana, "🟢 Disponible")
        assert _present(case, "Ana")
        await _typed(case, desk.ana, "away")
        await case.until(lambda: not _present(case, "Ana"), "Ana away")


async def test_home_shows_the_queue_and_a_case_is_taken_there(desk: SlackDesk) -> None:
    async with desk.customer("Wilma") as case:
        code = case.handoff()["code"]
        await asyncio.to_thread(desk.slack.open_home, desk.luis)
        home = await _home(case, desk.luis, "Wilma")
        assert "⏱️ primera respuesta" in home.words
        buttons = [block["accessory"] for block in home.blocks if code in str(block.get("text"))]
        assert [each["value"] for each in buttons] == [case.handoff()["id"]]
        old = await case.card("En espera")
        assert await asyncio.to_thread(desk.slack.press_in_view, desk.luis, home, "handoff.claim")
        await case.widget.owner("agent")
        assert case.handoff()["agent"]["name"] == "Luisa"
        await _home(case, desk.luis, "Mis conversaciones (1)")
        assert await asyncio.to_thread(desk.slack.press_old, desk.ana, old, "handoff.claim")
        await case.whispered(desk.ana, "La lleva Luisa")


async def test_home_shows_nothing_to_who_is_no_agent(desk: SlackDesk) -> None:
    async with desk.customer("Xenia") as case:
        await asyncio.to_thread(desk.slack.open_home, desk.outsider)
        home = await _home(case, desk.outsider, "Solo pueden atender")
        assert "Xenia" not in home.words
