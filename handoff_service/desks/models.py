"""The agents' API in JSON: what comes in, checked, and what goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from handoff_service.case_words import load_case_words
from handoff_service.switchboard.canned import Ready
from handoff_service.switchboard.files import url_of
from handoff_service.switchboard.notes import Note
from handoff_service.switchboard.promises import Promise, Wanted
from handoff_service.switchboard.rules.assignment import Colleague
from handoff_service.switchboard.rules.clocks import Clock
from handoff_service.switchboard.rules.handoff import Verdict
from handoff_service.switchboard.rules.mood import Mood
from handoff_service.switchboard.rules.text import clean
from handoff_service.switchboard.staffing import Availability
from handoff_service.switchboard.suggestions import Suggestion
from handoff_service.switchboard.transcript import Message
from handoff_service.switchboard.views import HandoffView
from handoff_service.words import LANGUAGES

LONGEST_REPLY = 4000
LONGEST_PROMISE = 300


def rfc3339(time: datetime) -> str:
    """As the outside writes times: UTC, to the millisecond."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cleaned(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


Time = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]
Words = Annotated[str, BeforeValidator(_cleaned), StringConstraints(min_length=1, max_length=LONGEST_REPLY)]
Name = Annotated[str, BeforeValidator(_cleaned), StringConstraints(min_length=1, max_length=100)]


class ReplyIn(BaseModel):
    """Words for the customer; `id` is the sender's own, by which a repeat is recognised."""

    text: Words
    id: Annotated[str, StringConstraints(min_length=1, max_length=90)]


class TextIn(BaseModel):
    """The new wording of a message."""

    text: Words


class NoteIn(TextIn):
    """A note; by `id`, the sender's own and optional, a repeat is recognised."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=90)] | None = None


class TransferIn(BaseModel):
    """Either a team or an agent."""

    team: Name | None = None
    agent: Name | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.team is None) == (self.agent is None):
            raise ValueError("say either `team` or `agent`")
        return self


class ResolveIn(BaseModel):
    """How it ended; everything optional."""

    outcome: Literal["solved", "unsolved", "no_reply", "spam"] | None = None
    topic: Annotated[str, StringConstraints(max_length=60)] | None = None
    note: Annotated[str, BeforeValidator(_cleaned), StringConstraints(max_length=LONGEST_REPLY)] | None = None
    promise: Annotated[str, BeforeValidator(_cleaned), StringConstraints(max_length=LONGEST_PROMISE)] | None = None
    due: date | None = None

    @property
    def promised(self) -> Wanted | None:
        """What the customer is promised, if anything; a day without words is no promise, and refused as one."""
        return Wanted(self.promise or "", self.due) if self.promise or self.due else None


class SnoozeIn(BaseModel):
    """Until when it is laid aside, at the latest; null for as long as the customer writes nothing."""

    until: AwareDatetime | None


class CannedOut(BaseModel):
    """A ready reply: its title for agents by language, and the text as it would be sent now."""

    name: str
    title: dict[str, str]
    text: str

    @classmethod
    def of(cls, ready: Ready) -> Self:
        """From the switchboard."""
        return cls(name=ready.name, title=dict(ready.titles), text=ready.text)


class CannedListOut(BaseModel):
    """The ready replies that fit a handoff, in the trainers' order."""

    canned: list[CannedOut]


class VerdictIn(BaseModel):
    """Whether the handoff came in time."""

    verdict: Verdict


class AgentOut(BaseModel):
    """Who has it, and where they work."""

    name: str
    desk: str


class AccountOut(BaseModel):
    """What a verified customer has and owes, in words by language; null where there is none, or nothing is overdue."""

    model_config = ConfigDict(from_attributes=True)

    plan: dict[str, str] | None
    debt: dict[str, str] | None


class CustomerOut(BaseModel):
    """The customer as far as they are known."""

    id: str | None
    name: str | None
    verified: bool


class ButtonOut(BaseModel):
    """A quick reply the customer was offered."""

    title: str
    payload: str


class AttachmentOut(BaseModel):
    """A file that came with a message."""

    name: str
    url: str
    mime: str


class MessageOut(BaseModel):
    """A message, or a note among them (`author` `note`, no `seq`)."""

    seq: int | None
    author: str
    name: str | None = None
    agent: str | None = None
    text: str
    buttons: list[ButtonOut] | None = None
    attachments: list[AttachmentOut] | None = None
    intent: str | None = None
    confidence: float | None = None
    frustration: float | None = None
    abuse: float | None = None
    sent_at: Time
    edited_at: Time | None = None

    @classmethod
    def of(cls, message: Message, files_url: str = "") -> Self:
        """From the transcript; `files_url` is the base of its files' addresses where that is not the service's own."""
        return cls(
            seq=message.seq,
            author=message.author,
            name=message.name,
            agent=message.name if message.author == "agent" else None,
            text=message.text,
            buttons=[ButtonOut(title=b["title"], payload=b["payload"]) for b in message.buttons or ()] or None,
            attachments=[
                AttachmentOut(name=a["name"], url=url_of(a, files_url), mime=a["mime"])
                for a in message.attachments or ()
            ]
            or None,
            intent=message.intent,
            confidence=message.confidence,
            frustration=message.frustration,
            abuse=message.abuse,
            sent_at=message.sent_at,
            edited_at=message.edited_at,
        )

    @classmethod
    def of_note(cls, note: Note) -> Self:
        """From the notes."""
        return cls(seq=None, author="note", name=note.agent, agent=note.agent, text=note.text, sent_at=note.sent_at)


class LastMessageOut(BaseModel):
    """The newest words of anybody but the switchboard."""

    author: str
    text: str
    sent_at: Time


class SignalOut(BaseModel):
    """One thing that spoke for a person, how much, and how agents are told by language."""

    name: str
    value: Any = None
    weight: float = 0.0
    words: dict[str, str]

    @classmethod
    def of(cls, signal: Mapping[str, Any]) -> Self:
        """As the assistant told it."""
        return cls(**{**signal, "words": {lang: load_case_words(lang).signal(signal) for lang in LANGUAGES}})


class MoodOut(BaseModel):
    """How the customer sounds by their latest messages; the two estimates from 0 to 1."""

    level: str
    frustration: float
    abuse: float
    rising: bool

    @classmethod
    def of(cls, mood: Mood | None) -> Self | None:
        """From the record; None where the assistant read nothing."""
        if mood is None:
            return None
        return cls(level=mood.level.value, frustration=mood.frustration, abuse=mood.abuse, rising=mood.is_rising)


class ClockOut(BaseModel):
    """Seconds of working time. `name` is first, next or resolution; `warn_at` and `due_at` are set while it runs."""

    name: str
    state: str
    limit_seconds: float
    spent_seconds: float
    warn_at: Time | None
    due_at: Time | None

    @classmethod
    def of(cls, clock: Clock) -> Self:
        """From the rules."""
        spent = round(clock.spent, 1)
        times = {"warn_at": clock.warn_at, "due_at": clock.due_at}
        return cls(name=clock.name, state=clock.state.value, limit_seconds=clock.limit, spent_seconds=spent, **times)


class AvailabilityIn(BaseModel):
    """What an agent says of themselves, or a supervisor of them."""

    availability: Availability


class ColleagueOut(BaseModel):
    """An agent as they are now; `load` counts the conversations they hold."""

    name: str
    desk: str
    is_available: bool
    load: int
    capacity: int

    @classmethod
    def of(cls, colleague: Colleague) -> Self:
        """From the switchboard."""
        return cls(**{name: getattr(colleague, name) for name in cls.model_fields})


class AgentsOut(BaseModel):
    """Whom a handoff can be passed on to, and who has been seen at the desks."""

    agents: list[str]
    teams: list[str]
    present: list[ColleagueOut]


class PromiseOut(BaseModel):
    """What the customer was promised under this code, by whom, and by which day; `kept_at` once it is done."""

    code: str
    agent: str
    text: str
    due: date | None
    kept_at: Time | None

    @classmethod
    def of(cls, promise: Promise) -> Self:
        """From the record."""
        told = {"due": promise.due_on, "kept_at": promise.kept_at}
        return cls(code=promise.code, agent=promise.agent, text=promise.text, **told)


class SuggestionOut(BaseModel):
    """What the assistant would answer to the message `seq`, null where it would have to look something up.

    `offers_return`: what is left is routine, and the conversation may be given back to the assistant.
    """

    seq: int
    intent: str | None
    confidence: float | None
    text: str | None
    offers_return: bool

    @classmethod
    def of(cls, suggestion: Suggestion) -> Self:
        """From the switchboard."""
        return cls(**vars(suggestion))


class HandoffOut(BaseModel):
    """A handoff with what an agent needs to choose it."""

    id: str
    conversation_id: str
    code: str
    status: str
    reason: str
    signals: list[SignalOut]
    priority: str
    team: str
    language: str
    channel: str
    customer: CustomerOut
    agent: AgentOut | None
    summary: str
    opened_at: Time
    waiting_since: Time
    claimed_at: Time | None
    resolved_at: Time | None
    outcome: str | None
    topic: str | None
    last_message: LastMessageOut | None
    mood: MoodOut | None
    verdict: str | None
    paused_until: Time | None
    opens_at: Time | None
    snoozed_until: Time | None
    promise: PromiseOut | None
    open_promises: list[PromiseOut]
    clocks: list[ClockOut]
    asked: list[str]
    preferred_agent: str | None
    preferred_until: Time | None
    suggestion: SuggestionOut | None
    account: AccountOut | None = None  # of a verified customer, once it was looked up

    @classmethod
    def of(cls, view: HandoffView, **more: Any) -> Self:
        """From the record."""
        handoff = view.handoff
        last = view.last_message
        return cls(
            **{name: getattr(handoff, name) for name in _SAME},
            status=handoff.status.value,
            reason=handoff.reason.value,
            priority=handoff.priority.value,
            signals=[SignalOut.of(signal) for signal in handoff.signals],
            mood=MoodOut.of(view.mood),
            paused_until=view.paused_until,
            customer=CustomerOut(**vars(view.customer)),
            agent=AgentOut(name=handoff.agent, desk=handoff.desk or "console") if handoff.agent else None,
            last_message=LastMessageOut(author=last.author, text=last.text, sent_at=last.sent_at) if last else None,
            opens_at=view.opens_at,
            snoozed_until=view.snoozed_until,
            promise=PromiseOut.of(view.promise) if view.promise else None,
            open_promises=[PromiseOut.of(promise) for promise in view.open_promises],
            clocks=[ClockOut.of(clock) for clock in view.clocks],
            asked=list(view.asked),
            suggestion=SuggestionOut.of(view.suggestion) if view.suggestion else None,
            account=AccountOut.model_validate(view.account) if view.account else None,
            **more,
        )


_SAME = [
    "id",
    "conversation_id",
    "code",
    "team",
    "language",
    "channel",
    "summary",
    "opened_at",
    "waiting_since",
    "claimed_at",
    "resolved_at",
    "outcome",
    "topic",
    "verdict",
    "preferred_agent",
    "preferred_until",
]


class HandoffsOut(BaseModel):
    """Handoffs in the order in which they should be taken."""

    handoffs: list[HandoffOut]


HasEarlier = Annotated[bool, Field(description="Only with `last` or `before`: whether there are messages before.")]


class CaseOut(HandoffOut):
    """A handoff with the transcript, notes included, and the customer's other handoffs; `case_json` writes it."""

    messages: list[MessageOut]
    handoffs: list[HandoffOut]
    has_earlier: HasEarlier = False


class ConversationOut(BaseModel):
    """A conversation as agents see it; `case_json` writes it."""

    id: str
    channel: str
    owner: str
    language: str
    paused_until: Time | None
    customer: CustomerOut
    messages: list[MessageOut]
    handoffs: list[HandoffOut]
    has_earlier: HasEarlier = False


class InvalidOut(BaseModel):
    """What is wrong with what was sent: a sentence, or a list of fields."""

    detail: str | list[dict[str, Any]]


class RefusedOut(BaseModel):
    """Why not, and who has it."""

    detail: str
    agent: AgentOut | None = Field(default=None)
