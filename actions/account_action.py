"""What every answer about a customer's own account has in common: first who it is, then the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.backend.interface import Backend, BackendUnavailableError, UnknownCustomerError
from actions.backend.model import Line
from actions.conversation import is_on_telegram, language_of
from actions.documents.references import References
from actions.forms.message import Message
from actions.identification.asking import is_identifying, remember_question
from actions.identification.identification import Identification
from actions.identity import Identity
from actions.wording import date_words, hours_words, moment_words, money_words, weekday_words

logger = logging.getLogger(__name__)

Events = list[dict[str, Any]]


@dataclass(frozen=True)
class Office:
    """What actions need to do their work."""

    backend: Backend
    identity: Identity
    today: Callable[[], date]
    identification: Identification
    references: References


@dataclass(frozen=True)
class Speaker:
    """Says the trainers' sentences, with amounts and dates in the conversation's language."""

    dispatcher: CollectingDispatcher
    language: str
    today: date
    said_before: frozenset[str] = frozenset()
    """The responses that were said in the turns remembered."""

    def say(self, response: str, buttons: list[dict[str, str]] | None = None, **values: str) -> None:
        """Says a response; `buttons` come after those that stand with its words."""
        self.dispatcher.utter_message(response=response, buttons=buttons or [], **values)

    def hand_over(self, document: dict[str, str], response: str, **values: str) -> None:
        """Says a response that a document comes with: its `name`, `mime` and `ref`."""
        self.dispatcher.utter_message(response=response, json_message={"document": document}, **values)

    def order(self, signed: str, response: str, **values: str) -> None:
        """Says a response with which the switchboard is told, signed, to do something."""
        self.dispatcher.utter_message(response=response, json_message={"order": signed}, **values)

    def money(self, amount: Decimal) -> str:
        return money_words(amount, self.language)

    def day(self, day: date) -> str:
        return date_words(day, self.language, self.today)

    def moment(self, moment: datetime) -> str:
        return moment_words(moment, self.language, self.today)

    def visit(self, day: date, from_hour: int, to_hour: int) -> str:
        """«martes 24 de noviembre, de 9 a 11 h»."""
        weekday = weekday_words(day, self.language)
        return f"{weekday} {self.day(day)}, {hours_words(from_hour, to_hour, self.language)}"

    def visit_briefly(self, day: date, from_hour: int, to_hour: int) -> str:
        """«mar 24, 9-11 h», for a button."""
        return f"{weekday_words(day, self.language)[:3]} {day.day}, {from_hour}-{to_hour} h"

    def has_said(self, response: str) -> bool:
        return response in self.said_before

    def line(self, line: Line) -> str:
        """The plan's name, with the number where there is one."""
        plan = line.tariff.name.in_language(self.language)
        return f"{plan} ({line.number})" if line.number else plan


def speaker_for(dispatcher: CollectingDispatcher, tracker: Tracker, office: Office) -> Speaker:
    return Speaker(dispatcher, language_of(tracker), office.today(), _said_before(tracker))


def _said_before(tracker: Tracker) -> frozenset[str]:
    """Rasa notes a response's name with the words that it says."""
    noted = (event.get("metadata") or {} for event in tracker.events if event.get("event") == "bot")
    return frozenset(name for metadata in noted for key, name in metadata.items() if key.endswith("_action"))


def say_unavailable(speaker: Speaker, action: str) -> None:
    """Says honestly that the operator's system does not answer, and offers a person; nothing was promised."""
    logger.error("%s: the backend is unavailable", action)
    speaker.say("utter_backend_unavailable")


def ask_to_identify(speaker: Speaker, tracker: Tracker, answer: str) -> Events:
    """Says how the customer can show who they are on the channel they use.

    `answer` is the name of the action, or form, that is run once they did, without their asking again.
    """
    if is_identifying(tracker):
        speaker.say("utter_identify_first")
    else:
        speaker.say("utter_identify_telegram" if is_on_telegram(tracker) else "utter_identify")
    return remember_question(answer, tracker)


class AccountAction(Action):
    """Answers an identified customer; anybody else gets the topic's general answer and how to identify."""

    topic: str
    is_everyday = False
    """A question that anybody may ask in general, and that must not call for identification."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return f"action_{self.topic}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        customer_id = self.office.identity.customer_of(tracker)
        if customer_id is None:
            return self.answer_anybody(speaker, tracker)
        try:
            await self.answer_turn(customer_id, speaker, tracker)
        except UnknownCustomerError:
            speaker.say("utter_account_unknown")
        except BackendUnavailableError:
            say_unavailable(speaker, self.name())
        return []

    def answer_anybody(self, speaker: Speaker, tracker: Tracker) -> Events:
        events = [] if self.is_everyday else ask_to_identify(speaker, tracker, self.name())
        if self.is_everyday or not is_identifying(tracker):
            speaker.say(f"utter_{self.topic}")
        return events

    async def answer_turn(self, customer_id: str, speaker: Speaker, tracker: Tracker) -> None:
        """The same for answers that look at more of the conversation than its latest message."""
        await self.answer(customer_id, speaker, Message.from_latest(tracker.latest_message))

    async def answer(self, customer_id: str, speaker: Speaker, message: Message) -> None:
        """Says what the backend knows. That it knows nobody or is away is said here, anything else fails the turn."""
        raise NotImplementedError
