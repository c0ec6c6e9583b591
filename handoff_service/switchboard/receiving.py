"""A customer's message comes in: it is stored, and whoever owns the conversation gets it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handoff_service.store.database import Transaction
from handoff_service.switchboard import conversations, files, handoffs, pauses, surveys, transcript, verification
from handoff_service.switchboard.conversations import Conversation
from handoff_service.switchboard.hub import TurnWanted, UnderstandingWanted
from handoff_service.switchboard.rules import buttons
from handoff_service.switchboard.rules.handoff import Owner, Reason
from handoff_service.switchboard.rules.text import says
from handoff_service.switchboard.transcript import Message
from handoff_service.words import Words


def receive(
    tx: Transaction,
    words: Words,
    conversation_id: str,
    text: str,
    payload: str | None,
    client_id: str,
    file_ids: Sequence[str] = (),
) -> Message:
    """Store what the customer wrote or pressed, and see that it gets its answer.

    The same client id again gives the stored message and has no further effect. Raises `NoSuchFile`, and
    `ConversationPaused` before anything is written.
    """
    before = transcript.by_client_id(tx, conversation_id, "customer", client_id)
    if before is not None:
        return before
    conversation = conversations.load(tx, conversation_id)
    offered = transcript.offered_buttons(tx, conversation_id, only_newest=payload is None)
    payload = buttons.pressed(payload, text, offered)
    wish = _wish(words, conversation, text, payload, tx.now)
    pauses.refuse(tx, conversation, wish)
    verification.customer_is_here(tx, conversation)
    scored = surveys.choice_of(payload, text, list(offered[0]) if offered else [])
    commented = surveys.awaiting_comment(tx, conversation) if payload is None and text and scored is None else None
    is_ours = wish is not None or scored is not None or commented is not None
    awaits = not is_ours and conversation.assistant_answers and bool(text)
    kept = None if payload in buttons.OURS or scored is not None else payload
    attachments = files.of_conversation(tx, conversation_id, file_ids)
    message = transcript.record(
        tx, conversation, text, payload=kept, client_id=client_id, awaits=awaits, attachments=attachments
    )
    conversations.record_event(tx, conversation, "customer_wrote", actor="customer", seq=message.seq)
    if message.seq == 1:
        transcript.say(tx, conversation, "system", words.say("utter_welcome", conversation.language))
    if awaits:
        tx.tell(TurnWanted(conversation_id))
    elif scored is not None:
        surveys.answer(tx, words, conversation, scored)
    elif commented is not None:
        surveys.keep_comment(tx, words, conversation, commented, message)
    elif wish is not None:
        _carry_out(tx, words, conversation, wish)
    elif conversation.assistant_answers:
        _keep_file_for_a_person(tx, words, conversation)
    else:
        _pass_to_person(tx, words, conversation, text, payload)
    return message


def _pass_to_person(tx: Transaction, words: Words, conversation: Conversation, text: str, payload: str | None) -> None:
    """It stands in the transcript for whoever has the conversation, or will have it."""
    if conversation.owner is Owner.QUEUE:
        handoffs.receipt(tx, words, conversation)
    if text and payload is None:
        tx.tell(UnderstandingWanted(conversation.id))


def start(tx: Transaction, words: Words, conversation_id: str, client_id: str) -> None:
    """The customer opened the conversation without a word: say who is here. Raises `ConversationPaused`."""
    if transcript.by_client_id(tx, conversation_id, "customer", client_id) is not None:
        return
    conversation = conversations.load(tx, conversation_id)
    pauses.refuse(tx, conversation, None)
    note_from_customer(tx, conversation, "/start", client_id)
    transcript.say(tx, conversation, "system", words.say("utter_welcome", conversation.language))


def note_from_customer(tx: Transaction, conversation: Conversation, text: str, client_id: str) -> None:
    """Something the customer did that is no message to anybody; it stands in the transcript all the same."""
    transcript.record(tx, conversation, text, payload=None, client_id=client_id, awaits=False)


def _keep_file_for_a_person(tx: Transaction, words: Words, conversation: Conversation) -> None:
    """The assistant can't look at a file: say so at once, and offer somebody who can."""
    offer = {"title": words.say("utter_button_human", conversation.language), "payload": buttons.ASK_FOR_PERSON}
    said = words.say("utter_file_kept", conversation.language)
    transcript.say(tx, conversation, "system", said, buttons=[offer])


def _wish(words: Words, conversation: Conversation, text: str, payload: str | None, now: datetime) -> str | None:
    """Which of the switchboard's own verbs the customer means, by button or in words; None for all else."""
    if conversation.owner is Owner.QUEUE:
        return _wish_while_waiting(words, conversation, text, payload)
    if conversation.owner is Owner.ASSISTANT:
        if conversation.pause_at(now) is not None:
            appealing = payload is None and says(text, (*words.phrases_of("appeal"), *words.phrases_of("wants_person")))
            return buttons.APPEAL if appealing or payload in (buttons.APPEAL, buttons.ASK_FOR_PERSON) else None
        if payload == buttons.ASK_FOR_PERSON:
            return payload
        unanswered = conversation.failed_turns > 0 and payload is None
        if unanswered and says(text, (*words.phrases_of("wants_person"), *words.phrases_of("yes"))):
            return buttons.ASK_FOR_PERSON
    return None


def _wish_while_waiting(words: Words, conversation: Conversation, text: str, payload: str | None) -> str | None:
    if payload in (buttons.CANCEL_WAIT, buttons.CONTINUE_WITH_ASSISTANT):
        return payload
    cancelling = words.phrases_of("cancel_wait")
    if conversation.assistant_while_waiting:  # a bare «cancela» is the assistant's then
        return buttons.CANCEL_WAIT if says(text, [p for p in cancelling if " " in p]) else None
    if says(text, cancelling):
        return buttons.CANCEL_WAIT
    return buttons.CONTINUE_WITH_ASSISTANT if says(text, words.phrases_of("continue_with_assistant")) else None


def _carry_out(tx: Transaction, words: Words, conversation: Conversation, wish: str) -> None:
    if wish == buttons.CANCEL_WAIT:
        handoffs.cancel(tx, words, conversation)
    elif wish == buttons.CONTINUE_WITH_ASSISTANT:
        handoffs.continue_with_assistant(tx, words, conversation)
    elif wish == buttons.APPEAL:
        conversations.record_event(tx, conversation, "pause_appealed", actor="customer")
        signal = {"name": "appeal", "value": True, "weight": 1.0}
        handoffs.open_handoff(tx, words, conversation, Reason.COMPLAINT, [signal])
    elif conversation.failed_turns:
        signal = {"name": "assistant_unavailable", "value": conversation.failed_turns, "weight": 1.0}
        handoffs.open_handoff(tx, words, conversation, Reason.ASSISTANT_UNAVAILABLE, [signal])
    else:
        signal = {"name": "asked_for_person", "value": True, "weight": 1.0}
        handoffs.open_handoff(tx, words, conversation, Reason.ASKED_FOR_PERSON, [signal])
