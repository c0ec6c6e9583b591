"""A customer of the website goes on in a chat: the same conversation, the same place, told on both from now on."""

from __future__ import annotations

from handoff_service.channels.telegram import delivery
from handoff_service.store.database import Transaction
from handoff_service.switchboard import conversations, handoffs, links, queueing, transcript
from handoff_service.switchboard.conversations import Conversation
from handoff_service.switchboard.rules.handoff import Status
from handoff_service.words import Words

MOVED = "El cliente sigue ahora también por Telegram. · The customer goes on in Telegram too."


def join(tx: Transaction, words: Words, here: Conversation | None, chat_id: int, token: str) -> str | None:
    """Let the chat speak in the token's conversation; gives the name of what to say where it may not.

    `here` is the conversation in which the chat speaks so far, if it ever did.
    """
    conversation_id = links.leads_to(tx, token)
    if conversation_id is None:
        return "utter_link_expired"
    there = conversations.load(tx, conversation_id)
    if here is not None and here.id != there.id:
        if handoffs.open_one(tx, here) is not None:
            return "utter_link_busy"
        if None not in (here.customer_id, there.customer_id) and here.customer_id != there.customer_id:
            return "utter_link_other_customer"
    if not links.use_up(tx, token):
        return "utter_link_expired"
    delivery.join_chat(tx, there, chat_id)
    conversations.record_event(tx, there, "channel_joined", actor="customer", channel="telegram")
    _welcome(tx, words, there)
    return None


def _welcome(tx: Transaction, words: Words, conversation: Conversation) -> None:
    """Who waits is told the place anew, where it will be kept true from now on."""
    handoff = handoffs.open_one(tx, conversation)
    language = conversation.language
    if handoff is None:
        transcript.say(tx, conversation, "system", words.say("utter_goes_on_in_telegram", language))
        return
    delivery.tell_agents(tx, conversation.id, MOVED)
    if handoff.status is Status.QUEUED:
        said = words.say("utter_waits_on_in_telegram", language)
        queueing.announce(tx, words, conversation, handoff, said)
        return
    said = words.say("utter_goes_on_in_telegram_with_agent", language, agent=handoff.agent)
    transcript.say(tx, conversation, "system", said, handoff_id=handoff.id)
