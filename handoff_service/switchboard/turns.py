"""A turn: the customer's open messages go to the assistant together, once, and its answer is committed as a whole."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, bindparam, exists, insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import messages, turns
from handoff_service.switchboard import (
    conversations,
    data_orders,
    endings,
    files,
    handoffs,
    pauses,
    transcript,
    verification,
)
from handoff_service.switchboard.answers import Answer, Said, Understood
from handoff_service.switchboard.cases import KnownCase, cases_of
from handoff_service.switchboard.conversations import Conversation
from handoff_service.switchboard.hub import ConversationChanged, TurnWanted
from handoff_service.switchboard.rules import buttons
from handoff_service.switchboard.rules.handoff import Owner, Reason
from handoff_service.switchboard.rules.text import MESSAGE_LIMIT, is_fragment, says
from handoff_service.words import Words

WAIT_FOR_REST = timedelta(seconds=1.5)  # how long a fragment waits for what follows
PATIENCE = timedelta(seconds=6)  # from the start of a turn to the word that it failed
ANSWER_WITHIN = timedelta(seconds=7)  # from the customer's message; with the sending it stays under 8
PATIENCE_AFTER_FAILURE = timedelta(seconds=2.5)
SHORTEST_PATIENCE = timedelta(seconds=1.5)
LEASE_BEYOND_DEADLINE = timedelta(seconds=2)

# Built once: building a statement takes several times as long as running it, and these run with every message.
_THIS_TURN = turns.c.id == bindparam("this")
_MINE = messages.c.conversation_id == bindparam("this")
_RUNNING = select(turns).where(turns.c.conversation_id == bindparam("this"), turns.c.status == "running")
_OPEN = (_MINE, messages.c.awaits_assistant, messages.c.turn_id.is_(None))
_PENDING = (
    select(messages.c.seq, messages.c.text, messages.c.payload, messages.c.sent_at)
    .where(*_OPEN)
    .order_by(messages.c.seq)
)
_MORE = select(exists().where(*_OPEN))
_INSERT = insert(turns)
_TAKE = update(messages).where(*_OPEN, messages.c.seq <= bindparam("last")).values(turn_id=bindparam("turn"))
_END = (
    update(turns)
    .where(_THIS_TURN, turns.c.status == "running")
    .values(status=bindparam("as"), ended_at=bindparam("now"))
    .returning(*turns.c)
)
_UNDERSTAND = update(messages).where(_MINE, messages.c.turn_id == bindparam("turn"))
_SETTLE = update(messages).where(_MINE, messages.c.awaits_assistant).values(awaits_assistant=False)
_SETTLE_TURN = _SETTLE.where(messages.c.turn_id == bindparam("turn"))


@dataclass(frozen=True)
class Turn:
    """What the assistant is asked, and until when an answer counts."""

    id: str
    conversation_id: str
    channel: str
    text: str
    payload: str | None
    language: str
    customer_name: str | None
    verified_customer: str | None
    deadline_at: datetime
    cases: tuple[KnownCase, ...] = ()


@dataclass(frozen=True)
class Wait:
    """Not yet: the customer seems to be still writing."""

    seconds: float


def begin_turn(tx: Transaction, words: Words, conversation_id: str) -> Turn | Wait | None:
    """The next turn of this conversation, leased to the caller; None when there is nothing to do now."""
    conversation = conversations.load(tx, conversation_id)
    running = _running(tx, conversation_id)
    if running is not None:
        return _resume(tx, conversation, running)
    pending = _pending(tx, conversation_id)
    if not pending:
        return None
    if not conversation.assistant_answers:
        _settle(tx, conversation_id)
        return None
    rest = pending[-1]["sent_at"] + WAIT_FOR_REST - tx.now
    greetings = words.phrases_of("greetings")
    if rest > timedelta() and all(m["payload"] is None and is_fragment(m["text"], greetings) for m in pending):
        return Wait(rest.total_seconds())
    return _start(tx, conversation, _belonging_together(pending))


def _start(tx: Transaction, conversation: Conversation, taken: Sequence[RowMapping]) -> Turn:
    deadline = _deadline(tx.now, taken[0]["sent_at"], conversation.failed_turns)
    row = {
        "id": secrets.token_urlsafe(18),
        "conversation_id": conversation.id,
        "epoch": conversation.epoch,
        "status": "running",
        "text": "\n".join(m["text"] for m in taken)[-MESSAGE_LIMIT:],
        "payload": taken[0]["payload"],
        "started_at": tx.now,
        "deadline_at": deadline,
        "lease_until": deadline + LEASE_BEYOND_DEADLINE,
    }
    tx.connection.execute(_INSERT, row)
    tx.connection.execute(_TAKE, {"this": conversation.id, "last": taken[-1]["seq"], "turn": row["id"]})
    return _as_turn(tx, conversation, row)


def _deadline(now: datetime, sent_at: datetime, failed_turns: int) -> datetime:
    patience = PATIENCE_AFTER_FAILURE if failed_turns else PATIENCE
    if now >= sent_at + ANSWER_WITHIN:  # too late already, as after a person gave it back: then at least an answer
        return now + patience
    return max(min(now + patience, sent_at + ANSWER_WITHIN), now + SHORTEST_PATIENCE)


def _resume(tx: Transaction, conversation: Conversation, running: RowMapping) -> Turn | None:
    """A turn whose asker died is asked again under the same id, so nothing happens twice."""
    if running["lease_until"] > tx.now:
        return None
    deadline = tx.now + PATIENCE
    values = {"deadline_at": deadline, "lease_until": deadline + LEASE_BEYOND_DEADLINE}
    tx.connection.execute(update(turns).where(turns.c.id == running["id"]).values(**values))
    return _as_turn(tx, conversation, {**running, **values})


def _as_turn(tx: Transaction, conversation: Conversation, row: dict[str, object]) -> Turn:
    verified = conversations.verified_customer(tx, conversation.id) if conversation.customer_id else None
    return Turn(
        id=str(row["id"]),
        conversation_id=conversation.id,
        channel=conversation.channel,
        text=str(row["text"]),
        payload=row["payload"],  # type: ignore[arg-type]
        language=conversation.language,
        customer_name=conversations.customer_name(tx, verified),
        verified_customer=verified,
        deadline_at=row["deadline_at"],  # type: ignore[arg-type]
        cases=cases_of(tx, conversation.id, verified) if verified or conversation.was_ever_handed_off else (),
    )


def _running(tx: Transaction, conversation_id: str) -> RowMapping | None:
    return tx.connection.execute(_RUNNING, {"this": conversation_id}).mappings().one_or_none()


def _pending(tx: Transaction, conversation_id: str) -> Sequence[RowMapping]:
    return tx.connection.execute(_PENDING, {"this": conversation_id}).mappings().all()


def _belonging_together(pending: Sequence[RowMapping]) -> Sequence[RowMapping]:
    """All open messages up to the next pressed button, from the first; a pressed button is a turn by itself."""
    if pending[0]["payload"] is not None:
        return pending[:1]
    end = next((i for i, m in enumerate(pending) if m["payload"] is not None), len(pending))
    return pending[:end]


def _settle(tx: Transaction, conversation_id: str, turn_id: str | None = None) -> None:
    """These messages wait for the assistant no more; without a turn id: none of the conversation does."""
    if turn_id is None:
        tx.connection.execute(_SETTLE, {"this": conversation_id})
    else:
        tx.connection.execute(_SETTLE_TURN, {"this": conversation_id, "turn": turn_id})


def finish_turn(tx: Transaction, words: Words, turn_id: str, answer: Answer) -> bool:
    """Commit the answer with all it brings: words and change of owner together, or nothing of it.

    True if the customer has written more meanwhile, which wants the next turn.
    """
    turn = _end(tx, turn_id, "answered")
    if turn is None:
        return True
    _commit_answer(tx, words, turn, answer)
    return _wants_more(tx, turn["conversation_id"])


def _commit_answer(tx: Transaction, words: Words, turn: RowMapping, answer: Answer) -> None:
    turn_id = turn["id"]
    conversation = conversations.load(tx, turn["conversation_id"])
    is_late = conversation.epoch != turn["epoch"]
    _annotate(tx, conversation, turn_id, answer.understood, is_settled=not is_late)
    if is_late:
        _drop_stale(tx, conversation, turn_id)
        return
    if (conversation.language, conversation.failed_turns) != (answer.language, 0):
        conversation = conversations.change(tx, conversation.id, language=answer.language, failed_turns=0)
    is_plain = turn["payload"] is None and answer.verified is None and answer.order is None
    is_free = conversation.owner is Owner.ASSISTANT and is_plain
    understood = answer.understood
    if is_free and (ended := endings.to_be_continued(tx, conversation, understood.intent, understood.confidence)):
        endings.take_up_again(tx, words, conversation, ended)
        return
    conversations.record_event(tx, conversation, "assistant_answered", actor="assistant", turn_id=turn_id)
    if answer.verified is not None:
        if not verification.may_be(conversation, answer.verified):
            _refuse_other_customer(tx, words, conversation)
            return
        conversation = verification.accept(tx, conversation, answer.verified)
    if answer.order is not None:
        if not data_orders.may_give(tx, conversation, answer.order):
            data_orders.refuse(tx, words, conversation)
            return
        data_orders.take(tx, conversation, answer.order)
    for said in answer.said:
        _say(tx, conversation, said, turn_id)
    if answer.handoff is not None:
        handoffs.open_handoff(tx, words, conversation, answer.handoff, answer.signals, answer.priority)
    elif answer.pause is not None:
        _settle(tx, conversation.id)
        pauses.begin(tx, words, conversation, answer.pause.seconds, answer.pause.signals)


def _say(tx: Transaction, conversation: Conversation, said: Said, turn_id: str) -> None:
    for stored in said.files:
        files.register(tx, stored)
    attachments = [stored.as_attachment() for stored in said.files]
    transcript.say(
        tx, conversation, "assistant", said.text, buttons=said.buttons, attachments=attachments, turn_id=turn_id
    )


def _refuse_other_customer(tx: Transaction, words: Words, conversation: Conversation) -> None:
    """A code proved somebody whose account must not be shown here: nothing of the answer is said."""
    conversations.record_event(tx, conversation, "verification_refused", actor="assistant")
    offer = {"title": words.say("utter_button_human", conversation.language), "payload": buttons.ASK_FOR_PERSON}
    said = words.say("utter_other_customer", conversation.language)
    transcript.say(tx, conversation, "system", said, buttons=[offer])


def fail_turn(tx: Transaction, words: Words, turn_id: str) -> bool:
    """The assistant gave no answer in time: say so, offer a person, and get one if that was what they asked.

    True if the customer has written more meanwhile, which wants the next turn.
    """
    turn = _end(tx, turn_id, "failed")
    if turn is None:
        return True
    _commit_failure(tx, words, turn)
    return _wants_more(tx, turn["conversation_id"])


def _commit_failure(tx: Transaction, words: Words, turn: RowMapping) -> None:
    turn_id = turn["id"]
    conversation = conversations.load(tx, turn["conversation_id"])
    if conversation.epoch != turn["epoch"]:
        _drop_stale(tx, conversation, turn_id)
        return
    _settle(tx, conversation.id)
    failed = conversation.failed_turns + 1
    conversation = conversations.change(tx, conversation.id, failed_turns=failed)
    conversations.record_event(tx, conversation, "assistant_failed", actor="assistant", turn_id=turn_id)
    if says(turn["text"], words.phrases_of("wants_person")):
        signal = {"name": "asked_for_person", "value": True, "weight": 1.0}
        handoffs.open_handoff(tx, words, conversation, Reason.ASKED_FOR_PERSON, [signal])
        return
    language = conversation.language
    name = "utter_assistant_failed" if failed == 1 else "utter_assistant_failed_again"
    offer = {"title": words.say("utter_button_human", language), "payload": buttons.ASK_FOR_PERSON}
    waiting = conversation.owner is Owner.QUEUE
    said, choice = words.say(name, language), None if waiting else [offer]
    transcript.say(tx, conversation, "system", said, buttons=choice, turn_id=turn_id)


def _end(tx: Transaction, turn_id: str, status: str) -> RowMapping | None:
    """End a running turn; None if it has ended already."""
    return tx.connection.execute(_END, {"this": turn_id, "as": status, "now": tx.now}).mappings().one_or_none()


def _wants_more(tx: Transaction, conversation_id: str) -> bool:
    return bool(tx.connection.execute(_MORE, {"this": conversation_id}).scalar_one())


def _annotate(
    tx: Transaction, conversation: Conversation, turn_id: str, understood: Understood, is_settled: bool
) -> None:
    """What the customer's messages were taken to be, and whether they still wait for an answer."""
    learned = {**vars(understood), **({"awaits_assistant": False} if is_settled else {})}
    tx.connection.execute(_UNDERSTAND, {"this": conversation.id, "turn": turn_id, **learned})
    tx.tell(ConversationChanged(conversation.id))


def _drop_stale(tx: Transaction, conversation: Conversation, turn_id: str) -> None:
    """The conversation changed hands meanwhile. Only if it is the assistant's again is the turn asked anew."""
    tx.connection.execute(update(turns).where(turns.c.id == turn_id).values(status="stale"))
    conversations.record_event(tx, conversation, "answer_came_late", actor="assistant", turn_id=turn_id)
    if conversation.assistant_answers:
        again = update(messages).where(messages.c.turn_id == turn_id, messages.c.awaits_assistant)
        tx.connection.execute(again.values(turn_id=None))
        tx.tell(TurnWanted(conversation.id))
    else:
        _settle(tx, conversation.id, turn_id)


def unattended(tx: Transaction) -> list[str]:
    """The conversations in which something waits for the assistant and nobody is at it."""
    waiting = select(messages.c.conversation_id).where(messages.c.awaits_assistant, messages.c.turn_id.is_(None))
    orphaned = select(turns.c.conversation_id).where(turns.c.status == "running", turns.c.lease_until <= tx.now)
    return list(tx.connection.execute(waiting.union(orphaned)).scalars())


def release_leases(tx: Transaction) -> None:
    """At the start of the only process: whatever was running has no asker any more."""
    tx.connection.execute(update(turns).where(turns.c.status == "running").values(lease_until=tx.now))
