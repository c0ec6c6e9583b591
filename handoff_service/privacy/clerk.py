"""Carries out what customers ordered in the chat: hands them their copy, or erases them and says so."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import structlog

from handoff_service.background import running
from handoff_service.privacy import copies, emptying, outside, records
from handoff_service.privacy.outside import HoldsUnknown, NotForgotten
from handoff_service.privacy.records import Subject, Traces
from handoff_service.settings import Settings
from handoff_service.store.database import Store, StoreUnavailable, Transaction, empty_log
from handoff_service.switchboard import audit, conversations, data_orders, files
from handoff_service.switchboard.audit import Action
from handoff_service.switchboard.data_orders import Kind, Pending
from handoff_service.switchboard.files import Cabinet, FileRefused, StoredFile
from handoff_service.switchboard.hub import EVENTS, Hub, Recorded
from handoff_service.switchboard.rules.handoff import Agent
from handoff_service.words import Words

EVERY = 5.0  # seconds between two looks; a new order is seen at once
CUSTOMER = Agent("customer", "chat")
ROLE = "customer"

log = structlog.get_logger()
Json = dict[str, Any]


class Clerk:
    """Several replicas may have one: each order is leased to one of them."""

    def __init__(
        self, store: Store, hub: Hub, words: Words, settings: Settings, cabinet: Cabinet, actions: httpx.AsyncClient
    ) -> None:
        self._store = store
        self._hub = hub
        self._words = words
        self._settings = settings
        self._cabinet = cabinet
        self._actions = actions

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve while the block runs."""
        async with running(self.run):
            yield

    async def run(self) -> None:
        """Serve until cancelled."""
        with self._hub.watch(EVENTS) as recorded:
            while True:
                try:
                    while orders := await self._store.run(data_orders.lease_due):
                        for order in orders:
                            await self._carry_out(order)
                except StoreUnavailable:
                    log.warning("clerk_without_store")
                except Exception:
                    log.exception("clerk_failed")
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(EVERY):
                        while not _is_order(await recorded.next()):
                            pass

    async def _carry_out(self, order: Pending) -> None:
        try:
            if order.kind is Kind.EXPORT:
                await self._export(order)
            else:
                await self._erase(order)
        except (NotForgotten, HoldsUnknown, StoreUnavailable) as error:
            log.warning("data_order_waits", code=order.code, error=type(error).__name__)
            await self._store.run(data_orders.try_later, order)
        except Exception:
            log.exception("data_order_failed", code=order.code)
            await self._store.run(data_orders.try_later, order)

    async def _export(self, order: Pending) -> None:
        content, name = await self._store.run(_copy, self._words, order)
        try:
            stored = await asyncio.to_thread(self._cabinet.put, order.conversation_id, name, content)
        except FileRefused:
            await self._store.run(data_orders.give_up, self._words, order)
            log.error("data_copy_too_large", code=order.code, bytes=len(content))
            return
        if not await self._store.run(_hand_over, self._words, order, stored):
            self._cabinet.path(stored.id).unlink(missing_ok=True)
            return
        log.info("data_exported", code=order.code)

    async def _erase(self, order: Pending) -> None:
        """First outside the database, which knows where; then in it. Safe to run again where it was interrupted."""
        subject = await self._store.read(_subject, order)
        held = [*subject.held, *await outside.open_complaints(self._actions, subject)]
        if held:
            await self._store.run(data_orders.hold, self._words, order, held)
            log.info("data_erasure_held", code=order.code, cases=len(held))
            return
        found = await self._store.read(records.traces, subject.conversations)
        gone = await self._outside(subject, found)
        receipt = await self._store.run(_erase, self._words, order, gone)
        if receipt is None:
            return
        await asyncio.to_thread(outside.forget, self._settings, subject.conversations)  # a turn may have run meanwhile
        await asyncio.to_thread(empty_log, self._settings.database)
        log.info("data_erased", code=order.code, by_hand_in_slack=len(receipt["by_hand"]["slack"]))

    async def _outside(self, subject: Subject, found: Traces) -> Json:
        forgotten = await asyncio.to_thread(outside.forget, self._settings, subject.conversations)
        slack = await outside.delete_posts(self._settings, found.threads)
        await asyncio.to_thread(outside.drop_verdicts, self._settings)
        for file_id in found.files:
            self._cabinet.path(file_id).unlink(missing_ok=True)
        return {
            "erased": {
                "assistant_memory": forgotten,
                "files": len(found.files),
                "slack_posts": slack.posts,
                "slack_files": slack.files,
            },
            "by_hand": {"slack": slack.by_hand, "search_slack_for": list(found.codes)},
        }


def _is_order(event: object) -> bool:
    return isinstance(event, Recorded) and event.kind == data_orders.TAKEN


def _subject(tx: Transaction, order: Pending) -> Subject:
    """The customer with all their conversations, and that in which they ask whatever became of it since."""
    found = records.find(tx, order.customer_id) or Subject(order.customer_id, [])
    if order.conversation_id in found.conversations:
        return found
    here = records.find(tx, order.conversation_id)
    held = [*found.held, *(here.held if here else ())]
    return Subject(found.customer_id, [*found.conversations, order.conversation_id], held, found.shared)


def _copy(tx: Transaction, words: Words, order: Pending) -> tuple[bytes, str]:
    """The copy's content and name; that it is handed out is written down first."""
    subject = _subject(tx, order)
    audit.record(tx, CUSTOMER, Action.EXPORTED, subject.target, ROLE)
    language = conversations.load(tx, order.conversation_id).language
    content = copies.copy_for(tx, subject, order.code, words.say("utter_data_copy_about", language))
    return content, f"{words.say('utter_data_copy_name', language)}-{order.code}.json"


def _hand_over(tx: Transaction, words: Words, order: Pending, stored: StoredFile) -> bool:
    if not data_orders.is_pending(tx, order):
        return False
    files.register(tx, stored)
    data_orders.hand_over(tx, words, order, stored.as_attachment())
    return True


def _erase(tx: Transaction, words: Words, order: Pending, gone: Json) -> Json | None:
    """The receipt; None where it was held, or had been done already."""
    if not data_orders.is_pending(tx, order):
        return None
    subject = _subject(tx, order)
    if subject.held:
        data_orders.hold(tx, words, order, subject.held)
        return None
    audit.record(tx, CUSTOMER, Action.ERASED, subject.target, ROLE)
    rows = emptying.erase_but_keep_open(tx, subject, order.conversation_id)
    erased = {**gone["erased"], "conversations": len(subject.conversations), "rows": rows}
    receipt = {"erased": erased, "by_hand": {**gone["by_hand"], "shared": len(subject.shared)}}
    data_orders.confirm_erasure(tx, words, order, receipt)
    return receipt
