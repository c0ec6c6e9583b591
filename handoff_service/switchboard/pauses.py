"""A conversation rests after repeated abuse: begun by the machine, appealed by the customer, lifted by a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handoff_service.store.database import Transaction
from handoff_service.switchboard import audit, conversations, transcript
from handoff_service.switchboard.audit import Action
from handoff_service.switchboard.conversations import Conversation, record_event
from handoff_service.switchboard.rules import buttons
from handoff_service.switchboard.rules import pause as rules
from handoff_service.switchboard.rules.handoff import Agent, Owner
from handoff_service.words import Words


class ConversationPaused(Exception):
    """The customer can't write until `until`; nothing was stored."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


def begin(
    tx: Transaction, words: Words, conversation: Conversation, seconds: float, signals: Sequence[dict[str, Any]]
) -> None:
    """Pause it and say until when and how to appeal. Who waits for a person is only asked to mind their words."""
    if conversation.owner is not Owner.ASSISTANT:
        said = words.say("utter_abuse_while_waiting", conversation.language)
        transcript.say(tx, conversation, "system", said)
        return
    until = rules.end_of(tx.now, seconds)
    conversation = conversations.change(tx, conversation.id, paused_until=until, pause_told_at=tx.now)
    named = [str(signal.get("name")) for signal in signals]
    record_event(tx, conversation, "conversation_paused", actor="assistant", until=until.isoformat(), signals=named)
    _say(tx, words, conversation, "utter_paused", until)


def refuse(tx: Transaction, conversation: Conversation, wish: str | None) -> None:
    """Raise `ConversationPaused` for what a paused customer can't do now; an appeal is always possible."""
    until = conversation.pause_at(tx.now)
    if wish == buttons.CONTINUE_WITH_ASSISTANT:  # they appealed, and the assistant still rests
        until = rules.in_force(conversation.paused_until, Owner.ASSISTANT, tx.now)
    if until is not None and wish != buttons.APPEAL:
        raise ConversationPaused(until)


def tell_again(tx: Transaction, words: Words, conversation_id: str) -> None:
    """A calm line for a channel that has no other sign of the pause; at most one a minute."""
    conversation = conversations.load(tx, conversation_id)
    until = conversation.pause_at(tx.now)
    if until is None or not rules.may_tell_again(conversation.pause_told_at, tx.now):
        return
    conversation = conversations.change(tx, conversation.id, pause_told_at=tx.now)
    _say(tx, words, conversation, "utter_pause_goes_on", until)


def remind(tx: Transaction, words: Words, conversation_id: str) -> None:
    """A person's part is over, and the pause is not: say so, lest the customer write in vain."""
    conversation = conversations.load(tx, conversation_id)
    until = conversation.pause_at(tx.now)
    if until is not None:
        _say(tx, words, conversation, "utter_pause_goes_on", until)


def lift(tx: Transaction, words: Words, conversation_id: str, agent: Agent) -> Conversation:
    """End it at once, by a person's decision, and tell the customer. Where none holds, nothing changes."""
    conversation = conversations.load(tx, conversation_id)
    if rules.in_force(conversation.paused_until, Owner.ASSISTANT, tx.now) is None:
        return conversation
    conversation = conversations.change(tx, conversation.id, paused_until=None, pause_told_at=None)
    record_event(tx, conversation, "pause_lifted", actor=f"agent:{agent.name}")
    audit.record(tx, agent, Action.LIFTED_PAUSE, f"conversation:{conversation.id}")
    transcript.say(tx, conversation, "system", words.say("utter_pause_lifted", conversation.language))
    return conversations.load(tx, conversation_id)


def _say(tx: Transaction, words: Words, conversation: Conversation, name: str, until: datetime) -> None:
    language = conversation.language
    minutes = rules.minutes_left(until, tx.now)
    said = words.say(name, language, until=words.clock(until), minutes=minutes)
    appeal = {"title": words.say("utter_button_appeal", language), "payload": buttons.APPEAL}
    transcript.say(tx, conversation, "system", said, buttons=[appeal])
