"""One turn with Rasa: understand, judge, act. Nothing is saved here, and no failure is swallowed."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from rasa.core.actions.action import Action, ActionBotResponse, ActionExecutionRejection
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_DEFAULT_FALLBACK_NAME, ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.action_server import ActionFailedError, watch_for_failures
from bot.course import UTTER_FALLBACK, asked_in_vain, course_of, understanding, words_before
from bot.frustration import frustration
from bot.judgement import Course, Judgement, judge, judge_form
from bot.language_choice import language_to_answer
from bot.payload import read_payload
from bot.plain_text import neutralised
from bot.protocol import Turn, Understanding, answer_json

logger = logging.getLogger(__name__)


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
    channel = CollectingOutputChannel()
    tracker = await processor.fetch_tracker_and_update_session(turn.conversation_id, channel)
    heard = await _hear(processor, tracker, turn)
    tracker.update_with_events(_context(tracker, processor, turn, heard.language), processor.domain)
    tracker.update(_uttered(turn, heard), processor.domain)
    judgement = judge(heard.course)
    if judgement is None:
        await _act(processor, tracker, channel)
        judgement = judge_form(asked_in_vain(list(tracker.events)))
    if failures:
        raise ActionFailedError("; ".join(failures))
    messages = [] if judgement else _messages(channel)
    if judgement:
        tracker.update_with_events(_leave_form(tracker), processor.domain)
    elif not messages:
        raise NothingToSayError(f"nothing to say to {heard.course.guess}")
    return Conducted(tracker, _answer(turn, heard, messages, judgement))


async def _hear(processor: MessageProcessor, tracker: DialogueStateTracker, turn: Turn) -> _Heard:
    if turn.payload is not None:
        return _hear_button(processor, tracker, turn, turn.payload)
    text = neutralised(turn.text)
    message = UserMessage(text, sender_id=turn.conversation_id, input_channel=turn.channel, message_id=turn.turn_id)
    parse_data = await processor.parse_message(message, tracker)
    nlu = understanding(parse_data)
    anger = frustration(parse_data.get("frustration_signals", {}), text, words_before(tracker))
    language = language_to_answer(turn.language, parse_data.get("language", {}), text)
    return _Heard(text, parse_data, language, nlu, anger, course_of(tracker, parse_data, nlu, anger))


def _hear_button(processor: MessageProcessor, tracker: DialogueStateTracker, turn: Turn, payload: str) -> _Heard:
    pressed = read_payload(payload, set(processor.domain.intents), set(processor.domain.entities))
    parse_data = pressed.parse_data(payload)
    course = course_of(tracker, parse_data, Understanding(pressed.intent, 1.0, []), None)
    return _Heard(payload, parse_data, turn.language, None, None, course)


def _context(tracker: DialogueStateTracker, processor: MessageProcessor, turn: Turn, language: str) -> list[Event]:
    """What is known of the customer, for choosing words; only what has changed."""
    known = {
        "language": language,
        "operator": turn.operator,
        "customer_name": turn.customer_name,
        "verified": turn.verification is not None,
        "channel": turn.channel,
    }
    return [SlotSet(name, value) for name, value in known.items() if tracker.get_slot(name) != value]


def _uttered(turn: Turn, heard: _Heard) -> UserUttered:
    metadata = {
        "turn_id": turn.turn_id,
        "channel": turn.channel,
        "language": heard.language,
        "verification": turn.verification,
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


async def _act(processor: MessageProcessor, tracker: DialogueStateTracker, channel: CollectingOutputChannel) -> None:
    """Let Rasa fill slots and choose actions until it listens again."""
    await processor.run_action_extract_slots(channel, tracker)
    while True:
        action, prediction = processor.predict_next_with_tracker_if_should(tracker)
        if action.name() == ACTION_DEFAULT_FALLBACK_NAME:
            await _say_fallback(processor, tracker, channel)
            return
        await _run(action, prediction, processor, tracker, channel)
        if action.name() == ACTION_LISTEN_NAME:
            return


async def _run(
    action: Action,
    prediction: PolicyPrediction,
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    channel: CollectingOutputChannel,
) -> None:
    """Run an action as Rasa's processor does, but let its failure be one."""
    at_work = tracker.copy()
    at_work.update_with_events(prediction.events, processor.domain)
    try:
        events = await action.run(channel, processor.nlg, at_work, processor.domain) or []
    except ActionExecutionRejection:
        tracker.update(ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence))
        return
    except asyncio.CancelledError:
        raise
    except Exception as error:
        raise ActionFailedError(f"{action.name()}: {type(error).__name__}") from error
    if not any(isinstance(event, ActionExecutionRejected) for event in events):
        tracker.update_with_events(prediction.events, processor.domain)
        tracker.update(action.event_for_successful_execution(prediction))
    tracker.update_with_events(events, processor.domain)
    await _say(events, tracker, channel)


async def _say_fallback(
    processor: MessageProcessor, tracker: DialogueStateTracker, channel: CollectingOutputChannel
) -> None:
    """No rule says what to do: that is the same to the customer as not being understood."""
    events = await ActionBotResponse(UTTER_FALLBACK).run(channel, processor.nlg, tracker, processor.domain)
    tracker.update_with_events(
        [ActionExecuted(UTTER_FALLBACK), *events, ActionExecuted(ACTION_LISTEN_NAME)], processor.domain
    )
    await _say(events, tracker, channel)


async def _say(events: list[Event], tracker: DialogueStateTracker, channel: CollectingOutputChannel) -> None:
    for event in events:
        if isinstance(event, BotUttered):
            await channel.send_response(tracker.sender_id, event.message())


def _leave_form(tracker: DialogueStateTracker) -> list[Event]:
    """A person takes over: no question of the assistant's is open any more."""
    left: list[Event] = []
    if tracker.active_loop_name is not None:
        left += [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
    if tracker.latest_action_name != ACTION_LISTEN_NAME or isinstance(tracker.events[-1], UserUttered):
        left.append(ActionExecuted(ACTION_LISTEN_NAME))
    return left


def _messages(channel: CollectingOutputChannel) -> list[dict[str, Any]]:
    messages = []
    for said in channel.messages:
        if not said.get("text"):
            continue
        buttons = [{"title": button["title"], "payload": button["payload"]} for button in said.get("buttons") or []]
        messages.append({"text": said["text"], "buttons": buttons})
    return messages


def _answer(turn: Turn, heard: _Heard, messages: list[dict[str, Any]], judgement: Judgement | None) -> dict[str, Any]:
    return answer_json(
        turn,
        messages,
        heard.language,
        heard.nlu,
        heard.frustration,
        judgement.as_json() if judgement else None,
    )
