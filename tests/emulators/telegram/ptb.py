"""A bot made with python-telegram-bot, at the emulator: a second client, which is not ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, TypeHandler
from tests.emulators.telegram.client import TelegramWorld

Answer = Callable[[Update], Awaitable[None]]


@asynccontextmanager
async def application(world: TelegramWorld, answer: Answer, **settings: Any) -> AsyncIterator[Any]:
    """A bot that hands every update to `answer`."""
    builder = ApplicationBuilder().token(world.token).base_url(world.base_url).base_file_url(world.base_file_url)
    for name, value in settings.items():
        getattr(builder, name)(value)
    app: Application[Any, Any, Any, Any, Any, Any] = builder.build()

    async def handle(update: Update, context: Any) -> None:
        await answer(update)

    app.add_handler(TypeHandler(Update, handle))
    async with app:
        await app.start()
        yield app
        if app.updater is not None and app.updater.running:
            await app.updater.stop()
        await app.stop()


@asynccontextmanager
async def polling(
    world: TelegramWorld, answer: Answer, errors: list[TelegramError] | None = None
) -> AsyncIterator[Any]:
    async with application(world, answer) as app:
        await app.updater.start_polling(
            poll_interval=0,
            timeout=timedelta(seconds=5),
            allowed_updates=Update.ALL_TYPES,
            error_callback=(errors if errors is not None else []).append,
        )
        yield app
