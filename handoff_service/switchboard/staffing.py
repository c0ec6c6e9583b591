"""Who is at the desks: agents' availability, what they hold, how much more they can take."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import RowMapping, bindparam, func, insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import desk_agents, handoffs, slack_agents
from handoff_service.switchboard.hub import QueueChanged
from handoff_service.switchboard.rules.assignment import Colleague
from handoff_service.switchboard.rules.handoff import Agent, Status
from handoff_service.switchboard.rules.roster import Team

STAYS_AVAILABLE = timedelta(hours=12)  # after somebody's word or last action: nobody works longer without a sign
SEEMS_PRESENT = timedelta(hours=1)  # after the last action of somebody who never said whether they are available

_SEEN = update(desk_agents).where(desk_agents.c.name == bindparam("this"))


class Availability(StrEnum):
    """What an agent says of themselves."""

    AVAILABLE = "available"
    AWAY = "away"


def seen(tx: Transaction, agent: Agent, *, was_given: bool = False) -> None:
    """The agent did something just now; `was_given` when they took or got a conversation."""
    values = {"active_at": tx.now, "desk": agent.desk, **({"given_at": tx.now} if was_given else {})}
    known = tx.connection.execute(_SEEN, {"this": agent.name, **values})
    if not known.rowcount:
        tx.connection.execute(insert(desk_agents).values(name=agent.name, **values))


def set_availability(tx: Transaction, agent: Agent, availability: Availability) -> None:
    """From now on conversations are assigned to this agent, or none is."""
    known = tx.connection.execute(
        update(desk_agents)
        .where(desk_agents.c.name == agent.name)
        .values(availability=availability.value, said_at=tx.now)
    )
    if not known.rowcount:
        seen(tx, agent)
        set_availability(tx, agent, availability)
    tx.tell(QueueChanged())


def count_as_away(tx: Transaction, name: str) -> None:
    """Nothing is assigned to this agent until they say that they are there."""
    tx.connection.execute(
        update(desk_agents)
        .where(desk_agents.c.name == name)
        .values(availability=Availability.AWAY.value, said_at=tx.now)
    )


def is_away(tx: Transaction, name: str) -> bool:
    """Whether this agent said so, or counts so after a silence."""
    query = select(desk_agents.c.availability).where(desk_agents.c.name == name)
    return tx.connection.execute(query).scalar_one_or_none() == Availability.AWAY.value


def can_be_given(tx: Transaction, name: str) -> bool:
    """Whether conversations may be assigned to this agent: they said so, and it still counts."""
    row = tx.connection.execute(select(desk_agents).where(desk_agents.c.name == name)).mappings().one_or_none()
    return row is not None and _is_available(tx, row, must_have_said=True)


def colleagues(tx: Transaction, team: Team | None = None, *, lock: bool = False) -> list[Colleague]:
    """The agents of a team (of all, without one) as they are now; with `lock`, nobody else assigns to them meanwhile.

    Who never said whether they are available counts so while they are at work: that is good for figures, but nothing
    is assigned to them.
    """
    query = select(desk_agents).order_by(desk_agents.c.name)
    rows = tx.connection.execute(query.with_for_update() if lock else query).mappings().all()
    loads = _loads(tx)
    names = _names_of(tx, team)
    return [
        Colleague(
            name=row["name"],
            desk=row["desk"],
            is_available=_is_available(tx, row, must_have_said=lock),
            load=loads.get(row["name"], 0),
            capacity=tx.roster.capacity_of(row["name"]),
            busy_since=row["given_at"],
        )
        for row in rows
        if names is None or row["name"] in names
    ]


def _is_available(tx: Transaction, row: RowMapping, *, must_have_said: bool) -> bool:
    if row["availability"] == Availability.AWAY.value:
        return False
    if row["availability"] == Availability.AVAILABLE.value:
        return bool(tx.now - max(row["said_at"], row["active_at"]) < STAYS_AVAILABLE)
    return not must_have_said and bool(tx.now - row["active_at"] < SEEMS_PRESENT)


def _loads(tx: Transaction) -> dict[str, int]:
    query = (
        select(handoffs.c.agent, func.count().label("held"))
        .where(handoffs.c.status == Status.ASSIGNED.value)
        .group_by(handoffs.c.agent)
    )
    return {row.agent: row.held for row in tx.connection.execute(query)}


def _names_of(tx: Transaction, team: Team | None) -> frozenset[str] | None:
    """The members' names, those included who are listed by their Slack id alone; None for everybody."""
    if team is None or not team.members:
        return None
    query = select(slack_agents.c.name).where(slack_agents.c.user_id.in_(team.members))
    return frozenset((*team.members, *tx.connection.execute(query).scalars()))
