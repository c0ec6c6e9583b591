"""Editing and deleting the messages of a chat."""

from __future__ import annotations

from tests.emulators.telegram.access import chat_to_write, own_message
from tests.emulators.telegram.errors import bad_request
from tests.emulators.telegram.formatting.reading import read_caption, read_text
from tests.emulators.telegram.markup import read_markup
from tests.emulators.telegram.methods.registry import method
from tests.emulators.telegram.methods.sending import text_content
from tests.emulators.telegram.model import Chat, Json, Message
from tests.emulators.telegram.parameters import Parameters
from tests.emulators.telegram.world import World

DELETABLE_FOR = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@method("editMessageText")
def edit_message_text(world: World, parameters: Parameters) -> Json:
    formatted = read_text(parameters)
    markup = read_markup(parameters)
    chat, message = own_message(world, parameters)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _change(world, chat, message, text_content(world, formatted, parameters), markup.inline)


@method("editMessageCaption")
def edit_message_caption(world: World, parameters: Parameters) -> Json:
    formatted = read_caption(parameters)
    markup = read_markup(parameters)
    chat, message = own_message(world, parameters)
    if "text" in message.content:
        raise bad_request("there is no caption in the message to edit")
    kept = {name: value for name, value in message.content.items() if not name.startswith("caption")}
    if formatted.text:
        kept["caption"] = formatted.text
    if formatted.entities:
        kept["caption_entities"] = list(formatted.entities)
    return _change(world, chat, message, kept, markup.inline)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, parameters: Parameters) -> Json:
    markup = read_markup(parameters)
    chat, message = own_message(world, parameters)
    return _change(world, chat, message, message.content, markup.inline)


def _change(world: World, chat: Chat, message: Message, content: Json, inline: Json | None) -> Json:
    if content == message.content and inline == message.inline_keyboard:
        raise bad_request(_NOT_MODIFIED)
    message.earlier.append(world.show(chat, message))
    message.content = content
    message.inline_keyboard = inline
    message.edit_date = world.now()
    world.changes.tell()
    return world.show(chat, message)


@method("deleteMessage")
def delete_message(world: World, parameters: Parameters) -> bool:
    chat = chat_to_write(world, parameters)
    if not parameters.text("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(parameters.integer("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    _delete(world, chat, message)
    return True


@method("deleteMessages")
def delete_messages(world: World, parameters: Parameters) -> bool:
    """Messages that are not there are passed over, as at Telegram."""
    chat = chat_to_write(world, parameters)
    numbers = parameters.json("message_ids", "can't parse message identifiers JSON object")
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > 100:
        raise bad_request("too many message identifiers specified")
    for number in numbers:
        message = chat.messages.get(int(number))
        if message is not None and not message.deleted:
            _delete(world, chat, message)
    return True


def _delete(world: World, chat: Chat, message: Message) -> None:
    too_old = world.clock.now() - message.date > DELETABLE_FOR
    if too_old or (not chat.is_private and not message.is_from_bot):
        raise bad_request("message can't be deleted for everyone" if too_old else "message can't be deleted")
    message.deleted = True
    world.changes.tell()
