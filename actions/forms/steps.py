"""The two actions of every flow: taking what a message says, and putting the next question."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.account_action import Events, Office, Speaker, ask_to_identify, say_unavailable, speaker_for
from actions.backend.cases import RequestRefusedError
from actions.backend.interface import BackendUnavailableError, UnknownCustomerError
from actions.conversation import NoTurnIdError, turn_metadata
from actions.forms.flow import Doing, EndsHereError, Flow, Known, buttons_for
from actions.forms.message import AFFIRM, CANCEL, Meaning, Message, meaning_of_answer
from actions.identification.asking import is_identifying

CONFIRMED = "confirmed"
TURN = "turn"
REQUESTED = "requested_slot"


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands within a flow: what is asked just now and what is known so far."""

    flow: Flow[Any]
    asked: str | None
    known: Known
    turn: str | None

    @classmethod
    def of(cls, flow: Flow[Any], tracker: Tracker) -> Standing:
        """As the tracker's slots have it; a question of another form counts as none."""
        requested = tracker.slots.get(REQUESTED)
        asked = next((slot for slot in (*flow.slots, CONFIRMED) if flow.slot(slot) == requested), None)
        known = {slot: value for slot in flow.slots if (value := tracker.slots.get(flow.slot(slot)))}
        return cls(flow, asked, known if asked else {}, tracker.slots.get(flow.slot(TURN)) if asked else None)

    def key(self, known: Known) -> str:
        """The same wish of the same form has the same key, however often its last step is tried."""
        if not self.turn:
            raise NoTurnIdError
        wish = hashlib.sha256(repr(sorted(known.items())).encode()).hexdigest()[:16]
        return f"{self.turn}:{self.flow.form}:{wish}"


class TakeAnswer(Action):
    """Decides what each message means to the form. An aside fills nothing, so that its own rule answers it."""

    def __init__(self, office: Office, flow: Flow[Any]) -> None:
        self.office = office
        self.flow = flow

    def name(self) -> str:
        return f"validate_{self.flow.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        customer_id = self.office.identity.customer_of(tracker)
        if customer_id is None:
            return [*self._answer_anybody(speaker, tracker), *self._ended()]
        standing = Standing.of(self.flow, tracker)
        try:
            return await self._take(customer_id, standing, tracker, speaker)
        except EndsHereError:
            return [*self._ended(), *_back_to_the_form_left(self.flow, tracker)]
        except UnknownCustomerError:
            speaker.say("utter_account_unknown")
            return self._ended()
        except BackendUnavailableError:
            say_unavailable(speaker, self.name())
            return self._slots({standing.asked: None}) if standing.asked else self._ended()

    def _answer_anybody(self, speaker: Speaker, tracker: Tracker) -> Events:
        """The general answer, and how to identify; who does so goes on here without asking again."""
        events = [] if self.flow.is_everyday else ask_to_identify(speaker, tracker, self.flow.form)
        if self.flow.is_everyday or not is_identifying(tracker):
            speaker.say(f"utter_{self.flow.topic}")
        return events

    async def _take(self, customer_id: str, standing: Standing, tracker: Tracker, speaker: Speaker) -> Events:
        message = Message.from_latest(tracker.latest_message)
        if standing.asked is None and _comes_back(self.flow, message, tracker):
            return self._slots({CONFIRMED: None})
        facts = await self.flow.look_up(self.office.backend, customer_id)
        known, turn = dict(standing.known), standing.turn
        if standing.asked is None:
            self.flow.begin(facts, message, speaker)
            turn = str(turn_metadata(tracker).get("turn_id") or "")
        said = self._said(message, facts, standing, speaker)
        if standing.asked is not None:
            meaning = self._meaning(message, said, standing)
            if meaning is Meaning.ASIDE:
                return []
            if meaning is Meaning.LEAVES:
                speaker.say("utter_form_left")
                return self._ended()
            if meaning is Meaning.TOO_SHORT:
                if message.intent != AFFIRM:
                    speaker.say(self.flow.unclear)
                return self._slots({standing.asked: None})
            if meaning is Meaning.AGREES:
                return await self._do(customer_id, standing, facts, speaker)
        known = self._completed({**known, **said}, facts, speaker)
        self.flow.heard(facts, known, speaker)
        if all(slot in known for slot in self.flow.slots):
            doing = Doing(self.office.backend, customer_id, "")
            known = await self._checked(doing, facts, known, speaker)
        return self._slots({**{slot: known.get(slot) for slot in self.flow.slots}, TURN: turn, CONFIRMED: None})

    def _said(self, message: Message, facts: Any, standing: Standing, speaker: Speaker) -> dict[str, str]:
        """What the message says that was not known: about what is asked, or correcting what was said before."""
        said: dict[str, str] = {}
        so_far = dict(standing.known)
        for slot in self.flow.slots:
            value = self.flow.read(slot, message, facts, so_far, speaker, is_asked=slot == standing.asked)
            if value is not None and value != standing.known.get(slot):
                said[slot] = value
            value = value or so_far.get(slot) or self.flow.settled(slot, facts, so_far, speaker)
            if value is not None:
                so_far[slot] = value
        return said

    def _meaning(self, message: Message, said: Known, standing: Standing) -> Meaning:
        if self.flow.cancel_is_unclear and message.intent == CANCEL and standing.asked == CONFIRMED:
            return Meaning.TOO_SHORT
        return meaning_of_answer(message, self.flow.topic, bool(said), standing.asked == CONFIRMED)

    def _completed(self, known: dict[str, str], facts: Any, speaker: Speaker) -> dict[str, str]:
        """Without what is no longer to be had since something else has changed, and with what needs no asking."""
        complete: dict[str, str] = {}
        for slot in self.flow.slots:
            options = self.flow.options(slot, facts, complete, speaker)
            value = known.get(slot)
            if value is not None and options and value not in {option.value for option in options}:
                value = None
            value = value or self.flow.settled(slot, facts, complete, speaker)
            if value is not None:
                complete[slot] = value
        return complete

    async def _checked(self, doing: Doing, facts: Any, known: dict[str, str], speaker: Speaker) -> dict[str, str]:
        """Without the answer that the operator refuses; EndsHereError where no other answer would help."""
        try:
            await self.flow.check(doing, facts, known)
            return known
        except RequestRefusedError as refused:
            speaker.say(f"utter_refused_{refused.reason.value}")
            slot = self.flow.again.get(refused.reason)
            if slot is None:
                raise EndsHereError from None
            return {name: value for name, value in known.items() if name != slot}

    async def _do(self, customer_id: str, standing: Standing, facts: Any, speaker: Speaker) -> Events:
        doing = Doing(self.office.backend, customer_id, standing.key(standing.known))
        try:
            case = await self.flow.carry_out(doing, facts, standing.known)
        except RequestRefusedError as refused:
            speaker.say(f"utter_refused_{refused.reason.value}")
            slot = self.flow.again.get(refused.reason)
            return self._slots({slot: None, CONFIRMED: None}) if slot else self._ended()
        self.flow.say_done(case, facts, standing.known, speaker)
        return self._ended()

    def _ended(self) -> Events:
        """Nothing is left over for the next time, and the form asks no more."""
        return [*self._slots(dict.fromkeys((*self.flow.slots, TURN, CONFIRMED))), SlotSet(REQUESTED, None)]

    def _slots(self, values: dict[str, str | None]) -> Events:
        return [SlotSet(self.flow.slot(slot), value) for slot, value in values.items()]


def _comes_back(flow: Flow[Any], message: Message, tracker: Tracker) -> bool:
    """Had the form begun, and is it gone on with after another one had only answered something aside?"""
    return tracker.slots.get(flow.slot(TURN)) is not None and message.intent != flow.topic


def _back_to_the_form_left(flow: Flow[Any], tracker: Tracker) -> Events:
    """A flow that was asked aside and had only to answer gives way to the form in which it was asked."""
    requested = tracker.slots.get(REQUESTED)
    if not requested or any(flow.slot(slot) == requested for slot in (*flow.slots, CONFIRMED)):
        return []
    return [FollowupAction(f"{requested.rpartition('_')[0]}_form")]


class PutQuestion(Action):
    """Asks for one slot, or reads everything back for the yes. After an aside in few words, after two not at all."""

    def __init__(self, office: Office, flow: Flow[Any], slot: str) -> None:
        self.office = office
        self.flow = flow
        self.slot = slot

    def name(self) -> str:
        return f"action_ask_{self.flow.form}_{self.flow.slot(self.slot)}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        customer_id = self.office.identity.customer_of(tracker)
        asides = asides_in_a_row(tracker.events, self.flow.form)
        if customer_id is None or asides > 1:
            return []
        known = {slot: value for slot in self.flow.slots if (value := tracker.slots.get(self.flow.slot(slot)))}
        try:
            await self._ask(customer_id, known, speaker, is_after_aside=asides == 1)
        except BackendUnavailableError:
            say_unavailable(speaker, self.name())
        except RequestRefusedError as refused:
            speaker.say(f"utter_refused_{refused.reason.value}")
        return []

    async def _ask(self, customer_id: str, known: Known, speaker: Speaker, is_after_aside: bool) -> None:
        facts = await self.flow.look_up(self.office.backend, customer_id)
        if self.slot == CONFIRMED:
            await self.flow.confirm(Doing(self.office.backend, customer_id, ""), facts, known, speaker)
            return
        buttons = buttons_for(self.flow.topic, self.flow.options(self.slot, facts, known, speaker))
        if is_after_aside:
            speaker.say(f"utter_{self.flow.topic}_again", buttons=buttons)
        else:
            self.flow.ask(self.slot, facts, known, speaker, buttons)


def asides_in_a_row(events: Sequence[dict[str, Any]], form: str) -> int:
    """How many of the customer's last messages the form declined, so that others answered them."""
    count = 0
    for turn in reversed(_turns(events)):
        if not any(event.get("event") == "action_execution_rejected" and event.get("name") == form for event in turn):
            break
        count += 1
    return count


def _turns(events: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    turns: list[list[dict[str, Any]]] = []
    for event in events:
        if event.get("event") == "user":
            turns.append([])
        elif turns:
            turns[-1].append(event)
    return turns


def actions_of(office: Office, flow: Flow[Any]) -> tuple[Action, ...]:
    """Every action that a flow needs."""
    questions = (PutQuestion(office, flow, slot) for slot in (*flow.slots, CONFIRMED))
    return (TakeAnswer(office, flow), *questions)
