"""After the end of a handoff: one question of one press, per handoff, which can be left alone and reopens nothing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import RowMapping, bindparam, insert, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import surveys
from handoff_service.switchboard import transcript
from handoff_service.switchboard.conversations import Conversation, record_event
from handoff_service.switchboard.rules import survey as rules
from handoff_service.switchboard.rules.buttons import Button
from handoff_service.switchboard.rules.handoff import Owner, Reason
from handoff_service.switchboard.transcript import Message
from handoff_service.words import Words

COMMENT_WITHIN = timedelta(minutes=15)

_AWAITING = select(surveys.c.handoff_id).where(
    surveys.c.conversation_id == bindparam("this"),
    surveys.c.comment_until > bindparam("now"),
    surveys.c.comment_seq.is_(None),
)


def ask(
    tx: Transaction, words: Words, conversation: Conversation, handoff_id: str, reason: Reason, outcome: str | None
) -> None:
    """Ask how it was, unless it is out of place; at most once for a handoff, however often it ends."""
    known = tx.connection.execute(select(surveys.c.handoff_id).where(surveys.c.handoff_id == handoff_id)).first()
    if known is not None or not rules.is_asked(reason, outcome, tx.roster.limits.asks_survey):
        return
    language = conversation.language
    offers = [{"title": str(score), "payload": rules.payload(score, handoff_id)} for score in rules.SCORES]
    skip = words.say("utter_button_survey_skip", language)
    offers.append({"title": skip, "payload": rules.payload(rules.SKIP, handoff_id)})
    tx.connection.execute(
        insert(surveys).values(handoff_id=handoff_id, conversation_id=conversation.id, asked_at=tx.now)
    )
    transcript.say(tx, conversation, "system", words.say("utter_survey", language), buttons=offers)
    record_event(tx, conversation, "survey_asked", actor="survey", handoff_id=handoff_id)


def choice_of(payload: str | None, text: str, newest: list[Button]) -> tuple[str, str] | None:
    """What the customer chose, by button or in words while the question is the newest message; None for all else."""
    chosen = rules.chosen(payload)
    if chosen is not None or payload is not None:
        return chosen
    asked = next(filter(None, (rules.chosen(button["payload"]) for button in newest)), None)
    score = rules.score_in(text) if asked is not None and len(newest) > len(rules.SCORES) else None
    return (str(score), asked[1]) if asked is not None and score is not None else None


def answer(tx: Transaction, words: Words, conversation: Conversation, choice: tuple[str, str]) -> None:
    """Keep the score. The first answer counts; whoever owns the conversation by now is not disturbed."""
    kind, handoff_id = choice
    row = _of(tx, conversation, handoff_id)
    if row is None:
        return
    if kind == rules.COMMENT:
        _await_comment(tx, words, conversation, row)
    elif row["answered_at"] is None:
        _keep(tx, words, conversation, handoff_id, None if kind == rules.SKIP else int(kind))


def _of(tx: Transaction, conversation: Conversation, handoff_id: str) -> RowMapping | None:
    query = select(surveys).where(surveys.c.handoff_id == handoff_id, surveys.c.conversation_id == conversation.id)
    return tx.connection.execute(query).mappings().one_or_none()


def _keep(tx: Transaction, words: Words, conversation: Conversation, handoff_id: str, score: int | None) -> None:
    _write(tx, handoff_id, score=score, answered_at=tx.now)
    kind = "survey_skipped" if score is None else "survey_answered"
    data = {} if score is None else {"score": score}
    record_event(tx, conversation, kind, actor="survey", handoff_id=handoff_id, **data)
    if conversation.owner is not Owner.ASSISTANT:
        return
    language = conversation.language
    if score is None:
        transcript.say(tx, conversation, "system", words.say("utter_survey_skipped", language))
        return
    title = words.say("utter_button_survey_comment", language)
    offer = {"title": title, "payload": rules.payload(rules.COMMENT, handoff_id)}
    transcript.say(tx, conversation, "system", words.say("utter_survey_thanks", language), buttons=[offer])


def _await_comment(tx: Transaction, words: Words, conversation: Conversation, row: RowMapping) -> None:
    if row["score"] is None or row["comment_seq"] is not None or conversation.owner is not Owner.ASSISTANT:
        return
    _write(tx, row["handoff_id"], comment_until=tx.now + COMMENT_WITHIN)
    transcript.say(tx, conversation, "system", words.say("utter_survey_comment", conversation.language))


def awaiting_comment(tx: Transaction, conversation: Conversation) -> str | None:
    """The handoff on which the customer said they would add some words just now."""
    if conversation.owner is not Owner.ASSISTANT or not conversation.was_ever_handed_off:
        return None
    return tx.connection.execute(_AWAITING, {"this": conversation.id, "now": tx.now}).scalars().first()


def keep_comment(tx: Transaction, words: Words, conversation: Conversation, handoff_id: str, message: Message) -> None:
    """The message stands in the transcript; that it is the comment is noted."""
    _write(tx, handoff_id, comment_seq=message.seq, comment_until=None)
    record_event(tx, conversation, "survey_commented", actor="survey", handoff_id=handoff_id, seq=message.seq)
    transcript.say(tx, conversation, "system", words.say("utter_survey_comment_thanks", conversation.language))


def _write(tx: Transaction, handoff_id: str, **values: object) -> None:
    tx.connection.execute(update(surveys).where(surveys.c.handoff_id == handoff_id).values(**values))
