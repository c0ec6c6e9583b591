"""Makes the calls: one at a time per chat, at Telegram's pace, and records what is known of each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import structlog
from telegram import Bot, InlineKeyboardMarkup, ReplyKeyboardMarkup
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from handoff_service.channels.limits import Limit
from handoff_service.channels.telegram import delivery
from handoff_service.channels.telegram.delivery import Addition, Amendment
from handoff_service.channels.telegram.lease import LEASE, RENEW_EVERY, Lease, holding
from handoff_service.crash_points import reached
from handoff_service.observability import tracing
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard.files import PICTURES, Cabinet
from handoff_service.switchboard.hub import EVERYTHING, ConversationChanged, Hub, Typing

SWEEP_EVERY = 2.0  # seconds
PER_SECOND = 25.0  # messages over all chats; Telegram allows about 30
ALREADY_SO = ("message is not modified", "message to delete not found", "message to edit not found")

log = structlog.get_logger()


class Sender:
    """Tells every chat what its conversation says."""

    def __init__(self, bot: Bot, store: Store, hub: Hub, cabinet: Cabinet) -> None:
        self._bot = bot
        self._store = store
        self._hub = hub
        self._cabinet = cabinet
        self._pace = Limit(PER_SECOND, PER_SECOND)
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._answers = False  # whether Telegram answered since the last call whose answer never came

    async def take_over(self) -> None:
        """Once, where no other process can be sending."""
        await self._store.run(delivery.release_leases)

    async def run(self) -> None:
        """Send until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._sweep())
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _listen(self) -> None:
        with self._hub.watch(EVERYTHING) as changes:
            while True:
                event = await changes.next()
                if isinstance(event, ConversationChanged):
                    self._wake(event.conversation_id)
                elif isinstance(event, Typing) and event.author != "customer":
                    await self._show_typing(event.conversation_id)

    async def _sweep(self) -> None:
        while True:
            try:
                for conversation_id in await self._store.read(delivery.chats_to_tell):
                    self._wake(conversation_id)
            except StoreUnavailable:
                log.warning("telegram_sweep_without_store")
            await asyncio.sleep(SWEEP_EVERY)

    def _wake(self, conversation_id: str) -> None:
        if conversation_id in self._busy:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._tell(conversation_id))
        self._busy[conversation_id] = task

    async def _tell(self, conversation_id: str) -> None:
        """Until the chat knows all, or has to wait for longer than a moment."""
        try:
            if await self._store.read(delivery.chat_of, conversation_id) is None:
                return
            while True:
                self._again.discard(conversation_id)
                call = await self._next(conversation_id)
                if isinstance(call, datetime):
                    await asyncio.sleep(max(0.0, min(SWEEP_EVERY, (call - datetime.now(UTC)).total_seconds())))
                    if call > datetime.now(UTC):
                        return
                elif call is not None:
                    await self._make(call)
                elif conversation_id not in self._again:
                    return
        except StoreUnavailable:
            log.warning("telegram_chat_without_store", conversation_id=conversation_id)
        except Exception:
            log.exception("telegram_chat_failed", conversation_id=conversation_id)
        finally:
            del self._busy[conversation_id]

    async def _next(self, conversation_id: str) -> Addition | Amendment | datetime | None:
        """The chat's next call, noted as begun only when it may really go out: what is begun counts as doubtful."""
        await self._turn()
        call: Addition | Amendment | datetime | None = datetime.now(UTC) + timedelta(seconds=SWEEP_EVERY)
        if await self._is_answering():
            call = await self._store.run(delivery.next_call, conversation_id)
        if call is None or isinstance(call, datetime):
            self._pace.give_back("all")
        return call

    async def _is_answering(self) -> bool:
        """After a lost answer, and at the start: a harmless call is lost before another message is put in doubt."""
        if not self._answers:
            try:
                await self._bot.get_me()
                self._answers = True
            except TelegramError as error:
                log.info("telegram_not_answering", error=type(error).__name__)
        return self._answers

    async def _make(self, call: Addition | Amendment) -> None:
        reached("before call", "telegram")
        try:
            if isinstance(call, Addition):
                with tracing.span("telegram", method="add", turn_id=call.turn_id):
                    async with self._kept(call):
                        number = await self._add(call)
                reached("after call", "telegram")
                await self._store.run(delivery.sent, call, number)
            else:
                with tracing.span("telegram", method="amend", turn_id=call.turn_id):
                    async with self._kept(call):
                        await self._amend(call)
                await self._store.run(delivery.amended, call)
        except TelegramError as error:
            await self._record_failure(call, error)

    @asynccontextmanager
    async def _kept(self, call: Addition | Amendment) -> AsyncIterator[None]:
        """The chat stays ours as long as the call takes; nothing leaves where it is ours no more."""
        renewing = asyncio.create_task(self._renew(call.conversation_id, call.lease))
        try:
            with holding(call.lease):
                yield
        finally:
            renewing.cancel()

    async def _renew(self, conversation_id: str, lease: Lease) -> None:
        while not lease.is_over:
            await asyncio.sleep(RENEW_EVERY)
            until = datetime.now(UTC) + LEASE
            lease.stamps.append(until)  # before it is known whether it was written
            with suppress(StoreUnavailable):
                if not await self._store.run(delivery.renew, conversation_id, tuple(lease.stamps), until):
                    log.warning("telegram_lease_lost", conversation_id=conversation_id)
                    return
                lease.renewed(until)

    async def _turn(self) -> None:
        """When this call may go out, so that all chats together keep Telegram's pace."""
        wait = self._pace.wait_for("all")
        while wait:
            await asyncio.sleep(wait)
            wait = self._pace.wait_for("all")

    async def _record_failure(self, call: Addition | Amendment, error: TelegramError) -> None:
        """What the caller must do is in the class of the error: wait, doubt, stop, or pass over."""
        log.warning("telegram_call_failed", conversation_id=call.conversation_id, error=type(error).__name__)
        if isinstance(error, RetryAfter):
            await self._store.run(delivery.put_off, call, _seconds(error))
        elif isinstance(error, Forbidden) or _no_such_chat(error):
            await self._store.run(delivery.blocked, call.conversation_id)
        elif isinstance(error, BadRequest):
            await self._store.run(delivery.refused, call)
        elif isinstance(error, NetworkError) and _may_have_arrived(error):
            self._answers = False
            await self._store.run(delivery.in_doubt, call)
        else:
            await self._store.run(delivery.put_off, call)

    async def _add(self, call: Addition) -> int:
        if call.file is None:
            sent = await self._bot.send_message(
                call.chat_id,
                call.text,
                reply_markup=_markup(call.keyboard),
                disable_web_page_preview=True,
            )
            return sent.message_id
        path = self._cabinet.path(call.file["id"])
        content = await asyncio.to_thread(path.read_bytes)
        if call.file["mime"] in PICTURES:
            return (await self._bot.send_photo(call.chat_id, content, filename=call.file["name"])).message_id
        return (await self._bot.send_document(call.chat_id, content, filename=call.file["name"])).message_id

    async def _amend(self, call: Amendment) -> None:
        for number, text in call.becomes:
            try:
                if text is None:
                    await self._bot.delete_message(call.chat_id, number)
                else:
                    markup = _markup(call.keyboard)
                    inline = markup if isinstance(markup, InlineKeyboardMarkup) else None
                    await self._bot.edit_message_text(text, call.chat_id, number, reply_markup=inline)
            except BadRequest as error:
                if not any(said in error.message.lower() for said in ALREADY_SO):
                    raise

    async def _show_typing(self, conversation_id: str) -> None:
        """A courtesy: what goes wrong with it is of no consequence."""
        try:
            chat_id = await self._store.read(delivery.chat_of, conversation_id)
            if chat_id is not None:
                await self._bot.send_chat_action(chat_id, "typing")
        except (TelegramError, StoreUnavailable):
            log.info("telegram_typing_not_shown", conversation_id=conversation_id)


def _markup(keyboard: dict[str, Any] | None) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    if keyboard is None:
        return None
    kind = InlineKeyboardMarkup if "inline_keyboard" in keyboard else ReplyKeyboardMarkup
    return kind.de_json(keyboard)


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return after.total_seconds() if not isinstance(after, int) else float(after)


def _no_such_chat(error: TelegramError) -> bool:
    return isinstance(error, BadRequest) and "chat not found" in error.message.lower()


def _may_have_arrived(error: NetworkError) -> bool:
    """The request may have reached Telegram: anything but a connection that never stood or an answer that says no."""
    cause = error.__cause__
    never_left = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return isinstance(cause, httpx.HTTPError) and not isinstance(cause, never_left)
