"""What customers have done with what is kept of them: taken in the turn that asks for it, done by `privacy.clerk`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import data_orders
from handoff_service.switchboard import conversations, transcript
from handoff_service.switchboard.conversations import Conversation
from handoff_service.switchboard.handoffs import CODE_ALPHABET, CODE_LENGTH
from handoff_service.switchboard.rules import buttons
from handoff_service.switchboard.transcript import Attachment
from handoff_service.switchboard.verification import ProofRefused, signed_claims
from handoff_service.words import Words

AUDIENCE = "relevo-orders"
TAKEN = "data_order_taken"  # the event that wakes the clerk
LEASE = timedelta(minutes=10)  # for one try; Slack may ask to wait
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)
MOST_AT_ONCE = 5


class Kind(StrEnum):
    """What a customer may have done."""

    EXPORT = "export"
    ERASE = "erase"


@dataclass(frozen=True)
class DataOrder:
    """Whose data it is about and what is to be done; an action signed it."""

    kind: Kind
    customer_id: str


@dataclass(frozen=True)
class Pending:
    """An order that is being carried out."""

    code: str
    kind: Kind
    conversation_id: str
    customer_id: str
    tries: int
    asked_at: datetime


def read_order(token: str, secret: str, conversation_id: str, turn_id: str) -> DataOrder:
    """What an action signed for this turn; raises `ProofRefused`."""
    claims = signed_claims(token, secret, AUDIENCE, conversation_id, turn_id)
    if claims.get("order") not in list(Kind):
        raise ProofRefused
    return DataOrder(Kind(claims["order"]), claims["sub"])


def may_give(tx: Transaction, conversation: Conversation, order: DataOrder) -> bool:
    """Whether it is the customer who is proven to be here: the signature alone says who asked, not who is here now."""
    return conversations.verified_customer(tx, conversation.id) == order.customer_id


def take(tx: Transaction, conversation: Conversation, order: DataOrder) -> None:
    """Write it down, to be done once the turn is committed; the same again while it is pending is the same order."""
    same = select(data_orders.c.code).where(
        data_orders.c.conversation_id == conversation.id,
        data_orders.c.kind == order.kind.value,
        data_orders.c.status == "pending",
    )
    if tx.connection.execute(same).first() is not None:
        return
    row = {
        "code": "D-" + "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
        "kind": order.kind.value,
        "status": "pending",
        "conversation_id": conversation.id,
        "customer_id": order.customer_id,
        "asked_at": tx.now,
        "due_at": tx.now,
        "tries": 0,
    }
    tx.connection.execute(insert(data_orders).values(**row))
    conversations.record_event(tx, conversation, TAKEN, actor="customer", order=order.kind.value)


def lease_due(tx: Transaction) -> list[Pending]:
    """Those to be done now, the oldest first, leased to the caller; another process takes others."""
    due = (
        select(data_orders.c.code)
        .where(data_orders.c.status == "pending", data_orders.c.due_at <= tx.now)
        .order_by(data_orders.c.asked_at)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    codes = list(tx.connection.execute(due).scalars())
    leased = update(data_orders).where(data_orders.c.code.in_(codes))
    rows = tx.connection.execute(
        leased.values(due_at=tx.now + LEASE, tries=data_orders.c.tries + 1).returning(*data_orders.c)
    )
    return sorted(map(_pending, rows.mappings()), key=lambda order: order.asked_at)


def _pending(row: RowMapping) -> Pending:
    return Pending(
        row["code"], Kind(row["kind"]), row["conversation_id"], row["customer_id"], row["tries"], row["asked_at"]
    )


def try_later(tx: Transaction, order: Pending) -> None:
    """Something that is needed for it is away: again soon, and longer each time."""
    wait = min(FIRST_WAIT * 2 ** min(order.tries - 1, 10), LONGEST_WAIT)
    tx.connection.execute(update(data_orders).where(data_orders.c.code == order.code).values(due_at=tx.now + wait))


def all_of_them(tx: Transaction) -> list[dict[str, Any]]:
    """Every order as it stands, the newest last, without whose it was."""
    shown = [data_orders.c[name] for name in ("code", "kind", "status", "asked_at", "ended_at", "receipt")]
    query = select(*shown).order_by(data_orders.c.asked_at)
    return [dict(row) for row in tx.connection.execute(query).mappings()]


def is_pending(tx: Transaction, order: Pending) -> bool:
    """Whether it is still to be done: an operator may have erased the conversation meanwhile."""
    query = select(data_orders.c.code).where(data_orders.c.code == order.code, data_orders.c.status == "pending")
    return tx.connection.execute(query.with_for_update()).first() is not None


def hand_over(tx: Transaction, words: Words, order: Pending, copy: Attachment) -> None:
    """Give the customer the copy they asked for."""
    _say(tx, words, order, "utter_data_exported", [copy])
    _end(tx, order, "done", {"file": copy["name"]})


def hold(tx: Transaction, words: Words, order: Pending, codes: Sequence[str]) -> None:
    """Nothing is erased while these are open: say so, and that it can be asked again."""
    _say(tx, words, order, "utter_data_held", codes=", ".join(codes))
    _end(tx, order, "held", {"open": list(codes)})


def give_up(tx: Transaction, words: Words, order: Pending) -> None:
    """It can't be done like this; a person has to see to it."""
    _say(tx, words, order, "utter_data_failed")
    _end(tx, order, "failed", None)


def confirm_erasure(tx: Transaction, words: Words, order: Pending, receipt: dict[str, Any]) -> None:
    """Tell the customer in the emptied conversation, and keep what proves it; it leads back to nobody."""
    row = {
        "code": order.code,
        "kind": order.kind.value,
        "status": "done",
        "asked_at": order.asked_at,
        "tries": order.tries,
        "ended_at": tx.now,
        "receipt": receipt,
    }
    tx.connection.execute(insert(data_orders).values(**row))
    conversation = conversations.load(tx, order.conversation_id)
    conversations.record_event(tx, conversation, "customer_data_erased", actor="customer")
    _say(tx, words, order, "utter_data_erased")


def refuse(tx: Transaction, words: Words, conversation: Conversation) -> None:
    """Whoever is here now isn't proven to be who asked: nothing of the answer is said."""
    conversations.record_event(tx, conversation, "data_order_refused", actor="assistant")
    _say_plainly(tx, words, conversation, "utter_data_failed")


def _say(
    tx: Transaction,
    words: Words,
    order: Pending,
    response: str,
    attachments: Sequence[Attachment] = (),
    **values: str,
) -> None:
    conversation = conversations.load(tx, order.conversation_id)
    _say_plainly(tx, words, conversation, response, attachments, code=order.code, **values)


def _say_plainly(
    tx: Transaction,
    words: Words,
    conversation: Conversation,
    response: str,
    attachments: Sequence[Attachment] = (),
    **values: str,
) -> None:
    said = words.say(response, conversation.language, **values)
    offers = None
    if response in ("utter_data_held", "utter_data_failed"):
        title = words.say("utter_button_human", conversation.language)
        offers = [{"title": title, "payload": buttons.ASK_FOR_PERSON}]
    transcript.say(tx, conversation, "system", said, attachments=attachments, buttons=offers)


def _end(tx: Transaction, order: Pending, status: str, receipt: dict[str, Any] | None) -> None:
    values = {"status": status, "ended_at": tx.now, "due_at": None, "receipt": receipt}
    tx.connection.execute(update(data_orders).where(data_orders.c.code == order.code).values(**values))
