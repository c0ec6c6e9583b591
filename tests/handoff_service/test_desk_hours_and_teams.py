"""Out of hours, teams, order, assignment and promises, on the real record with a clock that is set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from handoff_service.switchboard import handoffs
from handoff_service.switchboard.rules.handoff import Agent, HeldByAnother, Priority, Reason
from tests.handoff_service.desk_world import ANA, EVA, LUIS, MONDAY, World

Desk = Callable[..., World]
OFFICE = "timezone: Europe/Madrid\nteams:\n  office:\n    hours: {mon-fri: 9:00-18:00}\n"
SUNDAY_NIGHT = datetime(2027, 2, 28, 22, tzinfo=UTC)
FRIDAY_NIGHT = datetime(2027, 2, 26, 22, tzinfo=UTC)


def test_out_of_hours_one_is_told_when_somebody_is_back_and_the_assistant_goes_on(desk: Desk) -> None:
    world = desk(OFFICE, now=SUNDAY_NIGHT)
    customer = world.customer()
    handoff = customer.wants_person()
    assert customer.owner.opens_at == datetime(2027, 3, 1, 8, tzinfo=UTC)
    assert (customer.owner.owner, customer.owner.position, customer.owner.wait_seconds) == ("queue", 1, None)
    assert "mañana a las 9:00" in customer.last.text
    assert handoff.code in customer.last.text
    customer.says("¿qué tarifas hay?", intent="tariff_list")
    assert customer.last.text == "respuesta a tariff_list"
    assert customer.owner.owner == "queue"
    assert customer.view.opens_at == customer.owner.opens_at


@pytest.mark.parametrize(
    ("language", "now", "words"),
    [
        ("en", SUNDAY_NIGHT, "back tomorrow at 9:00"),
        ("es", FRIDAY_NIGHT, "volvemos el lunes 1 de marzo a las 9:00"),
        ("en", FRIDAY_NIGHT, "back on Monday, March 1, at 9:00"),
        ("es", datetime(2027, 3, 1, 5, tzinfo=UTC), "volvemos hoy a las 9:00"),
    ],
)
def test_the_opening_is_told_as_people_say_it(desk: Desk, language: str, now: datetime, words: str) -> None:
    customer = desk(OFFICE, now=now).customer(language)
    customer.wants_person()
    assert words in customer.last.text


def test_an_agent_takes_it_at_any_hour(desk: Desk) -> None:
    world = desk(OFFICE, now=SUNDAY_NIGHT)
    customer = world.customer()
    customer.wants_person()
    customer.claimed_by(ANA)
    assert customer.owner.owner == "agent"
    assert customer.view.opens_at is None


def test_the_place_is_kept_until_the_morning_and_then_told_as_a_range(desk: Desk) -> None:
    world = desk(OFFICE, now=SUNDAY_NIGHT)
    customer = world.customer()
    customer.wants_person()
    world.pass_time(hours=10.5)
    world.refresh()
    assert customer.owner.opens_at is None
    assert customer.owner.wait_seconds is not None
    notice = next(m for m in customer.told if m.seq == customer.handoff.notice_seq)
    assert "Tu puesto en la cola: 1" in notice.text


def test_what_is_urgent_has_its_own_path(desk: Desk) -> None:
    text = OFFICE + "    on_call: [Eva]\nagents: {Eva: }\n"
    world = desk(text, now=SUNDAY_NIGHT)
    customer = world.customer()
    customer.wants_person(Reason.VULNERABLE_CUSTOMER)
    assert "persona de guardia" in customer.last.text
    assert list(customer.view.asked) == ["Eva"]
    assert any("Eva" in note for note in customer.notes())
    calm = world.customer()
    calm.wants_person()
    assert "persona de guardia" not in calm.last.text
    assert calm.view.asked == ()


TEAMS = """
agents: {Ana: {capacity: 2}, Luis: {capacity: 1}, Eva: }
teams:
  billing: {topics: [refund], members: [Ana, Luis], assignment: automatic, overflow: general}
  general: {members: [Eva]}
limits: {waiting: {overflow: 10m, reassure: never}}
"""


def test_the_matter_decides_the_team_and_each_team_has_its_own_places(desk: Desk) -> None:
    world = desk(TEAMS)
    money, other = world.customer(), world.customer()
    money.says("quiero la devolución", intent="refund")
    money.says("con una persona")
    money.is_answered("human", reason=Reason.ASKED_FOR_PERSON)
    other.wants_person()
    assert (money.handoff.team, money.handoff.about) == ("billing", "refund")
    assert other.handoff.team == "general"
    assert (money.owner.position, other.owner.position) == (1, 1)


def _money(world: World) -> object:
    customer = world.customer()
    customer.says("la devolución", intent="refund")
    customer.wants_person()
    return customer


def test_conversations_are_assigned_to_who_has_room_and_never_beyond(desk: Desk) -> None:
    world = desk(TEAMS)
    customers = [_money(world) for _ in range(4)]
    world.look()
    assert {c.handoff.agent for c in customers} == {None}  # type: ignore[attr-defined]  # nobody has said they are there
    world.is_available(ANA, LUIS, EVA)
    world.look()
    holders = [c.handoff.agent for c in customers]  # type: ignore[attr-defined]
    assert sorted(filter(None, holders)) == ["Ana", "Ana", "Luis"]
    assert holders[3] is None
    first = customers[holders.index("Luis")]
    first.resolved_by(LUIS)  # type: ignore[attr-defined]
    world.look()
    assert customers[3].handoff.agent == "Luis"  # type: ignore[attr-defined]


def test_an_explicit_claim_succeeds_at_any_load(desk: Desk) -> None:
    world = desk(TEAMS)
    for _ in range(3):
        customer = world.customer()
        customer.wants_person()
        customer.claimed_by(LUIS)
        assert customer.handoff.agent == "Luis"
    with pytest.raises(HeldByAnother):
        customer.claimed_by(ANA)


def test_another_team_helps_out_when_nobody_comes(desk: Desk) -> None:
    world = desk(TEAMS)
    customer = _money(world)
    since = customer.handoff.waiting_since  # type: ignore[attr-defined]
    world.pass_time(minutes=11)
    assert customer.handoff.team == "general"  # type: ignore[attr-defined]
    assert customer.handoff.waiting_since == since  # type: ignore[attr-defined]


def test_a_case_is_passed_on_to_a_team_that_there_is(desk: Desk) -> None:
    world = desk(TEAMS)
    customer = world.customer()
    customer.wants_person()
    customer.claimed_by(EVA)
    with pytest.raises(handoffs.NoSuchTeam):
        world.run(handoffs.transfer_to_team, world.words, customer.handoff.id, EVA, "nobody")
    world.run(handoffs.transfer_to_team, world.words, customer.handoff.id, EVA, "billing")
    assert (customer.handoff.team, customer.owner.owner) == ("billing", "queue")


def test_need_goes_first_but_waiting_wins_in_the_end(desk: Desk) -> None:
    world = desk()
    patient, angry = world.customer(), world.customer(channel="telegram")
    patient.wants_person()
    world.pass_time(minutes=20)
    angry.wants_person(Reason.FRUSTRATION)
    assert world.listed() == [angry.id, patient.id]
    assert (angry.owner.position, patient.owner.position) == (1, 2)
    world.pass_time(minutes=11)
    later = world.customer()
    later.wants_person(priority=Priority.HIGH)
    assert world.listed() == [angry.id, patient.id, later.id]


def test_what_was_promised_is_kept_and_checked_against_what_came_true(desk: Desk) -> None:
    world = desk()
    world.is_available(ANA)
    customer = world.customer()
    handoff = customer.wants_person()
    promised = world.events(customer.id, "wait_promised")[0]
    assert [promised["low"], promised["high"]] == [handoff.promised_low, handoff.promised_high]
    assert list(customer.owner.wait_seconds or ()) == [promised["low"], promised["high"]]
    world.pass_time(seconds=(promised["low"] + promised["high"]) / 2)
    customer.claimed_by(ANA)
    claimed = world.events(customer.id, "handoff_claimed")[0]
    assert claimed["came_true"] is True
    assert claimed["promised"] == [promised["low"], promised["high"]]


def test_the_notice_is_one_message_that_is_edited_not_ten(desk: Desk) -> None:
    world = desk()
    ahead, customer = world.customer(), world.customer()
    ahead.wants_person()
    world.pass_time(seconds=1)
    customer.wants_person()
    before = len(customer.told)
    assert "Tu puesto en la cola: 2" in customer.last.text
    ahead.claimed_by(ANA)
    world.refresh()
    assert "Tu puesto en la cola: 2" in customer.last.text  # at most once a minute
    for _ in range(5):
        world.pass_time(seconds=61)
        world.refresh()
    assert "Tu puesto en la cola: 1" in customer.last.text
    assert len(customer.told) == before
    assert customer.last.buttons


def test_more_agents_shorten_what_is_promised(desk: Desk) -> None:
    world = desk()
    customers = [world.customer() for _ in range(6)]
    for customer in customers:
        customer.wants_person()
    alone = customers[-1].owner.wait_seconds
    world.is_available(ANA, LUIS, EVA)
    together = customers[-1].owner.wait_seconds
    assert alone is not None and together is not None
    assert together[1] < alone[1]


def test_who_works_unasked_counts_for_the_figures_but_is_assigned_nothing(desk: Desk) -> None:
    world = desk("agents: {Ana: }\nteams: {a: {assignment: automatic}}\n")
    first, second = world.customer(), world.customer()
    first.wants_person()
    first.claimed_by(Agent("Ana", "slack"))
    second.wants_person()
    world.pass_time(minutes=2)
    assert second.handoff.agent is None
    world.is_available(ANA)
    world.pass_time(seconds=1)
    assert second.handoff.agent == "Ana"


def test_the_same_moment_orders_nobody_by_channel(desk: Desk) -> None:
    world = desk()
    widget, telegram = world.customer(channel="widget"), world.customer(channel="telegram")
    for customer in (telegram, widget):
        customer.wants_person()
        world.now += timedelta(seconds=1)
    assert world.listed() == [telegram.id, widget.id]
    assert world.now > MONDAY
