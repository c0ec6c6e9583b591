"""What a customer may have done with what is kept about them: a copy, or all of it erased after one clear yes.

The deed is the switchboard's. What it is told here is an order, signed for this customer and this turn; no text, slot
or entity can make it do anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.account_action import Events, Office, Speaker, ask_to_identify, say_unavailable, speaker_for
from actions.backend.calling import within_time
from actions.backend.cases import CaseKind, CaseStatus
from actions.backend.interface import Backend, BackendUnavailableError, UnknownCustomerError
from actions.case_status import handoffs_of
from actions.forms.message import Meaning, Message, meaning_of_answer
from actions.forms.steps import asides_in_a_row
from actions.identification.asking import is_identifying

EXPORT, ERASE = "export", "erase"
TOPIC = "erase_data"
FORM = f"{TOPIC}_form"
CONFIRMED = f"{TOPIC}_confirmed"
REQUESTED = "requested_slot"
ENDED: Events = [SlotSet(CONFIRMED, None), SlotSet(REQUESTED, None)]
OVER = frozenset({CaseStatus.DONE, CaseStatus.RESOLVED, CaseStatus.WITHDRAWN})


class ExportData(Action):
    """Has a copy of everything sent to the customer, in this conversation."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return "action_export_data"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        customer_id = self.office.identity.customer_of(tracker)
        if customer_id is None:
            return _ask_who_it_is(speaker, tracker, "utter_export_data", self.name())
        order = self.office.identity.order_for_switchboard(EXPORT, customer_id, tracker)
        speaker.order(order, "utter_export_data_under_way")
        return []


class TakeEraseData(Action):
    """Decides what a message means to the question whether everything is to be erased. Only a clear yes is one."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        customer_id = self.office.identity.customer_of(tracker)
        if customer_id is None:
            return [*_ask_who_it_is(speaker, tracker, "utter_erase_data", FORM), *ENDED]
        try:
            held = await self._held(customer_id, tracker)
        except BackendUnavailableError:
            say_unavailable(speaker, self.name())
            return ENDED
        if held:
            speaker.say("utter_erase_data_held", codes=", ".join(held))
            return ENDED
        if tracker.slots.get(REQUESTED) != CONFIRMED:
            return [SlotSet(CONFIRMED, None)]
        return self._answered(customer_id, speaker, tracker)

    def _answered(self, customer_id: str, speaker: Speaker, tracker: Tracker) -> Events:
        message = Message.from_latest(tracker.latest_message)
        meaning = meaning_of_answer(message, TOPIC, tells_something=False, awaits_confirmation=True)
        if meaning is Meaning.ASIDE:
            return []
        if meaning is Meaning.LEAVES:
            speaker.say("utter_erase_data_left")
            return ENDED
        if meaning is not Meaning.AGREES:
            return [SlotSet(CONFIRMED, None)]
        order = self.office.identity.order_for_switchboard(ERASE, customer_id, tracker)
        speaker.order(order, "utter_erase_data_under_way")
        return ENDED

    async def _held(self, customer_id: str, tracker: Tracker) -> list[str]:
        """The codes of what is still open: people's cases, and complaints that are on file."""
        with_people = [case.code for case in handoffs_of(tracker) if not case.is_over]
        return with_people + await complaints_open(self.office.backend, customer_id, [tracker.sender_id])


class AskEraseDataConfirmed(Action):
    """Says what goes and what stays, and asks for the yes; again in few words, and after two asides not at all."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return f"action_ask_{FORM}_{CONFIRMED}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        asides = asides_in_a_row(tracker.events, FORM)
        if asides > 1 or self.office.identity.customer_of(tracker) is None:
            return []
        speaker = speaker_for(dispatcher, tracker, self.office)
        has_asked = tracker.slots.get(REQUESTED) == CONFIRMED
        speaker.say("utter_erase_data_again" if has_asked else "utter_erase_data_confirm")
        return []


async def complaints_open(backend: Backend, customer_id: str | None, conversations: Sequence[str]) -> list[str]:
    """The codes of complaints without an answer: the customer's, and those made in these conversations by nobody known.

    Raises BackendUnavailableError: who can't know must not erase.
    """
    cases = []
    if customer_id is not None:
        with suppress(UnknownCustomerError):
            cases += await within_time(backend.cases, customer_id, "")
    for conversation_id in conversations:
        cases += await within_time(backend.cases, None, conversation_id)
    is_open = {case.code for case in cases if case.kind is CaseKind.COMPLAINT and case.status not in OVER}
    return sorted(is_open)


def _ask_who_it_is(speaker: Speaker, tracker: Tracker, answer: str, then: str) -> Events:
    events = ask_to_identify(speaker, tracker, then)
    if not is_identifying(tracker):
        speaker.say(answer)
    return events
