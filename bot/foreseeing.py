"""What the assistant would answer, for an agent to look at: nothing is run, nothing is kept, nothing is said.

The message is understood by itself, on a blank conversation, so that what a person has talked about since the handoff
can't mislead it. Words are foreseen only where they stand in the trainers' files as they are; what an action would
have to look up stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.course import FALLBACK, UTTER_FALLBACK, understanding
from bot.features import SMALL_TALK
from bot.hearing import Message, hear
from bot.judge_kept import Equipped, judge_of
from bot.judgement import HUMAN, Course, Judge
from bot.language_choice import language_to_answer
from bot.plain_text import neutralised
from bot.protocol import Turn, Understanding

MOST_RESPONSES = 4
CALM = 0.45


@dataclass(frozen=True)
class Foreseen:
    """How a message is understood; `answer` holds the words that are certain, `is_routine` what needs nobody."""

    language: str
    nlu: Understanding
    message: Message
    is_routine: bool
    answer: str | None

    def as_json(self) -> dict[str, Any]:
        """The same in the protocol's words."""
        return {
            "language": self.language,
            "nlu": self.nlu.as_json(),
            "frustration": self.message.frustration,
            "abuse": self.message.abuse,
            "routine": self.is_routine,
            "answer": self.answer,
        }


async def foresee(processor: MessageProcessor, asked: Turn, equipped: Equipped | None = None) -> Foreseen:
    """Understand the message and look up what would be said to it."""
    equipped = equipped or judge_of(processor)
    text = neutralised(asked.text)
    tracker = _blank(processor, asked)
    parsed = await processor.parse_message(UserMessage(text, sender_id=asked.conversation_id), tracker)
    nlu = understanding(parsed)
    is_understood = parsed["intent"]["name"] != FALLBACK
    message = hear(text, nlu.intent, nlu.confidence, is_understood, parsed, equipped.phrases)
    language = language_to_answer(asked.language, parsed.get("language", {}), text, False)
    answer = None
    if is_clear(equipped.judge, message):
        answer = await _words(processor, tracker, parsed, text, language)
    return Foreseen(language, nlu, message, is_routine(equipped.judge, message), answer)


def is_clear(judge: Judge, message: Message) -> bool:
    """Is it a matter that the assistant knows, told calmly and without any sign of needing a person?"""
    is_talk = message.intent in SMALL_TALK or message.intent == HUMAN
    is_matter = message.is_understood and not is_talk and message.frustration < CALM
    return is_matter and judge.judge(Course(message)) is None


def is_routine(judge: Judge, message: Message) -> bool:
    """Is it, besides, a topic that the assistant settles alone?"""
    return is_clear(judge, message) and judge.needs.get(message.intent, judge.policy.usual_need) <= judge.policy.settles


def _blank(processor: MessageProcessor, asked: Turn) -> DialogueStateTracker:
    """A conversation of its own that no store knows."""
    begun: list[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        SlotSet("operator", asked.operator),
        SlotSet("customer_name", asked.customer_name),
        SlotSet("channel", asked.channel),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
    return DialogueStateTracker.from_events(
        asked.conversation_id, begun, processor.domain.slots, domain=processor.domain
    )


async def _words(
    processor: MessageProcessor, tracker: DialogueStateTracker, parsed: dict[str, Any], text: str, language: str
) -> str | None:
    """What the rules say to it, where they want nothing but responses; None where anything would have to run."""
    heard = UserUttered(text, parsed["intent"], parsed.get("entities", []), {"intent": parsed["intent"]})
    tracker.update_with_events([SlotSet("language", language), heard], processor.domain)
    said: list[str] = []
    for _ in range(MOST_RESPONSES):
        action, prediction = processor.predict_next_with_tracker_if_should(tracker)
        name = action.name()
        if name == ACTION_LISTEN_NAME:
            return "\n\n".join(said) or None
        if name == UTTER_FALLBACK or name not in processor.domain.responses:
            return None
        filled = await processor.nlg.generate(name, tracker, CollectingOutputChannel.name())
        if filled is None or not filled.get("text"):
            return None
        said.append(str(filled["text"]))
        tracker.update_with_events([*prediction.events, ActionExecuted(name)], processor.domain)
    return None
