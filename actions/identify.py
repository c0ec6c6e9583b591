"""The conversation in which a customer says who they are: number, code, and then the answer to what they had asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.account_action import Events, Office, Speaker, speaker_for
from actions.backend.calling import within_time
from actions.backend.interface import UnknownCustomerError
from actions.complaint_message import Message
from actions.identification.asking import CODE, CONTACT, FORM, PROOF, QUESTION, question_of
from actions.identification.challenges import Asked, Outcome, Tried
from actions.identification.reading import Heard, Meaning, heard_for_code, heard_for_contact
from actions.identification.rules import Contact
from actions.wording import wait_words

REQUESTED = "requested_slot"
GIVEN = "given"
LEFT = "left"
STOPPED = "stopped"

END: dict[str, Any] = {REQUESTED: None}
# Filling a slot tells the judgement that the message was understood, whatever came of it.
ASK_FOR_CODE: dict[str, Any] = {CONTACT: GIVEN, CODE: None}


class ValidateIdentifyForm(Action):
    """Decides what each message means to the form. A question aside fills nothing, so that its own rule answers it.

    No slot ever holds a number or a code: what is known of them is in the challenges.
    """

    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        asked = tracker.slots.get(REQUESTED)
        message = Message.from_latest(tracker.latest_message)
        if asked not in (CONTACT, CODE):  # it begins, be it in the middle of another form
            slots = await self._begin(speaker, tracker, heard_for_contact(message))
        elif asked == CONTACT:
            slots = await self._hear_contact(speaker, tracker, heard_for_contact(message))
        else:
            slots = await self._hear_code(speaker, tracker, heard_for_code(message))
        return [SlotSet(name, value) for name, value in slots.items()]

    async def _begin(self, speaker: Speaker, tracker: Tracker, heard: Heard) -> dict[str, Any]:
        """Nothing left over from an earlier one may slip in; who is known already is asked nothing."""
        nothing = {CONTACT: None, CODE: None, PROOF: None}
        if self.office.identity.customer_of(tracker) is not None:
            return {**nothing, **END}
        if heard.contact is not None:
            return {**nothing, **await self._ask(speaker, tracker, heard.contact)}
        return nothing

    async def _hear_contact(self, speaker: Speaker, tracker: Tracker, heard: Heard) -> dict[str, Any]:
        if heard.contact is not None:
            return await self._ask(speaker, tracker, heard.contact)
        if heard.meaning is Meaning.LEAVES:
            return {CONTACT: LEFT, **END}
        if heard.meaning is Meaning.ASIDE:
            return {}
        speaker.say("utter_identify_number_unclear")
        return {CONTACT: None}

    async def _hear_code(self, speaker: Speaker, tracker: Tracker, heard: Heard) -> dict[str, Any]:
        if heard.meaning is Meaning.CODE:
            return self._tried(speaker, tracker, await self.office.identification.try_code(tracker, heard.code))
        if heard.contact is not None:
            return await self._ask(speaker, tracker, heard.contact)
        if heard.meaning is Meaning.SEND_AGAIN:
            return await self._ask_again(speaker, tracker)
        if heard.meaning is Meaning.OTHER_NUMBER:
            return {CONTACT: None, CODE: None}
        if heard.meaning is Meaning.LEAVES:
            return {CODE: LEFT, **END}
        if heard.meaning is Meaning.ASIDE:
            return {}
        speaker.say("utter_identify_code_unclear")
        return {CODE: None}

    async def _ask(self, speaker: Speaker, tracker: Tracker, contact: Contact) -> dict[str, Any]:
        asked = await self.office.identification.ask(tracker, contact)
        if asked.wait_s and not asked.has_open:
            return _stopped(speaker, asked.wait_s)
        if asked.wait_s:
            speaker.say("utter_identify_not_again_yet", wait=wait_words(asked.wait_s, speaker.language))
        else:
            speaker.say("utter_identify_sent")
        return ASK_FOR_CODE

    async def _ask_again(self, speaker: Speaker, tracker: Tracker) -> dict[str, Any]:
        asked: Asked = await self.office.identification.ask_again(tracker)
        if asked.is_unknown:
            return {CONTACT: None, CODE: None}
        if asked.wait_s:
            speaker.say("utter_identify_not_again_yet", wait=wait_words(asked.wait_s, speaker.language))
        else:
            speaker.say("utter_identify_sent_again")
        return ASK_FOR_CODE

    def _tried(self, speaker: Speaker, tracker: Tracker, tried: Tried) -> dict[str, Any]:
        if tried.outcome is Outcome.RIGHT and tried.customer_id is not None:
            return {CODE: GIVEN, PROOF: self.office.identity.token_for(tried.customer_id, tracker)}
        if tried.outcome is Outcome.WAIT:
            return _stopped(speaker, tried.wait_s)
        if tried.outcome is Outcome.WRONG:
            response = "utter_identify_wrong_last" if tried.tries_left == 1 else "utter_identify_wrong"
            speaker.say(response, left=str(tried.tries_left))
            return ASK_FOR_CODE
        if tried.outcome is Outcome.SPENT:
            speaker.say("utter_identify_spent")
            return {CODE: STOPPED, **END}
        speaker.say("utter_identify_over")
        return ASK_FOR_CODE


class FinishIdentify(Action):
    """Says whom it is talking to, proves it to the switchboard, and answers what had led to it."""

    def __init__(self, office: Office, answers: Mapping[str, Action]) -> None:
        self.office = office
        self.answers = answers

    def name(self) -> str:
        return "action_finish_identify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        events: Events = [SlotSet(name, None) for name in (CONTACT, CODE, PROOF)]
        customer_id = self.office.identity.customer_of(tracker)
        if customer_id is not None:
            is_new = tracker.slots.get(PROOF) is not None
            events += await self._answer(customer_id, is_new, dispatcher, tracker, domain)
        elif LEFT in (tracker.slots.get(CONTACT), tracker.slots.get(CODE)):
            dispatcher.utter_message(response="utter_identify_left")
            events.append(SlotSet(QUESTION, None))
        return events

    async def _answer(
        self, customer_id: str, is_new: bool, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Events:
        try:
            customer = await within_time(self.office.backend.customer, customer_id)
        except UnknownCustomerError:
            dispatcher.utter_message(response="utter_account_unknown")
            return []
        name = customer.name.split()[0]
        if is_new:
            proof = self.office.identity.proof_for_switchboard(customer_id, customer.name, tracker)
            dispatcher.utter_message(response="utter_identified", name=name, json_message={"verified": proof})
        else:
            dispatcher.utter_message(response="utter_identified_already", name=name)
        question = question_of(tracker)
        forgotten: Events = [SlotSet(QUESTION, None)]
        if question is None:
            dispatcher.utter_message(response="utter_identified_ask")
            return forgotten
        answer = self.answers.get(question.answer)
        if answer is None:  # a form of its own, which Rasa begins
            return [*forgotten, FollowupAction(question.answer)]
        return [*(await answer.run(dispatcher, question.asked_again(tracker), domain)), *forgotten]


def _stopped(speaker: Speaker, wait_s: float) -> dict[str, Any]:
    """Not now: the customer is told when, whether or not anybody has this number."""
    speaker.say("utter_identify_wait", wait=wait_words(wait_s, speaker.language))
    return {CONTACT: STOPPED, CODE: STOPPED, **END}
