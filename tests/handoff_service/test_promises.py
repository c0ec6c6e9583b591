"""What an agent promises at the end: told to the customer, reminded of, asked for later, kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import customers
from handoff_service.store.tables import handoffs as handoffs_table
from handoff_service.switchboard import handoffs, promises
from handoff_service.switchboard.cases import cases_of
from handoff_service.switchboard.promises import NoSuchPromise, PromiseRefused, Wanted
from handoff_service.switchboard.rules.calendar import Calendar
from handoff_service.switchboard.rules.handoff import Agent, NotHeldByYou, Status
from handoff_service.switchboard.rules.promise import may_be_promised, reminder_at
from tests.doubles.service import Service
from tests.doubles.widget import open_widget
from tests.handoff_service.desk_world import ANA, LUIS, MONDAY, Customer, World

Desk = Callable[..., World]
HOURS = "timezone: UTC\nteams: {a: {timezone: UTC, hours: {mon-fri: 9:00-18:00}}}\n"
FRIDAY = date(2027, 3, 5)


def promised(world: World, wanted: Wanted, language: str = "es", agent: Agent = ANA) -> Customer:
    customer = world.customer(language)
    customer.wants_person()
    customer.claimed_by(agent)
    world.run(handoffs.resolve, world.words, customer.handoff.id, agent, "unsolved", None, None, wanted)
    return customer


def closing_words(customer: Customer) -> str:
    return next(m.text for m in customer.told if customer.handoff.code in m.text)


def test_the_customer_is_told_what_and_by_when_with_the_code(desk: Desk) -> None:
    world = desk(HOURS)
    customer = promised(world, Wanted("Te llamo con el {resultado}", FRIDAY))
    assert "Ana cierra tu consulta con un compromiso: «Te llamo con el {resultado}»" in closing_words(customer)
    assert "a más tardar el viernes 5 de marzo" in closing_words(customer)
    english = promised(world, Wanted("I'll call you", MONDAY.date() + timedelta(days=1)), "en")
    assert "“I'll call you”, by tomorrow at the latest" in closing_words(english)
    undated = promised(world, Wanted("Te llamo"))
    assert "«Te llamo»." in closing_words(undated)
    assert world.events(customer.id, "promise_made") == [{"agent": "Ana", "due": "2027-03-05"}]


def test_the_agent_is_reminded_once_when_the_team_opens_on_that_day(desk: Desk) -> None:
    world = desk(HOURS)
    customer = promised(world, Wanted("Te llamo", FRIDAY))
    world.pass_time(hours=95.9)
    assert customer.notes() == []
    world.pass_time(hours=0.2)
    world.pass_time(hours=48)
    (note,) = customer.notes()
    assert "05/03/2027: Te llamo" in note
    assert world.events(customer.id, "promise_due") == [{"agent": "Ana", "due": "2027-03-05"}]
    assert customer.handoff.status is Status.RESOLVED
    assert not [m for m in customer.told if "Prometido al cliente" in m.text]


def test_it_is_told_as_open_until_it_is_kept_by_whichever_agent(desk: Desk) -> None:
    world = desk(HOURS)
    customer = promised(world, Wanted("Te llamo", FRIDAY))
    (case,) = world.run(cases_of, customer.id, None)
    assert (case.promise, case.promised_for) == ("Te llamo", FRIDAY)
    first = customer.handoff.id
    world.run(promises.keep, first, LUIS)
    (case,) = world.run(cases_of, customer.id, None)
    assert (case.promise, case.promised_for) == (None, None)
    assert customer.view.promise is not None and customer.view.promise.kept_at == world.now
    with pytest.raises(NoSuchPromise):
        world.run(promises.keep, first, ANA)
    world.pass_time(hours=120)
    assert world.events(customer.id, "promise_due") == []
    assert world.events(customer.id, "promise_kept") == [{"agent": "Luis"}]


def test_who_takes_the_customers_next_case_on_any_channel_sees_it(desk: Desk) -> None:
    world = desk(HOURS)
    before = promised(world, Wanted("Te llamo", FRIDAY))
    again, stranger = world.customer(channel="telegram"), world.customer()
    again.wants_person()
    stranger.wants_person()
    world.run(_belong_to_lucia, before.handoff.id, again.handoff.id)
    (open_promise,) = again.view.open_promises
    assert (open_promise.code, open_promise.text) == (before.handoff.code, "Te llamo")
    assert (list(before.view.open_promises), list(stranger.view.open_promises)) == ([], [])


def test_a_second_end_replaces_the_promise_of_the_first(desk: Desk) -> None:
    world = desk(HOURS)
    customer = promised(world, Wanted("Te llamo", FRIDAY))
    world.run(handoffs.reopen, world.words, customer.handoff.id, LUIS)
    later = Wanted("Te escribo", FRIDAY + timedelta(days=7))
    world.run(handoffs.resolve, world.words, customer.handoff.id, LUIS, None, None, None, later)
    world.pass_time(hours=24 * 7)
    assert customer.notes() == []
    promise = customer.view.promise
    assert promise is not None and (promise.agent, promise.text) == ("Luis", "Te escribo")


def test_nothing_ends_with_a_promise_that_is_none(desk: Desk) -> None:
    world = desk(HOURS)
    customer = world.customer()
    customer.wants_person()
    customer.claimed_by(ANA)
    yesterday, far = MONDAY.date() - timedelta(days=1), MONDAY.date() + timedelta(days=400)
    for wanted in (Wanted("", FRIDAY), Wanted("x", yesterday), Wanted("x", far)):
        with pytest.raises(PromiseRefused):
            world.run(handoffs.resolve, world.words, customer.handoff.id, ANA, None, None, None, wanted)
    with pytest.raises(NotHeldByYou):
        world.run(handoffs.resolve, world.words, customer.handoff.id, LUIS, None, None, None, Wanted("x"))
    assert (customer.handoff.status, customer.view.promise) == (Status.ASSIGNED, None)


def test_a_day_on_which_nobody_is_there_is_reminded_of_on_the_last_open_one_before(desk: Desk) -> None:
    calendar = desk(HOURS).roster.team("a").calendar
    sunday = date(2027, 3, 7)
    assert reminder_at(calendar, sunday, MONDAY) == datetime(2027, 3, 5, 9, tzinfo=UTC)
    assert reminder_at(calendar, MONDAY.date(), MONDAY) == MONDAY + timedelta(hours=2)
    assert reminder_at(Calendar(ZoneInfo("UTC"), ((),) * 7), FRIDAY, MONDAY) == datetime(2027, 3, 5, tzinfo=UTC)
    assert may_be_promised(None, FRIDAY) and may_be_promised(FRIDAY, FRIDAY)


async def test_over_the_api(service: Service) -> None:
    async with open_widget(service.url) as widget:
        await widget.say("quiero hablar con una persona")
        await widget.owner("queue")
        with service.agent("Ana") as ana, service.agent("Luis") as luis:
            listed = ana.get("/handoffs", params={"status": "queued"}).json()["handoffs"]
            path = next(f"/handoffs/{h['id']}" for h in listed if h["conversation_id"] == widget.conversation_id)
            ana.post(f"{path}/claim").raise_for_status()
            due = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
            for wrong in ({"due": due}, {"promise": "x" * 301}, {"promise": "x", "due": "2020-01-01"}, {"due": "soon"}):
                assert ana.post(f"{path}/resolve", json=wrong).status_code == 422
            assert luis.post(f"{path}/promise/kept").status_code == 409
            answer = ana.post(f"{path}/resolve", json={"promise": " te llamo ", "due": due})
            assert answer.status_code == 200
            told = answer.json()["promise"]
            assert (told["agent"], told["text"], told["due"], told["kept_at"]) == ("Ana", "te llamo", due, None)
            await widget.message("system", "«te llamo», a más tardar")
            await widget.say("¿qué pasó con lo mío?")
            await widget.message("assistant")
            (case,) = service.asked()[-1]["cases"]
            assert (case["promise"], case["promised_for"]) == ("te llamo", due)
            assert luis.post(f"{path}/promise/kept").json()["promise"]["kept_at"]
            assert luis.post(f"{path}/promise/kept").status_code == 409


def _belong_to_lucia(tx: Transaction, *handoff_ids: str) -> None:
    tx.connection.execute(insert(customers).values(id="C-1001", name="Lucía", created_at=tx.now))
    tx.connection.execute(
        update(handoffs_table).where(handoffs_table.c.id.in_(handoff_ids)).values(customer_id="C-1001")
    )
