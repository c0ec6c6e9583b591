"""Which chat a call means, and whether the bot may do that there."""

from __future__ import annotations

from tests.emulators.telegram.errors import ApiError, bad_request, forbidden
from tests.emulators.telegram.model import GROUP, Chat, Message
from tests.emulators.telegram.parameters import Parameters
from tests.emulators.telegram.world import World


def chat_to_read(world: World, parameters: Parameters) -> Chat:
    """The chat of `chat_id`, whatever the bot is in it; raises what Telegram answers where there is none."""
    name = parameters.text("chat_id")
    if not name:
        raise bad_request("chat_id is empty")
    try:
        chat = world.chats.get(int(name))
    except ValueError:
        chat = None
    if chat is None or (chat.is_private and not chat.was_opened):
        if chat is not None and _met_in_a_group(world, chat):
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")
    return chat


def chat_to_write(world: World, parameters: Parameters) -> Chat:
    """The chat of `chat_id` if the bot may write in it now."""
    chat = chat_to_read(world, parameters)
    refusal = _refusal(world, chat)
    if refusal is not None:
        raise refusal
    return chat


def own_message(world: World, parameters: Parameters) -> tuple[Chat, Message]:
    """The bot's own message that an edit means."""
    chat = chat_to_write(world, parameters)
    message = chat.messages.get(parameters.integer("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if not message.is_from_bot or message.reply_keyboard is not None:
        raise bad_request("message can't be edited")
    return chat, message


def replied_message(chat: Chat, parameters: Parameters) -> int | None:
    """The message of `reply_parameters` (or of the older `reply_to_message_id`)."""
    reply = parameters.json("reply_parameters", "can't parse reply parameters JSON object") or {}
    number = reply.get("message_id") or parameters.integer("reply_to_message_id")
    if not number:
        return None
    message = chat.messages.get(int(number))
    if message is not None and not message.deleted:
        return message.id
    if reply.get("allow_sending_without_reply") or parameters.boolean("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _met_in_a_group(world: World, chat: Chat) -> bool:
    return any(group.bot_status == "member" for group in world.groups_of(chat.id))


def _refusal(world: World, chat: Chat) -> ApiError | None:
    if chat.is_private:
        if chat.id in world.deactivated:
            return forbidden("user is deactivated")
        return forbidden("bot was blocked by the user") if chat.bot_status == "kicked" else None
    if chat.migrated_to is not None:
        parameters = {"migrate_to_chat_id": chat.migrated_to}
        return bad_request("group chat was upgraded to a supergroup chat", parameters)
    kind = "group" if chat.type == GROUP else "supergroup"
    if chat.bot_status == "kicked":
        return forbidden(f"bot was kicked from the {kind} chat")
    return forbidden(f"bot is not a member of the {kind} chat") if chat.bot_status == "left" else None
