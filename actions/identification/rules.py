"""The rules of one-time codes. Pure; times are seconds since the epoch.

They follow ASVS 5, V6.5 and V6.6: 20 bits of chance from the system's source, ten minutes, once, stored only hashed,
bound to the conversation and the challenge that asked for it, and guessing slowed down for each customer.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

CODE_DIGITS = 6
CODE_LIFE_S = 600.0
TRIES_PER_CHALLENGE = 5
WINDOW_S = 24 * 3600.0
PURPOSE = b"relevo identification by code"

# Without a country code a number of this length is taken for one of this country, as the backend does.
DIGITS_WITHOUT_COUNTRY = 9
COUNTRY_CODE = "34"


@dataclass(frozen=True)
class Pace:
    """How often something may happen in the window: `free` times at once, then after waits that double each time."""

    free: int
    first_wait_s: float
    longest_wait_s: float

    def wait_s(self, times: Sequence[float], now: float) -> float:
        """How long it must wait yet, 0 if it may happen now. Nothing is ever locked for good."""
        recent = [time for time in times if time > now - WINDOW_S]
        beyond = len(recent) - self.free
        if beyond < 0:
            return 0.0
        # The exponent is bounded, so that a flood cannot make it a number of a thousand digits.
        wait = min(self.first_wait_s * 2 ** min(beyond, 32), self.longest_wait_s)
        return max(0.0, max(recent, default=now - wait) + wait - now)


# To one contact and to one customer, from whatever conversation.
CODES = Pace(free=1, first_wait_s=30, longest_wait_s=1800)
WRONG_TRIES = Pace(free=5, first_wait_s=60, longest_wait_s=1800)
# From one conversation, to whatever contacts.
CODES_FROM_CONVERSATION = Pace(free=4, first_wait_s=60, longest_wait_s=1800)


@dataclass(frozen=True)
class Contact:
    """What the customer gave to be found by: a phone number (with country code, digits only) or a customer id."""

    phone: str | None = None
    customer_id: str | None = None

    @property
    def written(self) -> str:
        """One and the same for every way of writing it."""
        return f"phone:{self.phone}" if self.phone else f"id:{self.customer_id}"


@dataclass(frozen=True)
class Key:
    """The key under which codes and contacts are hashed; derived, so that it is good for nothing else."""

    derived: bytes

    @classmethod
    def from_secret(cls, secret: str) -> Key:
        return cls(hmac.digest(secret.encode(), PURPOSE, hashlib.sha256))

    def code_hash(self, conversation_id: str, challenge_id: str, code: str) -> str:
        """What is stored of a code; another conversation or challenge makes another one of it."""
        return self._hash("code", conversation_id, challenge_id, code)

    def contact_hash(self, contact: str) -> str:
        """Under what the codes and tries of a contact are counted, whether anybody has it or not."""
        return self._hash("contact", contact)

    def _hash(self, *parts: str) -> str:
        return hmac.new(self.derived, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def is_right(given_hash: str, kept_hash: str) -> bool:
    return hmac.compare_digest(given_hash, kept_hash)


def is_over(created_at: float, now: float) -> bool:
    return now >= created_at + CODE_LIFE_S


def phone_digits(written: str) -> str:
    """Digits with the country code in front, however it was written."""
    digits = re.sub(r"\D", "", written)
    if digits.startswith("00"):
        return digits[2:]
    return COUNTRY_CODE + digits if len(digits) == DIGITS_WITHOUT_COUNTRY else digits
