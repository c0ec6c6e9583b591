"""What people took on for a customer, as the assistant may tell it to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from handoff_service.store.database import Transaction
from handoff_service.store.tables import handoffs, promises

NEWEST = 5


@dataclass(frozen=True)
class KnownCase:
    """A handoff under the code that the customer was given."""

    code: str
    status: str
    opened_at: datetime
    topic: str | None
    promise: str | None = None  # what the customer still waits for
    promised_for: date | None = None


def cases_of(tx: Transaction, conversation_id: str, verified_customer: str | None) -> tuple[KnownCase, ...]:
    """The newest handoffs of this conversation and, only where it is proven who it is, of all the customer's."""
    theirs = handoffs.c.conversation_id == conversation_id
    if verified_customer is not None:
        theirs = or_(theirs, handoffs.c.customer_id == verified_customer)
    columns = (handoffs.c.code, handoffs.c.status, handoffs.c.opened_at, handoffs.c.topic)
    waits_for = (promises.c.handoff_id == handoffs.c.id) & promises.c.kept_at.is_(None)
    query = (
        select(*columns, promises.c.text, promises.c.due_on)
        .outerjoin(promises, waits_for)
        .where(theirs)
        .order_by(handoffs.c.opened_at.desc())
        .limit(NEWEST)
    )
    return tuple(KnownCase(*row) for row in tx.connection.execute(query))
