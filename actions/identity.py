"""Who the customer is: what a signed token says, and nothing else.

The switchboard signs one for each turn of a customer it knows. In the very turn in which a code was right there is none
of the switchboard's yet: then it is our own, signed with the same secret for that turn only.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from rasa_sdk import Tracker

from actions.conversation import NoTurnIdError, turn_metadata
from actions.identification.asking import PROOF

AUDIENCE = "relevo-actions"
AUDIENCE_OF_PROOF = "relevo-switchboard"
AUDIENCE_OF_ORDER = "relevo-orders"
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
        for token in (metadata.get("verification"), tracker.slots.get(PROOF)):
            claims = self._claims(token)
            if claims and claims["cid"] == tracker.sender_id and claims["tid"] == metadata.get("turn_id"):
                customer_id: str = claims["sub"]
                return customer_id
        return None

    def token_for(self, customer_id: str, tracker: Tracker) -> str:
        """For this turn's other actions, as the switchboard would sign it: they show it as the slot `PROOF`."""
        return self._signed({"aud": AUDIENCE, "sub": customer_id}, tracker)

    def proof_for_switchboard(self, customer_id: str, name: str, tracker: Tracker) -> str:
        """That this conversation's customer has just brought the right code."""
        return self._signed({"aud": AUDIENCE_OF_PROOF, "sub": customer_id, "name": name}, tracker)

    def order_for_switchboard(self, order: str, customer_id: str, tracker: Tracker) -> str:
        """That this customer has just asked for their data (`export`) or confirmed that they be erased (`erase`)."""
        return self._signed({"aud": AUDIENCE_OF_ORDER, "sub": customer_id, "order": order}, tracker)

    def _signed(self, claims: dict[str, str], tracker: Tracker) -> str:
        turn_id = turn_metadata(tracker).get("turn_id")
        if not isinstance(turn_id, str) or not turn_id:
            raise NoTurnIdError
        expires = int(time.time()) + LONGEST_LIFE_S
        bound = {**claims, "cid": tracker.sender_id, "tid": turn_id, "exp": expires}
        return jwt.encode(bound, self.secret, algorithm=ALGORITHM)

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
