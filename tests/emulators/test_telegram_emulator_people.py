"""What people do in Telegram, as the bot gets to know of it, and what they see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.doubles.http import HTTP
from tests.emulators.telegram import EmulatorError, Person, TelegramWorld

YES_NO = {"inline_keyboard": [[{"text": "Sí", "callback_data": "/yes"}, {"text": "No", "callback_data": "/no"}]]}


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramWorld]:
    with TelegramWorld.in_thread(seed=5) as world:
        yield world


@pytest.fixture
def world(server: TelegramWorld) -> TelegramWorld:
    server.start_over()
    return server


@pytest.fixture
def ana(world: TelegramWorld) -> Person:
    ana = world.person("Ana", phone="34600111222")
    ana.starts()
    return ana


def newest(world: TelegramWorld) -> dict[str, Any]:
    update: dict[str, Any] = world.updates.pending[-1]
    return update


def send(world: TelegramWorld, person: Person, text: str, **more: Any) -> int:
    return int(world.as_bot("sendMessage", chat_id=person.id, text=text, **more)["result"]["message_id"])


def test_an_edit_is_an_update_of_its_own(world: TelegramWorld, ana: Person) -> None:
    message = ana.writes("mi factura esta mal")
    ana.edits(message, "mi factura está mal")
    edited = newest(world)["edited_message"]
    assert (edited["message_id"], edited["text"], edited["date"]) == (message.id, "mi factura está mal", message.date)
    assert edited["edit_date"] >= message.date


def test_a_long_text_is_cut_into_messages_as_the_apps_do(world: TelegramWorld, ana: Person) -> None:
    ana.writes("😀" * 2048 + "fin")
    assert [len(text) for text in ana.chat.texts[1:]] == [2048, 3]


def test_a_press_brings_the_message_with_its_buttons_and_shows_the_answer(world: TelegramWorld, ana: Person) -> None:
    asked = send(world, ana, "¿Seguro?", reply_markup=YES_NO)
    press = ana.presses("No")
    query = newest(world)["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (press.id, "/no", ana.id)
    assert (query["message"]["message_id"], query["message"]["reply_markup"]) == (asked, YES_NO)
    world.as_bot("answerCallbackQuery", callback_query_id=press.id, text="Vale", show_alert=True)
    assert (ana.answer_to(press).text, ana.answer_to(press).show_alert) == ("Vale", True)


def test_the_newest_message_with_the_button_is_pressed(world: TelegramWorld, ana: Person) -> None:
    send(world, ana, "¿Seguro?", reply_markup=YES_NO)
    second = send(world, ana, "¿De verdad?", reply_markup=YES_NO)
    assert ana.presses(data="/yes").message == second
    with pytest.raises(EmulatorError, match="Quizás"):
        ana.presses("Quizás")


def test_a_button_can_be_pressed_while_it_is_being_taken_away(world: TelegramWorld, ana: Person) -> None:
    asked = send(world, ana, "¿Seguro?", reply_markup=YES_NO)
    world.as_bot("editMessageText", chat_id=ana.id, message_id=asked, text="Hecho")
    with pytest.raises(EmulatorError):
        ana.presses("Sí")
    ana.presses("Sí", message=asked)
    assert newest(world)["callback_query"]["message"]["text"] == "Hecho"
    world.as_bot("deleteMessage", chat_id=ana.id, message_id=asked)
    ana.presses("Sí", message=asked)
    gone = {"chat": {"id": ana.id, "first_name": "Ana", "type": "private"}, "message_id": asked, "date": 0}
    assert newest(world)["callback_query"]["message"] == gone


def test_a_shared_contact_says_whose_it_is(world: TelegramWorld, ana: Person) -> None:
    keyboard = {"keyboard": [[{"text": "Compartir", "request_contact": True}]], "one_time_keyboard": True}
    asked = send(world, ana, "¿Tu número?", reply_markup=keyboard)
    assert ana.chat.keyboard == ["Compartir"]
    ana.taps("Compartir")
    message = newest(world)["message"]
    own = {"phone_number": "34600111222", "first_name": "Ana", "user_id": ana.id}
    assert (message["contact"], message["reply_to_message"]["message_id"]) == (own, asked)
    assert ana.chat.keyboard == []
    luis = world.person("Luis", phone="34600333444")
    ana.shares_contact(luis)
    message = newest(world)["message"]
    assert (message["contact"]["user_id"], message["from"]["id"]) == (luis.id, ana.id)
    ana.shares_contact(luis, with_user_id=False)
    assert "user_id" not in newest(world)["message"]["contact"]


def test_a_keyboard_stays_until_it_is_removed(world: TelegramWorld, ana: Person) -> None:
    send(world, ana, "Elige", reply_markup={"keyboard": [["Factura", {"text": "Persona"}]]})
    ana.taps("Factura")
    assert newest(world)["message"]["text"] == "Factura"
    assert ana.chat.keyboard == ["Factura", "Persona"]
    send(world, ana, "Gracias", reply_markup={"remove_keyboard": True})
    assert ana.chat.keyboard == []
    with pytest.raises(EmulatorError):
        ana.taps("Factura")


def test_files_are_described_and_downloaded(world: TelegramWorld, ana: Person) -> None:
    ana.sends_document(b"%PDF-1.4 la factura", name="factura.pdf", caption="mira /start")
    message = newest(world)["message"]
    document = message["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "factura.pdf",
        "application/pdf",
        19,
    )
    assert (message["caption"], message["caption_entities"][0]["type"]) == ("mira /start", "bot_command")
    found = world.as_bot("getFile", file_id=document["file_id"])["result"]
    assert found["file_path"].startswith("documents/") and found["file_path"].endswith(".pdf")
    assert HTTP.get(f"{world.base_file_url}{world.token}/{found['file_path']}").content == b"%PDF-1.4 la factura"
    assert HTTP.get(f"{world.base_file_url}{world.token}/documents/other.pdf").status_code == 404
    assert HTTP.get(f"{world.base_file_url}1:wrong/{found['file_path']}").status_code == 401


def test_what_is_over_20_mb_cannot_be_fetched(world: TelegramWorld, ana: Person) -> None:
    ana.sends_document(size=20 * 1024 * 1024 + 1)
    answer = world.as_bot("getFile", file_id=newest(world)["message"]["document"]["file_id"])
    assert (answer["error_code"], answer["description"]) == (400, "Bad Request: file is too big")


def test_photos_voices_stickers_places_and_albums_have_their_shapes(world: TelegramWorld, ana: Person) -> None:
    ana.sends_photo(caption="el contador")
    photo = newest(world)["message"]
    assert photo["caption"] == "el contador" and len(photo["photo"]) == 2
    assert photo["photo"][0]["width"] < photo["photo"][1]["width"]
    ana.sends_voice()
    assert newest(world)["message"]["voice"]["mime_type"] == "audio/ogg"
    ana.sends_sticker()
    assert newest(world)["message"]["sticker"]["emoji"] == "👍"
    ana.sends_location()
    assert set(newest(world)["message"]["location"]) == {"latitude", "longitude"}
    first, second = ana.sends_album(2, caption="las dos")
    assert first.raw["media_group_id"] == second.raw["media_group_id"] and (first.text, second.text) == ("las dos", "")


def test_the_bot_sends_files_and_sends_them_again_by_their_id(world: TelegramWorld, ana: Person) -> None:
    url = f"{world.base_url}{world.token}/sendDocument"
    sent = HTTP.post(
        url,
        data={"chat_id": ana.id, "caption": "*tu factura*", "parse_mode": "MarkdownV2"},
        files={"document": ("factura.pdf", b"%PDF", "application/pdf")},
    ).json()["result"]
    assert (sent["caption"], sent["document"]["file_name"]) == ("tu factura", "factura.pdf")
    again = world.as_bot("sendDocument", chat_id=ana.id, document=sent["document"]["file_id"])
    assert again["result"]["document"]["file_id"] == sent["document"]["file_id"]
    refused = world.as_bot("sendPhoto", chat_id=ana.id, photo="nonsense")
    assert refused["error_code"] == 400
    too_long = world.as_bot("sendDocument", chat_id=ana.id, document=sent["document"]["file_id"], caption="x" * 1025)
    assert too_long["description"] == "Bad Request: message caption is too long"


def test_blocking_is_told_and_keeps_the_person_from_writing(world: TelegramWorld, ana: Person) -> None:
    ana.blocks_bot()
    change = newest(world)["my_chat_member"]
    assert (change["from"]["id"], change["chat"]["id"]) == (ana.id, ana.id)
    assert change["old_chat_member"] == {"user": change["new_chat_member"]["user"], "status": "member"}
    assert (change["new_chat_member"]["status"], change["new_chat_member"]["until_date"]) == ("kicked", 0)
    with pytest.raises(EmulatorError):
        ana.writes("¿hola?")
    ana.unblocks_bot()
    assert newest(world)["my_chat_member"]["new_chat_member"]["status"] == "member"
    ana.writes("ya")


def test_numbers_of_messages_rise_in_each_chat_by_itself(world: TelegramWorld, ana: Person) -> None:
    luis = world.person("Luis")
    assert [luis.writes("a").id, ana.writes("b").id, luis.writes("c").id, ana.writes("d").id] == [1, 2, 2, 3]


def test_who_left_telegram_does_nothing_more(world: TelegramWorld, ana: Person) -> None:
    ana.deletes_account()
    with pytest.raises(EmulatorError, match="left Telegram"):
        ana.writes("¿hola?")
