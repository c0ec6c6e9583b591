"""What became of the customer's complaints; without identification, of those filed in this very conversation."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.account_action import Events, Office, Speaker, ask_to_identify, speaker_for
from actions.backend.calling import within_time
from actions.backend.model import ComplaintStatus
from actions.identification.asking import is_identifying

MOST_TOLD = 3

WORDS: dict[ComplaintStatus, str] = {
    ComplaintStatus.RECEIVED: "utter_case_status_received",
    ComplaintStatus.IN_REVIEW: "utter_case_status_in_review",
    ComplaintStatus.RESOLVED: "utter_case_status_resolved",
}


class CaseStatus(Action):
    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return "action_case_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        return await say_cases(self.office, speaker, tracker, nothing_found="utter_case_status")


async def say_cases(office: Office, speaker: Speaker, tracker: Tracker, nothing_found: str) -> Events:
    """The newest complaints, one sentence each; `nothing_found` when there is none that this person may hear of."""
    customer_id = office.identity.customer_of(tracker)
    complaints = await within_time(office.backend.complaints, customer_id, tracker.sender_id)
    for complaint in complaints[:MOST_TOLD]:
        speaker.say(
            WORDS[complaint.status],
            code=complaint.code,
            filed_on=speaker.day(complaint.filed_on),
            answer_by=speaker.day(complaint.answer_by),
        )
    if complaints:
        return []
    events = ask_to_identify(speaker, tracker, "action_case_status") if customer_id is None else []
    if not is_identifying(tracker):
        speaker.say(nothing_found)
    return events
