"""Reads a handoff's course and clocks from the events of its conversation."""

from __future__ import annotations

from sqlalchemy import or_, select

from handoff_service.store.database import Transaction
from handoff_service.store.tables import events
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.rules.clocks import Clock, clocks_of
from handoff_service.switchboard.rules.course import KINDS, Course, Happened, course_of


def course(tx: Transaction, handoff: Handoff) -> Course | None:
    """The course as its events have it; None for a handoff from before there were such events."""
    query = select(events.c.kind, events.c.at, events.c.data).where(
        events.c.conversation_id == handoff.conversation_id,
        events.c.at >= handoff.opened_at,
        events.c.kind.in_(KINDS),
        or_(events.c.handoff_id == handoff.id, events.c.handoff_id.is_(None)),
    )
    if handoff.resolved_at is not None:  # what comes after the end is none of its course, until it is reopened
        query = query.where(events.c.at <= handoff.resolved_at)
    query = query.order_by(events.c.id)
    return course_of(Happened(row.kind, row.at, row.data) for row in tx.connection.execute(query))


def clocks(tx: Transaction, handoff: Handoff, so_far: Course | None) -> tuple[Clock, ...]:
    """Its clocks as they stand now."""
    if so_far is None:
        return ()
    calendar = tx.roster.team(handoff.team).calendar
    return clocks_of(so_far, tx.roster.limits.answers, calendar, tx.now)
