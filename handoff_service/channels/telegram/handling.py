"""An update becomes one verb of the switchboard, in the transaction that marks it as handled."""

from __future__ import annotations

from sqlalchemy import insert, select

from handoff_service.channels.telegram import delivery, joining, updates
from handoff_service.channels.telegram.delivery import CHANNEL
from handoff_service.channels.telegram.tables import telegram_groups
from handoff_service.channels.telegram.wording import button_at, button_pressed
from handoff_service.store.database import Transaction
from handoff_service.switchboard import conversations, files, inbox, links, pauses, receiving, transcript, verification
from handoff_service.switchboard.conversations import Conversation, Identity
from handoff_service.switchboard.files import StoredFile
from handoff_service.switchboard.inbox import Incoming
from handoff_service.switchboard.pauses import ConversationPaused
from handoff_service.switchboard.rules.text import MESSAGE_LIMIT, clean
from handoff_service.words import Words

FILE_COULD_NOT_BE_READ = "📎"


def take(
    tx: Transaction,
    words: Words,
    incoming: Incoming,
    update: updates.Update | None,
    file: StoredFile | None = None,
    identity: Identity | None = None,
) -> int | None:
    """Carry it out and mark it as handled, together. Gives the group that must be told its one line, if any.

    Raises `inbox.NotNow` before anything is written.
    """
    inbox.take(tx, incoming)
    if update is None:
        return None
    if isinstance(update, updates.InGroup):
        return _group_to_tell(tx, update.chat_id)
    if isinstance(update, updates.Started) and update.payload.startswith(links.MARK):
        _go_on(tx, words, update)
        return None
    conversation = _conversation(tx, update.sender)
    if isinstance(update, updates.ChangedBlock):
        for conversation_id in delivery.conversations_of(tx, update.sender.chat_id):
            (delivery.blocked if update.is_blocked else delivery.unblocked)(tx, conversation_id)
    elif isinstance(update, updates.Edited):
        _edit(tx, conversation, update)
    elif isinstance(update, updates.Pressed):
        _press(tx, words, conversation, update)
    elif isinstance(update, updates.SharedContact):
        _contact(tx, words, conversation, update, identity)
    elif isinstance(update, updates.Started):
        _start(tx, words, conversation, update)
    else:
        _write(tx, words, conversation, update, file)
    return None


def conversation_of(tx: Transaction, sender: updates.Sender) -> str:
    """The id of the conversation of this private chat; opens it at the first contact."""
    return _conversation(tx, sender).id


def _conversation(tx: Transaction, sender: updates.Sender) -> Conversation:
    """A private chat is one conversation for good, unless its customer came on from the website by a link."""
    known = delivery.conversations_of(tx, sender.chat_id)
    if known:
        return conversations.load(tx, known[0])
    opened = conversations.open_conversation(tx, CHANNEL, sender.language, str(sender.chat_id))
    delivery.open_chat(tx, opened.id, sender.chat_id)
    return opened


def _write(
    tx: Transaction, words: Words, conversation: Conversation, wrote: updates.Wrote, file: StoredFile | None
) -> None:
    _is_back(tx, wrote.sender)
    text = clean(wrote.text)[:MESSAGE_LIMIT]
    if not text and file is None:
        text = FILE_COULD_NOT_BE_READ
    client_id = _client_id(conversation, wrote.sender, wrote.message_id)
    if transcript.by_client_id(tx, conversation.id, "customer", client_id) is not None:
        return
    file_ids = [file.id] if file else []
    try:
        with tx.connection.begin_nested():
            if file is not None:
                files.register(tx, file)
            message = receiving.receive(tx, words, conversation.id, text, None, client_id, file_ids)
    except ConversationPaused:
        pauses.tell_again(tx, words, conversation.id)
        return
    delivery.remember(tx, conversation.id, message.seq, 0, wrote.message_id)


def _start(tx: Transaction, words: Words, conversation: Conversation, started: updates.Started) -> None:
    _is_back(tx, started.sender)
    client_id = _client_id(conversation, started.sender, started.message_id)
    try:
        receiving.start(tx, words, conversation.id, client_id)
    except ConversationPaused:
        pauses.tell_again(tx, words, conversation.id)


def _go_on(tx: Transaction, words: Words, started: updates.Started) -> None:
    """By a link from the website; where that is not good, the chat is told so. The token is written down nowhere."""
    known = delivery.conversations_of(tx, started.sender.chat_id)
    here = conversations.load(tx, known[0]) if known else None
    refusal = joining.join(tx, words, here, started.sender.chat_id, started.payload)
    _is_back(tx, started.sender)
    if refusal is None:
        return
    here = here or _conversation(tx, started.sender)
    client_id = _client_id(here, started.sender, started.message_id)
    if transcript.by_client_id(tx, here.id, "customer", client_id) is None:
        receiving.note_from_customer(tx, here, "/start", client_id)
        transcript.say(tx, here, "system", words.say(refusal, here.language))


def _is_back(tx: Transaction, sender: updates.Sender) -> None:
    """Who writes can be written to."""
    for conversation_id in delivery.conversations_of(tx, sender.chat_id):
        delivery.unblocked_by_writing(tx, conversation_id)


def _client_id(conversation: Conversation, sender: updates.Sender, message_id: int) -> str:
    """The customer's own id of a message; where a website writes into the same conversation, one that can't be its."""
    return str(message_id) if conversation.channel == CHANNEL else f"{CHANNEL}:{sender.chat_id}:{message_id}"


def _press(tx: Transaction, words: Words, conversation: Conversation, pressed: updates.Pressed) -> None:
    place = button_pressed(pressed.data)
    stands = delivery.place_of(tx, pressed.sender.chat_id, pressed.message_id)
    if stands is not None and stands[0] != conversation.id:  # a button of what was said before the chat came here
        conversation = conversations.load(tx, stands[0])
    message = transcript.by_seq(tx, conversation.id, place[0]) if place else None
    button = button_at(message.buttons, place[1]) if message and place else None
    if button is not None:
        client_id = f"press:{pressed.callback_id}"
        try:
            receiving.receive(tx, words, conversation.id, button["title"], button["payload"], client_id)
        except ConversationPaused:
            pauses.tell_again(tx, words, conversation.id)


def _edit(tx: Transaction, conversation: Conversation, edited: updates.Edited) -> None:
    if conversation.pause_at(tx.now) is not None:
        return  # an old message is no way round the pause
    stands = delivery.place_of(tx, edited.sender.chat_id, edited.message_id)
    if stands is None:
        return
    conversation = conversations.load(tx, stands[0])
    message = transcript.by_seq(tx, *stands)
    text = clean(edited.text)[:MESSAGE_LIMIT]
    if message is not None and message.author == "customer" and text and text != message.text:
        transcript.correct(tx, conversation, message, text, "customer")


def _contact(
    tx: Transaction,
    words: Words,
    conversation: Conversation,
    contact: updates.SharedContact,
    identity: Identity | None,
) -> None:
    """Telegram vouches for the sender's own number only; whose it is with us, the operator's system says."""
    if identity is not None and not verification.may_be(conversation, identity):
        name, identity = "utter_other_customer", None
    elif identity is not None:
        conversation = conversations.remember_identity(tx, conversation, identity)
        name = "utter_contact_verified"
    else:
        name = "utter_contact_unknown"
    if not contact.is_own:
        name = "utter_contact_not_own"
    said = words.say(name, conversation.language)
    client_id = _client_id(conversation, contact.sender, contact.message_id)
    if transcript.by_client_id(tx, conversation.id, "customer", client_id) is not None:
        return
    receiving.note_from_customer(tx, conversation, "📱", client_id)
    transcript.say(tx, conversation, "system", said)


def _group_to_tell(tx: Transaction, chat_id: int) -> int | None:
    known = tx.connection.execute(select(telegram_groups.c.chat_id).where(telegram_groups.c.chat_id == chat_id))
    if known.first() is not None:
        return None
    tx.connection.execute(insert(telegram_groups).values(chat_id=chat_id, told_at=tx.now))
    return chat_id
