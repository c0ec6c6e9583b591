"""What people took on for a customer, as the assistant may tell it to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select

from handoff_service.store.database import Transaction
from handoff_service.store.tables import handoffs, promises

NEWEST = 5

_NEWEST = (
    select(
        handoffs.c.code, handoffs.c.status, handoffs.c.opened_at, handoffs.c.topic, promises.c.text, promises.c.due_on
    )
    .outerjoin(promises, (promises.c.handoff_id == handoffs.c.id) & promises.c.kept_at.is_(None))
    .order_by(handoffs.c.opened_at.desc())
    .limit(NEWEST)
)
_HERE = handoffs.c.conversation_id == bindparam("this")
_OF_CONVERSATION = _NEWEST.where(_HERE)
_OF_CUSTOMER = _NEWEST.where(or_(_HERE, handoffs.c.customer_id == bindparam("customer")))


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
    if verified_customer is None:
        rows = tx.connection.execute(_OF_CONVERSATION, {"this": conversation_id})
    else:
        rows = tx.connection.execute(_OF_CUSTOMER, {"this": conversation_id, "customer": verified_customer})
    return tuple(KnownCase(*row) for row in rows)
