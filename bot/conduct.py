"""One turn with Rasa: understand, judge, act. Nothing is saved here, and no failure is swallowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.acting import Acted, act, leave_to_a_person, say
from bot.action_server import ActionFailedError, watch_for_failures
from bot.clarification import in_the_light_of_the_choice, topics_to_choose_from, which_of_them
from bot.course import FALLBACK, HISTORY, asked_in_vain, course_of, intents_before, understanding
from bot.follow_ups import in_its_light
from bot.hearing import hear, press
from bot.judge_kept import Equipped, judge_of
from bot.judgement import Course, Judgement, Offer, Pause, Rules, Verdict
from bot.language_choice import language_to_answer
from bot.payload import read_payload
from bot.plain_text import neutralised
from bot.protocol import Turn, Understanding, answer_json
from bot.remembering import Outcome, remembered


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
    course: Course


async def conduct(processor: MessageProcessor, turn: Turn, equipped: Equipped | None = None) -> Conducted:
    """Take a turn on the conversation's memory as it is; raises instead of answering half.

    The judge is the model's, but for who wants to try another.
    """
    equipped = equipped or judge_of(processor)
    failures = watch_for_failures()
    tracker = await processor.fetch_tracker_and_update_session(turn.conversation_id, CollectingOutputChannel())
    heard = await _hear(processor, tracker, turn, equipped)
    tracker.update_with_events(_context(tracker, turn, heard.language), processor.domain)
    tracker.update(_uttered(turn, heard), processor.domain)
    verdict = equipped.judge.judge(heard.course)
    acted, outcome = await _follow(processor, tracker, heard, verdict)
    if verdict is None and (judgement := equipped.judge.judge_form(asked_in_vain(list(tracker.events)))):
        acted, outcome = Acted([]), Outcome(judgement)
    if failures:
        raise ActionFailedError("; ".join(failures))
    if isinstance(outcome.verdict, (Judgement, Pause)):
        leave_to_a_person(processor, tracker)
    elif not acted.messages:
        raise NothingToSayError(f"nothing to say to {heard.course.message.intent}")
    history = remembered(heard.course.history, heard.course.message, outcome)
    tracker.update(SlotSet(HISTORY, history.as_json()), processor.domain)
    return Conducted(tracker, _answer(turn, heard, acted, outcome.verdict))


async def _follow(
    processor: MessageProcessor, tracker: DialogueStateTracker, heard: _Heard, verdict: Verdict
) -> tuple[Acted, Outcome]:
    """Do what was judged; where the assistant goes on, ask which of two topics is meant, or act."""
    if isinstance(verdict, (Judgement, Pause)):
        return Acted([]), Outcome(verdict)
    if isinstance(verdict, (Rules, Offer)):
        words = "utter_house_rules" if isinstance(verdict, Rules) else f"utter_offer_{verdict.reason}"
        return await say(processor, tracker, words), Outcome(verdict)
    choices = topics_to_choose_from(processor, heard.nlu, heard.course)
    if choices:
        return await which_of_them(processor, tracker, choices), Outcome(choices=choices)
    acted = await act(processor, tracker)
    is_lost = not heard.course.message.is_understood and not heard.course.is_in_form
    return acted, Outcome(offered_person=is_lost)


async def _hear(processor: MessageProcessor, tracker: DialogueStateTracker, turn: Turn, equipped: Equipped) -> _Heard:
    if turn.payload is not None:
        return _hear_button(processor, tracker, turn, turn.payload)
    text = neutralised(turn.text)
    message = UserMessage(text, sender_id=turn.conversation_id, input_channel=turn.channel, message_id=turn.turn_id)
    parse_data = await processor.parse_message(message, tracker)
    if tracker.active_loop_name is None:
        parse_data = in_its_light(parse_data, intents_before(tracker))
        parse_data = in_the_light_of_the_choice(processor, tracker, text, parse_data)
    nlu = understanding(parse_data)
    is_understood = parse_data["intent"]["name"] != FALLBACK
    heard = hear(text, nlu.intent, nlu.confidence, is_understood, parse_data, equipped.phrases)
    course = course_of(tracker, heard)
    language = language_to_answer(turn.language, parse_data.get("language", {}), text, course.is_in_form)
    return _Heard(text, parse_data, language, nlu, course)


def _hear_button(processor: MessageProcessor, tracker: DialogueStateTracker, turn: Turn, payload: str) -> _Heard:
    pressed = read_payload(payload, set(processor.domain.intents), set(processor.domain.entities))
    parse_data = pressed.parse_data(payload)
    return _Heard(payload, parse_data, turn.language, None, course_of(tracker, press(pressed.intent)))


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


def _answer(turn: Turn, heard: _Heard, acted: Acted, verdict: Verdict) -> dict[str, Any]:
    """What is said of a person or a pause is the switchboard's, so then there are no messages."""
    message = heard.course.message
    mood = None if message.is_button else (message.frustration, message.abuse)
    handoff = verdict.as_json() if isinstance(verdict, Judgement) else None
    pause = verdict.as_json() if isinstance(verdict, Pause) else None
    said = [] if handoff or pause else acted.messages
    return answer_json(turn, said, heard.language, heard.nlu, mood, handoff, pause, acted.verified, acted.order)
