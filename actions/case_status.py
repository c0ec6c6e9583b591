"""What became of what the customer asked for: complaints, requests, and what a person took on, on any channel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.account_action import Events, Office, Speaker, ask_to_identify, say_unavailable, speaker_for
from actions.backend.calling import within_time
from actions.backend.cases import Case, CaseKind
from actions.backend.cases import CaseStatus as Status
from actions.backend.interface import BackendUnavailableError
from actions.conversation import turn_metadata
from actions.identification.asking import is_identifying

MOST_TOLD = 3
CODE = re.compile(r"\b[A-Z]{1,3}-?[A-Z0-9]{4,10}\b")
HANDOFF_OVER = frozenset({"resolved", "abandoned"})


@dataclass(frozen=True)
class Handoff:
    """What a person took on, as the switchboard tells it with the turn."""

    code: str
    is_over: bool
    opened_at: datetime
    promise: str = ""
    promised_for: date | None = None


class CaseStatus(Action):
    def __init__(self, office: Office) -> None:
        self.office = office

    def name(self) -> str:
        return "action_case_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        speaker = speaker_for(dispatcher, tracker, self.office)
        try:
            return await say_cases(self.office, speaker, tracker, nothing_found="utter_case_status")
        except BackendUnavailableError:
            say_unavailable(speaker, self.name())
            return []


async def say_cases(
    office: Office,
    speaker: Speaker,
    tracker: Tracker,
    nothing_found: str,
    kinds: frozenset[CaseKind] = frozenset(CaseKind),
) -> Events:
    """The newest cases, one sentence each; `nothing_found` when there is none that this person may hear of.

    A message that names a code hears of that case alone. Who is not identified is answered once they are.
    """
    customer_id = office.identity.customer_of(tracker)
    cases = await within_time(office.backend.cases, customer_id, tracker.sender_id)
    asked_for = set(CODE.findall(str((tracker.latest_message or {}).get("text") or "").upper()))
    told = _named([case for case in cases if case.kind in kinds], asked_for)
    with_people = _named(handoffs_of(tracker) if kinds == frozenset(CaseKind) else [], asked_for)
    for handoff in with_people[:MOST_TOLD]:
        _say_handoff(handoff, speaker)
    for case in told[: MOST_TOLD - len(with_people[:MOST_TOLD])]:
        _say_case(case, speaker)
    if told or with_people:
        return []
    events = [] if customer_id else ask_to_identify(speaker, tracker, "action_case_status")
    if not is_identifying(tracker):
        speaker.say(nothing_found)
    return events


def handoffs_of(tracker: Tracker) -> list[Handoff]:
    """What people took on for this customer, newest first; entries of another shape are left out."""
    entries = turn_metadata(tracker).get("cases")
    known = (_handoff(entry) for entry in entries) if isinstance(entries, list) else ()
    return sorted((handoff for handoff in known if handoff), key=lambda handoff: handoff.opened_at, reverse=True)


def _handoff(entry: Any) -> Handoff | None:
    if not isinstance(entry, Mapping) or not entry.get("code"):
        return None
    try:
        opened_at = datetime.fromisoformat(str(entry.get("opened_at")).replace("Z", "+00:00"))
        promised_for = date.fromisoformat(entry["promised_for"]) if entry.get("promised_for") else None
    except (TypeError, ValueError):
        return None
    promise = str(entry.get("promise") or "")
    return Handoff(str(entry["code"]), entry.get("status") in HANDOFF_OVER, opened_at, promise, promised_for)


def _named(cases: Sequence[Any], codes: set[str]) -> list[Any]:
    """Those whose code was named, or all where none was."""
    return [case for case in cases if case.code.upper() in codes] or list(cases)


def _say_handoff(handoff: Handoff, speaker: Speaker) -> None:
    values = {"code": handoff.code, "opened_on": speaker.day(handoff.opened_at.date())}
    if handoff.promise and handoff.promised_for:
        due = speaker.day(handoff.promised_for)
        speaker.say("utter_case_status_promise_for", **values, promise=handoff.promise, due=due)
    elif handoff.promise:
        speaker.say("utter_case_status_promise", **values, promise=handoff.promise)
    else:
        speaker.say("utter_case_status_person_over" if handoff.is_over else "utter_case_status_person", **values)


def _say_case(case: Case, speaker: Speaker) -> None:
    opened_on = speaker.day(case.opened_on)
    if case.kind is CaseKind.COMPLAINT:
        answer_by = speaker.day(case.due_on) if case.due_on else ""
        speaker.say(f"utter_case_status_{case.status.value}", code=case.code, filed_on=opened_on, answer_by=answer_by)
        return
    values = {"code": case.code, "subject": case.subject.in_language(speaker.language), "opened_on": opened_on}
    if case.status in (Status.DONE, Status.RESOLVED):
        speaker.say("utter_case_status_done", **values)
    elif case.status is Status.WITHDRAWN:
        speaker.say("utter_case_status_withdrawn", **values)
    elif case.due_on:
        speaker.say("utter_case_status_scheduled", **values, day=speaker.day(case.due_on))
    else:
        speaker.say("utter_case_status_open", **values)
