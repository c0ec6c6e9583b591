"""Whether a fault is known in an area: at the customer's address, or at the postcode that the message names."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.account_action import Events, Office, Speaker, say_unavailable, speaker_for
from actions.backend.calling import within_time
from actions.backend.interface import BackendUnavailableError, UnknownCustomerError
from actions.backend.network import Incident
from actions.forms.message import Message


class Outage(Action):
    """Anybody may ask; nobody has to say who they are."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return "action_outage"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        try:
            await self._answer(tracker, speaker)
        except BackendUnavailableError:
            say_unavailable(speaker, self.name())
        return []

    async def _answer(self, tracker: Tracker, speaker: Speaker) -> None:
        postcode = Message.from_latest(tracker.latest_message).named("postcode") or await self._own_postcode(tracker)
        if postcode is None:
            speaker.say("utter_outage_where")
            return
        incidents = await within_time(self.office.backend.incidents, postcode)
        for incident in incidents:
            say_incident(incident, speaker)
        if not incidents:
            speaker.say("utter_outage_none", postcode=postcode)

    async def _own_postcode(self, tracker: Tracker) -> str | None:
        customer_id = self.office.identity.customer_of(tracker)
        if customer_id is None:
            return None
        try:
            customer = await within_time(self.office.backend.customer, customer_id)
        except UnknownCustomerError:
            return None
        return customer.postcode or None


def say_incident(incident: Incident, speaker: Speaker) -> None:
    """What is wrong, since when, and until when as far as anybody knows."""
    values = {
        "name": incident.name.in_language(speaker.language),
        "postcode": incident.postcode,
        "since": speaker.moment(incident.started_at),
    }
    if incident.expected_until is None:
        speaker.say("utter_outage_open", **values)
    else:
        speaker.say("utter_outage_until", **values, until=speaker.moment(incident.expected_until))
