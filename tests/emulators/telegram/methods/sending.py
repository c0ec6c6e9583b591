"""sendMessage and sendChatAction."""

from __future__ import annotations

from tests.emulators.telegram.access import chat_to_write, replied_message
from tests.emulators.telegram.errors import bad_request
from tests.emulators.telegram.formatting.entities import FormattedText
from tests.emulators.telegram.formatting.reading import read_text
from tests.emulators.telegram.markup import Markup, check_place, read_markup
from tests.emulators.telegram.methods.registry import method
from tests.emulators.telegram.model import Chat, Json, Message, ShownAction
from tests.emulators.telegram.parameters import Parameters
from tests.emulators.telegram.world import World

_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "record_audio",
    "upload_voice",
    "upload_audio",
    "upload_document",
    "choose_sticker",
    "find_location",
    "pick_up_location",
    "record_video_note",
    "upload_video_note",
}


@method("sendMessage")
def send_message(world: World, parameters: Parameters) -> Json:
    formatted = read_text(parameters)
    markup = read_markup(parameters)
    chat = chat_to_write(world, parameters)
    return put(world, chat, text_content(world, formatted, parameters), markup, parameters)


@method("sendChatAction")
def send_chat_action(world: World, parameters: Parameters) -> bool:
    action = parameters.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = chat_to_write(world, parameters)
    world.actions.append(ShownAction(chat.id, action, world.clock.now()))
    world.changes.tell()
    return True


def text_content(world: World, formatted: FormattedText, parameters: Parameters) -> Json:
    """What a message shows of a text: the text, its entities, and how links are previewed."""
    content: Json = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = [known_entity(world, entity) for entity in formatted.entities]
    options = parameters.json("link_preview_options", "can't parse link preview options JSON object")
    if options is None and parameters.boolean("disable_web_page_preview"):
        options = {"is_disabled": True}
    if options:
        content["link_preview_options"] = options
    return content


def known_entity(world: World, entity: Json) -> Json:
    """The entity with the whole user where it mentions one."""
    if entity["type"] != "text_mention":
        return entity
    person = world.people.get(entity["user"]["id"])
    return {**entity, "user": person.as_user() if person else entity["user"]}


def put(world: World, chat: Chat, content: Json, markup: Markup, parameters: Parameters) -> Json:
    """Write the bot's message into the chat and answer with it."""
    check_place(markup, chat)
    message = Message(
        id=0,
        sender=world.bot.as_user(),
        date=world.now(),
        content=content,
        inline_keyboard=markup.inline,
        reply_keyboard=markup.reply,
        reply_to=replied_message(chat, parameters),
    )
    message.id = chat.next_id()
    chat.add(message)
    if markup.reply is not None or markup.removes:
        chat.keyboard = markup.reply
        chat.keyboard_from = message.id if markup.reply is not None else None
    world.changes.tell()
    return world.show(chat, message)
