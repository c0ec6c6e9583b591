"""What goes wrong at the emulator, as python-telegram-bot sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters, Update
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ApplicationBuilder

from tests.emulators.telegram import Person, TelegramWorld
from tests.emulators.telegram.ptb import application, polling

# The client of the emulator blocks, and the bot runs in this loop: what the people do goes through a thread.
does = asyncio.to_thread


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramWorld]:
    with TelegramWorld.in_thread(seed=17) as world:
        yield world


@pytest.fixture
def world(server: TelegramWorld) -> TelegramWorld:
    server.start_over()
    server.configure(webhook_retry_unit=0.02)
    return server


@pytest.fixture
def ana(world: TelegramWorld) -> Person:
    return world.person("Ana", phone="34600111222")


async def ignore(update: Update) -> None:
    return None


async def test_refusals_become_the_librarys_own_errors(world: TelegramWorld, ana: Person) -> None:
    await does(ana.starts)
    async with application(world, ignore) as app:
        sent = await app.bot.send_message(ana.id, "hola", reply_parameters=ReplyParameters(1))
        assert sent.reply_to_message is not None
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_text("hola")
        with pytest.raises(BadRequest, match="Chat not found"):
            await app.bot.send_message(42, "hola")
        with pytest.raises(BadRequest, match="Can't parse entities"):
            await app.bot.send_message(ana.id, "Son 23.50 €", parse_mode=ParseMode.MARKDOWN_V2)
        with pytest.raises(BadRequest, match="Message is too long"):
            await app.bot.send_message(ana.id, "😀" * 2049)
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            button = InlineKeyboardButton("x", callback_data="ñ" * 33)
            await app.bot.send_message(ana.id, "x", reply_markup=InlineKeyboardMarkup([[button]]))
        await does(ana.blocks_bot)
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await app.bot.send_message(ana.id, "hola")
        group = await does(lambda: world.group("Familia", [ana], with_bot=True))
        grown = await does(group.becomes_supergroup)
        with pytest.raises(ChatMigrated) as migrated:
            await app.bot.send_message(group.id, "hola")
        assert migrated.value.new_chat_id == grown.id
    with pytest.raises(InvalidToken):
        async with ApplicationBuilder().token("123:wrong").base_url(world.base_url).build():
            pass


async def test_faults_become_the_librarys_own_errors(world: TelegramWorld, ana: Person) -> None:
    await does(ana.starts)
    async with application(world, ignore, read_timeout=0.5) as app:
        await does(lambda: world.faults.too_many_requests(3, times=1))
        with pytest.raises(RetryAfter, match="Retry in 3 seconds"):
            await app.bot.send_message(ana.id, "a")
        for kind in ("server_error", "reset", "lost_answer", "cut_answer"):
            await does(world.faults.add, kind, times=1)
            with pytest.raises(NetworkError):
                await app.bot.send_message(ana.id, kind)
        await does(lambda: world.faults.black_hole(times=1))
        with pytest.raises(TimedOut):
            await app.bot.send_message(ana.id, "b")
    arrived = await does(lambda: [message.text for message in ana.chat.from_bot])
    assert arrived == ["lost_answer", "cut_answer"]


async def test_a_polling_bot_outlives_faults_and_loses_nothing(world: TelegramWorld, ana: Person) -> None:
    texts: list[str] = []
    errors: list[TelegramError] = []

    async def note(update: Update) -> None:
        if update.message is not None:
            texts.append(str(update.message.text))

    async with polling(world, note, errors):
        await does(ana.writes, "antes")
        await does(world.wait_until, lambda: "antes" in texts)
        await does(world.wait_until, lambda: world.updates.is_polling)
        await does(world.updates.disturb_poller)
        await does(world.wait_until, lambda: bool(errors))
        await does(lambda: world.faults.lost_answer(methods=["getUpdates"], times=1))
        await does(ana.writes, "durante")
        await does(world.wait_until, lambda: "durante" in texts, 20)
        await does(world.updates.renumber, 1_000)
        await does(ana.writes, "una semana después")
        await does(world.wait_until, lambda: "una semana después" in texts, 20)
    assert texts == ["antes", "durante", "una semana después"]
    assert isinstance(errors[0], Conflict) and len(errors) == 2
    assert await does(lambda: world.faults.fired["lost_answer"]) == 1
    assert await does(lambda: world.updates.pending) == []
