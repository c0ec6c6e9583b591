"""Automatic assignment: the next in the queue to whoever has most room, in one transaction that nobody overlaps."""

from __future__ import annotations

from sqlalchemy import select

from handoff_service.store.database import Transaction
from handoff_service.store.tables import handoffs as table
from handoff_service.switchboard import handoffs, staffing
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.rules.assignment import next_assignee
from handoff_service.switchboard.rules.calendar import is_open
from handoff_service.switchboard.rules.handoff import Agent, Status
from handoff_service.words import Words

MOST_LOOKED_AT = 50  # those before may all be reserved for somebody who has no room


def assign_next(tx: Transaction, words: Words, team_name: str) -> Handoff | None:
    """Give the next conversation of this team to somebody; None if nothing waits or nobody has room."""
    team = tx.roster.team(team_name)
    if not team.is_automatic or not is_open(team.calendar, tx.now):
        return None
    waiting = (
        select(table)
        .where(table.c.status == Status.QUEUED.value, table.c.team == team_name)
        .order_by(table.c.rank_at, table.c.id)
        .limit(MOST_LOOKED_AT)
    )
    rows = tx.connection.execute(waiting).mappings().all()
    colleagues = staffing.colleagues(tx, team, lock=True) if rows else []
    for row in rows:
        until = row["preferred_until"]
        preferred = row["preferred_agent"] if until is not None and until > tx.now else None
        chosen = next_assignee(colleagues, preferred)
        if chosen is not None:
            supervises = chosen.name in tx.roster.supervisors
            return handoffs.claim(tx, words, row["id"], Agent(chosen.name, chosen.desk, supervises), is_automatic=True)
    return None
