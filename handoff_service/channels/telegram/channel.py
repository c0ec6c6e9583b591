"""Telegram as a whole: on when there is a token, by webhook when there is an address for it, else by polling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import structlog
from fastapi import APIRouter
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from handoff_service.background import running
from handoff_service.channels.telegram import updates
from handoff_service.channels.telegram.customers import CustomerLookup
from handoff_service.channels.telegram.intake import Intake
from handoff_service.channels.telegram.lease import watch_leaving
from handoff_service.channels.telegram.sending import Sender
from handoff_service.channels.upload_quota import UploadQuota
from handoff_service.settings import Settings, SettingsAreWrong
from handoff_service.store.alone import Alone
from handoff_service.store.database import Store
from handoff_service.switchboard.files import Cabinet
from handoff_service.switchboard.hub import Hub
from handoff_service.words import Words

ADDRESS = "https://t.me"
RETRY_SETTING_UP = 5.0  # seconds
CALL_TIMEOUT = 10.0  # seconds

log = structlog.get_logger()


class Telegram:
    """The adapter with its tasks."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        hub: Hub,
        words: Words,
        cabinet: Cabinet,
        quota: UploadQuota,
        actions: httpx.AsyncClient,
    ) -> None:
        self._settings = settings
        self._by_webhook = bool(settings.telegram_webhook_url)
        if self._by_webhook and not settings.telegram_webhook_secret.get_secret_value():
            raise SettingsAreWrong(
                "TELEGRAM_WEBHOOK_SECRET: set it together with TELEGRAM_WEBHOOK_URL, "
                "or anybody could send updates in Telegram's name (`openssl rand -hex 32` makes one)."
            )
        self._bot = _bot(settings)
        self._alone = Alone(settings.database)
        self._sender = Sender(self._bot, store, hub, cabinet)
        self.intake = Intake(self._bot, store, words, settings, cabinet, quota, CustomerLookup(actions))

    def link_for(self, token: str) -> str | None:
        """The address that opens the chat with this token; None until Telegram has told what the bot is called."""
        try:
            return f"{ADDRESS}/{self._bot.username}?start={token}"
        except RuntimeError:  # asked before it was initialized
            return None

    def router(self) -> APIRouter:
        """The webhook's route; empty when polling."""
        return self.intake.webhook() if self._by_webhook else APIRouter()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Take in, handle and send while the block runs."""
        if self._settings.single_process:
            await self._sender.take_over()
        try:
            async with running(self._set_up, self._sender.run, self.intake.handle):
                yield
        finally:
            with suppress(TelegramError):
                await self._bot.shutdown()

    async def _set_up(self) -> None:
        """Tell Telegram how updates reach us, however long it takes until it answers; then poll, if that is the way."""
        while True:
            try:
                await self._bot.initialize()
                await self._choose_way()
                break
            except TelegramError as error:
                log.error("telegram_not_reached", error=type(error).__name__, remedy="make doctor tries the token")
                await asyncio.sleep(RETRY_SETTING_UP)
        if not self._by_webhook:
            await self._alone.run("telegram-polling", self.intake.poll)

    async def _choose_way(self) -> None:
        if self._by_webhook:
            await self._bot.set_webhook(
                self._settings.telegram_webhook_url,
                allowed_updates=updates.ALLOWED,
                secret_token=self._settings.telegram_webhook_secret.get_secret_value(),
            )
        else:
            await self._bot.delete_webhook(drop_pending_updates=False)


def _bot(settings: Settings) -> Bot:
    base = settings.telegram_api_url
    return Bot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=base,
        base_file_url=base.removesuffix("/bot") + "/file/bot",
        request=HTTPXRequest(
            connection_pool_size=32,
            read_timeout=CALL_TIMEOUT,
            connect_timeout=CALL_TIMEOUT,
            httpx_kwargs={"event_hooks": {"request": [watch_leaving]}},
        ),
        get_updates_request=HTTPXRequest(connection_pool_size=2),
    )
