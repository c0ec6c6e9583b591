"""A conversation laid aside: its clocks stand still until a time, or until the customer writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from handoff_service.switchboard import handoffs, snoozing
from handoff_service.switchboard.rules.handoff import NotHeldByYou, NotOpen, Status
from handoff_service.switchboard.snoozing import NoTimeToSnooze
from tests.doubles.service import Service
from tests.doubles.widget import open_widget
from tests.handoff_service.desk_world import ANA, LUIS, Customer, World

Desk = Callable[..., World]
TIMES = (
    "limits: {answers: {first: 10m, next: 5m, resolution: 2h}, silence: {agent: 20m, customer: 4h}, "
    "reminders: {customer: 1h}}\n"
)


def held(world: World, *, is_answered: bool) -> Customer:
    customer = world.customer()
    customer.wants_person()
    customer.claimed_by(ANA)
    if is_answered:
        customer.answered_by(ANA)
    return customer


def snooze(world: World, customer: Customer, hours: float) -> datetime:
    until = world.now + timedelta(hours=hours)
    world.run(snoozing.snooze, customer.handoff.id, ANA, until)
    return until


def test_nothing_happens_by_itself_until_the_time_is_up_and_then_the_agent_owes_the_next_word(desk: Desk) -> None:
    world = desk(TIMES)
    customer = held(world, is_answered=True)
    told = len(customer.told)
    until = snooze(world, customer, 30)
    assert customer.view.snoozed_until == until
    assert customer.clock("resolution").state == "stopped"
    world.pass_time(hours=29.9)
    assert (customer.handoff.status, len(customer.told), customer.notes()) == (Status.ASSIGNED, told, [])
    spent = customer.clock("resolution").spent
    world.pass_time(minutes=7)
    assert customer.view.snoozed_until is None
    assert len([note for note in customer.notes() if "aplazamiento" in note]) == 1
    assert customer.clock("resolution").state == "running"
    assert customer.clock("resolution").spent - spent < 120
    assert customer.clock("next").due_at == until + timedelta(minutes=5)
    assert world.events(customer.id, "handoff_woken") == [{"agent": "Ana"}]
    world.pass_time(minutes=30)
    assert customer.handoff.status is Status.QUEUED  # Ana is not there: somebody else may come
    assert len(customer.told) > told


def test_the_customers_words_end_it_at_once(desk: Desk) -> None:
    world = desk(TIMES)
    customer = held(world, is_answered=False)
    world.pass_time(minutes=4)
    snooze(world, customer, 10)
    assert customer.clock("first").state == "stopped"
    world.pass_time(hours=2)
    customer.says("¿hay algo?")
    assert customer.view.snoozed_until is None
    assert customer.clock("first").due_at == world.now + timedelta(minutes=6)
    world.pass_time(hours=12)
    assert world.events(customer.id, "handoff_woken") == []


def test_the_agent_may_write_and_it_stays_aside(desk: Desk) -> None:
    world = desk(TIMES)
    customer = held(world, is_answered=False)
    until = snooze(world, customer, 10)
    customer.answered_by(ANA, "te digo algo el jueves")
    assert customer.view.snoozed_until == until
    world.pass_time(hours=9)
    assert customer.handoff.status is Status.ASSIGNED


def test_another_time_replaces_it_and_its_holder_ends_it(desk: Desk) -> None:
    world = desk(TIMES)
    customer = held(world, is_answered=True)
    snooze(world, customer, 1)
    later = snooze(world, customer, 5)
    world.pass_time(hours=2)
    assert customer.view.snoozed_until == later
    world.run(snoozing.wake_early, customer.handoff.id, ANA)
    assert customer.view.snoozed_until is None
    assert customer.clock("resolution").state == "running"
    world.run(snoozing.wake_early, customer.handoff.id, ANA)
    assert len(world.events(customer.id, "handoff_woken")) == 1


def test_whoever_gets_it_next_gets_it_awake(desk: Desk) -> None:
    world = desk(TIMES)
    for verb in (
        lambda c: world.run(handoffs.release, world.words, c.handoff.id, ANA),
        lambda c: world.run(handoffs.transfer_to_agent, world.words, c.handoff.id, ANA, LUIS),
        lambda c: c.resolved_by(ANA),
    ):
        customer = held(world, is_answered=True)
        snooze(world, customer, 5)
        verb(customer)
        assert customer.view.snoozed_until is None
        world.pass_time(hours=6)
        assert world.events(customer.id, "handoff_woken") == []


def test_only_the_holder_and_only_until_a_time_that_comes(desk: Desk) -> None:
    world = desk()
    customer = held(world, is_answered=True)
    with pytest.raises(NotHeldByYou):
        world.run(snoozing.snooze, customer.handoff.id, LUIS, world.now + timedelta(hours=1))
    for hours in (-1, 0, 61 * 24):
        with pytest.raises(NoTimeToSnooze):
            snooze(world, customer, hours)
    customer.resolved_by(ANA)
    with pytest.raises(NotOpen):
        snooze(world, customer, 1)
    assert world.events(customer.id, "handoff_snoozed") == []


async def test_over_the_api(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        with service.agent("Ana") as ana, service.agent("Luis") as luis:
            listed = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
            path = next(f"/handoffs/{h['id']}" for h in listed if h["conversation_id"] == widget.conversation_id)
            ana.post(f"{path}/claim").raise_for_status()
            until = "2099-01-01T00:00:00Z"
            assert luis.post(f"{path}/snooze", json={"until": until}).status_code == 409
            assert ana.post(f"{path}/snooze", json={"until": until}).status_code == 422
            assert ana.post(f"{path}/snooze", json={"until": "2026-01-01"}).status_code == 422
            assert ana.post(f"{path}/snooze", json={}).status_code == 422
            soon = (datetime.now().astimezone() + timedelta(hours=3)).isoformat()
            answer = ana.post(f"{path}/snooze", json={"until": soon})
            assert answer.status_code == 200
            told = datetime.fromisoformat(answer.json()["snoozed_until"])
            assert abs(told - datetime.fromisoformat(soon)) < timedelta(seconds=1)
            assert luis.delete(f"{path}/snooze").status_code == 409
            assert ana.delete(f"{path}/snooze").json()["snoozed_until"] is None
            waiting = ana.post(f"{path}/snooze", json={"until": None}).json()  # for the customer's next word
            assert waiting["snoozed_until"] is not None
            await widget.say("ya estoy aquí")
            assert ana.get(path).json()["snoozed_until"] is None
