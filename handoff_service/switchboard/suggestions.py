"""What the assistant would answer, while a person has the conversation: shown to agents, sent only by their press."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import RowMapping, insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import messages, suggestions
from handoff_service.switchboard import conversations, handoffs
from handoff_service.switchboard.handoffs import Handoff
from handoff_service.switchboard.hub import ConversationChanged
from handoff_service.switchboard.rules.handoff import Status
from handoff_service.switchboard.rules.suggesting import Read, offers_return
from handoff_service.switchboard.rules.text import MESSAGE_LIMIT

MOST_READ = 10  # of the customer's messages, back in the conversation
_SAID = [messages.c[name] for name in ("seq", "author", "text", "turn_id", "payload", "sent_at")]


@dataclass(frozen=True)
class Question:
    """What the customer wrote and nobody has answered, to be understood; `seq` is its last message."""

    conversation_id: str
    seq: int
    channel: str
    text: str
    language: str
    customer_name: str | None


@dataclass(frozen=True)
class Foreseen:
    """What the assistant makes of it; `answer` is None where it would have to look something up, or has none."""

    intent: str | None
    confidence: float | None
    is_routine: bool
    answer: str | None


@dataclass(frozen=True)
class Suggestion:
    """What an agent is shown beside the customer's newest words."""

    seq: int
    intent: str | None
    confidence: float | None
    text: str | None
    offers_return: bool


def begin(tx: Transaction, conversation_id: str) -> Question | None:
    """What there is to understand now, noted as asked, so that it is asked once; None where there is nothing."""
    conversation = conversations.load(tx, conversation_id)
    if conversation.assistant_answers:
        return None
    handoff = handoffs.open_one(tx, conversation)
    open_words = _unanswered(tx, handoff) if handoff is not None else []
    if handoff is None or not open_words:
        return None
    seq = open_words[-1]["seq"]
    if _row(tx, conversation_id, seq) is not None:
        return None
    asked = {"conversation_id": conversation_id, "seq": seq, "handoff_id": handoff.id, "asked_at": tx.now}
    tx.connection.execute(insert(suggestions).values(**asked))
    verified = conversations.verified_customer(tx, conversation_id)
    return Question(
        conversation_id=conversation_id,
        seq=seq,
        channel=conversation.channel,
        text="\n".join(each["text"] for each in open_words)[-MESSAGE_LIMIT:],
        language=conversation.language,
        customer_name=conversations.customer_name(tx, verified),
    )


def keep(tx: Transaction, question: Question, foreseen: Foreseen) -> None:
    """Keep the answer for those who look at the case."""
    tx.connection.execute(
        update(suggestions)
        .where(suggestions.c.conversation_id == question.conversation_id, suggestions.c.seq == question.seq)
        .values(
            intent=foreseen.intent,
            confidence=foreseen.confidence,
            is_routine=foreseen.is_routine,
            text=foreseen.answer,
        )
    )
    tx.tell(ConversationChanged(question.conversation_id))


def of_handoff(tx: Transaction, handoff: Handoff) -> Suggestion | None:
    """What fits the customer's newest words, as long as nobody has answered them."""
    if handoff.status not in (Status.QUEUED, Status.ASSIGNED):
        return None
    read = _read(tx, handoff.id)
    if not read:
        return None
    newest = read[0]
    if newest["is_routine"] is None or not _is_newest(tx, handoff, newest["seq"]):
        return None
    has_holder = handoff.status is Status.ASSIGNED
    told = [Read(each["intent"], bool(each["is_routine"])) for each in read]
    returns = has_holder and offers_return(told, handoff.reason, handoff.signals)
    if newest["text"] is None and not returns:
        return None
    return Suggestion(newest["seq"], newest["intent"], newest["confidence"], newest["text"], returns)


def open_messages(tx: Transaction, handoff: Handoff) -> list[int]:
    """The numbers of what the customer wrote to a person and nobody has answered."""
    return [each["seq"] for each in _unanswered(tx, handoff)]


def _read(tx: Transaction, handoff_id: str) -> list[RowMapping]:
    query = (
        select(suggestions)
        .where(suggestions.c.handoff_id == handoff_id)
        .order_by(suggestions.c.seq.desc())
        .limit(MOST_READ)
    )
    return list(tx.connection.execute(query).mappings())


def _row(tx: Transaction, conversation_id: str, seq: int) -> RowMapping | None:
    query = select(suggestions).where(suggestions.c.conversation_id == conversation_id, suggestions.c.seq == seq)
    return tx.connection.execute(query).mappings().one_or_none()


def _is_newest(tx: Transaction, handoff: Handoff, seq: int) -> bool:
    """Whether nobody has said anything since, nor taken it back; the switchboard's own notices don't count."""
    query = (
        select(messages.c.seq, messages.c.deleted_at)
        .where(messages.c.conversation_id == handoff.conversation_id, messages.c.author != "system")
        .order_by(messages.c.seq.desc())
        .limit(1)
    )
    row = tx.connection.execute(query).one_or_none()
    return row is not None and row.seq == seq and row.deleted_at is None


def _unanswered(tx: Transaction, handoff: Handoff) -> list[RowMapping]:
    """The customer's words since this handoff began that came after everybody else's and were not the assistant's."""
    query = (
        select(*_SAID)
        .where(
            messages.c.conversation_id == handoff.conversation_id,
            messages.c.author != "system",
            messages.c.deleted_at.is_(None),
        )
        .order_by(messages.c.seq.desc())
        .limit(MOST_READ)
    )
    found: list[RowMapping] = []
    for row in tx.connection.execute(query).mappings():
        if row["author"] != "customer" or row["sent_at"] <= handoff.opened_at:
            break
        if row["turn_id"] is None and row["payload"] is None and row["text"]:
            found.insert(0, row)
    return found
