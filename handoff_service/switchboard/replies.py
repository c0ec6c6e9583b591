"""What an agent writes: to the customer as a message, or to colleagues as a note. The two never mix."""

from __future__ import annotations

from collections.abc import Sequence

from handoff_service.store.database import Transaction
from handoff_service.switchboard import handoffs, staffing, suggestions, transcript
from handoff_service.switchboard.conversations import Conversation, record_event
from handoff_service.switchboard.notes import Note, SameIdOtherText, write_note
from handoff_service.switchboard.rules.handoff import Agent, must_hold
from handoff_service.switchboard.transcript import Attachment, Message


class NoSuchMessage(Exception):
    """There is no such message in this conversation."""


class NotYourMessage(Exception):
    """Only who wrote a message may correct it or take it back."""


def reply(
    tx: Transaction,
    handoff_id: str,
    agent: Agent,
    text: str,
    client_id: str,
    attachments: Sequence[Attachment] = (),
) -> Message:
    """Send the holder's words to the customer. The same id again changes nothing; raises `SameIdOtherText`."""
    handoff, conversation = handoffs.load(tx, handoff_id)
    key = f"{agent.name}:{client_id}"
    before = transcript.by_client_id(tx, conversation.id, "agent", key)
    if before is not None:
        if before.text != text and before.edited_at is None and before.deleted_at is None:
            raise SameIdOtherText
        return before
    must_hold(handoff.held, agent)
    suggested = suggestions.of_handoff(tx, handoff)
    message = transcript.say(
        tx,
        conversation,
        "agent",
        text,
        name=agent.name,
        attachments=attachments,
        client_id=key,
        handoff_id=handoff.id,
    )
    staffing.seen(tx, agent)
    record_event(tx, conversation, "agent_replied", actor=f"agent:{agent.name}", handoff_id=handoff.id, seq=message.seq)
    if suggested is not None and suggested.text is not None:
        about = {"intent": suggested.intent, "taken": suggested.text == text}
        record_event(tx, conversation, "suggestion_shown", actor="watch", handoff_id=handoff.id, **about)
    return message


def correct(tx: Transaction, handoff_id: str, agent: Agent, seq: int, text: str) -> Message:
    """Replace the wording of one's own message."""
    message, conversation = _own(tx, handoff_id, agent, seq)
    transcript.correct(tx, conversation, message, text, f"agent:{agent.name}")
    return _reread(tx, message)


def take_back(tx: Transaction, handoff_id: str, agent: Agent, seq: int) -> None:
    """Delete one's own message; a second time changes nothing."""
    message, conversation = _own(tx, handoff_id, agent, seq)
    if message.deleted_at is None:
        transcript.take_back(tx, conversation, message, f"agent:{agent.name}")


def _own(tx: Transaction, handoff_id: str, agent: Agent, seq: int) -> tuple[Message, Conversation]:
    _, conversation = handoffs.load(tx, handoff_id)
    message = transcript.by_seq(tx, conversation.id, seq)
    if message is None:
        raise NoSuchMessage
    if message.author != "agent" or message.name != agent.name:
        raise NotYourMessage
    return message, conversation


def _reread(tx: Transaction, message: Message) -> Message:
    reread = transcript.by_seq(tx, message.conversation_id, message.seq)
    if reread is None:
        raise NoSuchMessage
    return reread


def note(tx: Transaction, handoff_id: str, agent: Agent, text: str, client_id: str | None = None) -> Note:
    """Write down something for colleagues. There is no way from here to the customer. Raises `SameIdOtherText`."""
    handoff, conversation = handoffs.load(tx, handoff_id)
    return write_note(tx, conversation, handoff.id, agent, text, client_id)
