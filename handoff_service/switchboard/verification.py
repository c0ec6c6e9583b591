"""Who somebody proved to be by a one-time code: the assistant's word for it, and how long it holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import bindparam, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import verifications
from handoff_service.switchboard import visitors
from handoff_service.switchboard.conversations import Conversation, Identity, remember_identity

METHOD = "code"
AUDIENCE = "relevo-switchboard"
HOLDS_FOR = timedelta(minutes=30)  # without a message of the customer
LONGEST_TOKEN_LIFE = timedelta(minutes=2)
CLOCK_TOLERANCE = timedelta(seconds=5)
LONGEST_ID = 200

_GOES_ON = (
    update(verifications)
    .where(
        verifications.c.conversation_id == bindparam("this"),
        verifications.c.method == METHOD,
        verifications.c.expires_at > bindparam("now"),
    )
    .values(expires_at=bindparam("until"))
)


class ProofRefused(Exception):
    """Not a valid, current proof for this conversation and this turn."""


def read_proof(token: str, secret: str, conversation_id: str, turn_id: str) -> Identity:
    """Whom an action checked a code of; raises `ProofRefused`."""
    claims = signed_claims(token, secret, AUDIENCE, conversation_id, turn_id)
    name = claims.get("name")
    until = datetime.now(UTC) + HOLDS_FOR
    return Identity(claims["sub"], name[:LONGEST_ID] if isinstance(name, str) else None, METHOD, until)


def signed_claims(token: str, secret: str, audience: str, conversation_id: str, turn_id: str) -> dict[str, Any]:
    """What an action signed about a customer (`sub`) for this very turn; raises `ProofRefused`."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=audience,
            leeway=CLOCK_TOLERANCE,
            options={"require": ["exp", "aud", "sub", "cid", "tid"]},
        )
    except jwt.InvalidTokenError:
        raise ProofRefused from None
    if claims["exp"] > (datetime.now(UTC) + LONGEST_TOKEN_LIFE + CLOCK_TOLERANCE).timestamp():
        raise ProofRefused
    if (claims["cid"], claims["tid"]) != (conversation_id, turn_id) or not 0 < len(claims["sub"]) <= LONGEST_ID:
        raise ProofRefused
    return claims


def may_be(conversation: Conversation, identity: Identity) -> bool:
    """Whether this conversation may be that customer's: one that a website's login bound belongs to one alone."""
    bound_to = conversation.address if conversation.channel == visitors.CHANNEL else None
    return bound_to is None or bound_to == identity.customer_id


def accept(tx: Transaction, conversation: Conversation, identity: Identity) -> Conversation:
    """Store it, unless the same customer is known by a means that holds on; the code then adds nothing."""
    query = select(verifications.c.customer_id).where(
        verifications.c.conversation_id == conversation.id,
        verifications.c.customer_id == identity.customer_id,
        verifications.c.method != METHOD,
        verifications.c.expires_at > tx.now,
    )
    if tx.connection.execute(query).first() is not None:
        return conversation
    return remember_identity(tx, conversation, identity)


def customer_is_here(tx: Transaction, conversation: Conversation) -> None:
    """The customer wrote: what a code proved holds on, if it still holds."""
    if conversation.customer_id is not None:
        tx.connection.execute(_GOES_ON, {"this": conversation.id, "now": tx.now, "until": tx.now + HOLDS_FOR})
