"""Letting the trained model read the exam, as the door lets it read customers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.held_out import HeldOut

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
_WARM_UP = 20


@dataclass(frozen=True)
class Reading:
    """What the model made of a sentence.

    `guess` is its best guess with its `confidence` (0 to 1); `acted` is what the assistant goes by, which is
    `nlu_fallback` where it isn't sure enough; `heard_language` the likeliest language; `seconds` the time it took.
    """

    asked: HeldOut
    guess: str
    confidence: float
    acted: str
    heard_language: str | None
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether the best guess is what the customer wants."""
        return self.guess == self.asked.intent

    @property
    def is_rejected(self) -> bool:
        """Whether the assistant says that it has not understood, or that this is none of its business."""
        return self.acted in (FALLBACK, OUT_OF_SCOPE)


def sit(model: Path, sentences: Sequence[HeldOut]) -> list[Reading]:
    """Read every sentence with the model, each as the first message of a conversation."""
    from rasa.core.agent import Agent

    from bot.quickness import hurry

    hurry()
    agent = Agent.load(str(model))
    if agent.processor is None:
        raise SystemExit(f"{model} could not be loaded; `make train ARGS=--force` makes a new one.")
    return asyncio.run(_read_all(agent.processor, sentences))


async def _read_all(processor: Any, sentences: Sequence[HeldOut]) -> list[Reading]:
    for sentence in sentences[:_WARM_UP]:
        await _read(processor, sentence)
    return [await _read(processor, sentence) for sentence in sentences]


async def _read(processor: Any, sentence: HeldOut) -> Reading:
    from rasa.core.channels.channel import UserMessage
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.course import understanding
    from bot.plain_text import neutralised

    tracker = DialogueStateTracker("exam", processor.domain.slots)
    message = UserMessage(neutralised(sentence.text), sender_id="exam")
    began = time.perf_counter()
    parse_data = await processor.parse_message(message, tracker)
    seconds = time.perf_counter() - began
    made_of_it = understanding(parse_data)
    languages = parse_data.get("language") or {}
    return Reading(
        sentence,
        made_of_it.intent,
        float(made_of_it.confidence),
        str(parse_data["intent"]["name"]),
        max(languages, key=languages.__getitem__) if languages else None,
        seconds,
    )
