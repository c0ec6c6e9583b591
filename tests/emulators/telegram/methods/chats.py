"""getChat, getChatMember and leaveChat."""

from __future__ import annotations

from tests.emulators.telegram.access import chat_to_read, chat_to_write
from tests.emulators.telegram.errors import bad_request
from tests.emulators.telegram.methods.registry import method
from tests.emulators.telegram.model import Json, member_status
from tests.emulators.telegram.parameters import Parameters
from tests.emulators.telegram.world import World


@method("getChat")
def get_chat(world: World, parameters: Parameters) -> Json:
    """The chat as `ChatFullInfo`: also where the person blocked the bot."""
    chat = chat_to_read(world, parameters)
    shown = world.show_chat(chat)
    full: Json = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }
    if chat.is_private and chat.id in world.people and world.people[chat.id].username:
        full["active_usernames"] = [world.people[chat.id].username]
    return {**shown, **full}


@method("getChatMember")
def get_chat_member(world: World, parameters: Parameters) -> Json:
    chat = chat_to_read(world, parameters)
    user = parameters.integer("user_id")
    if user == world.bot.id:
        return {"user": world.bot.as_user(), **member_status(chat.bot_status)}
    if user not in world.people:
        raise bad_request("user not found")
    return {"user": world.people[user].as_user(), "status": "member" if user in chat.members else "left"}


@method("leaveChat")
def leave_chat(world: World, parameters: Parameters) -> bool:
    chat = chat_to_write(world, parameters)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    world.announce_bot_status(chat, world.bot.as_user(), {"status": "member"}, {"status": "left"})
    return True
