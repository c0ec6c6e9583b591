"""Asking for a code and trying one, each in one transaction. A turn that is repeated changes nothing a second time."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from actions.identification import rules, tables
from actions.identification.rules import Key

CHALLENGE = tables.challenges.c
NO_CODE = "no code was sent"


class Outcome(str, Enum):
    """What came of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"
    OVER = "over"
    WAIT = "wait"
    NONE = "none"


@dataclass(frozen=True)
class Asked:
    """A code was asked for. `code` is there once, for whoever must send it; `wait_s` > 0: not now."""

    code: str | None = None
    customer_id: str | None = None
    wait_s: float = 0.0
    has_open: bool = False
    """An earlier code for the same contact can still be brought to this conversation."""
    is_unknown: bool = False
    """There is no earlier challenge that a new code could be for."""


@dataclass(frozen=True)
class Tried:
    outcome: Outcome
    customer_id: str | None = None
    tries_left: int = 0
    wait_s: float = 0.0


class Challenges:
    """Any number of threads and processes may use the same database."""

    def __init__(self, database_url: str, key: Key, now: Callable[[], float] = time.time) -> None:
        self._url = database_url
        self._key = key
        self._now = now
        self._engine: Engine | None = None
        self._opening = Lock()

    def ask(self, conversation_id: str, turn_id: str, contact: str, customer_id: str | None) -> Asked:
        """A new challenge for whom the contact belongs to; the conversation's earlier ones can't be met any more."""
        with self._database().begin() as connection:
            return self._ask(connection, conversation_id, turn_id, self._key.contact_hash(contact), customer_id)

    def ask_again(self, conversation_id: str, turn_id: str) -> Asked:
        """The same for whom the conversation's last challenge was for."""
        with self._database().begin() as connection:
            last = tables.newest_challenge(connection, conversation_id)
            if last is None:
                return Asked(is_unknown=True)
            return self._ask(connection, conversation_id, turn_id, last["contact"], last["customer_id"])

    def try_code(self, conversation_id: str, turn_id: str, code: str) -> Tried:
        """Whether this code meets the conversation's challenge. Only then is `customer_id` set."""
        with self._database().begin() as connection:
            tables.lock(connection, conversation_id)
            challenge = tables.newest_challenge(connection, conversation_id)
            if challenge is None:
                return Tried(Outcome.NONE)
            made = tables.try_of_turn(connection, turn_id)
            if made is not None:
                return _told(connection, challenge, made["is_right"])
            tables.lock(connection, challenge["contact"])
            return self._try(connection, turn_id, code, challenge)

    def _ask(
        self, connection: Connection, conversation_id: str, turn_id: str, contact: str, customer_id: str | None
    ) -> Asked:
        now = self._now()
        for name in (conversation_id, contact, customer_id):
            if name is not None:
                tables.lock(connection, name)
        if tables.challenge_of_turn(connection, turn_id) is not None:
            return Asked()
        from_here = CHALLENGE.conversation_id == conversation_id
        asked_before = tables.codes_sent(connection, now - rules.WINDOW_S, from_here)
        wait_s = max(
            rules.CODES_FROM_CONVERSATION.wait_s(asked_before, now),
            _wait_s(connection, now, CHALLENGE.contact == contact),
        )
        if wait_s:
            return Asked(wait_s=wait_s, has_open=self._has_open(connection, conversation_id, contact, now))
        # A customer may be found by several contacts. That they are one shows nowhere: no wait, only no code.
        is_sent = customer_id is not None and not _wait_s(connection, now, CHALLENGE.customer_id == customer_id)
        tables.forget_old(connection, now)
        tables.close(connection, from_here)
        challenge_id, code = secrets.token_urlsafe(18), rules.new_code()
        row = {
            "id": challenge_id,
            "turn_id": turn_id,
            "conversation_id": conversation_id,
            "contact": contact,
            "customer_id": customer_id,
            "code_hash": self._key.code_hash(conversation_id, challenge_id, code) if is_sent else None,
            "created_at": now,
            "closed": False,
        }
        connection.execute(sa.insert(tables.challenges).values(**row))
        return Asked(code, customer_id) if is_sent else Asked()

    @staticmethod
    def _has_open(connection: Connection, conversation_id: str, contact: str, now: float) -> bool:
        last = tables.newest_challenge(connection, conversation_id)
        if last is None or last["closed"] or rules.is_over(last["created_at"], now):
            return False
        return bool(last["contact"] == contact)

    def _try(self, connection: Connection, turn_id: str, code: str, challenge: Mapping[str, Any]) -> Tried:
        now = self._now()
        if challenge["closed"]:
            return Tried(Outcome.NONE)
        if rules.is_over(challenge["created_at"], now):
            return Tried(Outcome.OVER)
        missed = tables.wrong_tries(connection, now - rules.WINDOW_S, CHALLENGE.contact == challenge["contact"])
        wait_s = rules.WRONG_TRIES.wait_s(missed, now)
        if wait_s:
            return Tried(Outcome.WAIT, wait_s=wait_s)
        given = self._key.code_hash(challenge["conversation_id"], challenge["id"], code)
        is_right = rules.is_right(given, challenge["code_hash"] or NO_CODE)
        row = {"turn_id": turn_id, "challenge_id": challenge["id"], "is_right": is_right, "at": now}
        connection.execute(sa.insert(tables.tries).values(**row))
        told = _told(connection, challenge, is_right)
        if told.outcome is not Outcome.WRONG:
            tables.close(connection, CHALLENGE.id == challenge["id"])
        return told

    def _database(self) -> Engine:
        """Opened at the first use, so that a database that is away fails a turn and not the start."""
        with self._opening:
            if self._engine is None:
                self._engine = tables.open_engine(self._url)
            return self._engine


def _told(connection: Connection, challenge: Mapping[str, Any], is_right: bool) -> Tried:
    """What is said of a try that was made."""
    if is_right:
        return Tried(Outcome.RIGHT, challenge["customer_id"])
    left = rules.TRIES_PER_CHALLENGE - tables.tries_of_challenge(connection, challenge["id"])
    return Tried(Outcome.WRONG, tries_left=left) if left > 0 else Tried(Outcome.SPENT)


def _wait_s(connection: Connection, now: float, which: Any) -> float:
    """How long nobody of this kind may have a new code: for the codes they had, and for those they missed."""
    since = now - rules.WINDOW_S
    return max(
        rules.CODES.wait_s(tables.codes_sent(connection, since, which), now),
        rules.WRONG_TRIES.wait_s(tables.wrong_tries(connection, since, which), now),
    )
