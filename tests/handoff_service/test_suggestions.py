"""While a person has the conversation the assistant only listens: agents see what it would answer, customers don't."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from handoff_service.switchboard import giving_back, suggestions
from handoff_service.switchboard.rules.handoff import NotHeldByYou, Reason, Status
from handoff_service.switchboard.rules.suggesting import Read, offers_return, routine_in_a_row
from handoff_service.switchboard.suggestions import Foreseen
from tests.doubles.http import HTTP
from tests.doubles.service import Service
from tests.doubles.widget import Widget, open_widget
from tests.handoff_service.desk_world import ANA, LUIS, Customer, World
from tests.patience import patient

Desk = Callable[..., World]
WORDS = "En la Unión Europea usas tus datos como en casa."
ROUTINE = Read("roaming", is_routine=True)
MATTER = Read("refund", is_routine=False)
THANKS = Read("thanks", is_routine=False)


@pytest.mark.parametrize(
    ("read", "count"),
    [
        ([], 0),
        ([ROUTINE, ROUTINE], 2),
        ([ROUTINE, THANKS, ROUTINE, MATTER], 2),
        ([ROUTINE, MATTER, ROUTINE], 1),
        ([Read("human", is_routine=False), ROUTINE, ROUTINE], 0),
        ([Read(None, is_routine=False), ROUTINE, ROUTINE], 0),
    ],
)
def test_only_routine_in_a_row_counts_and_courtesies_neither_help_nor_harm(read: list[Read], count: int) -> None:
    assert routine_in_a_row(read) == count


def test_nobody_delicate_is_offered_to_a_machine_and_never_on_a_thank_you() -> None:
    twice = [ROUTINE, ROUTINE]
    assert offers_return(twice, Reason.ASKED_FOR_PERSON, [])
    assert not offers_return([ROUTINE], Reason.ASKED_FOR_PERSON, [])
    assert not offers_return([THANKS, *twice], Reason.ASKED_FOR_PERSON, [])
    assert not offers_return(twice, Reason.VULNERABLE_CUSTOMER, [])
    assert not offers_return(twice, Reason.COMPLAINT, [{"name": "bereavement"}])


def _read(customer: Customer, text: str, foreseen: Foreseen) -> None:
    customer.world.pass_time(seconds=5)
    customer.says(text)
    question = customer.world.run(suggestions.begin, customer.id)
    assert question is not None and question.text.endswith(text)
    customer.world.run(suggestions.keep, question, foreseen)


def _routine(customer: Customer, text: str = "¿y el roaming?") -> None:
    _read(customer, text, Foreseen("roaming", 0.9, is_routine=True, answer=WORDS))


def _held(world: World, reason: Reason = Reason.ASKED_FOR_PERSON) -> Customer:
    customer = world.customer()
    customer.wants_person(reason)
    customer.claimed_by(ANA)
    customer.answered_by(ANA)
    return customer


def test_it_lasts_until_somebody_answers_or_the_customer_goes_on(desk: Desk) -> None:
    customer = _held(desk())
    _routine(customer)
    suggestion = customer.view.suggestion
    assert suggestion is not None and (suggestion.text, suggestion.intent) == (WORDS, "roaming")
    customer.says("espera, otra cosa")
    assert customer.view.suggestion is None
    customer.answered_by(ANA, "te escucho")
    _routine(customer)
    customer.answered_by(ANA, WORDS)
    assert customer.view.suggestion is None
    assert customer.world.events(customer.id, "suggestion_shown") == [{"intent": "roaming", "taken": True}]


def test_what_nobody_answered_is_understood_together_and_asked_once(desk: Desk) -> None:
    world = desk()
    customer = _held(world)
    world.pass_time(seconds=5)
    customer.says("voy a Portugal")
    customer.says("¿el roaming se paga?")
    question = world.run(suggestions.begin, customer.id)
    assert question.text == "voy a Portugal\n¿el roaming se paga?"
    assert world.run(suggestions.begin, customer.id) is None


def test_the_assistants_own_conversations_are_not_listened_to(desk: Desk) -> None:
    world = desk()
    customer = world.customer()
    customer.says("hola")
    assert world.run(suggestions.begin, customer.id) is None
    customer.wants_person()
    world.pass_time(seconds=5)
    customer.says("tengo algo de prisa")
    assert world.run(suggestions.begin, customer.id) is not None
    customer.says("sigo con el asistente")  # while waiting it is the assistant's to answer
    customer.says("¿cuánto debo?")
    assert world.run(suggestions.begin, customer.id) is None


def test_given_back_the_assistant_answers_what_was_left_open_and_keeps_it(desk: Desk) -> None:
    world = desk()
    customer = _held(world)
    _routine(customer, "¿cuánto cuesta el roaming?")
    assert not customer.view.suggestion.offers_return  # type: ignore[union-attr]
    customer.answered_by(ANA, WORDS)
    _routine(customer, "¿y en Suiza?")
    assert customer.view.suggestion.offers_return  # type: ignore[union-attr]
    with pytest.raises(NotHeldByYou):
        world.run(giving_back.give_back, world.words, customer.handoff.id, LUIS)
    world.run(giving_back.give_back, world.words, customer.handoff.id, ANA)
    assert (customer.handoff.status, customer.handoff.outcome) == (Status.RESOLVED, "solved")
    assert "asistente automático" in customer.last.text
    customer.is_answered("roaming")
    assert customer.last.text == "respuesta a roaming"
    assert customer.handoff.status is Status.RESOLVED
    customer.says("¿y en Andorra?", "roaming")
    assert (customer.handoff.status, customer.owner.owner) == (Status.RESOLVED, "assistant")
    assert not any("1" in (b["title"] for b in m.buttons or ()) for m in customer.told)  # no survey in between


def test_a_conversation_given_back_with_nothing_open_just_goes_on(desk: Desk) -> None:
    world = desk()
    customer = _held(world)
    world.run(giving_back.give_back, world.words, customer.handoff.id, ANA)
    customer.says("¿qué tarifas hay?", "tariff_list")
    assert customer.last.text == "respuesta a tariff_list"


def test_who_came_with_something_delicate_is_not_offered_back(desk: Desk) -> None:
    customer = _held(desk(), Reason.VULNERABLE_CUSTOMER)
    for _ in range(3):
        _routine(customer)
        assert not customer.view.suggestion.offers_return  # type: ignore[union-attr]
        customer.answered_by(ANA)


@contextlib.asynccontextmanager
async def _with_ana(service: Service) -> AsyncIterator[tuple[Widget, httpx.Client, str]]:
    async with open_widget(service.url) as widget:
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        with service.agent("Ana") as api:
            listed = api.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
            mine = next(h["id"] for h in listed if h["conversation_id"] == widget.conversation_id)
            api.post(f"/handoffs/{mine}/claim").raise_for_status()
            await widget.owner("agent")
            yield widget, api, mine


async def _suggested(api: httpx.Client, handoff_id: str, intent: str) -> dict[str, Any]:
    async with asyncio.timeout(patient(15)):
        while True:
            found = api.get(f"/handoffs/{handoff_id}").json()
            if found["suggestion"] and found["suggestion"]["intent"] == intent:
                suggestion: dict[str, Any] = found["suggestion"]
                return suggestion
            await asyncio.sleep(0.1)


async def test_agents_see_it_over_the_api_and_the_customer_never_does(service: Service) -> None:
    async with _with_ana(service) as (widget, api, mine):
        asked = len(service.asked())
        await widget.say("¿el roaming se paga en Portugal?")
        suggestion = await _suggested(api, mine, "roaming")
        assert (suggestion["text"], suggestion["offers_return"]) == (WORDS, False)
        assert len(service.asked()) == asked  # no turn was taken
        spoken = [f for f in await widget.quiet(1.0) if f.get("author", "customer") != "customer"]
        assert spoken == []
        read = [m for m in api.get(f"/handoffs/{mine}").json()["messages"] if m["text"].startswith("¿el roaming")]
        assert read[0]["intent"] is None  # it is shown as a hint, not as a message that the assistant read
        body = {"text": WORDS, "id": "taken-1"}
        api.post(f"/handoffs/{mine}/messages", json=body).raise_for_status()
        await widget.message("agent", WORDS)
        assert api.get(f"/handoffs/{mine}").json()["suggestion"] is None
        await widget.say("¿y cuánto debo?")
        assert (await _suggested(api, mine, "check_balance"))["offers_return"]
        assert (await _suggested(api, mine, "check_balance"))["text"] is None
        api.post(f"/handoffs/{mine}/give-back").raise_for_status()
        await widget.owner("assistant")
        await widget.message("assistant", "eco: ¿y cuánto debo?")
        assert api.post(f"/handoffs/{mine}/give-back").status_code == 409


async def test_without_the_assistant_there_is_no_hint_and_nothing_else_is_missing(service: Service) -> None:
    async with _with_ana(service) as (widget, api, mine):
        service.control_assistant(mode="down")
        await widget.say("¿el roaming se paga?")
        async with asyncio.timeout(patient(10)):
            while not any(f["text"] == "¿el roaming se paga?" for f in _foreseen(service)):
                await asyncio.sleep(0.1)
        assert api.get(f"/handoffs/{mine}").json()["suggestion"] is None
        api.post(f"/handoffs/{mine}/messages", json={"text": "te digo", "id": "x1"}).raise_for_status()
        await widget.message("agent", "te digo")


def _foreseen(service: Service) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = HTTP.get(f"{service.assistant_url}/foreseen").json()
    return found
