"""One turn with Rasa: understand, judge, act. Nothing is saved here, and no failure is swallowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.acting import Acted, act, leave_to_a_person
from bot.action_server import ActionFailedError, watch_for_failures
from bot.course import asked_in_vain, course_of, intents_before, understanding, words_before
from bot.follow_ups import in_its_light
from bot.frustration import frustration
from bot.judgement import Course, Judgement, judge, judge_form
from bot.language_choice import language_to_answer
from bot.payload import read_payload
from bot.plain_text import neutralised
from bot.protocol import Turn, Understanding, answer_json


class NothingToSayError(Exception):
    """The turn ended without a word for the customer, which is a fault of the training data."""


@dataclass(frozen=True)
class Conducted:
    """A finished turn that has not been saved yet."""

    tracker: DialogueStateTracker
    answer: dict[str, Any]


@dataclass(frozen=True)
class _Heard:
    """The customer's message as Rasa understands it, and as the judgement sees it."""

    text: str
    parse_data: dict[str, Any]
    language: str
    nlu: Understanding | None
    frustration: float | None
    course: Course


async def conduct(processor: MessageProcessor, turn: Turn) -> Conducted:
    """Take a turn on the conversation's memory as it is; raises instead of answering half."""
    failures = watch_for_failures()
    tracker = await processor.fetch_tracker_and_update_session(turn.conversation_id, CollectingOutputChannel())
    heard = await _hear(processor, tracker, turn)
    tracker.update_with_events(_context(tracker, turn, heard.language), processor.domain)
    tracker.update(_uttered(turn, heard), processor.domain)
    acted = Acted([], None)
    judgement = judge(heard.course)
    if judgement is None:
        acted = await act(processor, tracker)
        judgement = judge_form(asked_in_vain(list(tracker.events)))
    if failures:
        raise ActionFailedError("; ".join(failures))
    if judgement:
        leave_to_a_person(processor, tracker)
    elif not acted.messages:
        raise NothingToSayError(f"nothing to say to {heard.course.guess}")
    return Conducted(tracker, _answer(turn, heard, acted, judgement))


async def _hear(processor: MessageProcessor, tracker: DialogueStateTracker, turn: Turn) -> _Heard:
    if turn.payload is not None:
        return _hear_button(processor, tracker, turn, turn.payload)
    text = neutralised(turn.text)
    message = UserMessage(text, sender_id=turn.conversation_id, input_channel=turn.channel, message_id=turn.turn_id)
    parse_data = await processor.parse_message(message, tracker)
    if tracker.active_loop_name is None:
        parse_data = in_its_light(parse_data, intents_before(tracker))
    nlu = understanding(parse_data)
    anger = frustration(parse_data.get("frustration_signals", {}), text, words_before(tracker))
    course = course_of(tracker, parse_data, nlu, anger)
    language = language_to_answer(turn.language, parse_data.get("language", {}), text, course.is_in_form)
    return _Heard(text, parse_data, language, nlu, anger, course)


def _hear_button(processor: MessageProcessor, tracker: DialogueStateTracker, turn: Turn, payload: str) -> _Heard:
    pressed = read_payload(payload, set(processor.domain.intents), set(processor.domain.entities))
    parse_data = pressed.parse_data(payload)
    course = course_of(tracker, parse_data, Understanding(pressed.intent, 1.0, []), None)
    return _Heard(payload, parse_data, turn.language, None, None, course)


def _context(tracker: DialogueStateTracker, turn: Turn, language: str) -> list[Event]:
    """What is known of the customer, for choosing words; only what has changed."""
    known: dict[str, Any] = {
        "language": language,
        "operator": turn.operator,
        "customer_name": turn.customer_name,
        "verified": turn.verification is not None,
        "channel": turn.channel,
    }
    if tracker.active_loop_name is None:  # of a form that was left with its session
        known[REQUESTED_SLOT] = None
    return [SlotSet(name, value) for name, value in known.items() if tracker.get_slot(name) != value]


def _uttered(turn: Turn, heard: _Heard) -> UserUttered:
    metadata = {
        "turn_id": turn.turn_id,
        "channel": turn.channel,
        "language": heard.language,
        "verification": turn.verification,
        "cases": list(turn.cases),
    }
    understood = {key: heard.parse_data[key] for key in ("intent", "entities") if key in heard.parse_data}
    return UserUttered(
        heard.text,
        understood["intent"],
        understood["entities"],
        understood,
        input_channel=turn.channel,
        message_id=turn.turn_id,
        metadata=metadata,
    )


def _answer(turn: Turn, heard: _Heard, acted: Acted, judgement: Judgement | None) -> dict[str, Any]:
    handoff = judgement.as_json() if judgement else None
    said = [] if judgement else acted.messages  # the sentence that announces a person is the switchboard's
    return answer_json(turn, said, heard.language, heard.nlu, heard.frustration, handoff, acted.verified)
