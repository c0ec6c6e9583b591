"""Groups: joined, read only in part, turned into supergroups, and left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulators.telegram import Group, Person, TelegramWorld


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramWorld]:
    with TelegramWorld.in_thread(seed=7) as world:
        yield world


@pytest.fixture
def world(server: TelegramWorld) -> TelegramWorld:
    server.start_over()
    return server


@pytest.fixture
def ana(world: TelegramWorld) -> Person:
    return world.person("Ana")


@pytest.fixture
def family(world: TelegramWorld, ana: Person) -> Group:
    return world.group("Familia", [ana, world.person("Luis")], with_bot=True)


def pending(world: TelegramWorld) -> list[dict[str, Any]]:
    """What waits for the bot, and is then confirmed."""
    waiting = world.updates.pending
    if waiting:
        world.as_bot("getUpdates", offset=waiting[-1]["update_id"] + 1)
    return waiting


def test_joining_is_told_twice(world: TelegramWorld, ana: Person, family: Group) -> None:
    status, message = pending(world)
    assert status["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert status["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert [user["id"] for user in message["message"]["new_chat_members"]] == [world.bot["id"]]
    chat = message["message"]["chat"]
    assert (chat["id"], chat["type"], chat["title"]) == (family.id, "group", "Familia") and family.id < 0
    assert message["message"]["from"]["id"] == ana.id


def test_in_privacy_mode_only_commands_and_answers_reach_the_bot(
    world: TelegramWorld, ana: Person, family: Group
) -> None:
    pending(world)
    for text in ("qué tal", "/ayuda", "/ayuda@otro_bot", f"/ayuda@{world.bot['username']}"):
        ana.writes(text, to=family)
    sent = world.as_bot("sendMessage", chat_id=family.id, text="Escríbeme en privado")["result"]["message_id"]
    ana.writes("vale", to=family, reply_to=sent)
    texts = [update["message"]["text"] for update in pending(world)]
    assert texts == ["/ayuda", f"/ayuda@{world.bot['username']}", "vale"]
    world.let_bot_read_groups()
    ana.writes("qué tal", to=family)
    assert [update["message"]["text"] for update in pending(world)] == ["qué tal"]


def test_a_group_becomes_another_chat_when_it_grows(world: TelegramWorld, ana: Person, family: Group) -> None:
    pending(world)
    grown = family.becomes_supergroup()
    old, new = (update["message"] for update in pending(world))
    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (family.id, grown.id)
    assert (new["chat"]["id"], new["chat"]["type"], new["migrate_from_chat_id"]) == (grown.id, "supergroup", family.id)
    assert str(grown.id).startswith("-100")
    refused = world.as_bot("sendMessage", chat_id=family.id, text="x")
    assert (refused["error_code"], refused["parameters"]) == (400, {"migrate_to_chat_id": grown.id})
    assert refused["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert world.as_bot("sendMessage", chat_id=grown.id, text="x")["ok"]


def test_out_of_a_group_the_bot_cannot_write(world: TelegramWorld, family: Group) -> None:
    family.remove_bot()
    kicked = world.as_bot("sendMessage", chat_id=family.id, text="x")
    assert (kicked["error_code"], kicked["description"]) == (403, "Forbidden: bot was kicked from the group chat")
    family.add_bot()
    assert world.as_bot("leaveChat", chat_id=family.id)["result"] is True
    assert pending(world)[-1]["my_chat_member"]["new_chat_member"]["status"] == "left"
    left = world.as_bot("sendMessage", chat_id=family.id, text="x")
    assert left["description"] == "Forbidden: bot is not a member of the group chat"


def test_a_number_can_be_asked_for_in_private_only(world: TelegramWorld, family: Group) -> None:
    markup = {"keyboard": [[{"text": "Compartir", "request_contact": True}]]}
    refused = world.as_bot("sendMessage", chat_id=family.id, text="x", reply_markup=markup)
    assert refused["description"] == "Bad Request: phone number can be requested in private chats only"


def test_private_chats_cannot_be_left(world: TelegramWorld, ana: Person) -> None:
    ana.starts()
    assert world.as_bot("leaveChat", chat_id=ana.id)["error_code"] == 400
    chat = world.as_bot("getChat", chat_id=ana.id)["result"]
    assert (chat["id"], chat["type"], chat["first_name"]) == (ana.id, "private", "Ana")
