"""Who the customer is: what the switchboard's signed token says, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from rasa_sdk import Tracker

from actions.conversation import turn_metadata

AUDIENCE = "relevo-actions"
ALGORITHM = "HS256"
LONGEST_LIFE_S = 120
CLOCK_TOLERANCE_S = 5
NAMES = ("sub", "cid", "tid")


@dataclass(frozen=True)
class Identity:
    """Checks verification tokens with the parts' shared secret."""

    secret: str = field(repr=False)

    def customer_of(self, tracker: Tracker) -> str | None:
        """The customer id of a valid token for this conversation and this turn; None in every other case."""
        metadata = turn_metadata(tracker)
        claims = self._claims(metadata.get("verification"))
        if claims is None or claims["cid"] != tracker.sender_id or claims["tid"] != metadata.get("turn_id"):
            return None
        customer_id: str = claims["sub"]
        return customer_id

    def _claims(self, token: object) -> Mapping[str, Any] | None:
        if not isinstance(token, str):
            return None
        try:
            claims = jwt.decode(
                token,
                self.secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                leeway=CLOCK_TOLERANCE_S,
                options={"require": ["exp", "aud", *NAMES]},
            )
        except jwt.InvalidTokenError:
            return None
        if not all(isinstance(claims[name], str) and claims[name] for name in NAMES):
            return None
        if int(claims["exp"]) > time.time() + LONGEST_LIFE_S + CLOCK_TOLERANCE_S:
            return None
        return claims
