"""By what the website says who is logged in: a JWT signed with the operator's key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt

from handoff_service.switchboard.conversations import Identity

METHOD = "website"
LONGEST_ID = 200


class IdentityRefused(Exception):
    """Not a valid, current token of the website."""


def read_identity(token: str, secret: str) -> Identity:
    """Whom the token names; raises `IdentityRefused` on a wrong signature, age, or shape, and without a secret."""
    if not secret:
        raise IdentityRefused
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        raise IdentityRefused from None
    subject, name = claims["sub"], claims.get("name")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_ID:
        raise IdentityRefused
    name = name[:LONGEST_ID] if isinstance(name, str) else None
    return Identity(subject, name, METHOD, datetime.fromtimestamp(claims["exp"], UTC))


def sign_identity(customer_id: str, name: str, secret: str, life: timedelta) -> str:
    """A token as the operator's website would make it; used by the demo site only."""
    return jwt.encode({"sub": customer_id, "name": name, "exp": datetime.now(UTC) + life}, secret, algorithm="HS256")
