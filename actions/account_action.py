"""What every answer about a customer's own account has in common: first who it is, then the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.backend.interface import Backend, UnknownCustomerError
from actions.backend.model import Line
from actions.conversation import is_on_telegram, language_of
from actions.documents.references import References
from actions.identification.asking import is_identifying, remember_question
from actions.identification.identification import Identification
from actions.identity import Identity
from actions.wording import date_words, money_words

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

    def say(self, response: str, **values: str) -> None:
        self.dispatcher.utter_message(response=response, **values)

    def hand_over(self, document: dict[str, str], response: str, **values: str) -> None:
        """Says a response that a document comes with: its `name`, `mime` and `ref`."""
        self.dispatcher.utter_message(response=response, json_message={"document": document}, **values)

    def money(self, amount: Decimal) -> str:
        return money_words(amount, self.language)

    def day(self, day: date) -> str:
        return date_words(day, self.language, self.today)

    def line(self, line: Line) -> str:
        """The plan's name, with the number where there is one."""
        plan = line.tariff.name.in_language(self.language)
        return f"{plan} ({line.number})" if line.number else plan


def speaker_for(dispatcher: CollectingDispatcher, tracker: Tracker, office: Office) -> Speaker:
    return Speaker(dispatcher, language_of(tracker), office.today())


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
        return []

    def answer_anybody(self, speaker: Speaker, tracker: Tracker) -> Events:
        events = [] if self.is_everyday else ask_to_identify(speaker, tracker, self.name())
        if self.is_everyday or not is_identifying(tracker):
            speaker.say(f"utter_{self.topic}")
        return events

    async def answer_turn(self, customer_id: str, speaker: Speaker, tracker: Tracker) -> None:
        """The same for answers that look at what was said in this turn."""
        await self.answer(customer_id, speaker)

    async def answer(self, customer_id: str, speaker: Speaker) -> None:
        """Says what the backend knows. UnknownCustomerError is answered here, anything else fails the turn."""
        raise NotImplementedError
