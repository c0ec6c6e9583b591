"""The Bot API's methods over plain HTTP: what they take, what they do, and what they answer when they refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.doubles.http import HTTP
from tests.emulators.telegram import Person, TelegramWorld


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramWorld]:
    with TelegramWorld.in_thread() as world:
        yield world


@pytest.fixture
def world(server: TelegramWorld) -> TelegramWorld:
    server.start_over()
    return server


@pytest.fixture
def ana(world: TelegramWorld) -> Person:
    """Somebody who opened the bot."""
    ana = world.person("Ana", phone="34600111222")
    ana.starts()
    return ana


def refusal(world: TelegramWorld, method: str, **arguments: Any) -> tuple[int, str]:
    body = world.as_bot(method, **arguments)
    assert body["ok"] is False
    return body["error_code"], body["description"]


def test_the_bot_knows_itself(world: TelegramWorld) -> None:
    me = world.as_bot("getMe")["result"]
    assert me["is_bot"] and me["id"] == int(world.token.split(":")[0])
    assert world.as_bot("GETME")["result"] == me


def test_arguments_come_as_query_form_multipart_or_json(world: TelegramWorld, ana: Person) -> None:
    url = f"{world.base_url}{world.token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "Sí", "callback_data": "/yes"}]]}
    flat = {"chat_id": str(ana.id), "text": "hola", "reply_markup": json.dumps(markup)}
    answers = [
        HTTP.get(url, params=flat),
        HTTP.post(url, data=flat),
        HTTP.post(url, files={name: (None, value) for name, value in flat.items()}),
        HTTP.post(url, json={"chat_id": ana.id, "text": "hola", "reply_markup": markup}),
    ]
    for answer in answers:
        assert answer.json()["result"]["text"] == "hola"
        assert answer.json()["result"]["reply_markup"] == markup


def test_a_wrong_token_and_an_unknown_method_are_refused(world: TelegramWorld) -> None:
    assert HTTP.get(f"{world.base_url}123:wrong/getMe").json() == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
    }
    assert HTTP.get(f"{world.base_url}nonsense/getMe").json()["error_code"] == 404
    assert refusal(world, "getNothing") == (404, "Not Found: method not found")
    assert HTTP.get(f"{world.url}/elsewhere").json()["description"] == "Not Found"


def test_a_message_is_answered_as_telegram_shows_it(world: TelegramWorld, ana: Person) -> None:
    result = world.as_bot("sendMessage", chat_id=ana.id, text="<b>hola</b>", parse_mode="HTML")["result"]
    assert result == {
        "message_id": 2,
        "from": {"id": world.bot["id"], "is_bot": True, "first_name": "Relevo", "username": world.bot["username"]},
        "chat": {"id": ana.id, "first_name": "Ana", "type": "private"},
        "date": result["date"],
        "text": "hola",
        "entities": [{"type": "bold", "offset": 0, "length": 4}],
    }
    assert ana.chat.texts == ["/start", "hola"]


def test_4096_units_fit_into_a_message_and_emoji_count_twice(world: TelegramWorld, ana: Person) -> None:
    assert world.as_bot("sendMessage", chat_id=ana.id, text="ñ" * 4096)["ok"]
    assert world.as_bot("sendMessage", chat_id=ana.id, text="😀" * 2048)["ok"]
    too_long = (400, "Bad Request: message is too long")
    assert refusal(world, "sendMessage", chat_id=ana.id, text="ñ" * 4097) == too_long
    assert refusal(world, "sendMessage", chat_id=ana.id, text="😀" * 2048 + "!") == too_long
    assert world.as_bot("sendMessage", chat_id=ana.id, text=f"<b>{'a' * 4096}</b>", parse_mode="HTML")["ok"]


@pytest.mark.parametrize(
    ("arguments", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        (
            {"text": "Hola.", "parse_mode": "MarkdownV2"},
            "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
        (
            {"text": "1 < 2", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "" at byte offset 2',
        ),
        ({"text": "x", "parse_mode": "Word"}, "unsupported parse_mode"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ],
)
def test_bad_messages_are_refused(
    world: TelegramWorld, ana: Person, arguments: dict[str, Any], description: str
) -> None:
    assert refusal(world, "sendMessage", chat_id=ana.id, **arguments) == (400, f"Bad Request: {description}")
    assert ana.chat.texts == ["/start"]


def test_callback_data_holds_64_bytes_not_characters(world: TelegramWorld, ana: Person) -> None:
    def keyboard(data: str) -> dict[str, Any]:
        return {"inline_keyboard": [[{"text": "Sí", "callback_data": data}]]}

    assert world.as_bot("sendMessage", chat_id=ana.id, text="x", reply_markup=keyboard("ñ" * 32))["ok"]
    for data in ("ñ" * 33, "x" * 65, ""):
        answer = refusal(world, "sendMessage", chat_id=ana.id, text="x", reply_markup=keyboard(data))
        assert answer == (400, "Bad Request: BUTTON_DATA_INVALID")


def test_a_button_without_a_purpose_is_refused(world: TelegramWorld, ana: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Sí"}]]}
    code, description = refusal(world, "sendMessage", chat_id=ana.id, text="x", reply_markup=markup)
    assert (code, description.split(": ")[-1]) == (400, "Text buttons are unallowed in the inline keyboard")


def test_nobody_can_be_written_to_out_of_the_blue(world: TelegramWorld) -> None:
    stranger, member = world.person("Luis"), world.person("Eva")
    world.group("Familia", [member], with_bot=True)
    not_found = (400, "Bad Request: chat not found")
    assert refusal(world, "sendMessage", chat_id=42, text="x") == not_found
    assert refusal(world, "sendMessage", chat_id="@nobody", text="x") == not_found
    assert refusal(world, "sendMessage", chat_id=stranger.id, text="x") == not_found
    assert refusal(world, "sendMessage", text="x") == (400, "Bad Request: chat_id is empty")
    initiating = (403, "Forbidden: bot can't initiate conversation with a user")
    assert refusal(world, "sendMessage", chat_id=member.id, text="x") == initiating


def test_who_blocked_the_bot_or_left_telegram_gets_nothing(world: TelegramWorld, ana: Person) -> None:
    ana.blocks_bot()
    blocked = (403, "Forbidden: bot was blocked by the user")
    assert refusal(world, "sendMessage", chat_id=ana.id, text="x") == blocked
    assert refusal(world, "sendChatAction", chat_id=ana.id, action="typing") == blocked
    ana.unblocks_bot()
    assert world.as_bot("sendMessage", chat_id=ana.id, text="x")["ok"]
    ana.deletes_account()
    assert refusal(world, "sendMessage", chat_id=ana.id, text="x") == (403, "Forbidden: user is deactivated")


def test_a_message_is_edited_and_shows_what_it_was(world: TelegramWorld, ana: Person) -> None:
    sent = world.as_bot("sendMessage", chat_id=ana.id, text="antes")["result"]
    edited = world.as_bot("editMessageText", chat_id=ana.id, message_id=sent["message_id"], text="después")["result"]
    assert edited["text"] == "después" and edited["edit_date"] >= sent["date"]
    assert ana.chat.last.edited and ana.chat.last.earlier_texts == ("antes",)


def test_edits_that_change_nothing_or_are_not_ours_are_refused(world: TelegramWorld, ana: Person) -> None:
    sent = world.as_bot("sendMessage", chat_id=ana.id, text="hola")["result"]["message_id"]
    code, description = refusal(world, "editMessageText", chat_id=ana.id, message_id=sent, text="hola")
    assert (code, description.split(":")[1]) == (400, " message is not modified")
    arguments = {"chat_id": ana.id, "text": "x"}
    assert refusal(world, "editMessageText", message_id=1, **arguments)[1] == "Bad Request: message can't be edited"
    assert refusal(world, "editMessageText", message_id=99, **arguments)[1] == "Bad Request: message to edit not found"
    keyboard = {"keyboard": [["uno"]]}
    with_keyboard = world.as_bot("sendMessage", reply_markup=keyboard, **arguments)["result"]["message_id"]
    answer = refusal(world, "editMessageText", chat_id=ana.id, message_id=with_keyboard, text="y")
    assert answer[1] == "Bad Request: message can't be edited"


def test_the_buttons_of_a_message_are_changed_and_taken_away(world: TelegramWorld, ana: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Sí", "callback_data": "/yes"}]]}
    sent = world.as_bot("sendMessage", chat_id=ana.id, text="¿Seguro?", reply_markup=markup)["result"]["message_id"]
    assert ana.chat.last.button_texts == ["Sí"]
    same = refusal(world, "editMessageReplyMarkup", chat_id=ana.id, message_id=sent, reply_markup=markup)
    assert "not modified" in same[1]
    assert world.as_bot("editMessageReplyMarkup", chat_id=ana.id, message_id=sent)["ok"]
    assert ana.chat.last.button_texts == []


def test_messages_are_deleted_once_and_not_after_two_days(world: TelegramWorld, ana: Person) -> None:
    first, second = (world.as_bot("sendMessage", chat_id=ana.id, text=text)["result"]["message_id"] for text in "ab")
    assert world.as_bot("deleteMessage", chat_id=ana.id, message_id=first)["result"] is True
    gone = refusal(world, "deleteMessage", chat_id=ana.id, message_id=first)
    assert gone == (400, "Bad Request: message to delete not found")
    assert world.as_bot("deleteMessages", chat_id=ana.id, message_ids=[first, 1])["ok"]
    assert ana.chat.texts == ["b"]
    world.clock.advance(48 * 3600 + 1)
    late = refusal(world, "deleteMessage", chat_id=ana.id, message_id=second)
    assert late == (400, "Bad Request: message can't be deleted for everyone")


def test_chat_actions_are_seen(world: TelegramWorld, ana: Person) -> None:
    assert world.as_bot("sendChatAction", chat_id=ana.id, action="typing")["ok"]
    assert [action.action for action in ana.chat.actions] == ["typing"]
    assert refusal(world, "sendChatAction", chat_id=ana.id, action="dance")[1].endswith(
        "wrong parameter action in request"
    )


def test_the_bots_card_is_kept(world: TelegramWorld) -> None:
    commands = [{"command": "ayuda", "description": "Qué puedo hacer"}]
    assert world.as_bot("setMyCommands", commands=commands, language_code="es")["ok"]
    assert world.as_bot("getMyCommands", language_code="es")["result"] == commands
    assert world.as_bot("getMyCommands")["result"] == []
    wrong = [{"command": "Ayuda!", "description": "x"}]
    assert refusal(world, "setMyCommands", commands=wrong) == (400, "Bad Request: BOT_COMMAND_INVALID")
    assert world.as_bot("setMyDescription", description="Atención al cliente")["ok"]
    assert world.bot_card()["descriptions"] == {"": "Atención al cliente"}


def test_every_call_is_on_record_with_its_time_and_outcome(world: TelegramWorld, ana: Person) -> None:
    world.as_bot("sendMessage", chat_id=ana.id, text="hola")
    world.as_bot("sendMessage", chat_id=42, text="hola")
    good, bad = world.calls("sendMessage")
    assert (good.status, good.carried_out, good.chat, good.parameters["text"]) == (200, True, ana.id, "hola")
    assert (bad.status, bad.carried_out, bad.description) == (400, False, "Bad Request: chat not found")
    assert good.finished_at is not None and good.at <= good.finished_at <= bad.at
    assert world.calls("sendMessage", after=good.number) == [bad]
