"""Takes updates in: committed first, confirmed to Telegram after, handled from the inbox one by one in each chat."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from hmac import compare_digest
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Header, HTTPException, Request
from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError

from handoff_service.channels.telegram import handling, updates
from handoff_service.channels.telegram.customers import CustomerLookup
from handoff_service.channels.upload_quota import NoRoomForFiles, TooMuchSent, UploadQuota
from handoff_service.crash_points import reached
from handoff_service.observability import instruments
from handoff_service.settings import Settings
from handoff_service.store.database import Store, StoreUnavailable
from handoff_service.switchboard import inbox
from handoff_service.switchboard.files import Cabinet, FileRefused, StoredFile
from handoff_service.switchboard.inbox import Incoming
from handoff_service.words import Words

SOURCE = "telegram"
POLL_SECONDS = 25
STUCK_AFTER = POLL_SECONDS + 15.0
PAUSE_AFTER_ERROR, PAUSE_AFTER_CONFLICT = 2.0, 10.0
LOOK_EVERY = 1.0

log = structlog.get_logger()


class Intake:
    """The inbox's two ends: Telegram puts in, the switchboard takes out."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        words: Words,
        settings: Settings,
        cabinet: Cabinet,
        quota: UploadQuota,
        lookup: CustomerLookup,
    ) -> None:
        self._bot = bot
        self._store = store
        self._words = words
        self._settings = settings
        self._cabinet = cabinet
        self._quota = quota
        self._lookup = lookup
        self._arrived = asyncio.Event()

    async def keep(self, received: list[dict[str, Any]]) -> None:
        """Commit these updates; once each, however often they come. Raises `StoreUnavailable`."""
        await self._store.run(_keep_all, received)
        self._arrived.set()

    async def poll(self) -> None:
        """Ask for updates for ever. An offset confirms only what is committed; a call that hangs is given up."""
        offset: int | None = None
        while True:
            try:
                async with asyncio.timeout(STUCK_AFTER):
                    got = await self._bot.get_updates(
                        offset, timeout=POLL_SECONDS, allowed_updates=updates.ALLOWED, read_timeout=POLL_SECONDS + 5
                    )
                await self.keep([update.to_dict() for update in got])
                if got:
                    reached("before ack", "telegram")
                offset = got[-1].update_id + 1 if got else None
            except Conflict:
                log.error("telegram_polled_by_another", remedy="only one process may poll with this token")
                await asyncio.sleep(PAUSE_AFTER_CONFLICT)
            except RetryAfter as error:
                after = error.retry_after
                await asyncio.sleep(after if isinstance(after, int) else after.total_seconds())
            except (TelegramError, StoreUnavailable, TimeoutError) as error:
                log.warning("telegram_poll_failed", error=type(error).__name__)
                await asyncio.sleep(PAUSE_AFTER_ERROR)

    def webhook(self) -> APIRouter:
        """`POST /telegram/webhook`, for whoever knows the secret; answered only when the update is committed."""
        routes = APIRouter(include_in_schema=False)
        secret = self._settings.telegram_webhook_secret.get_secret_value()

        @routes.post("/telegram/webhook")
        async def update(
            request: Request, x_telegram_bot_api_secret_token: Annotated[str, Header()] = ""
        ) -> dict[str, bool]:
            if not compare_digest(x_telegram_bot_api_secret_token.encode(), secret.encode()):
                raise HTTPException(401, "The secret token is wrong.")
            body = await request.json()
            if not isinstance(body, dict) or not isinstance(body.get("update_id"), int):
                raise HTTPException(422, "This is no update.")
            await self.keep([body])
            return {"ok": True}

        return routes

    async def handle(self) -> None:
        """Take from the inbox for ever; chats side by side, each chat in order."""
        while True:
            self._arrived.clear()
            try:
                batch = await self._store.run(inbox.waiting, SOURCE)
                chats: dict[object, list[Incoming]] = defaultdict(list)
                for incoming in batch:
                    chats[_chat(incoming.payload)].append(incoming)
                moved = any(await asyncio.gather(*(self._handle_in_order(listed) for listed in chats.values())))
            except StoreUnavailable:
                moved = False
                log.warning("telegram_inbox_without_store")
            if not moved:
                await _either(self._arrived, LOOK_EVERY)

    async def _handle_in_order(self, listed: list[Incoming]) -> bool:
        """One chat's, until one must wait; whether anything became of any."""
        for place, incoming in enumerate(listed):
            try:
                await self._handle_one(incoming)
            except StoreUnavailable:
                raise
            except inbox.NotNow:
                return place > 0
            except Exception as error:
                log.exception("telegram_update_failed", inbox_id=incoming.id)
                if await self._store.run(inbox.failed, incoming, type(error).__name__):
                    instruments.dead_letters.labels(SOURCE).inc()
                break
        return True

    async def _handle_one(self, incoming: Incoming) -> None:
        update = updates.read_update(incoming.payload)
        file, identity = None, None
        if isinstance(update, updates.Wrote) and update.file is not None:
            file = await self._fetch(update)
        if isinstance(update, updates.SharedContact) and update.is_own:
            identity = await self._lookup.by_phone(update.phone)
        group = await self._store.run(handling.take, self._words, incoming, update, file, identity)
        if isinstance(update, updates.Pressed):
            await self._politely(lambda: self._bot.answer_callback_query(update.callback_id))
        if group is not None and isinstance(update, updates.InGroup):
            said = self._words.say("utter_group_only_private", update.language)
            await self._politely(lambda: self._bot.send_message(group, said))

    async def _fetch(self, wrote: updates.Wrote) -> StoredFile | None:
        """The file, kept; None if it is not taken (size, kind, quota). Raises if Telegram can't give it now."""
        if wrote.file is None:
            return None
        conversation_id = await self._store.run(handling.conversation_of, wrote.sender)
        try:
            remote = await self._bot.get_file(wrote.file.file_id)
            content = bytes(await remote.download_as_bytearray())
            await self._quota.take(len(content), conversation_id)
            return await self._cabinet.keep(conversation_id, wrote.file.name, content)
        except (FileRefused, TooMuchSent, NoRoomForFiles):
            return None
        except TelegramError as error:
            if "too big" in str(error).lower():
                return None
            raise

    async def _politely(self, call: Callable[[], Any]) -> None:
        """A call whose failure changes nothing: it is noted and passed over."""
        try:
            await call()
        except TelegramError as error:
            log.info("telegram_courtesy_failed", error=type(error).__name__)


def _keep_all(tx: Any, received: list[dict[str, Any]]) -> None:
    for update in received:
        sender = _chat(update)
        inbox.keep(tx, SOURCE, updates.external_id(update), update, None if sender is None else str(sender))


def _chat(update: dict[str, Any]) -> object:
    for kind in ("message", "edited_message", "my_chat_member"):
        if kind in update:
            return update[kind]["chat"]["id"]
    return update.get("callback_query", {}).get("from", {}).get("id")


async def _either(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
