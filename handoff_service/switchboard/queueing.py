"""The queue as the waiting customer sees it: the place, an honest range, when somebody comes back; kept true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from handoff_service.store.database import Transaction
from handoff_service.store.tables import handoffs
from handoff_service.switchboard import staffing, transcript
from handoff_service.switchboard.conversations import Conversation, record_event
from handoff_service.switchboard.rules import buttons
from handoff_service.switchboard.rules.calendar import next_opening
from handoff_service.switchboard.rules.handoff import Status, is_appeal
from handoff_service.switchboard.rules.waiting import Figures, Promise, expected_wait, in_minutes, waiting_range
from handoff_service.words import Words

if TYPE_CHECKING:
    from handoff_service.switchboard.handoffs import Handoff

RECENT = 60  # endings and promises that are looked at
TELL_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Place:
    """Where a handoff stands. Out of hours there is no range: `opens_at` says when somebody comes back, if ever."""

    position: int
    wait: tuple[int, int] | None
    expected: float | None
    is_open: bool
    opens_at: datetime | None

    @property
    def figures(self) -> list[Any]:
        """What a customer is told of it; equal lists read the same."""
        minutes = list(in_minutes(self.wait)) if self.wait else None
        return [self.position, minutes, self.opens_at.isoformat() if self.opens_at else None]


def place(tx: Transaction, handoff: Handoff) -> Place:
    """The handoff's place within its team, from 1, and what is to be expected."""
    position = _ahead(tx, handoff) + 1
    opening = next_opening(tx.roster.team(handoff.team).calendar, tx.now)
    if opening != tx.now:
        return Place(position, None, None, False, opening)
    figures = figures_of(tx, handoff.team)
    return Place(position, waiting_range(position, figures), expected_wait(position, figures), True, None)


def opens_at(tx: Transaction, handoff: Handoff) -> datetime | None:
    """When somebody comes back, while it waits out of hours; else None."""
    if handoff.status is not Status.QUEUED:
        return None
    opening = next_opening(tx.roster.team(handoff.team).calendar, tx.now)
    return None if opening == tx.now else opening


def _ahead(tx: Transaction, handoff: Handoff) -> int:
    table = handoffs.c
    earlier = (table.rank_at < handoff.rank_at) | ((table.rank_at == handoff.rank_at) & (table.id < handoff.id))
    waiting = select(func.count()).where(
        table.status == Status.QUEUED.value, table.team == handoff.team, table.id != handoff.id, earlier
    )
    return int(tx.connection.execute(waiting).scalar_one())


def figures_of(tx: Transaction, team: str) -> Figures:
    """The team's agents of now and its waits of late."""
    present = [each for each in staffing.colleagues(tx, tx.roster.team(team)) if each.is_available]
    table = handoffs.c
    endings = (
        select(table.claimed_at, table.resolved_at)
        .where(table.team == team, table.claimed_at.is_not(None), table.status == Status.RESOLVED.value)
        .order_by(table.claimed_at.desc())
        .limit(RECENT)
    )
    kept = (
        select(table.expected_wait, table.opened_at, table.claimed_at)
        .where(table.team == team, table.claimed_at.is_not(None), table.expected_wait.is_not(None))
        .order_by(table.claimed_at.desc())
        .limit(RECENT)
    )
    return Figures(
        slots=sum(each.capacity for each in present),
        free=sum(each.room for each in present),
        handling=[(end - start).total_seconds() for start, end in tx.connection.execute(endings) if end > start],
        promises=[
            Promise(expected, (claimed - opened).total_seconds())
            for expected, opened, claimed in tx.connection.execute(kept)
        ],
    )


def announce(tx: Transaction, words: Words, conversation: Conversation, handoff: Handoff, said: str) -> None:
    """Tell the customer why they wait, where they stand and what they can do meanwhile; from now on it is kept true."""
    where = place(tx, handoff)
    text = f"{said}\n{in_words(tx, words, handoff, conversation.language, where)}"
    choices = {"queue_cancel": buttons.CANCEL_WAIT}
    if not is_appeal(handoff.signals):  # the assistant still rests
        choices["queue_continue"] = buttons.CONTINUE_WITH_ASSISTANT
    offers = [
        {"title": words.say(f"utter_button_{name}", conversation.language), "payload": payload}
        for name, payload in choices.items()
    ]
    message = transcript.say(tx, conversation, "system", text, buttons=offers, handoff_id=handoff.id)
    values: dict[str, Any] = {"notice_seq": message.seq, "told": where.figures, "told_at": tx.now}
    if where.wait is not None and handoff.claimed_at is None and handoff.told_at is None:
        values |= {"expected_wait": where.expected, "promised_low": where.wait[0], "promised_high": where.wait[1]}
    tx.connection.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(**values))
    _record_promise(tx, conversation, handoff, where)


def refresh(tx: Transaction, words: Words, handoff: Handoff, conversation: Conversation) -> bool:
    """Edit the notice where the figures are others now, at most once a minute; whether it was edited."""
    if handoff.status is not Status.QUEUED or handoff.notice_seq is None or handoff.told_at is None:
        return False
    where = place(tx, handoff)
    if where.figures == handoff.told or tx.now - handoff.told_at < TELL_EVERY:
        return False
    message = transcript.by_seq(tx, conversation.id, handoff.notice_seq)
    if message is None or message.deleted_at is not None:
        return False
    language = conversation.language
    said = message.text.partition("\n")[0]
    text = f"{said}\n{in_words(tx, words, handoff, language, where)}"
    transcript.restate(tx, conversation, message, text)
    values = {"told": where.figures, "told_at": tx.now}
    tx.connection.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(**values))
    _record_promise(tx, conversation, handoff, where)
    return True


def _record_promise(tx: Transaction, conversation: Conversation, handoff: Handoff, where: Place) -> None:
    low, high = where.wait or (None, None)
    opens_at = where.opens_at.isoformat() if where.opens_at else None
    record_event(
        tx,
        conversation,
        "wait_promised",
        actor="queue",
        handoff_id=handoff.id,
        team=handoff.team,
        position=where.position,
        low=low,
        high=high,
        expected=where.expected,
        opens_at=opens_at,
    )


def in_words(tx: Transaction, words: Words, handoff: Handoff, language: str, where: Place | None = None) -> str:
    """Where the customer stands, in a sentence."""
    if handoff.status is not Status.QUEUED:
        return words.say("utter_queue_receipt", language)
    where = where or place(tx, handoff)
    if where.wait is not None:
        low, high = in_minutes(where.wait)
        return words.say("utter_queue_place", language, position=where.position, low=low, high=high)
    if where.opens_at is None:
        return words.say("utter_queue_place_unknown", language, position=where.position)
    team = tx.roster.team(handoff.team)
    when = when_in_words(words, where.opens_at, tx.now, team.calendar.timezone, language)
    is_urgent = handoff.reason.value in tx.roster.urgent.reasons and bool(team.on_call)
    name = "utter_queue_closed_on_call" if is_urgent else "utter_queue_closed"
    return words.say(name, language, opens_at=when, code=handoff.code)


def when_in_words(words: Words, at: datetime, now: datetime, timezone: ZoneInfo, language: str) -> str:
    """An opening as people say it, by the team's clock."""
    there, today = at.astimezone(timezone), now.astimezone(timezone).date()
    days = (there.date() - today).days
    clock = f"{there.hour}:{there.minute:02}"
    if days in (0, 1):
        return words.say("utter_when_tomorrow" if days else "utter_when_today", language, time=clock)
    weekday, month = _names(words, there, language)
    return words.say("utter_when_day", language, weekday=weekday, day=there.day, month=month, time=clock)


def day_in_words(words: Words, day: date, today: date, language: str) -> str:
    """A day to come as people say it."""
    days = (day - today).days
    if days in (0, 1):
        return words.say("utter_day_tomorrow" if days else "utter_day_today", language)
    weekday, month = _names(words, day, language)
    return words.say("utter_day_later", language, weekday=weekday, day=day.day, month=month)


def _names(words: Words, day: date, language: str) -> tuple[str, str]:
    return words.names["weekdays", language][day.weekday()], words.names["months", language][day.month - 1]
