"""A second client that is not ours: python-telegram-bot, polling and by webhook, against the emulator."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from aiohttp import web
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.constants import ChatAction
from telegram.error import Conflict

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


async def test_a_polling_bot_talks_presses_edits_and_deletes(world: TelegramWorld, ana: Person) -> None:
    async def answer(update: Update) -> None:
        if update.callback_query is not None:
            await update.callback_query.answer("Hecho", show_alert=True)
            await update.callback_query.edit_message_text("Elegido: " + str(update.callback_query.data))
        elif update.edited_message is not None:
            await update.edited_message.reply_text(f"Corregido: {update.edited_message.text}")
        elif update.message is not None and update.message.text == "/start":
            yes = InlineKeyboardButton("Sí", callback_data="/yes")
            await update.message.reply_html(
                "<b>¿Seguro?</b>",
                reply_markup=InlineKeyboardMarkup([[yes]]),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )

    async with polling(world, answer) as app:
        await does(ana.starts)
        asked = await does(ana.chat.wait_for, "¿Seguro?")
        assert asked.raw["entities"] == [{"offset": 0, "length": 8, "type": "bold"}]
        assert asked.raw["link_preview_options"] == {"is_disabled": True}
        press = await does(ana.presses, "Sí")
        assert (await does(ana.answer_to, press)).show_alert
        await does(ana.chat.wait_for, "Elegido: /yes")
        await does(ana.edits, await does(ana.writes, "ola"), "hola")
        corrected = await does(ana.chat.wait_for, "Corregido: hola")
        assert await app.bot.delete_message(ana.id, corrected.id)
        assert await app.bot.send_chat_action(ana.id, ChatAction.TYPING)
    shown = await does(lambda: ana.chat.texts)
    assert shown == ["/start", "Elegido: /yes", "hola"]
    assert await does(lambda: world.updates.pending) == []


async def test_contacts_and_files_go_both_ways(world: TelegramWorld, ana: Person) -> None:
    got: list[Message] = []

    async def answer(update: Update) -> None:
        if update.message is None:
            return
        got.append(update.message)
        if update.message.document is not None:
            file = await update.message.document.get_file()
            copy = bytes(await file.download_as_bytearray())
            await update.message.reply_document(copy, filename="copia.pdf", caption="La copia")
        elif update.message.contact is not None:
            await update.message.reply_text("Gracias", reply_markup=ReplyKeyboardRemove())
        elif update.message.text is not None:
            button = KeyboardButton("Mi número", request_contact=True)
            await update.message.reply_text("¿Tu número?", reply_markup=ReplyKeyboardMarkup([[button]]))
        elif update.message.photo:
            await update.message.reply_photo(update.message.photo[-1].file_id)

    async with polling(world, answer):
        await does(ana.starts)
        await does(ana.chat.wait_for, "¿Tu número?")
        await does(ana.taps, "Mi número")
        await does(ana.chat.wait_for, "Gracias")
        await does(ana.sends_document, b"%PDF-1.4 la factura")
        copy = await does(ana.chat.wait_for, "La copia")
        await does(ana.sends_photo)
        await does(ana.chat.wait_for_count, 4)
    contact = next(message for message in got if message.contact)
    assert contact.contact is not None and contact.contact.user_id == ana.id
    assert contact.reply_to_message is not None and contact.reply_to_message.text == "¿Tu número?"
    file = await does(lambda: world.as_bot("getFile", file_id=copy.raw["document"]["file_id"])["result"])
    assert file["file_size"] == len(b"%PDF-1.4 la factura")
    assert await does(lambda: ana.chat.last.raw["photo"][-1]["width"]) == 1280


async def test_a_bot_with_a_webhook_of_its_own_gets_updates_it_can_read(world: TelegramWorld, ana: Person) -> None:
    texts: list[str] = []

    async def note(update: Update) -> None:
        if update.message is not None:
            texts.append(str(update.message.text))
            await update.message.reply_text("Recibido")

    async with application(world, note, updater=None) as app:

        async def take(request: web.Request) -> web.Response:
            if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != "a-secret":
                return web.Response(status=401)
            await app.process_update(Update.de_json(await request.json(), app.bot))
            return web.Response()

        site = web.Application()
        site.router.add_post("/telegram/webhook", take)
        runner = web.AppRunner(site)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/webhook"
        assert await app.bot.set_webhook(url, secret_token="wrong", allowed_updates=["message"])
        await does(ana.writes, "hola")
        await does(world.wait_until, lambda: "401" in world.updates.webhook.get("last_error_message", ""))
        assert await app.bot.set_webhook(url, secret_token="a-secret", allowed_updates=["message"])
        await does(ana.chat.wait_for, "Recibido")
        info = await app.bot.get_webhook_info()
        assert (info.url, info.allowed_updates) == (url, ("message",))
        with pytest.raises(Conflict):
            await app.bot.get_updates()
        assert await app.bot.delete_webhook()
        await runner.cleanup()
    assert texts == ["hola"]
