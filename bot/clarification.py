"""Asking the customer which of two topics is meant, with Rasa's words and buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker

from bot.acting import Acted, NoSuchResponseError, say
from bot.clarifying import CHOSEN, chosen, two_likely
from bot.course import RANKING_LENGTH, UTTER_CLARIFY, history_of
from bot.judgement import Course
from bot.protocol import Understanding

_TITLE = "utter_title_"


def topics_to_choose_from(processor: MessageProcessor, nlu: Understanding | None, course: Course) -> tuple[str, ...]:
    """The two topics to ask about, where the message was not understood and two are likely; else none."""
    is_unsure = nlu is not None and not course.message.is_understood and not course.is_in_form
    if not is_unsure or nlu is None or UTTER_CLARIFY not in processor.domain.responses:
        return ()
    titled = [name for name, _ in nlu.ranking if f"{_TITLE}{name}" in processor.domain.responses]
    return two_likely(nlu.ranking, titled)


async def which_of_them(processor: MessageProcessor, tracker: DialogueStateTracker, choices: Sequence[str]) -> Acted:
    """Ask, with a button for each, and naming both for who answers in words."""
    titles = [await _title(processor, tracker, choice) for choice in choices]
    buttons = [{"title": title, "payload": f"/{choice}"} for title, choice in zip(titles, choices, strict=True)]
    return await say(processor, tracker, UTTER_CLARIFY, buttons, first=titles[0], second=titles[1])


def in_the_light_of_the_choice(
    processor: MessageProcessor, tracker: DialogueStateTracker, text: str, parse_data: dict[str, Any]
) -> dict[str, Any]:
    """The message as understood after the customer was asked to choose; unchanged where it chooses nothing."""
    choices = history_of(tracker).choices
    if not choices:
        return parse_data
    ranking = {guess["name"]: guess["confidence"] for guess in parse_data.get("intent_ranking", [])}
    meant = chosen(text, ranking, choices, {choice: _all_titles(processor, choice) for choice in choices})
    if meant is None:
        return parse_data
    understood = {"name": meant, "confidence": CHOSEN}
    others = [guess for guess in parse_data.get("intent_ranking", []) if guess["name"] != meant][:RANKING_LENGTH]
    return {**parse_data, "intent": understood, "intent_ranking": [understood, *others]}


async def _title(processor: MessageProcessor, tracker: DialogueStateTracker, intent: str) -> str:
    response = f"{_TITLE}{intent}"
    filled = await processor.nlg.generate(response, tracker, CollectingOutputChannel.name())
    if filled is None:
        raise NoSuchResponseError(response)
    return str(filled["text"])


def _all_titles(processor: MessageProcessor, intent: str) -> str:
    """The title in every language, since an answer may come in another."""
    return " ".join(str(variation["text"]) for variation in processor.domain.responses.get(f"{_TITLE}{intent}", []))
