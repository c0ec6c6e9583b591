"""What agents should know of a customer's account before they answer: the plans and what is owed, looked up for them.

Only of customers who have proven who they are in that conversation, and only while a person is wanted or has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import structlog
from sqlalchemy import or_, select, update

from handoff_service.background import running
from handoff_service.store.database import Store, StoreUnavailable, Transaction
from handoff_service.store.tables import conversations, customers, verifications
from handoff_service.switchboard.hub import QUEUE, ConversationChanged, Hub
from handoff_service.switchboard.rules.handoff import Owner

TIMEOUT = 4.0  # seconds
LOOK_EVERY = 20.0  # seconds; who is verified while waiting is found then
GOOD_FOR = timedelta(minutes=10)
AGAIN_AFTER = timedelta(seconds=15)
AT_ONCE = 20

log = structlog.get_logger()


@dataclass(frozen=True)
class Account:
    """In words by language; None where there is no plan, or nothing is owed."""

    plan: Mapping[str, str] | None
    debt: Mapping[str, str] | None


def known(tx: Transaction, customer_id: str | None) -> Account | None:
    """The customer's account as last looked up."""
    if customer_id is None:
        return None
    found = tx.connection.execute(select(customers.c.account).where(customers.c.id == customer_id)).scalar_one_or_none()
    return Account(found.get("plan"), found.get("debt")) if found else None


def wanted(tx: Transaction) -> list[tuple[str, str]]:
    """Customers and conversations of which it should be looked up now, at most `AT_ONCE`."""
    query = (
        select(verifications.c.customer_id, conversations.c.id)
        .join(conversations, conversations.c.id == verifications.c.conversation_id)
        .join(customers, customers.c.id == verifications.c.customer_id)
        .where(
            conversations.c.owner != Owner.ASSISTANT.value,
            verifications.c.expires_at > tx.now,
            or_(customers.c.account_at.is_(None), customers.c.account_at < tx.now - GOOD_FOR),
        )
        .order_by(customers.c.account_at.nullsfirst())  # who could not be looked up goes behind
        .limit(AT_ONCE)
    )
    return [(row[0], row[1]) for row in tx.connection.execute(query)]


def keep(tx: Transaction, customer_id: str, conversation_id: str, account: Mapping[str, Any] | None) -> None:
    """Keep what was found, and show it to those who look at the case; None keeps that there is nothing to know."""
    values = {"account": dict(account) if account else None, "account_at": tx.now}
    tx.connection.execute(update(customers).where(customers.c.id == customer_id).values(**values))
    if account:
        tx.tell(ConversationChanged(conversation_id))


def put_off(tx: Transaction, customer_id: str) -> None:
    """It could not be looked up; what is known stays known, and it is wanted again before long."""
    again_at = tx.now - GOOD_FOR + AGAIN_AFTER
    tx.connection.execute(update(customers).where(customers.c.id == customer_id).values(account_at=again_at))


class AccountLookup:
    """Asks the operator's system behind the action server; where it is away, again later."""

    def __init__(self, store: Store, hub: Hub, actions: httpx.AsyncClient) -> None:
        self._store = store
        self._hub = hub
        self._actions = actions

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Look up while the block runs."""
        async with running(self._run):
            yield

    async def _run(self) -> None:
        with self._hub.watch(QUEUE) as changes:
            while True:
                try:
                    for customer_id, conversation_id in await self._store.run(wanted):
                        await self._look_up(customer_id, conversation_id)
                except StoreUnavailable:
                    log.warning("accounts_without_store")
                await _either(changes.next(), LOOK_EVERY)

    async def _look_up(self, customer_id: str, conversation_id: str) -> None:
        """One that can't be had now is left for later, and holds up nobody."""
        try:
            account = await self._ask(customer_id)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.info("account_not_looked_up", error=type(error).__name__)
            await self._store.run(put_off, customer_id)
        else:
            await self._store.run(keep, customer_id, conversation_id, account)

    async def _ask(self, customer_id: str) -> Mapping[str, Any] | None:
        answer = await self._actions.post("/customers/account", json={"customer_id": customer_id}, timeout=TIMEOUT)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        told: Mapping[str, Any] = answer.raise_for_status().json()
        return {"plan": told["plan"], "debt": told["debt"]}


async def _either(change: Any, seconds: float) -> None:
    """Wait for the change, but no longer than this."""
    try:
        async with asyncio.timeout(seconds):
            await change
    except TimeoutError:
        return
