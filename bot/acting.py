"""Letting Rasa act: fill slots, choose and run actions until it listens again. A failure stays a failure."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.actions.action import Action, ActionBotResponse, ActionExecutionRejection
from rasa.core.channels.channel import CollectingOutputChannel
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

from bot.action_server import ActionFailedError
from bot.course import UTTER_FALLBACK


class NoSuchResponseError(Exception):
    """The training data lacks words that the assistant needs; says which."""


@dataclass(frozen=True)
class Acted:
    """What came of a turn, in the protocol's words.

    `verified` is an action's proof of who the customer is, `order` what the customer has the switchboard do.
    """

    messages: list[dict[str, Any]]
    verified: str | None = None
    order: str | None = None


async def act(processor: MessageProcessor, tracker: DialogueStateTracker) -> Acted:
    """Answer the tracker's last message, and return what is said and done."""
    channel = CollectingOutputChannel()
    await processor.run_action_extract_slots(channel, tracker)
    while True:
        action, prediction = processor.predict_next_with_tracker_if_should(tracker)
        if action.name() == ACTION_DEFAULT_FALLBACK_NAME:
            await _say_fallback(processor, tracker, channel)
            break
        await _run(action, prediction, processor, tracker, channel)
        if action.name() == ACTION_LISTEN_NAME:
            break
    return Acted(_messages(channel), _handed_on(channel, "verified"), _handed_on(channel, "order"))


async def say(
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    response: str,
    buttons: Sequence[Mapping[str, str]] = (),
    **values: str,
) -> Acted:
    """Say one response in place of acting: its words, with `values` filled in and further buttons below."""
    channel = CollectingOutputChannel()
    filled = await processor.nlg.generate(response, tracker, channel.name(), **values)
    if filled is None:
        raise NoSuchResponseError(response)
    shown = [*(filled.get("buttons") or []), *buttons]
    said = BotUttered(filled.get("text"), {"buttons": shown}, {"utter_action": response})
    events: list[Event] = [ActionExecuted(response), said, ActionExecuted(ACTION_LISTEN_NAME)]
    tracker.update_with_events(events, processor.domain)
    return Acted([{"text": filled.get("text"), "buttons": [_button(button) for button in shown]}])


def leave_to_a_person(processor: MessageProcessor, tracker: DialogueStateTracker) -> None:
    """A person takes over: no question of the assistant's is open any more, and what is known stays known."""
    left: list[Event] = []
    if tracker.active_loop_name is not None:
        left += [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
    if tracker.latest_action_name != ACTION_LISTEN_NAME or isinstance(tracker.events[-1], UserUttered):
        left.append(ActionExecuted(ACTION_LISTEN_NAME))
    tracker.update_with_events(left, processor.domain)


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
    said = [ActionExecuted(UTTER_FALLBACK), *events, ActionExecuted(ACTION_LISTEN_NAME)]
    tracker.update_with_events(said, processor.domain)
    await _say(events, tracker, channel)


async def _say(events: list[Event], tracker: DialogueStateTracker, channel: CollectingOutputChannel) -> None:
    for event in events:
        if isinstance(event, BotUttered):
            await channel.send_response(tracker.sender_id, event.message())


def _messages(channel: CollectingOutputChannel) -> list[dict[str, Any]]:
    """What was said, in the protocol's words. A document belongs to the words before it."""
    messages: list[dict[str, Any]] = []
    for said in channel.messages:
        if document := _document(said):
            if not messages:
                raise ActionFailedError("a document came without words")
            messages[-1].setdefault("attachments", []).append(document)
        if not said.get("text"):
            continue
        buttons = [_button(button) for button in said.get("buttons") or []]
        messages.append({"text": said["text"], "buttons": buttons})
    return messages


def _button(button: Mapping[str, str]) -> dict[str, str]:
    return {"title": button["title"], "payload": button["payload"]}


def _document(said: dict[str, Any]) -> dict[str, str] | None:
    """The document that an action handed over as `json_message={"document": …}`."""
    custom = said.get("custom")
    document = custom.get("document") if isinstance(custom, dict) else None
    return {name: str(document[name]) for name in ("name", "mime", "ref")} if document else None


def _handed_on(channel: CollectingOutputChannel, name: str) -> str | None:
    """The last signed word for the switchboard that an action gave as `json_message={name: …}`."""
    handed = [said["custom"] for said in channel.messages if isinstance(said.get("custom"), dict)]
    signed = [str(custom[name]) for custom in handed if custom.get(name)]
    return signed[-1] if signed else None
