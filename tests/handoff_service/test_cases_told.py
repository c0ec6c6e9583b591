"""Which handoffs the assistant hears of with a turn: the conversation's own, and a proven customer's on any channel."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import insert, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import customers, handoffs
from handoff_service.switchboard.cases import NEWEST, KnownCase, cases_of
from handoff_service.switchboard.turns import begin_turn
from tests.handoff_service.desk_world import ANA, World

Desk = Callable[..., World]
LUCIA = "C-1001"


def all_belong_to_lucia(tx: Transaction) -> None:
    tx.connection.execute(insert(customers).values(id=LUCIA, name="Lucía", created_at=tx.now))
    tx.connection.execute(update(handoffs).values(customer_id=LUCIA))


def codes(cases: tuple[KnownCase, ...]) -> list[str]:
    return [case.code for case in cases]


def test_a_turn_tells_the_handoffs_of_its_conversation_with_what_became_of_them(desk: Desk) -> None:
    world = desk("")
    customer, stranger = world.customer(), world.customer()
    customer.wants_person()
    stranger.wants_person()
    customer.claimed_by(ANA)
    customer.resolved_by(ANA, topic="refund")
    customer.says("¿qué pasó con lo mío?")
    world.pass_time(seconds=2)
    turn = world.run(begin_turn, world.words, customer.id)
    handoff = customer.handoff
    assert turn.cases == (KnownCase(handoff.code, "resolved", handoff.opened_at, "refund"),)


def test_those_of_other_channels_are_told_only_where_it_is_proven_who_it_is(desk: Desk) -> None:
    world = desk("")
    widget, telegram = world.customer(), world.customer(channel="telegram")
    first = widget.wants_person().code
    world.pass_time(seconds=5)
    second = telegram.wants_person().code
    world.run(all_belong_to_lucia)
    assert codes(world.run(cases_of, widget.id, None)) == [first]
    assert codes(world.run(cases_of, widget.id, LUCIA)) == [second, first]
    assert codes(world.run(cases_of, widget.id, "C-1002")) == [first]


def test_no_more_than_the_newest_are_told(desk: Desk) -> None:
    world = desk("")
    for _ in range(NEWEST + 2):
        world.customer().wants_person()
        world.pass_time(seconds=1)
    world.run(all_belong_to_lucia)
    assert len(world.run(cases_of, "nobody", LUCIA)) == NEWEST
