"""Using the line abroad, at the place that the message names."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.account_action import Events, Office, Speaker, speaker_for
from actions.backend.calling import within_time
from actions.backend.interface import BackendUnavailableError, UnknownCustomerError
from actions.wording import data_words

HOME, EU = "home", "eu"
ZONES = frozenset({HOME, EU, "near", "pass", "far"})


class Roaming(Action):
    """Anybody may ask; within the EU, an identified customer also hears how much of their data counts there."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return "action_roaming"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        entities = (tracker.latest_message or {}).get("entities") or ()
        place = next((found for found in entities if found["entity"] == "place" and found.get("zone") in ZONES), None)
        if place is None:
            speaker.say("utter_roaming")
            return []
        speaker.say(f"utter_roaming_{place['zone']}", place=str(place[speaker.language]))
        if place["zone"] == EU:
            await self._say_own_limit(tracker, speaker)
        return []

    async def _say_own_limit(self, tracker: Tracker, speaker: Speaker) -> None:
        """An extra for who is identified: left out where it can't be known just now."""
        customer_id = self.office.identity.customer_of(tracker)
        if customer_id is None:
            return
        try:
            lines = await within_time(self.office.backend.lines, customer_id)
        except (UnknownCustomerError, BackendUnavailableError):
            return
        for line in lines:
            if line.tariff.roaming_mb is not None:
                limit = data_words(line.tariff.roaming_mb, speaker.language)
                speaker.say("utter_roaming_own_limit", line=speaker.line(line), limit=limit)
