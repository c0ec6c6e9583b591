"""References to documents: signed, short-lived, and good for one customer in one conversation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt

AUDIENCE = "relevo-documents"
ALGORITHM = "HS256"
LIFE_S = 15 * 60
NAMES = ("sub", "cid", "bill", "lang")


class ReferenceRefusedError(Exception):
    """It is not ours, too old, or another conversation's."""


@dataclass(frozen=True)
class InvoiceReference:
    """A bill of a customer, in a language, for a conversation."""

    customer_id: str
    conversation_id: str
    bill_number: str
    language: str


@dataclass(frozen=True)
class References:
    """Signs and reads references with the parts' shared secret."""

    secret: str = field(repr=False)

    def sign(self, invoice: InvoiceReference) -> str:
        claims = {
            "aud": AUDIENCE,
            "sub": invoice.customer_id,
            "cid": invoice.conversation_id,
            "bill": invoice.bill_number,
            "lang": invoice.language,
            "exp": int(time.time()) + LIFE_S,
        }
        return jwt.encode(claims, self.secret, algorithm=ALGORITHM)

    def read(self, ref: str, conversation_id: str) -> InvoiceReference:
        """What a reference stands for in this conversation; ReferenceRefusedError in every other case."""
        claims = self._claims(ref)
        if not all(isinstance(claims[name], str) for name in NAMES) or claims["cid"] != conversation_id:
            raise ReferenceRefusedError
        return InvoiceReference(claims["sub"], claims["cid"], claims["bill"], claims["lang"])

    def _claims(self, ref: str) -> Mapping[str, Any]:
        try:
            return jwt.decode(
                ref,
                self.secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                options={"require": ["exp", "aud", *NAMES]},
            )
        except jwt.InvalidTokenError:
            raise ReferenceRefusedError from None
