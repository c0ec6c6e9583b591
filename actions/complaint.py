"""Takes a formal complaint: what happened, one confirmation, then it is on file with a code and a deadline.

Anybody may complain. Who is not identified is answered in the conversation in which the complaint was made.
"""

from __future__ import annotations

import hashlib
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.account_action import Events, Office, speaker_for
from actions.backend.calling import within_time
from actions.backend.cases import CaseKind
from actions.backend.model import NewComplaint
from actions.case_status import say_cases
from actions.complaint_message import (
    Meaning,
    Message,
    asks_for_progress,
    disputed_in,
    kind_of,
    meaning_of,
    tells_from_the_start,
)
from actions.conversation import idempotency_key, language_of, turn_metadata

FORM = "complaint_form"
TEXT = "complaint_text"
CONFIRMED = "complaint_confirmed"
TURN = "complaint_turn"
REQUESTED = "requested_slot"
LONGEST_TEXT = 4000
LONGEST_EXCERPT = 600

Slots = dict[str, Any]


class ValidateComplaintForm(FormValidationAction):
    """Decides what each message means to the form. A question aside fills nothing, so that its own rule answers it."""

    def name(self) -> str:
        return f"validate_{FORM}"

    def domain_slots(self, domain: DomainDict) -> list[str]:
        return [TEXT, CONFIRMED]

    async def extract_complaint_text(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        message = Message.from_latest(tracker.latest_message)
        asked = _asked(tracker)
        if asked is None:
            # The form begins: nothing left over from an earlier one may slip in.
            begins_with_it = tells_from_the_start(message) and not asks_for_progress(message)
            return {TEXT: message.text if begins_with_it else None, CONFIRMED: None}
        if asks_for_progress(message):
            return {TEXT: None, CONFIRMED: None}
        meaning = meaning_of(message, awaits_confirmation=asked == CONFIRMED)
        if meaning is Meaning.TELLS:
            return {TEXT: _joined(tracker.slots.get(TEXT) if asked == CONFIRMED else None, message.text)}
        if meaning is Meaning.TOO_SHORT and asked == TEXT:
            return {TEXT: None}
        return {}

    async def extract_complaint_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        asked = _asked(tracker)
        if asked is None:
            return {}
        meaning = meaning_of(Message.from_latest(tracker.latest_message), awaits_confirmation=asked == CONFIRMED)
        if meaning is Meaning.LEAVES:
            return {CONFIRMED: False}
        if meaning is Meaning.AGREES:
            return {CONFIRMED: True}
        if meaning is Meaning.TOO_SHORT and asked == CONFIRMED:
            return {CONFIRMED: None}
        return {}

    async def validate_complaint_text(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if value is None:
            return self._without_text(dispatcher, tracker)
        return {TEXT: str(value)[:LONGEST_TEXT]}

    def _without_text(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Slots:
        if asks_for_progress(Message.from_latest(tracker.latest_message)):
            return {TEXT: None, REQUESTED: None}  # nothing to take down: the form ends, and they are told
        if _asked(tracker) is not None:
            dispatcher.utter_message(response="utter_complaint_too_short")
        return {TEXT: None}

    async def validate_complaint_confirmed(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        if value is False:
            return {CONFIRMED: False, REQUESTED: None}
        return {CONFIRMED: True if value is True else None}


class AskComplaintConfirmed(Action):
    """Reads the complaint back before it is sent, and notes the turn in which that was first done."""

    def name(self) -> str:
        return f"action_ask_{FORM}_{CONFIRMED}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        dispatcher.utter_message(response="utter_complaint_confirm", excerpt=_excerpt(tracker.slots.get(TEXT) or ""))
        return [] if tracker.slots.get(TURN) else [SlotSet(TURN, turn_metadata(tracker).get("turn_id"))]


class FinishComplaint(Action):
    """Files a confirmed complaint; says so when the customer left; tells the progress to who asked for that."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return "action_finish_complaint"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        confirmed, text = tracker.slots.get(CONFIRMED), tracker.slots.get(TEXT)
        events: Events = [SlotSet(TEXT, None), SlotSet(CONFIRMED, None), SlotSet(TURN, None)]
        if confirmed is True and text:
            await self._file(text, dispatcher, tracker)
        elif confirmed is False:
            dispatcher.utter_message(response="utter_complaint_left")
        else:
            speaker = speaker_for(dispatcher, tracker, self.office)
            events += await say_cases(
                self.office, speaker, tracker, "utter_complaint_none", frozenset({CaseKind.COMPLAINT})
            )
        return events

    async def _file(self, text: str, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        complaint = await within_time(
            self.office.backend.file_complaint,
            NewComplaint(
                text=text,
                kind=kind_of(text),
                language=language_of(tracker),
                conversation_id=tracker.sender_id,
                customer_id=self.office.identity.customer_of(tracker),
                disputed=disputed_in(text),
            ),
            _key(tracker, self.name(), text),
        )
        speaker = speaker_for(dispatcher, tracker, self.office)
        speaker.say(
            "utter_complaint_filed",
            code=complaint.code,
            filed_on=speaker.day(complaint.filed_on),
            answer_by=speaker.day(complaint.answer_by),
        )
        if complaint.disputed is not None:
            speaker.say("utter_complaint_disputed", disputed=speaker.money(complaint.disputed))


def _asked(tracker: Tracker) -> str | None:
    """Which of this form's slots is being asked for; None while it begins, be it in the middle of another form."""
    requested = tracker.slots.get(REQUESTED)
    return requested if requested in (TEXT, CONFIRMED) else None


def _key(tracker: Tracker, action_name: str, text: str) -> str:
    """The same complaint has the same key however often it is confirmed, as after an answer that never came."""
    of_this_turn = idempotency_key(tracker, action_name)
    if not (read_back_in := tracker.slots.get(TURN)):
        return of_this_turn
    return f"{read_back_in}:{action_name}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _joined(before: Any, more: str) -> str:
    return f"{before}\n{more}" if before else more


def _excerpt(text: str) -> str:
    return text if len(text) <= LONGEST_EXCERPT else text[: LONGEST_EXCERPT - 1].rstrip() + "…"
